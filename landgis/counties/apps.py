"""The counties as a Django application."""

from django.apps import AppConfig


class CountiesConfig(AppConfig):
    name = "landgis.counties"
    label = "counties"
