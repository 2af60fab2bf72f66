"""What is due and overdue, by officer and town; the calendar feed and the address that opens it.

Refuses the feed to anybody without its secret; the page shows the territory's deadlines only.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from landgis.access.models import User
from landgis.access.rules import VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.audit.kept import kept
from landgis.counties.queries import current_county
from parcels.disposal.deadlines import SOON_DAYS, Deadlines, by_officer_and_town, deadlines
from parcels.disposal.feeds import feed_text, has_feed, make_feed, revoke_feed
from parcels.disposal.forms import DeadlineFilter
from parcels.disposal.wording import SIDES, left_in_words

MOST_SHOWN = 200  # of each kind: the most urgent come first, and the tally below counts all


@right_required(VIEW_MAP)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Today's deadlines of the territory."""
    return _page(request)


@right_required(VIEW_MAP)
@require_POST
def new_feed(request: HttpRequest) -> HttpResponse:
    """Make a new secret address and show it this once; the former one answers no more."""
    token = make_feed(current_county(), request_actor(request), _person(request))
    address = request.build_absolute_uri(reverse("deadline-feed")) + f"?token={token}"
    response = _page(request, address=address)
    response["Cache-Control"] = "no-store"
    return response


@right_required(VIEW_MAP)
@require_POST
def end_feed(request: HttpRequest) -> HttpResponse:
    """Switch the address off."""
    revoke_feed(current_county(), request_actor(request), _person(request))
    return redirect("deadlines")


@require_GET
def feed(request: HttpRequest) -> HttpResponse:
    """The calendar for whoever has the secret; nobody signs in from a calendar program."""
    text = feed_text(current_county(), request.GET.get("token", ""), timezone.localdate(), timezone.now())
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _page(request: HttpRequest, address: str = "") -> HttpResponse:
    county, actor, on = current_county(), request_actor(request), timezone.localdate()
    asked = request.GET.copy()
    asked.setdefault("days", str(SOON_DAYS))
    form = DeadlineFilter(asked, county=county)
    found, days = Deadlines(on, (), (), (), ()), SOON_DAYS
    if form.is_valid():  # a filter that makes no sense finds nothing instead of everything
        days = form.cleaned_data["days"] or SOON_DAYS
        officer, town = form.cleaned_data["officer"], form.cleaned_data["town"]
        towns = None if actor.town_codes is None else frozenset(actor.town_codes)
        found = kept(
            "deadlines",
            (county.code, towns, on, days, officer, town),
            lambda: deadlines(county, actor, on, within_days=days, officer=officer, town=town),
        )
    names = dict(county.towns.values_list("code", "name"))
    context: dict[str, Any] = {
        "on": on,
        "days": days,
        "form": form,
        "groups": [
            (kind, _shown(items[:MOST_SHOWN]), len(items))
            for kind, items in (("overdue", found.overdue), ("due", found.due), ("paused", found.paused))
        ],
        "reminders": found.reminders[:MOST_SHOWN],
        "reminder_count": len(found.reminders),
        "most_shown": MOST_SHOWN,
        "tally": [
            {**row, "town_name": names.get(str(row["town_code"]), "")} for row in by_officer_and_town(found)
        ],
        "has_feed": has_feed(county, _person(request)),
        "address": address,
    }
    return render(request, "parcels/disposal/deadlines.html", context)


def _shown(items: Any) -> list[tuple[Any, str, str]]:
    return [(item, left_in_words(item.days_left), SIDES.get(item.side, "")) for item in items]


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
