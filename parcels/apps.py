"""The business rooms as one Django application."""

from django.apps import AppConfig


class ParcelsConfig(AppConfig):
    name = "parcels"

    def ready(self) -> None:
        from parcels.disposal.feed_sources import add_source
        from parcels.notices import receivers
        from parcels.tasks.calendar import task_events

        receivers.connect()
        add_source(task_events)
