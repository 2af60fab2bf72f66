"""The addresses of contract phases and their facts."""

from django.urls import path

from parcels.phases import phase_views, views

urlpatterns = [
    path("", views.list_page, name="phases"),
    path("list.xlsx", views.list_xlsx, name="phases-xlsx"),
    path("<int:phase_id>/", phase_views.phase_page, name="phase"),
    path("<int:phase_id>/facts/<str:kind>", phase_views.enter, name="phase-enter"),
    path("<int:phase_id>/facts/<str:kind>/<int:fact_id>", phase_views.correct, name="phase-correct"),
    path(
        "<int:phase_id>/facts/<str:kind>/<int:fact_id>/withdraw", phase_views.withdraw, name="phase-withdraw"
    ),
    path("<int:phase_id>/papers/<int:number>", phase_views.paper, name="phase-paper"),
    path("<int:phase_id>/causes/<int:fact_id>/verify", phase_views.verify, name="phase-verify"),
]
