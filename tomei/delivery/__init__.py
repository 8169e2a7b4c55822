"""The outbox and the only way out of the house.

Owns: messages until a channel accepts them or they are given up in the open, the suppression list, the hold, the
settings of the mail server, and `net`, the only opener of outgoing HTTP connections (law 12).

Words: *queue* writes a row inside the caller's transaction; *accepted* means that a channel took the message
(the SMTP server said 250, the webhook answered 2xx); *held* means that nothing leaves until an administrator looked.

Invariants: one key, one message, whoever asks how often. Every attempt of a message carries the same `Message-ID`
(mail) or `Idempotency-Key` (webhook), so that a second sending after a crash is recognised by who receives it.
A message is waiting, held, sent, failed or dropped, and leaves `waiting` only through `send.settle` or a person.

Public: `actions.queue_mail`, `actions.queue_webhook`, `actions.seal_address`, `actions.retry`, `actions.suppress`,
`send.do` / `send.settle` (job kind `delivery.send`), `actions.sweep` (job kind `delivery.sweep`), `hold.begin`,
`hold.check_instance`, `hold.state`, `hold.release`, `hold.drop`, `queries.*`, `net.post`.
"""
