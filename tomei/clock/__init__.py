"""Owns work that falls due: the rows, the engine that runs them exactly once, and its pulse. Knows no feature.

Words: a *job* is one piece of due work; an *effect* writes rows only and is claimed and run in one transaction;
*outside* work (mail, HTTP) runs under a lease before the transaction that settles it; a *dead letter* is a job that
failed too often and waits for a person; a *stand-still* is a time over 60 s in which nobody ticked, or a jump of the
wall clock.

Invariants: the row of a job goes in the very transaction that holds its effect, so nothing is forgotten and nothing
happens twice in the database. Outside work happens at least once; only the newest fence may settle it. Due work goes by
rank, then by due time. `key` names at most one job.

Public: `actions.schedule`, `schedule_many`, `cancel`, `cancel_many`, `retry_dead`, `drop_dead`; `queries.pulse`,
`standstill`, `dead`, `backlog`, `newer_schema`; `engine.Engine`; `handlers.JobFacts`, `Effect`, `Outside`, `Outcome`.
Events: `clock.stood_still`, `clock.caught_up`, `clock.died`.
"""
