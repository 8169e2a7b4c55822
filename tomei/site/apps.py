"""Connect the features once Django has loaded them."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "tomei.site"
    label = "site"

    def ready(self) -> None:
        from tomei import wiring  # models must be loaded first
        from tomei.api import door
        from tomei.site import local

        wiring.connect()
        door.consoles[:] = [local.authenticate]
