"""Who we owe promises to, under which times, and what we run for them.

Owns organisations (ours, customers, vendors, partners), their contacts and contracts, the catalogue of products and
components with who uses what, business calendars, and policies whose versions never change.

Invariants: exactly one organisation is ours; exactly one policy is the default; a policy version is never edited, an
incident pins one; nothing is deleted, it is archived and stays readable.

Public: `actions.found` and the verbs in `actions/`; `queries` gives frozen dataclasses; `rules` reckons working time;
`hooks` is filled by `tomei.wiring` with what running incidents owe under a changed policy.
"""
