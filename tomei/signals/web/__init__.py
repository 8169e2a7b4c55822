"""The doors, and the pages of what came through them."""

from tomei.signals.web.urls import urlpatterns

__all__ = ["urlpatterns"]
