"""Keeping a session alive while its person works, without a write at every request.

Refuses to prolong a session that nobody uses: it ends after the idle time of the settings.
"""

import time
from collections.abc import Callable

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase

# Far below the idle time, so that nobody is logged out while working.
RENEWED_AFTER_S = 60
SEEN = "seen"


@receiver(user_logged_in)
def seen_at_log_in(request: HttpRequest, **_: object) -> None:
    """A fresh session needs no renewal at its first request."""
    request.session[SEEN] = int(time.time())


class KeepAlive:
    """Middleware: a session that is in use is renewed once a minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and time.time() - request.session.get(SEEN, 0) > RENEWED_AFTER_S:
            request.session[SEEN] = int(time.time())
        return self.get_response(request)
