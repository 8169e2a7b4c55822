"""Tools of others that our people work in: one folder per vendor, each behind doors that are shut until it is set up.

Owns: the workspaces of Slack, who is who there, the one-time links that join a person there to a person here, and what
was heard already. Everything that is done from there is done by the actions of the features, by the rights of the
person, and marked with `Actor.via`.

Invariants: no request is believed before its signature is; the same request does nothing twice; who is not linked
reads nothing; what a channel shows is never of a restricted incident.

Public: `slack.outbound` (listeners), `slack.actions.prune` (periodic). Everything else is reached by its doors.
"""
