"""Where this feature's addresses stand, as in every feature."""

from tomei.web.urls import urlpatterns

__all__ = ["urlpatterns"]
