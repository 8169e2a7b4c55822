"""What stands behind a customer's severity: what the workaround costs them by the hour, and their hard deadlines.

Words: a *workaround* is what the customer does instead meanwhile, with its cost per hour and the people it ties up a
shift; a *deadline* is a moment after which something is lost for them (`legal`, `batch`, `market`, `other`), *given*
when they named it themselves.

Invariants: a workaround runs from one moment to another, and a change ends it and begins the next, so that the cost is
reckoned from time alone; currencies are never added together. A running deadline has one promise (`deadline`) that
warns the commander and ends kept when business resumed before it, missed otherwise, withdrawn with the reason when the
customer moves it. `Case.deadline_at` copies the soonest that runs. The writers stand in `cases.actions.stakes`.
"""
