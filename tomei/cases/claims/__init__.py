"""Claims: what a customer asks of us beside the repair, who answers by when, and what the contract would give.

Words: a *claim* is what they ask (credit, compensation, termination, other) in their words, on a clause. Its *answer*
is a text that somebody other than its author approves before it is told. A *statement of credit* is a calculation
on the contract's own terms: downtime is the union of intervals, every step is shown, and it admits nothing.

Invariants: an answer once proposed is never edited, only decided; nothing is deleted; the time of the answer is a
promise to the customer (`claim_answer`); amounts are shown only to who holds `claim.amounts`.
"""
