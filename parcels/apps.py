"""The business rooms as one Django application."""

from django.apps import AppConfig


class ParcelsConfig(AppConfig):
    name = "parcels"
