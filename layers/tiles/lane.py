"""A short way for tiles: a map asks for dozens at once, and looking up the same person anew costs more than the tile.

Refuses to decide who may see what. A session's actor is remembered from a request that went the whole way, and used
again only while the database says, in each request, that nothing it rests on has changed: the session lives and names
the same login, the user's row is the same version, no change was written in the county, and it is the same day.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from landgis.access.queries import Actor
from landgis.access.views import request_actor
from landgis.lib.errors import LandgisError
from layers.tiles.statements import one_row
from layers.tiles.views import tile_response

PATH = re.compile(r"^/ogc/collections/([a-z-]{1,40})/tiles/WebMercatorQuad/(\d{1,9})/(\d{1,9})/(\d{1,9})$")
RENEW_AFTER = timedelta(
    minutes=1
)  # the whole way renews the session, so that looking at the map isn't idleness
REMEMBERED = 500

_SESSION = "SELECT session_data FROM django_session WHERE session_key = %(session)s AND expire_date > now()"

_STATE = """
SELECT s.session_data, s.expire_date, concat(u.xmin, u.ctid),
       (SELECT e.hash FROM audit_event e WHERE e.county_code = %(county)s ORDER BY e.sequence DESC LIMIT 1)
  FROM django_session s JOIN access_user u ON u.id = %(user)s AND u.is_active
 WHERE s.session_key = %(session)s AND s.expire_date > now()"""


@dataclass(frozen=True, slots=True)
class _State:
    """What a session's actor rests on, as the database has it at one moment."""

    session_data: str
    expires: datetime
    user_version: str
    data_version: str
    on: date


@dataclass(frozen=True, slots=True)
class _Known:
    actor: Actor
    user_id: int
    state: _State


class TileLane:
    """Middleware, the first of all: answers a tile that it can answer at once and lets everything else pass."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if settings.SESSION_ENGINE != "django.contrib.sessions.backends.db":
            raise MiddlewareNotUsed("the short way reads sessions from the database")
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        match = PATH.match(request.path_info) if request.method == "GET" else None
        session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "") if match else ""
        if match is None or not session:
            return self.get_response(request)
        known = _known.get(session)
        state = _state(session, known.user_id) if known else None
        if known and state and _holds(known, state):
            _known[session] = _Known(known.actor, known.user_id, state)
            try:
                return tile_response(request, known.actor, *match.groups(), version=state.data_version)
            except LandgisError:
                pass  # the whole way says what is wrong, in the house's words
        return self._the_whole_way(request, session)

    def _the_whole_way(self, request: HttpRequest, session: str) -> HttpResponseBase:
        """The state is read first: what changes while the actor is worked out makes the state old, never new."""
        login = _login_of(session)
        state = _state(session, int(login[0])) if login else None
        response = self.get_response(request)
        if login and state and response.status_code in (200, 304) and str(request.user.pk) == login[0]:
            with _lock:
                _known[session] = _Known(request_actor(request), int(login[0]), state)
                _known.move_to_end(session)
                while len(_known) > REMEMBERED:
                    _known.popitem(last=False)
        return response


_known: OrderedDict[str, _Known] = OrderedDict()
_lock = threading.Lock()


def _holds(known: _Known, state: _State) -> bool:
    """Whether the remembered actor is still what the whole way would find, and the session is fresh enough."""
    if state.expires - timezone.now() < timedelta(seconds=settings.SESSION_COOKIE_AGE) - RENEW_AFTER:
        return False
    before = known.state
    if (state.user_version, state.data_version, state.on) != (
        before.user_version,
        before.data_version,
        before.on,
    ):
        return False
    return state.session_data == before.session_data or _login(state.session_data) == _login(
        before.session_data
    )


def _state(session: str, user_id: int) -> _State | None:
    row = one_row(_STATE, {"session": session, "user": user_id, "county": settings.LANDGIS_COUNTY})
    return _State(row[0], row[1], row[2], row[3] or "", timezone.localdate()) if row else None


def _login_of(session: str) -> tuple[str, ...] | None:
    row = one_row(_SESSION, {"session": session})
    return _login(row[0]) if row else None


def _login(session_data: str) -> tuple[str, ...] | None:
    """User, way of signing in and the fingerprint of the password: what Django itself checks a session by."""
    facts: dict[str, Any] = SessionStore().decode(session_data)
    login = tuple(str(facts.get(key, "")) for key in (SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY))
    return login if all(login) else None
