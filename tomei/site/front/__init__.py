"""The front: the one ASGI application of the process (law 12).

It serves live events, static files and the hot doors itself, takes every body whole before it uses a thread, hands the
rest to Django on a few threads, and sends every answer from the event loop: a stalled client holds no thread.
"""

from tomei.site.front.app import Front
from tomei.site.front.build import build
from tomei.site.front.server import serve

__all__ = ["Front", "build", "serve"]
