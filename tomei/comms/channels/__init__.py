"""How notices under a contract reach an organisation or one of its contacts, beside or instead of mail.

There is no way out of a notice under a contract, only a choice of the channel: a signed webhook or a chat, in a
language, with mail as well or without. Invariants: a channel that replaces mail does so only while it works; when it
fails again and again, stops, or one message of it is given up, the notices that it has not delivered go by mail, once
each, and the account owner hears of it. Nothing of a drill or of a restricted incident goes to a channel.
"""
