"""Duties by law when personal data may have been exposed: whom to tell, by when, on what source.

Words: the *exposure* of an incident is our answer to "could personal data have been exposed?"; each answer is kept, the
newest counts. A *rule* is a row of data (shipped in `rules/laws.py`, or added by an operator, versioned). A *duty* is a
rule that applies here, with its time; behind it runs a promise. An authority is no organisation of ours: such a promise
is owed to nobody in the book (`owed_to` null) and its `about` names the duty (`duty:7`).

Invariants: a duty ends fulfilled (when, by whom, reference) or withdrawn by two people with a reason; the end of an
incident ends no duty. Nothing here is legal advice: every page says so and names the source of each time.
"""
