"""The addresses of the clusters."""

from django.urls import path

from parcels.clusters import map_views, views

urlpatterns = [
    path("", views.list_page, name="clusters"),
    path("list.xlsx", views.list_xlsx, name="clusters-xlsx"),
    path("map/begin", map_views.begin, name="clusters-map"),
    path("map/find", map_views.find, name="clusters-map-find"),
    path("map/measure", map_views.measure, name="clusters-map-measure"),
    path("map/confirm", map_views.confirm, name="clusters-map-confirm"),
    path("<int:cluster_id>/", views.cluster_page, name="cluster"),
    path("<int:cluster_id>/map.png", views.picture, name="cluster-map"),
    path("<int:cluster_id>/adjust", views.adjust, name="cluster-adjust"),
    path("<int:cluster_id>/confirm", views.confirm, name="cluster-confirm"),
    path("<int:cluster_id>/dismiss", views.dismiss, name="cluster-dismiss"),
]
