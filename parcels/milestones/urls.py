"""The addresses of the milestones."""

from django.urls import path

from parcels.milestones import views

urlpatterns = [
    path("", views.list_page, name="milestones"),
    path("list.xlsx", views.list_xlsx, name="milestones-xlsx"),
    path("<int:phase_id>/", views.phase_page, name="phase-milestones"),
    path("<int:phase_id>/<slug:kind>", views.state, name="phase-milestone"),
    path("<int:phase_id>/<slug:kind>/verdict", views.judge, name="phase-milestone-verdict"),
]
