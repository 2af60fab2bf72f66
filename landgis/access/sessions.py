"""Keeping a session alive while its person works, without a write at every request.

Refuses to prolong a session that nobody uses: it ends after the idle time of the settings, also under a screen that
asks by itself.
"""

import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase

# Far below the idle time, so that nobody is logged out while working.
RENEWED_AFTER_S = 60
SEEN = "seen"
# Sent with a question that a screen asks by itself when somebody touched it since the one before.
ATTENDED = "X-Landgis-Attended"
View = Callable[..., HttpResponseBase]


@receiver(user_logged_in)
def seen_at_log_in(request: HttpRequest, **_: object) -> None:
    """A fresh session needs no renewal at its first request."""
    request.session[SEEN] = int(time.time())


def asked_by_itself(view: View) -> View:
    """Marks a view that screens ask again and again: it prolongs a session only where somebody is at the screen."""
    view.asked_by_itself = True  # type: ignore[attr-defined]
    return view


class KeepAlive:
    """Middleware: a session that is in use is renewed once a minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, *_: Any) -> None:
        if getattr(view, "asked_by_itself", False) and request.headers.get(ATTENDED) != "1":
            return
        if request.user.is_authenticated and time.time() - request.session.get(SEEN, 0) > RENEWED_AFTER_S:
            request.session[SEEN] = int(time.time())
