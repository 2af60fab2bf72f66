"""The counties as a Django application; after each update of the tables they get the rules' new national parameters.

Refuses to touch a value that a county states already.
"""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CountiesConfig(AppConfig):
    name = "landgis.counties"
    label = "counties"

    def ready(self) -> None:
        post_migrate.connect(_bring_parameters, sender=self)


def _bring_parameters(**_: Any) -> None:
    # Models can't be imported before all applications are ready.
    from landgis.counties.actions import bring_national_parameters

    bring_national_parameters()
