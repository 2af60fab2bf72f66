"""The addresses of the field reports."""

from django.urls import path

from parcels.field_reports import answer_views, views

urlpatterns = [
    path("", views.list_page, name="field-reports"),
    path("list.xlsx", views.list_xlsx, name="field-reports-xlsx"),
    path("new", views.new_page, name="field-report-new"),
    path("<int:number>/", views.report_page, name="field-report"),
    path("<int:number>/photos", answer_views.add, name="field-report-photos"),
    path("<int:number>/withdraw", answer_views.withdraw, name="field-report-withdraw"),
    path("<int:number>/return", answer_views.send_back, name="field-report-return"),
    path("<int:number>/accept", answer_views.accept, name="field-report-accept"),
    path("<int:number>/photos/<int:photo>/original", answer_views.original, name="field-photo"),
    path("<int:number>/photos/<int:photo>/thumbnail", answer_views.thumbnail, name="field-photo-thumbnail"),
]
