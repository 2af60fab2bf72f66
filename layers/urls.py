"""The addresses of `layers`: tiles of the published collections, row before column as OGC API Tiles has it.

Refuses nothing itself; the views do.
"""

from django.urls import path

from layers.tiles.views import vector_tile

urlpatterns = [
    path(
        "ogc/collections/<str:collection_id>/tiles/WebMercatorQuad/<str:zoom>/<str:row>/<str:column>",
        vector_tile,
        name="vector-tile",
    ),
]
