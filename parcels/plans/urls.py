"""The addresses of the plans, their records and their sheets."""

from django.urls import path, re_path

from parcels.plans import plan_views, views

urlpatterns = [
    path("", views.list_page, name="plans"),
    path("list.xlsx", views.list_xlsx, name="plans-xlsx"),
    path("new", views.new_page, name="plan-new"),
    path("<int:plan_id>/", plan_views.plan_page, name="plan"),
    path("<int:plan_id>/edit", plan_views.edit_page, name="plan-edit"),
    path("<int:plan_id>/entries/<str:kind>", plan_views.enter, name="plan-enter"),
    path("<int:plan_id>/reverse/<int:seq>", plan_views.reverse, name="plan-reverse"),
    path("<int:plan_id>/sheets", plan_views.issue, name="plan-issue"),
    re_path(
        r"^(?P<plan_id>\d{1,18})/sheets/(?P<number>\d{1,18})\.(?P<ending>docx|pdf)$",
        plan_views.sheet_file,
        name="plan-sheet",
    ),
    path("<int:plan_id>/sheets/<int:number>/pdf", plan_views.sheet_pdf, name="plan-sheet-pdf"),
    path("<int:plan_id>/evidence/<int:number>", plan_views.evidence, name="plan-evidence"),
]
