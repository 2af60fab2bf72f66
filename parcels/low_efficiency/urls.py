"""The addresses of the 高耗低效 list, its files, the weekly bulletin and the 两高 review list."""

from django.urls import path, re_path

from parcels.low_efficiency import due_views, file_views, views, weekly_views

urlpatterns = [
    path("", views.list_page, name="low-efficiency"),
    path("list.xlsx", views.list_xlsx, name="low-efficiency-xlsx"),
    path("candidates/", views.candidates_page, name="low-efficiency-candidates"),
    path("due/", due_views.due_page, name="low-efficiency-due"),
    path("due/due.xlsx", due_views.due_xlsx, name="low-efficiency-due-xlsx"),
    path("lists/freeze", views.freeze, name="low-efficiency-freeze"),
    path("lists/<int:pk>/", views.issue_page, name="low-efficiency-list"),
    path("lists/<int:pk>/list.xlsx", views.issue_xlsx, name="low-efficiency-list-xlsx"),
    path("lists/<int:pk>/list.json", views.issue_json, name="low-efficiency-list-json"),
    path("weekly/", weekly_views.weekly_page, name="low-efficiency-weekly"),
    path("weekly/weekly.xlsx", weekly_views.weekly_xlsx, name="low-efficiency-weekly-xlsx"),
    path("two-high/", weekly_views.energy_page, name="two-high"),
    path("two-high/two-high.xlsx", weekly_views.energy_xlsx, name="two-high-xlsx"),
    path("two-high/projects", weekly_views.energy_project, name="two-high-project"),
    path("two-high/<int:pk>/withdraw", weekly_views.energy_withdraw, name="two-high-withdraw"),
    path("two-high/<int:pk>/reviews", weekly_views.energy_review, name="two-high-review"),
    path("<int:file_id>/", file_views.file_page, name="low-efficiency-file"),
    path("<int:file_id>/steps/<str:kind>", file_views.step, name="low-efficiency-step"),
    path("<int:file_id>/reverse/<int:seq>", file_views.reverse, name="low-efficiency-reverse"),
    path("<int:file_id>/agreement", file_views.agreement, name="low-efficiency-agreement"),
    path("<int:file_id>/weeks", file_views.week, name="low-efficiency-week"),
    path("<int:file_id>/evidence/<int:seq>", file_views.evidence, name="low-efficiency-evidence"),
    re_path(
        r"^(?P<file_id>\d{1,18})/papers/(?P<number>\d{1,18})\.(?P<ending>docx|pdf)$",
        file_views.paper,
        name="low-efficiency-paper",
    ),
    path("<int:file_id>/papers/<int:number>/pdf", file_views.paper_pdf, name="low-efficiency-paper-pdf"),
]
