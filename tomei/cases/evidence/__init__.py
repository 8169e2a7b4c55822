"""The evidence locker of an incident: logs and files with hash, source, time range, who gave and who read them.

Words: *evidence* is a file that hangs on an incident and belongs to the organisation that gave it; the *original* are
its bytes as they came; the *masked copy* is the text without the secrets that were found; a *reading* is that somebody
got bytes of it.

Invariants: bytes are never changed and lie at `DATA/files/evidence/<key>`; nobody but the uploader sees a file before
it was looked into; what people read is the masked copy, the original takes a right and a reason; every reading is a
row and in the audit log; when bytes are erased the row and the hash stay.

Public: `actions`, `queries`, `doors` (shared by our pages, the room and the API).
"""
