"""The addresses of issuing in bulk."""

from django.urls import path

from parcels.bulk_issue import views

urlpatterns = [
    path("", views.jobs_page, name="bulk-jobs"),
    path("choose", views.choose, name="bulk-choose"),
    path("create", views.create, name="bulk-create"),
    path("<int:pk>/", views.job_page, name="bulk-job"),
    path("<int:pk>/work", views.go_on, name="bulk-work"),
    path("<int:pk>/confirm", views.confirm, name="bulk-confirm"),
    path("<int:pk>/retry", views.retry, name="bulk-retry"),
    path("<int:pk>/papers.zip", views.job_zip, name="bulk-zip"),
    path("<int:pk>/result.xlsx", views.job_xlsx, name="bulk-xlsx"),
]
