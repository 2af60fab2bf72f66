"""Firms, the land each of them uses, and what they returned for a year.

Refuses an occupancy without exactly one measure of its land, and never stores a missing figure as zero.
"""

from django.contrib.gis.db import models as gis
from django.db import models
from django.db.models import F, Q

from landgis.counties.models import County
from landgis.lib.history import Recorded, history_kept
from parcels.cadastre.lineage_models import Attachment
from parcels.cadastre.models import Parcel


@history_kept("enterprises_enterprise")
class Enterprise(Recorded):
    """A firm by its unified social credit code; `above_scale` is 规上, `industry_code` is of GB/T 4754-2017."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    uscc = models.CharField(max_length=18)
    name = models.CharField(max_length=200)
    industry_code = models.CharField(max_length=8, blank=True)
    industry_group = models.CharField(max_length=40, blank=True)
    above_scale = models.BooleanField(null=True)
    founded_on = models.DateField(null=True)
    town_code = models.CharField(max_length=12, blank=True)
    address = models.CharField(max_length=300, blank=True)

    class Meta(Recorded.Meta):
        db_table = "enterprises_enterprise"
        constraints = [
            models.UniqueConstraint(fields=["county", "uscc"], name="enterprise_uscc_once"),
            models.CheckConstraint(condition=~Q(uscc=""), name="enterprise_has_uscc"),
        ]

    def __str__(self) -> str:
        return self.name


@history_kept("enterprises_firm_year")
class FirmYear(Recorded):
    """What a firm was in one year, with its basis: NULL or "" = not stated of that year, the register's value stands."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="years")
    year = models.PositiveSmallIntegerField()
    above_scale = models.BooleanField(null=True)
    industry_code = models.CharField(max_length=8, blank=True)
    industry_group = models.CharField(max_length=40, blank=True)
    town_code = models.CharField(max_length=12, blank=True)
    basis = models.TextField()
    paper = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta(Recorded.Meta):
        db_table = "enterprises_firm_year"
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "year"], name="firm_year_once"),
            models.CheckConstraint(
                condition=Q(above_scale__isnull=False)
                | ~Q(industry_code="")
                | ~Q(industry_group="")
                | ~Q(town_code=""),
                name="firm_year_states_something",
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="firm_year_has_basis"),
            models.CheckConstraint(condition=Q(year__gte=1990, year__lte=2200), name="firm_year_year"),
        ]
        indexes = [models.Index(fields=["county", "year"], name="firm_year_county_year")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.year}"


@history_kept("enterprises_occupancy")
class Occupancy(Recorded):
    """Land of a parcel that a firm uses from a day on, by area, by share of the parcel, or by geometry."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="occupancies")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="occupancies")
    role = models.CharField(max_length=16)
    lessor = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="leases", null=True)
    area_m2 = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    share = models.DecimalField(max_digits=12, decimal_places=10, null=True)
    geom_4490 = gis.MultiPolygonField(srid=4490, null=True, spatial_index=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta(Recorded.Meta):
        db_table = "enterprises_occupancy"
        constraints = [
            models.CheckConstraint(
                condition=Q(area_m2__gt=0, share=None, geom_4490__isnull=True)
                | Q(area_m2=None, share__gt=0, share__lte=1, geom_4490__isnull=True)
                | Q(area_m2=None, share=None, geom_4490__isnull=False),
                name="occupancy_one_measure",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["owned", "leased_in", "unregistered"]), name="occupancy_role_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="occupancy_period"
            ),
            models.UniqueConstraint(
                fields=["parcel", "enterprise", "role", "valid_from"], name="occupancy_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.parcel_id}"


@history_kept("enterprises_annualreturn")
class AnnualReturn(Recorded):
    """What a firm returned for a year; money in 万元, energy in 吨标准煤 (tce), emission in 吨. NULL = not returned."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="returns")
    year = models.PositiveIntegerField()
    tax_wan = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    value_added_wan = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    revenue_wan = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    employees = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    energy_tce = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    emission_t = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    rd_wan = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    source = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        db_table = "enterprises_annualreturn"
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "year"], name="return_once_a_year"),
            models.CheckConstraint(condition=Q(year__gte=1990, year__lte=2200), name="return_year"),
        ]
        indexes = [models.Index(fields=["county", "year"], name="return_county_year")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.year}"
