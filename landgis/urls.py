"""Every address of landgis, composed from the rooms' own."""

from django.urls import path

from landgis.lib import http

urlpatterns = [
    path("healthz", http.alive, name="healthz"),
    path("readyz", http.ready, name="readyz"),
]
