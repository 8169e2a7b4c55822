"""Incidents, each customer's case in them, roles, severity, stamps, silence, and the timeline that proves it all.

Words: an *incident* is the failure; a *case* is one customer's part in it and may stand alone until linked. A *word* is
anything a customer heard from us. A *stamp* is one of the moments of 2.5. The *accountable owner* is one person at any
moment: commander, else deputy, else the product's owner, else who declared.

Invariants: the incident row is the lock of everything about it; its severity is at least the highest of its open cases;
every verb writes its own timeline entry in the same transaction; the fold of the timeline equals the row.

Public: `actions` (the only writers), `timeline` (the chain), `history` (how it is read), `queries`, `facts`, `rules`.
"""
