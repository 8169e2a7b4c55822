"""Looking into a file that somebody sent: is it what was sent, what is it, which secrets does it hold?

All of it is done in a child process with limits (`child`), started by `run`: a file that kills the reader kills
nothing else. `secrets` is the one table of what is masked, `encodings` tells text from bytes, `archives` lists without
unpacking. The child gets paths and returns numbers: never a word of the file, but what an archive calls its members.
"""
