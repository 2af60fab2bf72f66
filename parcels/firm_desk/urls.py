"""The addresses of the desk: land use, its confirmations, yearly figures and monthly energy."""

from django.urls import path

from parcels.firm_desk import confirm_views, drawn_views, energy_views, land_views, parcel_views, return_views

urlpatterns = [
    path("land-use/", land_views.problems_page, name="land-use"),
    path("land-use/list.xlsx", land_views.problems_xlsx, name="land-use-xlsx"),
    path("land-use/firms/", land_views.firms_page, name="land-use-firms"),
    path("land-use/firms/list.xlsx", land_views.firms_xlsx, name="land-use-firms-xlsx"),
    path("land-use/groups/", land_views.groups_page, name="land-use-groups"),
    path("land-use/groups/list.xlsx", land_views.groups_xlsx, name="land-use-groups-xlsx"),
    path("land-use/groups/<int:pk>/end", land_views.group_end, name="land-use-group-end"),
    path("land-use/parcels/<int:pk>/", parcel_views.parcel_page, name="land-use-parcel"),
    path("land-use/parcels/<int:pk>/drawn", drawn_views.drawn, name="land-use-drawn"),
    path("land-use/parcels/<int:pk>/uses", parcel_views.use_enter, name="land-use-enter"),
    path(
        "land-use/parcels/<int:pk>/uses/<int:use>/correct", parcel_views.use_correct, name="land-use-correct"
    ),
    path("land-use/parcels/<int:pk>/uses/<int:use>/end", parcel_views.use_end, name="land-use-end"),
    path("land-use/parcels/<int:pk>/tenancy", parcel_views.tenancy, name="land-use-tenancy"),
    path("land-use/confirmations/", confirm_views.confirmations_page, name="land-use-confirmations"),
    path(
        "land-use/confirmations/list.xlsx",
        confirm_views.confirmations_xlsx,
        name="land-use-confirmations-xlsx",
    ),
    path("land-use/confirmations/confirm", confirm_views.confirm, name="land-use-confirm"),
    path("land-use/confirmations/freeze", confirm_views.freeze, name="land-use-freeze"),
    path("returns/", return_views.figures_page, name="returns"),
    path("returns/list.xlsx", return_views.figures_xlsx, name="returns-xlsx"),
    path("returns/deliver", return_views.deliver, name="return-deliver"),
    path("returns/doubts/", return_views.doubts_page, name="return-doubts"),
    path("returns/doubts/list.xlsx", return_views.doubts_xlsx, name="return-doubts-xlsx"),
    path("returns/doubts/settle", return_views.settle, name="return-settle"),
    path("returns/unmatched/", return_views.unmatched_page, name="return-unmatched"),
    path("returns/unmatched/list.xlsx", return_views.unmatched_xlsx, name="return-unmatched-xlsx"),
    path("returns/unmatched/same", return_views.match_same, name="return-match-same"),
    path("returns/unmatched/<int:pk>", return_views.match, name="return-match"),
    path("returns/energy/", energy_views.energy_page, name="energy"),
    path("returns/energy/list.xlsx", energy_views.energy_xlsx, name="energy-xlsx"),
]
