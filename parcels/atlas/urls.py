"""The addresses of the maps and plots of the per-mu evaluation."""

from django.urls import path

from parcels.atlas import pages

urlpatterns = [
    path("maps/", pages.maps_page, name="evaluation-maps"),
    path("maps/table.xlsx", pages.maps_xlsx, name="evaluation-maps-xlsx"),
    path("charts/", pages.charts_page, name="evaluation-charts"),
    path("charts/table.xlsx", pages.charts_xlsx, name="evaluation-charts-xlsx"),
]
