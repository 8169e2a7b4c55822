"""The public status page: rendered to bytes when something changed, served from memory, kept on disk.

It is built from updates whose audience holds *public*, and from the harm of incidents that the public was told of;
nothing else is read. `refresh` renders anew (after each publish, and once a minute because time passes), `cached`
answers a request without the database.
"""

from tomei.comms.statuspage.cache import cached, has, rare, refresh, render

__all__ = ["cached", "has", "rare", "refresh", "render"]
