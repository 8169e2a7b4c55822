"""Who reads public updates by mail: asked for on the status page, confirmed by a mail, left with one click.

An address that never confirmed gets one mail and is forgotten after a day; who leaves is erased. What they get is what
the public page shows, in their language. Notices under a contract are `comms.sending`: they have no way out.
"""
