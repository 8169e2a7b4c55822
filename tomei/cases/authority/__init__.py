"""What an engineer may do in an incident without asking, what needs whom, what never: a card per product, in versions.

Words: a *card* is every line of a product, or of all products; a *line* has a key that it keeps over versions, words
in both languages, a level (`may`, `ask`, `never`) and, where somebody must be asked, a role, a person, or both.

Invariants: a version never changes; version 0 is what Tomei comes with and stays a proposal until somebody adopts it;
an incident reads the version that stands now, and a hand-over the one that stood at its acceptance.
"""
