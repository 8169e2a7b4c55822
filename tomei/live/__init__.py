"""Owns what open pages are told: a topic changed. Rows, one shared reader per process, and the door for streams (SSE).

Topics: `now`, `incident:<id>`, `promises`, `signals`, `customers`, `status`, `person:<id>` (rings, sign-out).
Invariants: an event is told only after its transaction committed, and none is skipped: on PostgreSQL readers go by
transaction, not by id, and stop below the oldest one that is still open. Events are kept for a day.

Public: `actions.publish`, `actions.prune`; `bus.Bus`; `door.stream`; `queries.head`.
"""
