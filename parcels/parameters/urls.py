"""The addresses of the parameters."""

from django.urls import path

from parcels.parameters import views

urlpatterns = [
    path("", views.list_page, name="parameters"),
    path("list.xlsx", views.list_xlsx, name="parameters-xlsx"),
    path("papers/<int:number>", views.paper, name="parameter-paper"),
    path("<str:key>/", views.one_page, name="parameter"),
    path("<str:key>/withdraw", views.take_back, name="parameter-withdraw"),
]
