"""Addresses outside that take our POSTs: an operator's systems, subscribers' webhooks, the chats of a contract.

An endpoint has one `use` (house, subscriber, organisation, contact) and one `kind`: `webhook` gets a documented JSON
payload signed by Standard Webhooks, `slack`, `teams` and `mattermost` get a note. Address and secrets are sealed.

Invariants: a secret is shown once, and after a rotation the old one signs beside the new for a day. An endpoint that
answers 410 is off at once, one that failed without a break for five days is off then; both are said
(`endpoint.failing`, `endpoint.stopped`) and shown, and nobody but a person turns it on again. Order of messages is not
promised.
"""
