"""A person's calendar feed: the secret address, taking it back, and the feed's text by RFC 5545.

Refuses to say more than numbers and titles of duties: a calendar is copied to servers that aren't ours.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db.models.functions import Now

from landgis.access.models import User
from landgis.access.queries import Actor, actor_for
from landgis.access.rules import MANAGE_IDLE_CASES, VIEW_MAP
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.errors import NotFound
from parcels.disposal.deadlines import deadlines
from parcels.disposal.feed_sources import Event, sources
from parcels.disposal.models import CalendarFeed

AHEAD_DAYS = 400
LINE_OCTETS = 75


_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


def has_feed(county: County, user: User) -> bool:
    return CalendarFeed.objects.filter(county=county, user=user, revoked_at=None).exists()


def make_feed(county: County, actor: Actor, user: User) -> str:
    """A new secret in the place of the former one; it is told this once and can't be read again."""
    actor.require(VIEW_MAP)
    token = secrets.token_urlsafe(32)
    with change(
        county_code=county.code, by=actor.username, action="make_calendar_feed", reason="生成日历订阅地址"
    ):
        _revoke(county, user)
        CalendarFeed.objects.create(county=county, user=user, token_sha256=_hash(token))
    return token


def revoke_feed(county: County, actor: Actor, user: User) -> None:
    """From now on the address answers nobody."""
    actor.require(VIEW_MAP)
    with change(
        county_code=county.code, by=actor.username, action="revoke_calendar_feed", reason="停用日历订阅地址"
    ):
        _revoke(county, user)


def feed_text(county: County, token: str, on: date, now: datetime) -> str:
    """The feed that a secret opens, with the rights that its person has today."""
    feed = (
        CalendarFeed.objects.filter(county=county, token_sha256=_hash(token), revoked_at=None)
        .select_related("user")
        .first()
    )
    actor = actor_for(feed.user, county, on) if feed else None
    if actor is None or not actor.may(VIEW_MAP):
        raise NotFound("没有这一日历。", remedy="请在期限页面重新生成订阅地址。")
    events = [
        event for source in (_case_events, *sources()) for event in source(county, actor, on, AHEAD_DAYS)
    ]
    return calendar_text(county, events, now)


def calendar_text(county: County, events: Iterable[Event], now: datetime) -> str:
    """RFC 5545: an all-day event for each duty, lines folded at 75 octets, ended by CRLF."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//landgis//{county.code}//ZH", "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH", "X-WR-CALNAME:办理期限和攻坚任务",
    ]  # fmt: skip
    for event in sorted(events, key=lambda event: (event.on, event.uid)):
        lines += event_lines(county, event, now)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in folded(line))


def event_lines(county: County, event: Event, now: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{event.uid}@{county.code}.landgis",
        f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.on + timedelta(days=1):%Y%m%d}",
        "SUMMARY:" + event.title.translate(_ESCAPES),
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, never inside a character; each further one begins with a blank."""
    piece, used = "", 0
    for mark in line:
        size = len(mark.encode())
        if used + size > LINE_OCTETS:
            yield piece
            piece, used = " ", 1
        piece, used = piece + mark, used + size
    yield piece


def _case_events(county: County, actor: Actor, on: date, within_days: int) -> Iterator[Event]:
    """The person's own cases where they run cases, else those of their territory."""
    own = actor.username if actor.may(MANAGE_IDLE_CASES) else ""
    found = deadlines(county, actor, on, within_days=within_days, officer=own)
    for item in (*found.overdue, *found.due):
        if item.due_on:
            uid = f"case-{item.case_id}-{item.step}-{item.started_on:%Y%m%d}"
            yield Event(uid, item.due_on, f"{item.case} {item.title}")


def _revoke(county: County, user: User) -> None:
    CalendarFeed.objects.filter(county=county, user=user, revoked_at=None).update(revoked_at=Now())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
