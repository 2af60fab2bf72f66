"""The layers as a Django application; every application's `published.py` is found here."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class LayersConfig(AppConfig):
    name = "layers"

    def ready(self) -> None:
        autodiscover_modules("published")
