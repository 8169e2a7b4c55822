from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from tomei.ui import catalogues


@pytest.fixture(autouse=True)
def _reader() -> Iterator[None]:
    """English in Tokyo; what a test activates is put back."""
    catalogues.compile_stale()
    with translation.override("en"), timezone.override(ZoneInfo("Asia/Tokyo")):
        yield


@pytest.fixture
def in_japanese() -> Iterator[None]:
    with translation.override("ja"):
        yield
