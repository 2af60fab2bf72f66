"""The facts of a supply contract that papers and evidence bring: supplements, permits, foundations, stoppages, causes,
encumbrances, registrations, milestones, and the batches that ground is approved in.

Refuses, in the database itself, a fact without its paper or evidence, a period that ends before it begins, two stoppages
of one phase at a time, and a verdict without its author.
"""

from django.contrib.gis.db import models as gis
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from landgis.counties.models import County
from landgis.lib.history import Recorded, append_only, change_required, history_kept
from parcels.cadastre.lineage_models import Attachment
from parcels.supply.models import ContractPhase, SupplyContract
from parcels.supply.rules import CAUSES, ENCUMBRANCES, FOUNDATIONS, KINDS, MILESTONES, RESULTS

PAPERED = ["contract", "phase", *KINDS]


def _stated(name: str, field: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=~Q(**{field: ""}), name=name)


def _in_order(name: str, first: str, last: str, *, same_day: bool) -> models.CheckConstraint:
    later = "gte" if same_day else "gt"
    return models.CheckConstraint(
        condition=Q(**{last: None}) | Q(**{f"{last}__{later}": F(first)}), name=name
    )


class PhaseFact(Recorded):
    """A fact of one phase, with the evidence it rests on (paper, photo, report)."""

    evidence = models.TextField()

    class Meta(Recorded.Meta):
        abstract = True


@history_kept("supply_supplement")
class SupplementAgreement(PhaseFact):
    """补充协议: each date that it states takes the place of the contract's, for one phase or (without one) for all."""

    contract = models.ForeignKey(SupplyContract, on_delete=models.PROTECT, related_name="supplements")
    phase = models.ForeignKey(ContractPhase, on_delete=models.PROTECT, related_name="supplements", null=True)
    agreement_no = models.CharField(max_length=80)
    signed_on = models.DateField()
    agreed_delivery = models.DateField(null=True)
    agreed_start = models.DateField(null=True)
    agreed_completion = models.DateField(null=True)
    basis = models.TextField(blank=True)

    class Meta(PhaseFact.Meta):
        db_table = "supply_supplement"
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "phase", "agreement_no"], name="supplement_once", nulls_distinct=False
            ),
            _stated("supplement_has_number", "agreement_no"),
            models.CheckConstraint(
                condition=Q(agreed_delivery__isnull=False)
                | Q(agreed_start__isnull=False)
                | Q(agreed_completion__isnull=False)
                | ~Q(basis=""),
                name="supplement_says_something",
            ),
        ]

    def __str__(self) -> str:
        return self.agreement_no


@history_kept("supply_permit")
class Permit(PhaseFact):
    """建筑工程施工许可证: one half of a start (art. 30)."""

    phase = models.ForeignKey(ContractPhase, on_delete=models.PROTECT, related_name="permits")
    permit_no = models.CharField(max_length=80)
    issued_on = models.DateField()

    class Meta(PhaseFact.Meta):
        db_table = "supply_permit"
        constraints = [
            models.UniqueConstraint(fields=["phase", "permit_no"], name="permit_once"),
            _stated("permit_has_number", "permit_no"),
        ]

    def __str__(self) -> str:
        return self.permit_no


