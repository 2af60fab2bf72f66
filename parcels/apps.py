"""The business rooms as one Django application."""

from django.apps import AppConfig


class ParcelsConfig(AppConfig):
    name = "parcels"

    def ready(self) -> None:
        from parcels.notices import receivers

        receivers.connect()
