"""The addresses of ancillary land: projects, decisions, pools and their quotas."""

from django.urls import path

from parcels.ancillary import views

urlpatterns = [
    path("", views.list_page, name="ancillary"),
    path("list.xlsx", views.list_xlsx, name="ancillary-xlsx"),
    path("edit", views.edit_page, name="ancillary-edit"),
    path("pools", views.pool, name="ancillary-pool"),
    path("pools/<int:pk>/quotas", views.quota, name="ancillary-quota"),
    path("pools/<int:pk>/uses", views.use, name="ancillary-use"),
    path("quotas/<int:pk>/withdraw", views.withdraw, name="ancillary-withdraw"),
    path("<int:pk>/", views.project_page, name="ancillary-project"),
    path("<int:pk>/decision", views.decision, name="ancillary-decision"),
]
