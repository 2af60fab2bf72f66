"""The addresses of the tasks."""

from django.urls import path

from parcels.tasks import views

urlpatterns = [
    path("", views.list_page, name="tasks"),
    path("list.xlsx", views.list_xlsx, name="tasks-xlsx"),
    path("new", views.edit_page, name="task-new"),
    path("<int:task_id>/", views.task_page, name="task"),
    path("<int:task_id>/edit", views.edit_page, name="task-edit"),
    path("<int:task_id>/reports", views.report, name="task-report"),
    path("<int:task_id>/reports/<int:report_id>/reverse", views.take_back, name="task-report-reverse"),
    path("reports/<int:report_id>/photos/<int:photo_id>", views.photo, name="task-photo"),
]
