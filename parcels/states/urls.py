"""The addresses of the land-states page."""

from django.urls import path

from parcels.states import views

urlpatterns = [
    path("", views.states_page, name="land-states"),
    path("list.xlsx", views.states_xlsx, name="land-states-xlsx"),
    path("map.html", views.states_map, name="land-states-map"),
]
