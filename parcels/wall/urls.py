"""The addresses of the wall map.

Refuses an address outside /wall/.
"""

from django.urls import path

from parcels.wall import views

urlpatterns = [
    path("", views.wall_page, name="wall"),
    path("data/", views.wall_data, name="wall-data"),
    path("version/", views.wall_state, name="wall-version"),
]
