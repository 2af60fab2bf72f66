"""What every page's frame shows: the county, the person, and where they may go.

Refuses to fail when no county is loaded yet: the frame then shows none.
"""

from typing import Any

from django.http import HttpRequest

from landgis.access.navigation import home, navigation, standing_at
from landgis.access.rules import SCREEN_IDLE
from landgis.access.views import request_actor
from landgis.counties.queries import current_county
from landgis.lib.errors import NotFound


def site(request: HttpRequest) -> dict[str, Any]:
    try:
        county = current_county()
    except NotFound:
        return {"county": None, "actor": None, "navigation": []}
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"county": county, "actor": None, "navigation": []}
    actor = request_actor(request)
    menu = navigation(actor)
    return {
        "county": county,
        "actor": actor,
        "navigation": menu,
        "home": home(menu),
        "standing_at": standing_at(request.path),
        "may_screen": actor.may(SCREEN_IDLE),
    }
