"""Bytes by hash: uploads that hang on something (`incident:12`), kept once however often they are sent.

Invariants: a row exists only when its bytes lie under `DATA/files/<aa>/<sha256>` in full; what a name claims is what
the bytes are; nothing is ever served to run in our pages (attachment, nosniff, sandbox); every reading by one of
us is audited (the public, who reads what was published, is nobody we know).

Public: `actions.add`, `actions.bind`, `actions.copy`, `queries.of`, `queries.file`, `queries.content`,
`doors.readers` (set by wiring: who may read what hangs where).
"""
