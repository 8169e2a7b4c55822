"""Our own people: who they are, how they come in, what they may do, and what was done to the house.

Words: a *person* is invited, active or deactivated; *role* is observer, responder or commander; *administrator* is a
flag beside the role and gives none of a commander's verbs; a *token* acts as its maker, cut to its scopes.

Invariants: one active administrator at least, once there has been one; a deactivated person's sessions and tokens are
dead at once; secrets that open something (tokens, links) are kept as digests; what must be read back is sealed.

Doors for others: `doors.actor_of`, `doors.needs`, `queries`, `audit.record`, `settings.get/put`, `vault.seal/open`,
`tokens.authenticate`, `signin.first_admin_link`, `sessions.actor_of_session`. Event:
`person.deactivated`.
"""
