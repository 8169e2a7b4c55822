"""Mail that comes in: taken durably, read by the clock, and never believed.

`store` keeps the raw message and is what both doors call (`POST /in/mail/<key>` and the IMAP poll); the clock then
reads it (`parts`, `reading`: pure) and `settling` does what follows. A bounce counts when its token or the id of the
message it returns is ours; a reply is a word on the timeline; anything else is a signal, marked unverified.
"""
