"""Opening accounts and assigning people to their work.

Refuses to leave an assignment without the person who made it.
"""

from datetime import date

from landgis.access.models import Assignment, Recipient, User
from landgis.audit.change import change
from landgis.counties.models import County


def open_account(
    *,
    county: County,
    username: str,
    display_name: str,
    password: str,
    role: str,
    town_code: str = "",
    by: str,
    on: date,
    reason: str,
) -> User:
    """An account with one role from `on` on; an existing account gets the role in addition."""
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User.objects.create_user(username=username, password=password, display_name=display_name)
    with change(
        county_code=county.code, by=by, action="assign_role", reason=reason, username=username, role=role
    ):
        Assignment.objects.get_or_create(
            user=user, county=county, role=role, town_code=town_code, defaults={"valid_from": on}
        )
    return user


def clear_recipient(
    *, county: County, code: str, name: str, fields: list[str], by: str, reason: str
) -> Recipient:
    """State which fields beyond the public ones an agency may receive."""
    with change(county_code=county.code, by=by, action="clear_recipient", reason=reason, recipient=code):
        recipient, _ = Recipient.objects.update_or_create(
            county=county, code=code, defaults={"name": name, "fields": fields}
        )
    return recipient
