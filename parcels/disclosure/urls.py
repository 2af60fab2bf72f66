"""The address of the public page."""

from django.urls import path

from parcels.disclosure import views

urlpatterns = [path("idle-land/", views.disclosure_page, name="disclosure")]
