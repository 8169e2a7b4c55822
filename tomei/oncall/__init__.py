"""How our people are reached: the ladder of who comes next, their contact methods, pages and digests.

Words: a *rung* is one step of the ladder with everybody on it; a *page* goes to every contact method of a person;
a *digest* is one message with all steps after a stand-still, so that nobody's telephone rings forty times.

Invariants: nobody stands on two rungs of one ladder; who is missing or has left is skipped; a page reaches the
person's own mail address when no method is set. Addresses of webhooks are kept encrypted, only their host is shown.

Public: `ladder.rungs`, `actions.page`, `actions.digest`, `actions.add_mail` …, `queries.methods_of`.
"""
