"""Supply contracts (出让合同/划拨决定书), their phases with agreed and actual dates, and the progress of building.

Refuses a contract without any number, a passed review without the person who passed it, and a developed area's shape
without its measure.
"""

from django.contrib.gis.db import models as gis
from django.db import models
from django.db.models import Q

from landgis.counties.models import County
from landgis.lib.history import Recorded, history_kept
from parcels.cadastre.models import Parcel


@history_kept("supply_contract")
class SupplyContract(Recorded):
    """A contract as delivered; it may stand without a parcel in the register, and is screened all the same."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    contract_no = models.CharField(max_length=80, blank=True)
    supervision_no = models.CharField(max_length=80, blank=True)
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="contracts", null=True)
    parcel_code = models.CharField(max_length=60, blank=True)
    town_code = models.CharField(max_length=12, blank=True)
    holder_name = models.CharField(max_length=200, blank=True)
    location = models.CharField(max_length=300, blank=True)
    land_use = models.CharField(max_length=80, blank=True)
    area_m2 = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    price_wan = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    supply_mode = models.CharField(max_length=40, blank=True)
    signed_on = models.DateField(null=True)
    source = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        db_table = "supply_contract"
        constraints = [
            models.CheckConstraint(
                condition=~Q(contract_no="", supervision_no=""), name="contract_has_number"
            ),
            models.UniqueConstraint(fields=["county", "contract_no", "supervision_no"], name="contract_once"),
        ]
        indexes = [models.Index(fields=["county", "parcel_code"], name="contract_parcel_code")]

    def __str__(self) -> str:
        return self.contract_no or self.supervision_no


@history_kept("supply_phase")
class ContractPhase(Recorded):
    """A phase of a contract with a clock of its own; an undivided contract has the one phase 1."""

    contract = models.ForeignKey(SupplyContract, on_delete=models.PROTECT, related_name="phases")
    phase_no = models.PositiveIntegerField(default=1)
    agreed_delivery = models.DateField(null=True)
    agreed_start = models.DateField(null=True)
    agreed_completion = models.DateField(null=True)
    actual_delivery = models.DateField(null=True)
    actual_start = models.DateField(null=True)
    actual_completion = models.DateField(null=True)
    review_due = models.DateField(null=True)
    review_passed_on = models.DateField(null=True)
    review_passed_by = models.CharField(max_length=150, blank=True)
    total_investment_wan = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    land_to_develop_m2 = models.DecimalField(max_digits=18, decimal_places=4, null=True)

    class Meta(Recorded.Meta):
        db_table = "supply_phase"
        constraints = [
            models.UniqueConstraint(fields=["contract", "phase_no"], name="phase_once"),
            models.CheckConstraint(
                condition=Q(review_passed_on=None, review_passed_by="")
                | (Q(review_passed_on__isnull=False) & ~Q(review_passed_by="")),
                name="phase_review_has_author",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}/{self.phase_no}"


@history_kept("supply_progress")
class ConstructionProgress(Recorded):
    """How far building had come on a day; `stopped_since` is the last evidenced day of building, NULL = going on.

    The developed area is stated, drawn, or both: the drawn shape's area on the ellipsoid stands beside the stated figure.
    """

    phase = models.ForeignKey(ContractPhase, on_delete=models.PROTECT, related_name="progress")
    as_of = models.DateField()
    invested_wan = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    developed_area_m2 = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    developed_geom_4490 = gis.MultiPolygonField(srid=4490, null=True)
    measured_area_m2 = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    stopped_since = models.DateField(null=True)
    note = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        db_table = "supply_progress"
        constraints = [
            models.UniqueConstraint(fields=["phase", "as_of"], name="progress_once_a_day"),
            models.CheckConstraint(
                condition=Q(developed_geom_4490=None, measured_area_m2=None)
                | Q(
                    developed_geom_4490__isnull=False,
                    developed_geom_4490__isvalid=True,
                    measured_area_m2__isnull=False,
                    measured_area_m2__gt=0,
                ),
                name="progress_shape_is_measured",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phase_id} {self.as_of:%Y-%m-%d}"
