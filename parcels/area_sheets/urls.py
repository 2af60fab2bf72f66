"""The addresses of the sheets of areas."""

from django.urls import path

from parcels.area_sheets import views

urlpatterns = [
    path("", views.sheet_page, name="area-sheet"),
    path("sheet.xlsx", views.sheet_xlsx, name="area-sheet-xlsx"),
    path("sheet.docx", views.sheet_docx, name="area-sheet-docx"),
    path("drawn/", views.drawn_page, name="area-sheet-drawn"),
    path("drawn/sheet.xlsx", views.drawn_xlsx, name="area-sheet-drawn-xlsx"),
    path("drawn/sheet.docx", views.drawn_docx, name="area-sheet-drawn-docx"),
]
