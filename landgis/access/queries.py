"""From a person to what they may do in a county today.

Refuses to answer for an unknown or inactive account.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from landgis.access.models import Assignment, User
from landgis.access.rules import RIGHT_TITLES, TITLES, rights_of
from landgis.counties.models import County
from landgis.counties.queries import in_force
from landgis.lib.errors import Forbidden

SYSTEM = "system"

AnyModel = TypeVar("AnyModel", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts in one county: their rights, and the towns they are limited to (None = the whole county)."""

    username: str
    display_name: str
    county_code: str
    roles: tuple[str, ...]
    rights: frozenset[str]
    town_codes: tuple[str, ...] | None

    def may(self, right: str) -> bool:
        return right in self.rights

    def require(self, right: str) -> None:
        """Raise Forbidden unless the actor has `right`."""
        if right not in self.rights:
            raise Forbidden(
                f"账号“{self.display_name or self.username}”没有此项权限（{RIGHT_TITLES[right]}）。",
                remedy="如确需办理，请联系安全保密管理员授权。",
            )

    def require_whole_county(self, right: str) -> None:
        """Raise Forbidden unless the actor has `right` for the county as a whole."""
        self.require(right)
        if self.town_codes is not None:
            raise Forbidden("镇街账号不能办理全县业务。", remedy="请由县级专管员办理。")

    def covers(self, town_code: str) -> bool:
        """Whether a town lies in the actor's territory; what lies in no town is the whole county's."""
        return self.town_codes is None or town_code in self.town_codes

    def role_titles(self) -> list[str]:
        return [TITLES[role] for role in self.roles]


def actor_for(user: User | AnonymousUser, county: County, on: date | None = None) -> Actor:
    """What `user` may do in `county` on a day (today unless given)."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return Actor("", "", county.code, (), frozenset(), ())
    day = on or timezone.localdate()
    assigned = list(Assignment.objects.filter(in_force(day), user=user, county=county).order_by("role"))
    roles = tuple(dict.fromkeys(item.role for item in assigned))
    whole = any(item.town_code == "" for item in assigned)
    towns = None if whole else tuple(sorted({item.town_code for item in assigned}))
    return Actor(user.username, user.display_name, county.code, roles, rights_of(roles), towns)


def command_actor(username: str, county: County) -> Actor:
    """Who a command acts for: the named account with its own rights, or the console's operator."""
    if username == SYSTEM:
        return Actor(SYSTEM, "系统控制台", county.code, ("operator",), rights_of(["operator"]), None)
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise Forbidden(f"没有可用的账号“{username}”。", remedy="请检查 --by 参数。")
    return actor_for(user, county)


def in_territory(
    rows: models.QuerySet[AnyModel], actor: Actor, *, field: str = "town_code", many_towns: bool = False
) -> models.QuerySet[AnyModel]:
    """Only the rows of the actor's county and towns; `field` is the path to the town's code.

    `many_towns`: a row lies in each of its `town_codes` too, and is seen from each of them.
    """
    prefix = field.removesuffix("town_code")
    rows = rows.filter(**{f"{prefix}county_id": actor.county_code})
    if actor.town_codes is None:
        return rows
    seen = models.Q(**{f"{field}__in": actor.town_codes})
    if many_towns:
        seen |= models.Q(**{f"{prefix}town_codes__overlap": list(actor.town_codes)})
    return rows.filter(seen)


def territory_sql(
    actor: Actor, *, alias: str, many_towns: bool = False
) -> tuple[str, dict[str, Iterable[str] | str]]:
    """The same limit for SQL texts: a condition on `alias.county_id, alias.town_code` (and `town_codes`) and its parameters."""
    limit = f"{alias}.county_id = %(territory_county)s"
    values: dict[str, Iterable[str] | str] = {"territory_county": actor.county_code}
    if actor.town_codes is not None:
        seen = f"{alias}.town_code = ANY(%(territory_towns)s)"
        if many_towns:
            seen = f"({seen} OR {alias}.town_codes::text[] && %(territory_towns)s::text[])"
        limit += f" AND {seen}"
        values["territory_towns"] = list(actor.town_codes)
    return limit, values
