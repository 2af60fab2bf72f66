"""The people and agencies, and what each was assigned to, where and for how long.

Refuses an assignment to an unknown role, or one that ends before it begins.
"""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q

from landgis.access.rules import TITLES
from landgis.counties.models import County
from landgis.lib.history import Recorded, history_kept


class User(AbstractUser):
    """A person with an identity of their own; what they may do stands in their assignments."""

    display_name = models.CharField(max_length=60, blank=True)

    class Meta:
        db_table = "access_user"

    def __str__(self) -> str:
        return self.display_name or self.username


@history_kept("access_assignment")
class Assignment(Recorded):
    """A role of a person in a county, for the whole of it or for one town, from a day on."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments")
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    town_code = models.CharField(max_length=12, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta(Recorded.Meta):
        db_table = "access_assignment"
        constraints = [
            models.CheckConstraint(condition=Q(role__in=list(TITLES)), name="assignment_role_known"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="assignment_period"
            ),
            models.CheckConstraint(
                condition=~Q(role="township_officer") | ~Q(town_code=""), name="assignment_township_has_town"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


@history_kept("access_recipient")
class Recipient(Recorded):
    """An agency that receives exports, with the fields it is cleared for beyond the public ones."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=60)
    fields = models.JSONField(default=list)

    class Meta(Recorded.Meta):
        db_table = "access_recipient"
        constraints = [models.UniqueConstraint(fields=["county", "code"], name="recipient_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
