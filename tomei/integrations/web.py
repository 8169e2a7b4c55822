"""The addresses of every vendor's folder."""

from __future__ import annotations

from tomei.integrations.slack import web as slack

urlpatterns = [*slack.urlpatterns]
