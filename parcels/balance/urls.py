"""The addresses of the control line and its balance."""

from django.urls import path

from parcels.balance import adjustment_views, views

urlpatterns = [
    path("", views.overview, name="control-line"),
    path("list.xlsx", views.overview_xlsx, name="control-line-xlsx"),
    path("parcels.xlsx", views.shares_xlsx, name="control-line-parcels-xlsx"),
    path("balance/", views.balance, name="control-line-balance"),
    path("balance/statement.xlsx", views.balance_xlsx, name="control-line-balance-xlsx"),
    path("adjustments/new", adjustment_views.new, name="adjustment-new"),
    path("adjustments/<int:number>/", adjustment_views.page, name="adjustment"),
    path("adjustments/<int:number>/step", adjustment_views.step, name="adjustment-step"),
    path("adjustments/<int:number>/map.png", adjustment_views.picture, name="adjustment-map"),
    path("adjustments/<int:number>/proofs", adjustment_views.prove, name="adjustment-prove"),
    path(
        "adjustments/<int:number>/proofs/<int:paper>.<str:ending>",
        adjustment_views.proof_file,
        name="adjustment-proof",
    ),
    path(
        "adjustments/<int:number>/proofs/<int:paper>/pdf",
        adjustment_views.proof_pdf,
        name="adjustment-proof-pdf",
    ),
]
