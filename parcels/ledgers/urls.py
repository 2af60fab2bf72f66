"""The addresses of the two ledgers."""

from django.urls import path, register_converter

from parcels.campaigns.rules import LEDGERS
from parcels.ledgers import (
    drawing_views,
    edit_views,
    horizon_views,
    plan_views,
    project_views,
    target_views,
    views,
)


class LedgerConverter:
    """One of the two ledgers by its code."""

    regex = "|".join(LEDGERS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(LedgerConverter, "ledger")

urlpatterns = [
    path("", views.overview_page, name="campaigns"),
    path("overview.xlsx", views.overview_xlsx, name="campaigns-xlsx"),
    path("counts/", views.add_count, name="campaign-count-add"),
    path("counts/<int:entry_id>/reverse", views.take_count_back, name="campaign-count-reverse"),
    path("targets/", target_views.targets_page, name="campaign-targets"),
    path("targets/<str:key>/", target_views.hand_down_targets, name="campaign-hand-down"),
    path("targets/<str:key>/years", target_views.divide_targets, name="campaign-divide"),
    path("horizon/", horizon_views.horizon_page, name="horizon"),
    path("horizon/horizon.xlsx", horizon_views.horizon_xlsx, name="horizon-xlsx"),
    path("plans/", plan_views.plans_page, name="target-plans"),
    path("plans/<int:plan_id>/", plan_views.plan_page, name="target-plan"),
    path("plans/<int:plan_id>/decide", plan_views.decide, name="target-plan-decide"),
    path("plans/<int:plan_id>/paper", plan_views.paper, name="target-plan-paper"),
    path("plans/<int:plan_id>/plan.xlsx", plan_views.plan_xlsx, name="target-plan-xlsx"),
    path("projects/new", project_views.new_page, name="project-new"),
    path("projects/new/ground", drawing_views.new_ground, name="project-new-ground"),
    path("projects/<int:project_id>/", project_views.project_page, name="project"),
    path("projects/<int:project_id>/edit", edit_views.edit_page, name="project-edit"),
    path("projects/<int:project_id>/end", edit_views.end, name="project-end"),
    path("projects/<int:project_id>/map.png", project_views.picture, name="project-map"),
    path("projects/<int:project_id>/stages", project_views.record, name="project-record"),
    path(
        "projects/<int:project_id>/stages/<int:seq>/reverse",
        project_views.take_stage_back,
        name="project-stage-reverse",
    ),
    path("projects/<int:project_id>/papers/<int:paper_id>", project_views.paper, name="project-paper"),
    path("projects/<int:project_id>/ground", drawing_views.claim_ground, name="project-claim-ground"),
    path("projects/<int:project_id>/credit", project_views.credit, name="project-credit"),
    path(
        "projects/<int:project_id>/credits/<int:credit_id>/reverse",
        project_views.take_credit_back,
        name="project-credit-reverse",
    ),
    path("<ledger:ledger>/", views.ledger_page, name="campaign-ledger"),
    path("<ledger:ledger>/projects.xlsx", views.ledger_xlsx, name="campaign-ledger-xlsx"),
]
