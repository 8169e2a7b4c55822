"""Owns every obligation with a due time (promise, 約束): who owes whom what, by when, how it ended. Knows no feature.

Words: *kept* at or before the due second; *overdue* is open past it, broken from the first second after; *late* done
after it; *missed* when its successor, the closing or 24 h come first; *withdrawn* with notice; *told* when its time
was named to whom it is owed; *reached* when a channel first accepted what kept it; *rung* of the ladder.

Invariants: a promise ends once. A told time never moves. Its next step is a clock job (`promise.step`,
`promise:<id>`) written in the same transaction. Incident rows are locked before promise rows.

Public: `actions.make`, `make_many`, `keep`, `supersede`, `settle_for_close`, `withdraw`, `reown`, `reown_role`,
`inherit`, `shorten`, `tell`, `mark`, `reached`; `queries`; `facts`; `steps.run`, `steps.run_reach` for the clock;
`hooks`, which `tomei.wiring` sets.
Events: `promise.made`, `kept`, `late`, `missed`, `withdrawn`, `reowned`, `shortened`, `unreached`, and the batch
`promise.steps` (codes `warned`, `overdue`, `escalated`, `unanswered`, `missed`).
"""
