"""What hurts most when it is slow, with every listener on: how many statements it takes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import NOW
from tomei import wiring
from tomei.accounts.models import Team
from tomei.cases.tests.factories import component, declared, organisation, product
from tomei.clock import effects
from tomei.delivery.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.wired]


@pytest.fixture
def part(house: Any, lead: Any, colleague: Any) -> Any:
    """A component of a product with owner and team, used by three customers."""
    team = Team.objects.create(name="ERP", lead=colleague)
    return component(product(owner=lead, team=team), used_by=[organisation(f"c{n}") for n in range(3)])


def test_declaring_with_three_customers(part, by_lead, django_assert_max_num_queries):
    declared(by_lead, component_ids=[part.pk])
    with django_assert_max_num_queries(38):  # one asks for a channel of Slack, two whether a notice goes by itself
        declared(by_lead, component_ids=[part.pk])
    assert Message.objects.filter(purpose="page").count() == 4


def test_a_batch_of_steps_costs_the_same_however_many(part, by_lead):
    counted = []
    engine, now = wiring.engine(), NOW
    for count in (2, 30):
        for _ in range(count):
            declared(by_lead, component_ids=[part.pk], now=now)
        engine.drain(now)
        with CaptureQueriesContext(connection) as asked:
            ran = effects.run_due(engine._effects, 100, now + timedelta(minutes=7, seconds=30))
        assert ran.count >= count  # half of the time to each first notice has gone
        counted.append(len(asked))
        now += timedelta(minutes=8)
    assert max(counted) <= 40, counted
