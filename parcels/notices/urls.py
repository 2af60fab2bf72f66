"""The addresses of a person's notices and digests."""

from django.urls import path

from parcels.notices import views

urlpatterns = [
    path("", views.page, name="notices"),
    path("read", views.read, name="notices-read"),
    path("list.xlsx", views.xlsx, name="notices-xlsx"),
    path("digests/<str:on>/", views.digest, name="notice-digest"),
]
