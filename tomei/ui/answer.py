"""Answers of the page doors: a page or the block that htmx asked for, and what follows a form that was accepted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.template.backends.utils import csrf_input_lazy, csrf_token_lazy
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from jinja2_fragments import render_block

from tomei.ui.context import page


def answer(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    block: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render `template`, or only its `block` when htmx or live.js asked for a part of the page.

    A block does not run the top of its template: the parts of `ui/parts.html` are there all the same, anything else
    that it imports must be imported inside the block.
    """
    env = engines["jinja2"].env  # type: ignore[attr-defined]
    exports = {name: part for name, part in vars(env.globals["ui"]).items() if not name.startswith("_")}
    whole = {
        "request": request,
        "csrf_input": csrf_input_lazy(request),
        "csrf_token": csrf_token_lazy(request),
        **(context or {}),
        **page(request),  # who reads, and when, is never a view's to change
    }
    if block is not None and wants_part(request):
        html = render_block(env, template, block, {**exports, **whole})
    else:
        html = env.get_template(template).render(whole)
    response = HttpResponse(html, status=status)
    if block is not None:
        patch_vary_headers(response, ["HX-Request"])
    return response


def wants_part(request: HttpRequest) -> bool:
    """Whether only a part of the page was asked for. A page taken from history is always whole."""
    headers = request.headers
    return bool(
        headers.get("HX-Request") and not headers.get("HX-Boosted") and not headers.get("HX-History-Restore-Request")
    )


def done(request: HttpRequest, url: str, message: str = "") -> HttpResponse:
    """After a form was accepted: go to `url` and say `message` there. Only addresses of this house are followed."""
    if not url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        url = "/"
    if message:
        messages.success(request, message)
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=200)
        response["HX-Redirect"] = url
        return response
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response
