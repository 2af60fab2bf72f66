"""The addresses of the disposal lists."""

from django.urls import path

from parcels.disposal_lists import views

urlpatterns = [
    path("", views.lists_page, name="disposal-lists"),
    path("freeze", views.freeze, name="disposal-list-freeze"),
    path("<int:pk>/", views.issue_page, name="disposal-list"),
    path("<int:pk>/list.xlsx", views.issue_xlsx, name="disposal-list-xlsx"),
    path("<int:pk>/list.docx", views.issue_docx, name="disposal-list-docx"),
    path("<int:pk>/list.json", views.issue_json, name="disposal-list-json"),
    path("<int:pk>/map.html", views.issue_map, name="disposal-list-map"),
]
