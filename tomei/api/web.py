"""Where the API stands."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, include, path, re_path
from django.views.decorators.csrf import csrf_exempt

from tomei.api.door import described, join, once, problem


def _guarded(view: Any) -> Any:
    """Wrap an endpoint with `once`; CSRF is checked by the session door itself."""

    def guarded(request: HttpRequest, **arguments: Any) -> HttpResponse:
        return once(request, lambda: view(request, **arguments))

    return csrf_exempt(guarded)


def _nowhere(request: HttpRequest) -> HttpResponse:
    return problem(request, 404, "api.missing")


def _urls() -> list[URLPattern]:
    patterns = join().urls[0]
    guarded = []
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback = _guarded(pattern.callback)
            guarded.append(pattern)
    return guarded


def _described(request: HttpRequest) -> HttpResponse:
    return JsonResponse(described(), json_dumps_params={"ensure_ascii": False})


urlpatterns = [
    path("api/v1/openapi.json", _described),
    path("api/v1/", include((_urls(), "api"), namespace="api")),
    re_path(r"^api/", csrf_exempt(_nowhere)),
]
