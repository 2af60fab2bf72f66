"""The addresses of the yearly evaluation."""

from django.urls import path

from parcels.yearly import (
    editor_views,
    fact_views,
    firm_views,
    objection_views,
    open_views,
    scheme_views,
    table_views,
    views,
)

urlpatterns = [
    path("", views.runs_page, name="evaluations"),
    path("new/", views.draft_page, name="evaluation-new"),
    path("facts/", fact_views.facts_page, name="evaluation-facts"),
    path("facts/list.xlsx", fact_views.facts_xlsx, name="evaluation-facts-xlsx"),
    path("facts/<int:number>/", fact_views.fact_page, name="evaluation-fact"),
    path("facts/<int:number>/withdraw", fact_views.withdraw_fact, name="evaluation-fact-withdraw"),
    path("facts/<int:number>/paper", fact_views.fact_paper, name="evaluation-fact-paper"),
    path("schemes/", scheme_views.list_page, name="schemes"),
    path("schemes/new/", editor_views.entry_page, name="scheme-new"),
    path("schemes/papers/<int:number>", scheme_views.paper, name="scheme-paper"),
    path("schemes/<str:code>/<str:version>/", scheme_views.one_page, name="scheme"),
    path("schemes/<str:code>/<str:version>/scheme.toml", scheme_views.toml_file, name="scheme-toml"),
    path("schemes/<str:code>/<str:version>/edit/", editor_views.edit_page, name="scheme-edit"),
    path("schemes/<str:code>/<str:version>/copy", scheme_views.copy, name="scheme-copy"),
    path("schemes/<str:code>/<str:version>/in-force", scheme_views.in_force, name="scheme-in-force"),
    path("schemes/<str:code>/<str:version>/withdraw", scheme_views.withdraw, name="scheme-withdraw"),
    path("tables/", table_views.areas_page, name="evaluation-areas"),
    path("tables/areas.xlsx", table_views.areas_xlsx, name="evaluation-areas-xlsx"),
    path("tables/cross/", table_views.cross_page, name="evaluation-cross"),
    path("tables/cross.xlsx", table_views.cross_xlsx, name="evaluation-cross-xlsx"),
    path("objections/<int:number>/", objection_views.one_page, name="evaluation-objection"),
    path("objections/<int:number>/evidence", objection_views.evidence, name="evaluation-evidence"),
    path("<int:run_id>/", views.run_page, name="evaluation"),
    path("<int:run_id>/open/", open_views.open_page, name="evaluation-open"),
    path("<int:run_id>/open/accept", open_views.accept_open, name="evaluation-open-accept"),
    path("<int:run_id>/open.xlsx", open_views.open_xlsx, name="evaluation-open-xlsx"),
    path("<int:run_id>/step", views.step, name="evaluation-step"),
    path("<int:run_id>/results.xlsx", views.results_xlsx, name="evaluation-xlsx"),
    path("<int:run_id>/notice/", views.notice_page, name="evaluation-notice"),
    path("<int:run_id>/notice.xlsx", views.notice_xlsx, name="evaluation-notice-xlsx"),
    path("<int:run_id>/firms/<str:uscc>/", firm_views.firm_page, name="evaluation-firm"),
    path("<int:run_id>/firms/<str:uscc>/objection", firm_views.object_page, name="evaluation-object"),
]
