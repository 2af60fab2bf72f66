"""A county and the dated data that its rules read.

Refuses two values of one parameter for the same day, a target or parameter without its basis, and a person's without paper.
"""

from datetime import date

from django.contrib.gis.db import models as gis
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now

from landgis.lib.history import Recorded, append_only, change_required, history_kept
from landgis.lib.references import pointed_at_by


class ValidPeriod(Func):
    """[valid_from, valid_to]: the days on which a value is in force, the last one included (有效期至…)."""

    function = "daterange"
    template = "daterange(%(expressions)s, '[]')"


def one_value_a_day(name: str, *keys: str) -> ExclusionConstraint:
    return ExclusionConstraint(
        name=name,
        expressions=[
            *((F(key), RangeOperators.EQUAL) for key in keys),
            (ValidPeriod(F("valid_from"), F("valid_to")), RangeOperators.OVERLAPS),
        ],
    )


@history_kept("counties_county")
class County(Recorded):
    """The territory that one bureau answers for; `survey_crs` is the EPSG code of its cadastral surveys."""

    code = models.CharField(primary_key=True, max_length=12)
    name = models.CharField(max_length=60)
    survey_crs = models.PositiveIntegerField()
    bbox_4490 = ArrayField(models.FloatField(), size=4)
    boundary_4490 = gis.MultiPolygonField(srid=4490, null=True)
    parcel_code_pattern = models.CharField(max_length=200, default=r"^\S{1,40}$")
    is_demo = models.BooleanField(default=False)
    profile_sha256 = models.CharField(max_length=64)

    class Meta(Recorded.Meta):
        db_table = "counties_county"
        triggers = [
            *Recorded.Meta.triggers,
            # Large tables whose county is checked by statement; all others have an ordinary foreign key.
            *pointed_at_by("counties_county", "cadastre_parcel", "county_id", key="code"),
            *pointed_at_by("counties_county", "cadastre_holder", "county_id", key="code"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def middle_latitude(self) -> float:
        """Where the county's equal-area cylinder touches, in degrees."""
        return (self.bbox_4490[1] + self.bbox_4490[3]) / 2

    @property
    def drawn_bbox_4490(self) -> list[float]:
        """The box for a map, which goes on beyond 180 degrees where the county lies across the antimeridian."""
        west, south, east, north = self.bbox_4490
        return [west, south, west + (east - west) % 360, north]


@history_kept("counties_town")
class Town(Recorded):
    """A town or street (镇街) of the county, by its official code; its area is a district of `layers.districts`."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="towns")
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=60)

    class Meta(Recorded.Meta):
        db_table = "counties_town"
        constraints = [models.UniqueConstraint(fields=["county", "code"], name="town_code_once")]
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Dated(Recorded):
    """A value of one county with its unit, the days it holds for and the document it rests on."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    unit = models.CharField(max_length=20, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    basis = models.TextField()

    class Meta(Recorded.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.key} {self.valid_from:%Y-%m-%d}"


class BasisPaper(Recorded):
    """The document on which somebody changed a parameter, as it was uploaded."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    uploaded_by = models.CharField(max_length=150)
    uploaded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(Recorded.Meta):
        db_table = "counties_basis_paper"
        triggers = [change_required(), append_only("counties_basis_paper")]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(uploaded_by=""), name="basis_paper_named")
        ]

    def __str__(self) -> str:
        return self.name


@history_kept("counties_parameter")
class Parameter(Dated):
    """A threshold or setting that a rule reads; `certainty` says how sure we are of it (law … ours).

    A version that a person entered has its `paper`, `reason` and `entered_by`; one of a profile or of the system has none.
    `shortened`: it ended the version before it, which would run on without it.
    """

    value = models.JSONField()
    certainty = models.CharField(max_length=8, default="ours")
    paper = models.ForeignKey(BasisPaper, on_delete=models.PROTECT, related_name="parameters", null=True)
    reason = models.TextField(blank=True, default="")
    entered_by = models.CharField(max_length=150, blank=True, default="")
    shortened = models.BooleanField(default=False)

    class Meta(Dated.Meta):
        db_table = "counties_parameter"
        constraints = [
            one_value_a_day("parameter_one_value_a_day", "county", "key"),
            models.CheckConstraint(condition=~Q(basis=Value("")), name="parameter_has_basis"),
            models.CheckConstraint(
                condition=Q(entered_by="", paper=None)
                | (~Q(entered_by="") & ~Q(reason="") & Q(paper__isnull=False)),
                name="parameter_entered_with_paper",
            ),
        ]


@history_kept("counties_target")
class Target(Dated):
    """A figure that the county has to reach within the target's days.

    `term_to`: the last day of its term where a successor took its place before that; the days that were before keep their pace.
    """

    value = models.DecimalField(max_digits=16, decimal_places=4)
    term_to = models.DateField(null=True)

    class Meta(Dated.Meta):
        db_table = "counties_target"
        constraints = [
            one_value_a_day("target_one_value_a_day", "county", "key"),
            models.CheckConstraint(condition=~Q(basis=Value("")), name="target_has_basis"),
        ]

    @property
    def term_end(self) -> date | None:
        """The day by which it is to be reached, as it was stated; None = it runs on."""
        return self.term_to or self.valid_to
