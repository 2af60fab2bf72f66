"""The addresses of the reports.

Refuses an address outside /reports/.
"""

from django.urls import path

from parcels.reports import views

urlpatterns = [
    path("", views.reports_page, name="reports"),
    path("freeze", views.freeze, name="report-freeze"),
    path("rows/", views.live_rows, name="report-live-rows"),
    path("<int:pk>/", views.issue_page, name="report"),
    path("<int:pk>/rows/", views.issue_rows, name="report-rows"),
    path("<int:pk>/compare/", views.compare, name="report-compare"),
    path("<int:pk>/report.xlsx", views.issue_xlsx, name="report-xlsx"),
    path("<int:pk>/report.docx", views.issue_docx, name="report-docx"),
    path("<int:pk>/report.pdf", views.issue_pdf, name="report-pdf"),
    path("<int:pk>/report.json", views.issue_json, name="report-json"),
]
