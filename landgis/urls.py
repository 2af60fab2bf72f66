"""Every address of landgis, composed from the rooms' own."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from landgis.access.views import SigningIn
from landgis.api import api
from landgis.lib import http
from parcels.workspace.page import workspace_page

urlpatterns = [
    path("", workspace_page, name="workspace"),
    path("login/", SigningIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("idle-land/bulk/", include("parcels.bulk_issue.urls")),
    path("idle-land/disposal-lists/", include("parcels.disposal_lists.urls")),
    path("idle-land/what-if/", include("parcels.parameters.what_if_urls")),
    path("idle-land/fees/", include("parcels.fees.urls")),
    path("idle-land/", include("parcels.idle_land.urls")),
    path("idle-land/", include("parcels.disposal.urls")),
    path("campaigns/", include("parcels.ledgers.urls")),
    path("tasks/", include("parcels.tasks.urls")),
    path("ancillary/", include("parcels.ancillary.urls")),
    path("clusters/", include("parcels.clusters.urls")),
    path("control-line/", include("parcels.balance.urls")),
    path("disclosure/", include("parcels.disclosure.urls")),
    path("notices/", include("parcels.notices.urls")),
    path("land-states/", include("parcels.states.urls")),
    path("low-efficiency/", include("parcels.low_efficiency.urls")),
    path("parameters/", include("parcels.parameters.urls")),
    path("plans/", include("parcels.plans.urls")),
    path("policy/", include("parcels.policies.urls")),
    path("imports/tables/", include("parcels.exchange.urls")),
    path("supply/phases/", include("parcels.phases.urls")),
    path("evaluation/areas/", include("parcels.area_sheets.urls")),
    path("evaluation/", include("parcels.atlas.urls")),
    path("evaluation/", include("parcels.yearly.urls")),
    path("field-reports/", include("parcels.field_reports.urls")),
    path("milestones/", include("parcels.milestones.urls")),
    path("", include("parcels.firm_desk.urls")),
    path("api/", api.urls),
    path("", include("layers.urls")),
    path("reports/", include("parcels.reports.urls")),
    path("wall/", include("parcels.wall.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("healthz", http.alive, name="healthz"),
    path("readyz", http.ready, name="readyz"),
]
