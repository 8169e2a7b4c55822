"""Tell: updates, the guards before them, who they reach, and the public status page.

Words: an *update* is one object with its language versions; a *heartbeat* is the one-tap update ("still on it", what
was tried, next time); an *audience* is public, affected, customer:<id>, internal or executives; a *guard* explains what
would cost trust and may be overruled with a reason, a *refusal* may not.

Invariants: until the end no update is without its next time; a published update is never changed, only corrected by a
newer one; what a reader outside gets is built as a `CustomerView` and nothing else (law 13); the status page holds
audience public only; a drill reaches no customer.

Public: `actions` (the only writers), `queries`, `views`, `guards`, `rules`, `statuspage`, `reach.reached`.
"""
