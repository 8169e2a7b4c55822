"""The customer room: what is happening to me, what was promised to me, when do I hear next?

Words: a *guest* is a contact of a customer or partner who is signed in here; a *device* is a browser that a guest
signed in with; a *sign-in* is a request for a link and a code that were mailed; a *feed key* opens the feeds and the
JSON of one organisation without a sign-in and is revoked by its owner.

Invariants: contacts are no users and nothing is shared with staff's session; a secret is kept as its digest, or derived
from a salt and the key file; links in mails carry no authority; a guest sees what was told to the own organisation or
to the public and nothing else, no restricted incident and no drill; pages take views (law 13), never rows.

Public: `actions` (the only writers), `queries`, `rules`, `web`.
"""
