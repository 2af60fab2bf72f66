"""The addresses of the differential policy tables."""

from django.urls import path

from parcels.policies import views

urlpatterns = [
    path("", views.list_page, name="policies"),
    path("edit", views.edit_page, name="policy-edit"),
    path("<int:pk>/", views.table_page, name="policy-table"),
    path("<int:pk>/list.xlsx", views.table_xlsx, name="policy-table-xlsx"),
]
