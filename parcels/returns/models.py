"""What the authorities delivered of firms' figures, row by row and figure by figure, and what officers decided about them.

Refuses to lose a delivered row: one that matches no firm is kept until somebody decides on it. NULL is never zero.
"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from landgis.counties.models import County
from landgis.lib.history import Recorded, append_only, change_required, history_kept
from parcels.enterprises.models import Enterprise
from parcels.returns.rules import DOUBTS, FIELDS, STATES


class ReturnDelivery(Recorded):
    """One file of one authority; the same file isn't taken twice."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    authority = models.CharField(max_length=60)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    row_count = models.PositiveIntegerField()
    received_by = models.CharField(max_length=150)
    received_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(Recorded.Meta):
        db_table = "returns_delivery"
        triggers = [change_required(), append_only("returns_delivery")]
        constraints = [
            models.UniqueConstraint(fields=["county", "authority", "sha256"], name="delivery_once"),
            models.CheckConstraint(condition=~Q(authority=""), name="delivery_has_authority"),
        ]

    def __str__(self) -> str:
        return f"{self.authority} {self.file_name}"


@history_kept("returns_row")
class ReturnRow(Recorded):
    """One row as delivered: `figures` are {field: figure as text}; `enterprise` is the firm it was matched with."""

    delivery = models.ForeignKey(
        ReturnDelivery, on_delete=models.PROTECT, related_name="rows", db_index=False
    )
    row_no = models.PositiveIntegerField()
    year = models.PositiveSmallIntegerField()
    uscc = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=200, blank=True)
    figures = models.JSONField()
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=12)
    decided_by = models.CharField(max_length=150, blank=True)
    reason = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        db_table = "returns_row"
        constraints = [
            models.UniqueConstraint(fields=["delivery", "row_no"], name="return_row_once"),
            models.UniqueConstraint(fields=["delivery", "enterprise", "year"], name="return_row_firm_once"),
            models.CheckConstraint(condition=Q(state__in=list(STATES)), name="return_row_state"),
            models.CheckConstraint(
                condition=Q(state__in=["uscc", "name"], enterprise__isnull=False)
                | Q(state__in=["open", "dismissed"], enterprise=None),
                name="return_row_matched",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["uscc", "open"]) | ~Q(decided_by=""), name="return_row_decided"
            ),
        ]
        indexes = [models.Index(fields=["delivery", "id"], condition=Q(state="open"), name="return_row_open")]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.row_no}"


@history_kept("returns_figure")
class ReturnFigure(Recorded):
    """A figure of a firm and year as one authority gave it last: the source of what stands in the annual return."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    field = models.CharField(max_length=20)
    authority = models.CharField(max_length=60)
    value = models.DecimalField(max_digits=18, decimal_places=6)
    row = models.ForeignKey(ReturnRow, on_delete=models.PROTECT, related_name="+")

    class Meta(Recorded.Meta):
        db_table = "returns_figure"
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "year", "field", "authority"], name="return_figure_once"
            ),
            models.CheckConstraint(condition=Q(field__in=list(FIELDS)), name="return_figure_field"),
        ]
        indexes = [models.Index(fields=["county", "year"], name="return_figure_year")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.year} {self.field}"


class FigureDecision(Recorded):
    """An officer's word on a doubtful figure: it holds while the figure and what it was held against are the same."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    field = models.CharField(max_length=20)
    doubt = models.CharField(max_length=16)
    value = models.DecimalField(max_digits=18, decimal_places=6)
    against = models.TextField(blank=True)
    corrected = models.BooleanField()
    reason = models.TextField()
    decided_by = models.CharField(max_length=150)
    decided_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(Recorded.Meta):
        db_table = "returns_decision"
        triggers = [change_required(), append_only("returns_decision")]
        constraints = [
            models.CheckConstraint(condition=Q(doubt__in=list(DOUBTS)), name="decision_doubt_known"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(decided_by=""), name="decision_has_author"),
        ]
        indexes = [models.Index(fields=["enterprise", "year", "field"], name="decision_figure")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.year} {self.field}"


@history_kept("returns_energy_month")
class EnergyMonth(Recorded):
    """What a firm used in a month; `month` is its first day. NULL = not delivered."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()
    electricity_kwh = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    water_m3 = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    gas_m3 = models.DecimalField(max_digits=18, decimal_places=2, null=True)

    class Meta(Recorded.Meta):
        db_table = "returns_energy_month"
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "month"], name="energy_once_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="energy_month_first_day"),
        ]
        indexes = [models.Index(fields=["county", "month"], name="energy_county_month")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.month:%Y-%m}"
