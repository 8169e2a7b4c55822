"""Diagnosis: what we ask of a customer and what becomes of it.

Words: a *question* asks one organisation, at its case, for one thing and says four things: what we need, *why*, what it
will be *used* for, and what *follows* and when (an absolute time). Each *answer* is a version. Its *outcome* is what
became of it, told to who answered. A question is idle when it is answered and nobody used the answer for some time.

Invariants: nothing is asked without all four parts in the customer's language; their answer is a promise of theirs
(`reply`), what we do with it a promise of ours (`answer`), made when the first answer arrives; an answer is never
changed; what was answered already is asked again only with a reason; a guest sees the questions of the own organisation
that were really asked, none of a drill or of what is restricted, and gets views (law 13).

Public: `actions` (the only writers), `queries`, `views` (for the room), `rules`, `web`, `api`.
"""
