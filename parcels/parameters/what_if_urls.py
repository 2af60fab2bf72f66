"""The addresses of what would come out otherwise."""

from django.urls import path

from parcels.parameters import what_if_views

urlpatterns = [
    path("", what_if_views.page, name="what-if"),
    path("list.xlsx", what_if_views.page_xlsx, name="what-if-xlsx"),
]
