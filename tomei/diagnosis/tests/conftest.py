"""The world of these tests: two customers in one incident."""

from __future__ import annotations

from typing import Any

import pytest

from tomei.cases.tests import factories as cases
from tomei.diagnosis.tests import factories


@pytest.fixture
def towa(house: Any) -> Any:
    return cases.organisation("東和精機", language="ja", zone="Asia/Tokyo")


@pytest.fixture
def kitahama(house: Any) -> Any:
    return cases.organisation("Kitahama", language="en", zone="Asia/Tokyo")


@pytest.fixture
def incident(towa: Any, kitahama: Any, by_lead: Any) -> Any:
    part = cases.component(cases.product(), used_by=(towa, kitahama))
    return cases.declared(by_lead, product_id=part.product_id, component_ids=[part.pk], words="出荷できない")


@pytest.fixture
def asked(incident: Any, towa: Any, by_lead: Any) -> Any:
    """A question to Towa, asked NOW."""
    return factories.asked(incident, towa.pk, by_lead)
