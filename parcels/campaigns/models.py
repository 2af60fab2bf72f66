"""Projects of the two campaigns, their stages with papers, the ground credited to each ledger, the other counts, the
targets handed down to towns, and the plans that state them.

Refuses, in the database itself, to change or delete a stage, a paper, a credit or a count: a wrong one is reversed by
another row.
"""

import pgtrigger
from django.contrib.gis.db import models as gis
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from landgis.counties.models import BasisPaper, County, Dated, one_value_a_day
from landgis.lib.history import Recorded, append_only, change_required, change_stamped, history_kept
from layers.shape import SOUND, Shape
from parcels.cadastre.lineage_models import Attachment
from parcels.campaigns.plan_rules import DRAFT, STATES
from parcels.clusters.models import Cluster
from parcels.enterprises.models import Enterprise


def _firm_once() -> pgtrigger.Trigger:
    """A firm stands once in a count, unless its entry was taken back; writers of the same firm wait for each other."""
    return pgtrigger.Trigger(
        name="firm_once",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Condition("NEW.enterprise_id IS NOT NULL AND NEW.reverses_id IS NULL"),
        func="""
            PERFORM pg_advisory_xact_lock(
                hashtext('campaigns_countentry'), hashtext(NEW.key || '/' || NEW.enterprise_id)
            );
            IF EXISTS (
                SELECT FROM campaigns_countentry c
                 WHERE c.key = NEW.key AND c.enterprise_id = NEW.enterprise_id AND c.reverses_id IS NULL
                   AND NOT EXISTS (SELECT FROM campaigns_countentry r WHERE r.reverses_id = c.id)
            ) THEN
                RAISE EXCEPTION 'firm % already stands in %', NEW.enterprise_id, NEW.key
                    USING ERRCODE = 'unique_violation', CONSTRAINT = 'countentry_firm_once';
            END IF;
            RETURN NEW;
        """,
    )


def _decided_stays() -> pgtrigger.Trigger:
    """A plan that was decided on stays as it was, and none is ever deleted: another plan follows it."""
    return pgtrigger.Trigger(
        name="decided_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF TG_OP = 'DELETE' OR OLD.state <> 'draft' THEN
                RAISE EXCEPTION 'campaigns_targetplan: a decided plan never changes, and no plan is deleted'
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
            RETURN NEW;
        """,
    )


@history_kept("campaigns_targetplan")
class TargetPlan(Recorded):
    """A plan of targets on its document: drafted, filled in, and put in force (or dropped) by a decision.

    `figures`: the aims as `plan_rules.Aim.as_json` tells them; once in force they stand as targets and parts of them.
    """

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_to = models.DateField()
    backdated = models.BooleanField(default=False)
    paper = models.ForeignKey(BasisPaper, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    figures = models.JSONField(default=list)
    state = models.CharField(max_length=10, default=DRAFT)
    drafted_by = models.CharField(max_length=150)
    drafted_at = models.DateTimeField(db_default=Now(), editable=False)
    filled_by = models.CharField(max_length=150, blank=True, default="")
    decided_by = models.CharField(max_length=150, blank=True, default="")
    decided_on = models.DateField(null=True)
    decided_why = models.TextField(blank=True, default="")

    class Meta(Recorded.Meta):
        db_table = "campaigns_targetplan"
        triggers = [change_required(), change_stamped(), _decided_stays()]
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="targetplan_days"),
            models.CheckConstraint(condition=Q(state__in=list(STATES)), name="targetplan_state_known"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(reason="") & ~Q(drafted_by=""), name="targetplan_has_author"
            ),
            models.CheckConstraint(
                condition=Q(state=DRAFT, decided_by="", decided_on=None)
                | (~Q(state=DRAFT) & ~Q(decided_by="") & ~Q(decided_why="") & Q(decided_on__isnull=False)),
                name="targetplan_decided_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["county", "-valid_from"], name="targetplan_county")]

    def __str__(self) -> str:
        return self.name


@history_kept("campaigns_towntarget")
class TownTarget(Dated):
    """The part of a county's target that a town has to reach; the parts of a key and a day add up to the county's."""

    town_code = models.CharField(max_length=12)
    value = models.DecimalField(max_digits=16, decimal_places=4)

    class Meta(Dated.Meta):
        db_table = "campaigns_towntarget"
        constraints = [
            one_value_a_day("towntarget_one_value_a_day", "county", "key", "town_code"),
            models.CheckConstraint(condition=~Q(basis=""), name="towntarget_has_basis"),
            models.CheckConstraint(condition=Q(value__gte=0), name="towntarget_not_negative"),
        ]


@history_kept("campaigns_yeartarget")
class YearTarget(Dated):
    """The part of a term's target that is due by the end of a calendar year; the years of a day add up to the target."""

    year = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=16, decimal_places=4)

    class Meta(Dated.Meta):
        db_table = "campaigns_yeartarget"
        constraints = [
            one_value_a_day("yeartarget_one_value_a_day", "county", "key", "year"),
            models.CheckConstraint(condition=~Q(basis=""), name="yeartarget_has_basis"),
            models.CheckConstraint(condition=Q(value__gte=0), name="yeartarget_not_negative"),
        ]


