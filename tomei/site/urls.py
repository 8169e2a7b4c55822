"""Every address of the house; each feature's own stand at the foot of its `web.py`."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import include, path

handler500 = "tomei.site.faults.handler500"
urlpatterns = [path("account/", include("tomei.accounts.account_urls"))]
for _name in (
    "accounts",
    "customers",
    "delivery",
    "promises",
    "oncall",
    "cases",
    "signals",
    "comms",
    "diagnosis",
    "integrations",
    "files",
    "search",
    "room",
    "web",
    "api",
):
    if find_spec(f"tomei.{_name}.web"):
        urlpatterns += import_module(f"tomei.{_name}.web").urlpatterns
