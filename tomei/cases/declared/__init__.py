"""What a customer declares from the room: their sentence, their stop, who leads on their side, and what they contest.

Words: a *test* is the sentence about the stop that the contact holds true; the severity follows from it. To *contest*
is to say that the severity should be another; the answer is owed by a time. To *tell* is to write words to the
customer on their case's page, before or beside any update of an incident.

Invariants: a declaration belongs to exactly one case; it never depends on an incident; words stand in the case and in
entries, where they can be erased; of an organisation's declarations of the same half hour the first is shown first.

Public: `actions` (the only writers), `queries`, `views` (what the contact sees), `rules`.
"""
