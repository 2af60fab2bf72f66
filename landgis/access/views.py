"""Signing in and out, and the decorator that every page passes through.

Refuses a page to anyone without the right that the page names.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import LoginView, redirect_to_login
from django.http import HttpRequest, HttpResponseBase

from landgis.access.navigation import home, navigation
from landgis.access.queries import Actor, actor_for
from landgis.counties.queries import current_county
from landgis.lib.errors import NotFound

View = Callable[..., HttpResponseBase]


def request_actor(request: HttpRequest) -> Actor:
    """Who is asking, worked out once a request."""
    actor: Actor | None = getattr(request, "_landgis_actor", None)
    if actor is None:
        actor = actor_for(request.user, current_county())
        request._landgis_actor = actor  # type: ignore[attr-defined]
    return actor


class SigningIn(LoginView):
    """Leads to where the person's work begins, unless a page was asked for."""

    template_name = "login.html"

    def get_default_redirect_url(self) -> str:
        try:
            entry = home(navigation(request_actor(self.request)))
        except NotFound:  # no county is loaded yet
            entry = None
        return entry.url if entry is not None else super().get_default_redirect_url()


def right_required(right: str) -> Callable[[View], View]:
    """Signed in and holding `right`; otherwise the log-in page, or 403 that names what is missing."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), redirect_field_name=REDIRECT_FIELD_NAME)
            request_actor(request).require(right)
            return view(request, *args, **kwargs)

        return guarded

    return decorate
