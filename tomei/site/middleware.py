"""What every request passes: headers, the reader's zone and language, sign-in by default, refusals as answers."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation

from tomei.kernel import time
from tomei.kernel.errors import Missing, Refused
from tomei.site import faults
from tomei.ui import refusals

Next = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)


class SecurityHeaders:
    """A strict policy without inline script or style: what somebody typed can never run."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)  # for browsers without the above
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class Reader:
    """Activate the reader's language and zone; the moment of the request is `request.now`."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = time.now()  # type: ignore[attr-defined]
        user = request.user
        language = request.GET.get("lang") or request.COOKIES.get("tomei_lang")
        if language not in ("ja", "en"):
            language = user.language if user.is_authenticated else translation.get_language_from_request(request)
        language = "ja" if (language or "").startswith("ja") else "en"
        translation.activate(language)
        request.LANGUAGE_CODE = language
        timezone.activate(time.zone(user.zone) if user.is_authenticated else time.zone("Asia/Tokyo"))
        response = self.get_response(request)
        if request.GET.get("lang") in ("ja", "en"):
            response.set_cookie("tomei_lang", language, max_age=365 * 86400, samesite="Lax", httponly=True)
        response.headers.setdefault("Content-Language", language)
        return response


class SignInFirst:
    """Sign-in is the default; a view is public only when it says so (`ui.public`)."""

    OPEN = (
        "/account/", "/static/", "/status/", "/in/", "/v2/", "/api/", "/healthz", "/setup/first/", "/join/",
        "/demo/enter/", "/room/",
    )  # fmt: skip

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated or request.path.startswith(self.OPEN):
            return self.get_response(request)
        if request.headers.get("HX-Request"):
            response = HttpResponse(status=401)
            response["HX-Redirect"] = settings.LOGIN_URL
            return response
        return redirect(f"{settings.LOGIN_URL}?next={request.path}")


class Numbers:
    """No database can even look for a number beyond its widest: an address with one leads to nothing."""

    MOST = 2**63

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: tuple[object, ...], named: dict[str, object]
    ) -> None:
        if request.path.startswith("/api/"):
            return  # judged by the shapes there, and answered as JSON
        if any(isinstance(value, int) and value >= self.MOST for value in named.values()):
            raise Http404


class Answers:
    """A `Refused` that no view turned into an answer, a locked database, a full disk: a page that says what to do."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Missing):
            raise Http404 from error
        if not isinstance(error, Refused):
            return faults.answer(request, error)
        said = refusals.said(error, translation.get_language() or "en")
        status = {"rights.missing": 403, "files.disk_full": 507}.get(error.code, 409)
        if request.path.startswith("/api/"):
            return JsonResponse({"code": error.code, "message": said.sentence, "way_out": said.way_out}, status=status)
        return render(request, "ui/refused.html", {"said": said, "typed": request.POST}, status=status)
