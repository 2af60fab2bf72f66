"""The addresses of the idle-land list."""

from django.urls import path

from parcels.idle_land import views

urlpatterns = [
    path("", views.list_page, name="idle-land"),
    path("list.xlsx", views.list_xlsx, name="idle-land-xlsx"),
    path("map.html", views.list_map_page, name="idle-land-map"),
    path("screen", views.screen_now, name="idle-land-screen"),
]
