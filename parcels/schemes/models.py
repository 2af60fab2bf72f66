"""Schemes and their dated versions, as the definitions that were read.

Refuses, in the database itself, to change or delete a definition that was ever in force: a mistake is a new version.
"""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from landgis.counties.models import BasisPaper, County
from landgis.lib.history import Recorded, history_kept


@history_kept("schemes_scheme")
class Scheme(Recorded):
    """A county's way of evaluating firms, under one code through the years."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)

    class Meta(Recorded.Meta):
        db_table = "schemes_scheme"
        constraints = [
            models.UniqueConstraint(fields=["county", "code"], name="scheme_code_once"),
            models.CheckConstraint(condition=~Q(code=""), name="scheme_has_code"),
        ]

    def __str__(self) -> str:
        return self.name


@history_kept("schemes_version")
class SchemeVersion(Recorded):
    """One definition. A draft may be rewritten; in force it is used by runs of its years, and stays as it is.

    `paper` is the basis document that was shown when it was put in force on a page; a command has none.
    """

    DRAFT, IN_FORCE, WITHDRAWN = "draft", "in_force", "withdrawn"

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="versions")
    version = models.CharField(max_length=60)
    status = models.CharField(max_length=12, default=DRAFT)
    year_from = models.PositiveSmallIntegerField()
    year_to = models.PositiveSmallIntegerField(null=True)
    basis = models.TextField()
    definition = models.JSONField()
    sha256 = models.CharField(max_length=64)
    in_force_on = models.DateField(null=True)
    in_force_by = models.CharField(max_length=150, blank=True, default="")
    in_force_reason = models.TextField(blank=True, default="")
    paper = models.ForeignKey(BasisPaper, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta(Recorded.Meta):
        db_table = "schemes_version"
        constraints = [
            models.UniqueConstraint(fields=["scheme", "version"], name="scheme_version_once"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "in_force", "withdrawn"]), name="scheme_version_status"
            ),
            models.CheckConstraint(
                condition=Q(status="draft", in_force_on=None)
                | Q(status__in=["in_force", "withdrawn"], in_force_on__isnull=False),
                name="scheme_version_in_force",
            ),
            models.CheckConstraint(
                condition=Q(year_to=None) | Q(year_to__gte=F("year_from")), name="scheme_version_years"
            ),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="scheme_version_hash"),
            models.CheckConstraint(condition=~Q(basis=""), name="scheme_version_basis"),
        ]
        triggers = [
            *Recorded.Meta.triggers,
            pgtrigger.Protect(
                name="in_force_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    """OLD.status <> 'draft' AND (NEW.status = 'draft' OR NEW.scheme_id <> OLD.scheme_id
                       OR NEW.version <> OLD.version OR NEW.year_from <> OLD.year_from
                       OR NEW.year_to IS DISTINCT FROM OLD.year_to OR NEW.basis <> OLD.basis
                       OR NEW.definition <> OLD.definition OR NEW.sha256 <> OLD.sha256
                       OR NEW.in_force_on IS DISTINCT FROM OLD.in_force_on OR NEW.in_force_by <> OLD.in_force_by
                       OR NEW.in_force_reason <> OLD.in_force_reason
                       OR NEW.paper_id IS DISTINCT FROM OLD.paper_id)"""
                ),
            ),
            pgtrigger.Protect(
                name="in_force_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.status <> 'draft'"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme_id}/{self.version}"
