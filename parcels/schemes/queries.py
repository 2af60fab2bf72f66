"""Finding schemes: those of a county, those that are shipped, and the version that a year is evaluated by.

Refuses to guess between two versions in force for one year, and to evaluate a year that a scheme doesn't cover.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from landgis.counties.models import County
from landgis.lib.errors import Conflict, InputError, NotFound
from parcels.schemes.definition import Definition
from parcels.schemes.models import SchemeVersion
from parcels.schemes.reading import read_definition

SHIPPED = Path(settings.BASE_DIR) / "data" / "schemes"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A definition with the document that it was read from; `version` where the county keeps it."""

    document: Mapping[str, Any]
    definition: Definition
    sha256: str
    version: SchemeVersion | None


def shipped_schemes() -> dict[str, Path]:
    """Name → file of the definitions that come with landgis."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.toml"))}


def fingerprint(document: Mapping[str, Any]) -> str:
    """SHA-256 of the definition as JSON with sorted keys and no blanks."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def chosen(document: Mapping[str, Any], version: SchemeVersion | None = None) -> Chosen:
    return Chosen(document, read_definition(document), fingerprint(document), version)


def read_scheme_file(path: Path) -> Chosen:
    """A definition from a file, TOML or JSON by its ending."""
    try:
        raw = path.read_bytes()
        document = json.loads(raw) if path.suffix == ".json" else tomllib.loads(raw.decode("utf-8"))
    except FileNotFoundError:
        raise NotFound(f"没有评价方案文件 {path}。", remedy="请检查路径。") from None
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise InputError(
            "scheme_unreadable",
            f"评价方案文件 {path.name} 无法读取：{error}。",
            "请检查文件是否为 UTF-8 的 TOML 或 JSON。",
        ) from None
    return chosen(document)


def find_scheme(county: County, name: str, year: int) -> Chosen:
    """By the county's scheme code (`yiwu`, or `yiwu/2022` for one version), else a shipped one, else a file."""
    code, _, wanted = name.partition("/")
    kept = _kept(county, code, wanted, year)
    if kept is not None:
        return kept
    shipped = shipped_schemes()
    if name in shipped:
        found = read_scheme_file(shipped[name])
        # The county may keep it already, and has the last word on it.
        same = _kept(county, found.definition.code, found.definition.version, year)
        found = same or found
    elif name.endswith((".toml", ".json")):
        found = read_scheme_file(Path(name))
    else:
        known = sorted({*shipped, *scheme_codes(county)})
        raise NotFound(f"没有评价方案“{name}”。", remedy=f"可用的有：{'、'.join(known) or '无'}。")
    _covers(found, year)
    return found


def scheme_codes(county: County) -> list[str]:
    return sorted(
        set(SchemeVersion.objects.filter(scheme__county=county).values_list("scheme__code", flat=True))
    )


def version_of(county: County, pk: int) -> SchemeVersion:
    found = SchemeVersion.objects.filter(pk=pk, scheme__county=county).select_related("scheme").first()
    if found is None:
        raise NotFound("没有这个评价方案版本。", remedy="请在评价方案页选择。")
    return found


def _kept(county: County, code: str, version: str, year: int) -> Chosen | None:
    rows = SchemeVersion.objects.filter(scheme__county=county, scheme__code=code).select_related("scheme")
    if version:
        rows = rows.filter(version=version)
    found = list(rows.exclude(status=SchemeVersion.WITHDRAWN).order_by("id"))
    if not found:
        return None
    covering = [
        row for row in found if row.year_from <= year and (row.year_to is None or year <= row.year_to)
    ]
    # What is in force goes before a draft, the later first year before the earlier one.
    in_force = [row for row in covering if row.status == SchemeVersion.IN_FORCE] or covering
    newest = [row for row in in_force if row.year_from == max(each.year_from for each in in_force)]
    if len(newest) > 1:
        versions = "、".join(row.version for row in newest)
        raise Conflict(
            f"评价方案“{code}”有几个版本适用于 {year} 年：{versions}。",
            remedy=f"请写明版本，例如 {code}/{newest[0].version}。",
        )
    picked = chosen((newest or found)[-1].definition, (newest or found)[-1])
    _covers(picked, year)
    return picked


def _covers(found: Chosen, year: int) -> None:
    definition = found.definition
    if not definition.covers(year):
        until = f"至 {definition.year_to} 年" if definition.year_to else "起"
        raise InputError(
            "scheme_year",
            f"评价方案“{definition.name}”（{definition.version}）适用于 {definition.year_from} 年{until}，不适用于 {year} 年。",
            "请选择适用该年度的方案或版本。",
            field="year",
        )
