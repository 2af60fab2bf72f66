"""Groups of firms, how tenants are evaluated, and what the towns confirmed of a year's land use.

Refuses, in the database itself, a firm in two groups on one day, and any change of a confirmation or freeze once written.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from landgis.counties.models import County, one_value_a_day
from landgis.lib.history import Recorded, append_only, change_required, history_kept
from parcels.cadastre.models import Parcel
from parcels.enterprises.models import Enterprise


@history_kept("land_use_affiliation")
class Affiliation(Recorded):
    """`member` is evaluated as one with `head`, up to and including the last day; `basis` is the paper that says so."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    head = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="affiliates")
    member = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="affiliations")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    basis = models.TextField()

    class Meta(Recorded.Meta):
        db_table = "land_use_affiliation"
        constraints = [
            one_value_a_day("affiliation_one_group_a_day", "member"),
            models.CheckConstraint(condition=~Q(head=F("member")), name="affiliation_of_two"),
            models.CheckConstraint(condition=~Q(basis=""), name="affiliation_has_basis"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="affiliation_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} → {self.head_id}"


@history_kept("land_use_tenancy")
class TenancyChoice(Recorded):
    """For one year: are the tenants of a parcel, or one of them, evaluated apart from their landlord."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="+")
    tenant = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+", null=True)
    apart = models.BooleanField()

    class Meta(Recorded.Meta):
        db_table = "land_use_tenancy"
        constraints = [
            models.UniqueConstraint(
                fields=["year", "parcel", "tenant"], nulls_distinct=False, name="tenancy_choice_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.parcel_id}"


class LandUseConfirmation(Recorded):
    """A town's word on its land use of a year; `uses` are the rows that it confirmed, `sha256` is taken over them."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    town_code = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    statement = models.JSONField()
    uses = models.JSONField()
    sha256 = models.CharField(max_length=64)
    note = models.TextField()
    confirmed_by = models.CharField(max_length=150)
    confirmed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(Recorded.Meta):
        db_table = "land_use_confirmation"
        triggers = [change_required(), append_only("land_use_confirmation")]
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="confirmation_hash"),
            models.CheckConstraint(condition=~Q(confirmed_by=""), name="confirmation_has_author"),
        ]
        indexes = [models.Index(fields=["county", "year", "town_code", "-id"], name="confirmation_town")]

    def __str__(self) -> str:
        return f"{self.town_code} {self.year}"


class LandUseFreeze(Recorded):
    """A year's land use closed for evaluation; `towns` says how each town stood, `override` why without them all."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    towns = models.JSONField()
    override = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    frozen_by = models.CharField(max_length=150)
    frozen_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(Recorded.Meta):
        db_table = "land_use_freeze"
        triggers = [change_required(), append_only("land_use_freeze")]
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="freeze_hash"),
        ]
        indexes = [models.Index(fields=["county", "year", "-id"], name="freeze_county_year")]

    def __str__(self) -> str:
        return f"{self.county_id} {self.year}"
