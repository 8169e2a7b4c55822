"""The demo's one-click way in. Not there outside the demo."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from tomei.kernel.errors import Missing
from tomei.ui.answer import answer, done

WHO = "saeki@asagiri.example"


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Become the story's commander with one click; `Missing` unless this is a demo."""
    if not settings.DEMO:
        raise Missing("demo")
    if request.method == "POST":
        person = get_user_model().objects.get_by_natural_key(WHO)
        login(request, person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return done(request, "/")
    return answer(request, "web/demo_enter.html")
