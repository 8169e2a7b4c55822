"""A process of its own that queues and sends, to be killed by `test_crash`. Arguments: queue N | send."""

from __future__ import annotations

import os
import sys
import time

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tomei.site.settings")


class _Without:
    """Tables straight from the models: this test is about sending, not about migrations."""

    def __contains__(self, item: object) -> bool:
        return True

    def __getitem__(self, item: object) -> None:
        return None


def main() -> None:
    settings.MIGRATION_MODULES = _Without()
    django.setup()
    from django.core.management import call_command  # after Django is set up
    from django.db import transaction

    from tomei.clock.engine import Engine
    from tomei.delivery import actions
    from tomei.delivery.handlers import HANDLERS
    from tomei.kernel import time as clock

    if sys.argv[1] == "queue":
        call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
        with transaction.atomic():
            for n in range(int(sys.argv[2])):
                actions.queue_mail(
                    to=f"p{n}@example.com", subject=f"{n}", text="本文", key=f"crash:{n}", purpose="page", rank=n % 5,
                    now=clock.now(),
                )  # fmt: skip
        return
    engine = Engine(HANDLERS)
    engine.start()
    while True:
        time.sleep(0.1)


if __name__ == "__main__":
    main()
