"""The addresses of the differential policy tables."""

from django.urls import path

from parcels.policies import list_views, views

urlpatterns = [
    path("", views.list_page, name="policies"),
    path("edit", views.edit_page, name="policy-edit"),
    path("<int:pk>/", views.table_page, name="policy-table"),
    path("<int:pk>/list.xlsx", views.table_xlsx, name="policy-table-xlsx"),
    path("<int:pk>/freeze", list_views.freeze, name="policy-freeze"),
    path("lists/<int:pk>/", list_views.issue_page, name="policy-list"),
    path("lists/<int:pk>/list.xlsx", list_views.issue_xlsx, name="policy-list-xlsx"),
    path("lists/<int:pk>/list.json", list_views.issue_json, name="policy-list-json"),
]
