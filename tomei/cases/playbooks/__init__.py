"""Numbered checklists per role, as data in versions: shipped, edited in pages, ticked in the war room.

Words: a *playbook* is the checklist of a role, for every product or for one; a *step* has a key that it keeps over
versions, words in both languages, a minute after the declaration, and the least severe level at which it is asked.

Invariants: a version never changes; an incident reads the version that was newest when it was declared, until somebody
adopts a newer one for it; ticks are entries of its timeline and nothing else.
"""
