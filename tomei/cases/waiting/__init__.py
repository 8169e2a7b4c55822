"""Who has the ball: for whom does this incident, or this customer's case, wait now, why, and where did the time go?

Words: a *move* says that from a moment on one party has to act (us, a customer, a vendor, nobody); a *span* is the time
between two moves; *gross* is all of it, *net* what lay with us; a *pause* is time that lay with somebody else. A pause
that we set ourselves, without their own promise to show for it, is *flagged*: we profit from it (b9).

Invariants: every moment between opening and closing belongs to exactly one span, so that spans sum to the elapsed time;
moves are only added, never changed; the system proposes a move and never makes one.

Public: `actions` (the only writers), `queries`, `rules`, `web`, `api`.
"""
