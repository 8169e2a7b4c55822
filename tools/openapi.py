"""Write `tests/openapi.json`, the snapshot of the API's description; `tests/test_openapi.py` compares."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tomei.site.settings")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django

django.setup()

from tomei.api.door import described  # noqa: E402 - Django must be set up first

PATH = Path(__file__).resolve().parent.parent / "tests" / "openapi.json"


def text() -> str:
    return json.dumps(described(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
