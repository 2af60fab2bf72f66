"""The case of an idle parcel, its steps, and the receipts that the tax authority sends back.

Refuses, in the database itself, to alter or delete a step or a receipt: a wrong one is reversed by a new row with its reason.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from landgis.counties.models import County
from landgis.lib.history import Recorded, append_only, change_required, history_kept
from parcels.cadastre.models import Parcel
from parcels.documents.models import IssuedDocument
from parcels.idle_land.models import IdleFinding
from parcels.supply.models import ContractPhase


@history_kept("disposal_case")
class IdleCase(Recorded):
    """One case of one contract phase. Its state is folded from its steps; `closed_on` only tells the open ones apart."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    case_no = models.CharField(max_length=40)
    year = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    phase = models.ForeignKey(ContractPhase, on_delete=models.PROTECT, related_name="cases")
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="cases", null=True)
    finding = models.ForeignKey(IdleFinding, on_delete=models.PROTECT, related_name="+", null=True)
    town_code = models.CharField(max_length=12, blank=True)
    opened_on = models.DateField()
    officer = models.CharField(max_length=150)
    rule_version = models.CharField(max_length=200)
    closed_on = models.DateField(null=True)

    class Meta(Recorded.Meta):
        db_table = "disposal_case"
        constraints = [
            models.UniqueConstraint(fields=["county", "case_no"], name="case_no_once"),
            models.UniqueConstraint(fields=["county", "year", "number"], name="case_number_once"),
            models.UniqueConstraint(
                fields=["phase"], condition=Q(closed_on=None), name="case_one_open_a_phase"
            ),
            models.CheckConstraint(condition=~Q(officer=""), name="case_has_officer"),
        ]
        indexes = [models.Index(fields=["county", "town_code"], name="case_town")]

    def __str__(self) -> str:
        return self.case_no


class CaseStep(Recorded):
    """What happened in a case on a day: stage, day, person, paper and facts together or not at all.

    `ground` is what the register said on that day, kept so that a replay reads the same; `rule_version` names the rules.
    """

    case = models.ForeignKey(IdleCase, on_delete=models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    stage = models.CharField(max_length=30)
    on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    by = models.CharField(max_length=150)
    person = models.CharField(max_length=150)
    facts = models.JSONField(default=dict)
    ground = models.JSONField(default=dict)
    document_no = models.CharField(max_length=80, blank=True)
    document = models.ForeignKey(
        IssuedDocument, on_delete=models.PROTECT, related_name="case_steps", null=True
    )
    rule_version = models.CharField(max_length=200)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, related_name="reversed_by", null=True)
    reason = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        db_table = "disposal_step"
        triggers = [change_required(), append_only("disposal_step")]
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="step_once"),
            models.CheckConstraint(condition=~Q(by="") & ~Q(person=""), name="step_has_person"),
            models.CheckConstraint(
                condition=(Q(stage="reversal", reverses__isnull=False) & ~Q(reason=""))
                | (~Q(stage="reversal") & Q(reverses=None)),
                name="step_reversal_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} {self.stage}"


class FeeReceipt(Recorded):
    """A payment as the tax authority reports it back (财税〔2021〕8号), told by its number and tied to the decision's."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(IdleCase, on_delete=models.PROTECT, related_name="receipts")
    decision_no = models.CharField(max_length=80)
    receipt_no = models.CharField(max_length=80)
    booking = models.PositiveSmallIntegerField(default=1)  # a withdrawn number may be booked again
    paid_on = models.DateField()
    amount_yuan = models.DecimalField(max_digits=18, decimal_places=2)
    payer_name = models.CharField(max_length=200, blank=True)
    source = models.TextField(blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, related_name="reversed_by", null=True)
    reason = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        db_table = "disposal_fee_receipt"
        triggers = [change_required(), append_only("disposal_fee_receipt")]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "receipt_no", "booking"], condition=Q(reverses=None), name="receipt_once"
            ),
            models.CheckConstraint(condition=Q(amount_yuan__gt=0), name="receipt_amount"),
            models.CheckConstraint(condition=~Q(receipt_no=""), name="receipt_has_number"),
            models.CheckConstraint(
                condition=Q(reverses=None) | ~Q(reason=""), name="receipt_reversal_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_no} {self.amount_yuan}"


class CalendarFeed(Recorded):
    """A person's secret address under which a calendar program fetches their deadlines; only the secret's hash is kept."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    revoked_at = models.DateTimeField(null=True)

    class Meta(Recorded.Meta):
        db_table = "disposal_calendar_feed"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "user"], condition=Q(revoked_at=None), name="feed_one_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.made_at:%Y-%m-%d}"
