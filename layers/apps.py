"""The layers as a Django application; `layers.catalog.registry` finds every application's `published.py`."""

from django.apps import AppConfig


class LayersConfig(AppConfig):
    name = "layers"
