"""The story of `tomei demo`: a month of history played through the real verbs, then a real alert, live."""

from tomei.site.story.living import begin, tell
from tomei.site.story.telling import Stage, Telling

__all__ = ["Stage", "Telling", "begin", "tell"]
