"""Organisations, catalogue, policies and calendars under `/api/v1/`: what the pages do. Rights are in the actions."""

from ninja import Router

from tomei.customers.api import catalogue, organisations, policies
from tomei.customers.credit import api as credit

router = Router(tags=["customers"])
for _part in (organisations, catalogue, policies, credit):
    router.add_router("", _part.router)