@history_kept("campaigns_project")
class Project(Shape):
    """A project of one ledger: its ground as planned, its way, and who answers for it (▲ lead unit and helpers).

    `town_code` is the town that most of the ground lies in and that works on it; `town_codes` all that it lies in.
    """

    ledger = models.CharField(max_length=16)
    project_no = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    way = models.CharField(max_length=20, blank=True)
    town_code = models.CharField(max_length=12, blank=True)
    town_codes = ArrayField(models.CharField(max_length=12), default=list)
    parcel_codes = ArrayField(models.CharField(max_length=40), default=list)
    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="projects", null=True)
    area_m2 = models.FloatField()
    lead_unit = models.CharField(max_length=80)
    helper_units = ArrayField(models.CharField(max_length=80), default=list)
    person = models.CharField(max_length=80, blank=True)
    due_on = models.DateField(null=True)
    note = models.TextField(blank=True)

    class Meta(Shape.Meta):
        db_table = "campaigns_project"
        constraints = [
            *SOUND,
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="project_period"
            ),
            models.CheckConstraint(
                condition=Q(ledger__in=["remediation", "revitalisation"]), name="project_ledger_known"
            ),
            models.UniqueConstraint(fields=["county", "project_no"], name="project_no_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(lead_unit=""), name="project_has_lead"),
            models.CheckConstraint(condition=Q(area_m2__gt=0), name="project_area_positive"),
        ]
        indexes = [models.Index(fields=["county", "ledger", "town_code"], name="project_county_ledger")]

    def __str__(self) -> str:
        return self.project_no


class ProjectStep(Recorded):
    """A stage that a project reached on a day, by whom and on what evidence; `reverses` takes an earlier one back."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    stage = models.CharField(max_length=20)
    on = models.DateField()
    person = models.CharField(max_length=80)
    evidence = models.TextField(blank=True)
    note = models.TextField(blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, related_name="reversed_by", null=True)
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(Recorded.Meta):
        db_table = "campaigns_projectstep"
        triggers = [change_required(), append_only("campaigns_projectstep")]
        constraints = [
            models.UniqueConstraint(fields=["project", "seq"], name="projectstep_seq_once"),
            models.CheckConstraint(
                condition=~Q(person="") & ~Q(recorded_by="") & ~Q(stage=""), name="projectstep_has_author"
            ),
        ]
        ordering = ["seq"]

    def __str__(self) -> str:
        return f"{self.project_id} {self.stage}"


class StepPaper(Recorded):
    """A photo or paper on which a stage rests."""

    step = models.ForeignKey(ProjectStep, on_delete=models.PROTECT, related_name="papers")
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="project_paper")

    class Meta(Recorded.Meta):
        db_table = "campaigns_steppaper"
        triggers = [change_required(), append_only("campaigns_steppaper")]

    def __str__(self) -> str:
        return f"{self.step_id}/{self.attachment_id}"


class Credit(Recorded):
    """Ground credited to a ledger on a day: `geom_4490` is what was left of the claim beside earlier credits.

    A reversal names the credit it takes back, and holds no ground. `held` says which credits hold the rest of the claim:
    [{"credit": 7, "project_no": …, "area_m2": …}]; `parcels_m2` how much of which parcel was credited, as the register
    stood when it was recorded: {"330782…": 1234.5}. Areas in ㎡ on the ellipsoid. A claim has a row for each town.
    """

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="credits")
    ledger = models.CharField(max_length=16)
    town_code = models.CharField(max_length=12, blank=True)
    on = models.DateField()
    claimed_4490 = gis.MultiPolygonField(srid=4490, null=True, spatial_index=False)
    claimed_m2 = models.FloatField()
    geom_4490 = gis.MultiPolygonField(srid=4490, null=True)
    area_m2 = models.FloatField()
    parcels_m2 = models.JSONField(default=dict)
    held = models.JSONField(default=list)
    evidence = models.TextField()
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, related_name="reversed_by", null=True)
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    reason = models.TextField()

    class Meta(Recorded.Meta):
        db_table = "campaigns_credit"
        triggers = [change_required(), append_only("campaigns_credit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(reverses=None, area_m2__gt=0, geom_4490__isnull=False, claimed_4490__isnull=False)
                | Q(reverses__isnull=False, area_m2__lt=0, geom_4490__isnull=True, claimed_4490__isnull=True),
                name="credit_claims_or_reverses",
            ),
            models.CheckConstraint(
                condition=~Q(recorded_by="") & ~Q(reason="") & ~Q(evidence=""), name="credit_has_author"
            ),
            models.CheckConstraint(
                condition=Q(ledger__in=["remediation", "revitalisation"]), name="credit_ledger_known"
            ),
        ]
        indexes = [models.Index(fields=["county", "ledger", "on"], name="credit_county_ledger")]

    def __str__(self) -> str:
        return f"{self.ledger} {self.project_id} {self.area_m2:.2f}"


class CountEntry(Recorded):
    """A figure credited to one of the plan's other counts (firms, tce, t) on a day; a reversal takes one back whole.

    An entry of a count of firms names the firm, which counts once as long as it isn't taken back.
    """

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=80)
    town_code = models.CharField(max_length=12, blank=True)
    on = models.DateField()
    value = models.DecimalField(max_digits=16, decimal_places=4)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+", null=True)
    evidence = models.TextField()
    note = models.TextField(blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, related_name="reversed_by", null=True)
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(Recorded.Meta):
        db_table = "campaigns_countentry"
        triggers = [change_required(), append_only("campaigns_countentry"), _firm_once()]
        constraints = [
            models.CheckConstraint(
                condition=Q(enterprise=None) | Q(value__in=[1, -1]), name="countentry_firm_is_one"
            ),
            models.CheckConstraint(
                condition=Q(reverses=None, value__gt=0) | Q(reverses__isnull=False, value__lt=0),
                name="countentry_counts_or_reverses",
            ),
            models.CheckConstraint(
                condition=~Q(recorded_by="") & ~Q(evidence="") & ~Q(key=""), name="countentry_has_author"
            ),
        ]
        indexes = [models.Index(fields=["county", "key", "on"], name="countentry_county_key")]

    def __str__(self) -> str:
        return f"{self.key} {self.value}"
