"""Search over incidents, customers, updates and whatever else a feature puts here; Japanese and English alike.

Owns index rows (`Document`) and the only engine-specific SQL besides `live`. A feature that wants to be found calls
`actions.index(ref, kind=…, title=…, url=…, text=…, audience=…, now=…)` inside its own transaction, and
`actions.forget(ref)` when there is nothing left to find. Readers call `queries.find(words, by=…, limit=…, after=…)`.

What a hit says is read from its source when it is shown (`hooks.sources`): the index keeps tokens and a key only.

Invariants: one row per `ref`; the engine's index follows the row in the same transaction (triggers on SQLite, an
expression index on PostgreSQL); a restricted row is found only by who holds a role in that incident or may read
restricted things; index and question are cut into tokens by the same function (`tokens.py`).
"""
