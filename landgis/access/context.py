"""What every page's frame shows: the county, the person, and where they may go.

Refuses to fail when no county is loaded yet: the frame then shows none.
"""

from typing import Any

from django.http import HttpRequest

from landgis.access.rules import SCREEN_IDLE, VIEW_FIRM_FIGURES, VIEW_MAP
from landgis.access.views import request_actor
from landgis.counties.queries import current_county
from landgis.lib.errors import NotFound

NAVIGATION = (
    ("workspace", "/", "地图", VIEW_MAP),
    ("idle-land", "/idle-land/", "闲置土地清单", VIEW_MAP),
    ("cases", "/idle-land/cases/", "处置案件", VIEW_MAP),
    ("deadlines", "/idle-land/deadlines/", "办理期限", VIEW_MAP),
    ("disposal-lists", "/idle-land/disposal-lists/", "处置清单", VIEW_MAP),
    ("land-states", "/land-states/", "供地利用状态", VIEW_MAP),
    ("land-use", "/land-use/", "企业用地", VIEW_MAP),
    ("returns", "/returns/", "企业数据", VIEW_FIRM_FIGURES),
)


def site(request: HttpRequest) -> dict[str, Any]:
    try:
        county = current_county()
    except NotFound:
        return {"county": None, "actor": None, "navigation": []}
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"county": county, "actor": None, "navigation": []}
    actor = request_actor(request)
    shown = [(key, url, title) for key, url, title, right in NAVIGATION if actor.may(right)]
    return {"county": county, "actor": actor, "navigation": shown, "may_screen": actor.may(SCREEN_IDLE)}
