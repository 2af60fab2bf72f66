"""The addresses of the import page."""

from django.urls import path, re_path

from parcels.exchange import views

urlpatterns = [
    path("", views.imports_page, name="imports"),
    path("blank/<str:table>.xlsx", views.blank, name="import-blank"),
    path("<int:delivered_id>/", views.import_page, name="import"),
    path("<int:delivered_id>/store", views.store, name="import-store"),
    re_path(
        r"^(?P<delivered_id>\d{1,18})/issues\.(?P<ending>xlsx|csv)$", views.issues_file, name="import-issues"
    ),
]
