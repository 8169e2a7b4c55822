"""First notices that may go out by themselves: written and approved beforehand, sent by the clock when nobody spoke.

Words: a *first text* (自動の第一報の文面) is one object with its versions; only the newest counts, and only once
a person other than its author approved it: an edit is a new version and nobody has approved that. A *first notice* is
what waits at an incident: `waiting` until `due_at`, then `sent`, `spoken` (a person was first), `held` (a person
stopped it, with a reason), `dropped` (no customer is to hear of it) or `asked` (it could not go: a person must
write).

Invariants: off unless the policy switches it on; at most one per incident; never a word about liability, scope or what
was done; it is published by the one path of all updates, marked as automatic wherever readers see it.

Public: `actions` (the only writers and the clock's effect), `queries`, `rules`.
"""
