"""Entering a scheme's definition as a draft, and putting a draft in force.

Refuses a definition with any fault, a change of what was in force, and two versions in force that start in one year.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_EVALUATION
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.counties.succession import Upload, keep_paper
from landgis.lib.errors import Conflict, InputError
from parcels.cadastre.papers import read_paper
from parcels.schemes.models import Scheme, SchemeVersion
from parcels.schemes.queries import chosen, version_of

LONGEST_NAME = 200


def store_scheme(*, county: County, actor: Actor, document: Mapping[str, Any], reason: str) -> SchemeVersion:
    """Keep a definition as the draft of its version; a draft of the same version is rewritten."""
    actor.require_whole_county(MANAGE_EVALUATION)
    found = chosen(document)
    definition = found.definition
    with change(
        county_code=county.code,
        by=actor.username,
        action="store_scheme",
        reason=reason,
        scheme=definition.code,
        version=definition.version,
        sha256=found.sha256,
    ):
        scheme, _ = Scheme.objects.select_for_update().get_or_create(
            county=county, code=definition.code, defaults={"name": definition.name}
        )
        if scheme.name != definition.name:
            scheme.name = definition.name
            scheme.save(update_fields=["name"])
        facts = {
            "year_from": definition.year_from,
            "year_to": definition.year_to,
            "basis": definition.basis,
            "definition": dict(document),
            "sha256": found.sha256,
        }
        kept = SchemeVersion.objects.filter(scheme=scheme, version=definition.version).first()
        if kept is None:
            return SchemeVersion.objects.create(scheme=scheme, version=definition.version, **facts)
        if kept.sha256 == found.sha256:
            return kept
        if kept.status != SchemeVersion.DRAFT:
            raise Conflict(
                f"评价方案“{definition.name}”版本 {definition.version} 已启用，不能修改。",
                remedy="请换一个版本号另存为新版本。",
            )
        for name, value in facts.items():
            setattr(kept, name, value)
        kept.save(update_fields=list(facts))
    return kept


def put_in_force(
    *,
    county: County,
    actor: Actor,
    version_id: int,
    on: date,
    reason: str,
    file: bytes | None = None,
    file_name: str = "",
) -> SchemeVersion:
    """From now on runs use this version, and nothing of it changes any more; `file` is the document it rests on."""
    actor.require_whole_county(MANAGE_EVALUATION)
    name = file_name[-LONGEST_NAME:] or "依据文件"
    paper = None if file is None else Upload(name, read_paper(file, name).media_type, file)
    with change(
        county_code=county.code, by=actor.username, action="scheme_in_force", reason=reason, on=str(on)
    ) as running:
        kept = _locked(county, version_id)
        if kept.status != SchemeVersion.DRAFT:
            raise Conflict(f"版本 {kept.version} 不是草稿。", remedy="请选择草稿版本。")
        others = SchemeVersion.objects.filter(
            scheme=kept.scheme, status=SchemeVersion.IN_FORCE, year_from=kept.year_from
        )
        if other := others.first():
            raise Conflict(
                f"版本 {other.version} 同样自 {kept.year_from} 年起适用并已启用。", remedy="请先停用该版本。"
            )
        if on > timezone.localdate():
            raise InputError(
                "day_ahead", f"启用日期 {on} 还没有到。", "启用当日才能登记，请改正日期。", field="on"
            )
        kept.status, kept.in_force_on = SchemeVersion.IN_FORCE, on
        kept.in_force_by, kept.in_force_reason = actor.username, reason
        kept.paper = keep_paper(county, paper, by=actor.username) if paper else None
        kept.save(update_fields=["status", "in_force_on", "in_force_by", "in_force_reason", "paper"])
        running.summary.update(scheme=kept.scheme.code, version=kept.version, sha256=kept.sha256)
    return kept


def withdraw_version(*, county: County, actor: Actor, version_id: int, reason: str) -> SchemeVersion:
    """No new run uses this version; what was evaluated by it stays."""
    actor.require_whole_county(MANAGE_EVALUATION)
    with change(
        county_code=county.code, by=actor.username, action="withdraw_scheme", reason=reason
    ) as running:
        kept = _locked(county, version_id)
        if kept.status != SchemeVersion.IN_FORCE:
            raise Conflict(f"版本 {kept.version} 没有启用。", remedy="只有启用的版本可以停用。")
        kept.status = SchemeVersion.WITHDRAWN
        kept.save(update_fields=["status"])
        running.summary.update(scheme=kept.scheme.code, version=kept.version)
    return kept


def _locked(county: County, version_id: int) -> SchemeVersion:
    """The version, held with its scheme until the change is done."""
    found = version_of(county, version_id)
    Scheme.objects.select_for_update().get(pk=found.scheme_id)
    return SchemeVersion.objects.select_related("scheme").get(pk=version_id)
