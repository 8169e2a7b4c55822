"""Uploads in chunks: up to 1 GiB, each chunk with its SHA-256, broken off and gone on with as often as it takes.

Words: an *upload* is declared with name and size; a *chunk* is 8 MiB of it (the last may be shorter); an upload is
*whole* when every chunk lies on the disk, and *kept* when its bytes were read again from the disk and hashed.

Invariants: a chunk is pinned to the first hash that was proven, so two writers of one place write the same bytes; a
chunk counts only after its bytes are synced; nothing is whole before every chunk counts; bytes lie at
`DATA/files/.uploads/<key>` until they are kept under their hash.

Public: `actions`, `queries`, `rules`, `store`.
"""