@history_kept("supply_foundation")
class Foundation(PhaseFact):
    """How much of a foundation was done on a day, a part of a whole so that a third is a third: the other half of a start."""

    phase = models.ForeignKey(ContractPhase, on_delete=models.PROTECT, related_name="foundations")
    kind = models.CharField(max_length=10)
    as_of = models.DateField()
    done = models.DecimalField(max_digits=14, decimal_places=4)
    total = models.DecimalField(max_digits=14, decimal_places=4)

    class Meta(PhaseFact.Meta):
        db_table = "supply_foundation"
        constraints = [
            models.UniqueConstraint(fields=["phase", "kind", "as_of"], name="foundation_once_a_day"),
            models.CheckConstraint(condition=Q(kind__in=list(FOUNDATIONS)), name="foundation_kind_known"),
            models.CheckConstraint(
                condition=Q(total__gt=0, done__gte=0, done__lte=F("total")), name="foundation_part_of_whole"
            ),
            _stated("foundation_has_evidence", "evidence"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.done}/{self.total}"


@history_kept("supply_stoppage")
class Stoppage(PhaseFact):
    """停工: from the day after the last evidenced building day until building was really resumed."""

    phase = models.ForeignKey(ContractPhase, on_delete=models.PROTECT, related_name="stoppages")
    last_built_on = models.DateField()
    resumed_on = models.DateField(null=True)

    class Meta(PhaseFact.Meta):
        db_table = "supply_stoppage"
        constraints = [
            _in_order("stoppage_period", "last_built_on", "resumed_on", same_day=False),
            _stated("stoppage_has_evidence", "evidence"),
            ExclusionConstraint(
                name="stoppage_one_at_a_time",
                expressions=[
                    (F("phase"), RangeOperators.EQUAL),
                    (
                        Func(
                            F("last_built_on"),
                            F("resumed_on"),
                            function="daterange",
                            template="daterange(%(expressions)s, '[)')",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phase_id} {self.last_built_on:%Y-%m-%d}"


@history_kept("supply_cause")
class CauseInterval(PhaseFact):
    """原因期间: days under a cause of art. 8 or of the holder's own; it counts once the bureau has verified it."""

    phase = models.ForeignKey(ContractPhase, on_delete=models.PROTECT, related_name="causes")
    cause = models.CharField(max_length=2)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    verified_by = models.CharField(max_length=150, blank=True)
    verified_on = models.DateField(null=True)

    class Meta(PhaseFact.Meta):
        db_table = "supply_cause"
        constraints = [
            models.CheckConstraint(condition=Q(cause__in=list(CAUSES)), name="cause_known"),
            _in_order("cause_period", "valid_from", "valid_to", same_day=True),
            _stated("cause_has_evidence", "evidence"),
            models.CheckConstraint(
                condition=Q(verified_by="", verified_on=None)
                | (~Q(verified_by="") & Q(verified_on__isnull=False)),
                name="cause_verified_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cause} {self.valid_from:%Y-%m-%d}"


@history_kept("supply_encumbrance")
class Encumbrance(PhaseFact):
    """抵押、查封 on the contract's land: who has to be told before it is disposed of (arts. 13, 14)."""

    contract = models.ForeignKey(SupplyContract, on_delete=models.PROTECT, related_name="encumbrances")
    kind = models.CharField(max_length=10)
    holder_name = models.CharField(max_length=200)
    registration_no = models.CharField(max_length=80, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta(PhaseFact.Meta):
        db_table = "supply_encumbrance"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(ENCUMBRANCES)), name="encumbrance_kind_known"),
            _in_order("encumbrance_period", "valid_from", "valid_to", same_day=True),
            _stated("encumbrance_has_holder", "holder_name"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.holder_name}"


@history_kept("supply_monitoring")
class MonitoringRegistration(PhaseFact):
    """The entry of a phase in 土地市场动态监测与监管系统; without it art. 12 can't be used (art. 25)."""

    phase = models.ForeignKey(ContractPhase, on_delete=models.PROTECT, related_name="registrations")
    registration_no = models.CharField(max_length=80)
    registered_on = models.DateField()

    class Meta(PhaseFact.Meta):
        db_table = "supply_monitoring"
        constraints = [
            models.UniqueConstraint(fields=["phase", "registration_no"], name="monitoring_once"),
            _stated("monitoring_has_number", "registration_no"),
        ]

    def __str__(self) -> str:
        return self.registration_no


@history_kept("supply_milestone")
class Milestone(PhaseFact):
    """标准地 milestone: when planned and when reached, what was promised and what is, and the verdict with its author."""

    phase = models.ForeignKey(ContractPhase, on_delete=models.PROTECT, related_name="milestones")
    kind = models.CharField(max_length=24)
    planned_on = models.DateField(null=True)
    actual_on = models.DateField(null=True)
    promised = models.JSONField(default=dict)
    actual = models.JSONField(default=dict)
    result = models.CharField(max_length=4, blank=True)
    judged_by = models.CharField(max_length=150, blank=True)
    remedy_until = models.DateField(null=True)
    liability = models.TextField(blank=True)

    class Meta(PhaseFact.Meta):
        db_table = "supply_milestone"
        constraints = [
            models.UniqueConstraint(fields=["phase", "kind"], name="milestone_once"),
            models.CheckConstraint(condition=Q(kind__in=list(MILESTONES)), name="milestone_kind_known"),
            models.CheckConstraint(
                condition=Q(planned_on__isnull=False) | Q(actual_on__isnull=False), name="milestone_has_day"
            ),
            models.CheckConstraint(
                condition=Q(result="", judged_by="")
                | (Q(result__in=list(RESULTS), actual_on__isnull=False) & ~Q(judged_by="")),
                name="milestone_judged_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phase_id} {self.kind}"


@history_kept("supply_batch")
class ConversionBatch(Recorded):
    """农用地转用、土地征收批次: ground that may be supplied since its approval; what no contract covers of it is 批而未供."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    batch_no = models.CharField(max_length=80)
    approved_on = models.DateField()
    geom_4490 = gis.MultiPolygonField(srid=4490)
    source = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        db_table = "supply_batch"
        constraints = [
            models.UniqueConstraint(fields=["county", "batch_no"], name="batch_once"),
            _stated("batch_has_number", "batch_no"),
        ]

    def __str__(self) -> str:
        return self.batch_no


class FactPaper(Recorded):
    """A file that a contract, a phase or one of its facts rests on; it stays when the fact is corrected or withdrawn."""

    contract = models.ForeignKey(SupplyContract, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=20)
    fact = models.BigIntegerField()
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="fact_paper")

    class Meta(Recorded.Meta):
        db_table = "supply_fact_paper"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PAPERED), name="fact_paper_kind_known"),
        ]
        indexes = [models.Index(fields=["contract", "kind", "fact"], name="fact_paper_fact")]
        triggers = [change_required(), append_only("supply_fact_paper")]

    def __str__(self) -> str:
        return f"{self.kind} {self.fact}"
