"""Storing delivered enterprises, occupancies and annual returns.

Refuses an occupancy or return whose enterprise or parcel isn't on record: the row becomes an issue, nothing is invented.
"""

from collections.abc import Sequence
from typing import Any

from landgis.counties.models import County
from landgis.lib.issues import Issue
from landgis.lib.upsert import Stored, upsert
from parcels.cadastre.queries import parcel_ids
from parcels.enterprises.queries import enterprise_ids

Row = dict[str, Any]
Rows = Sequence[tuple[int, Row]]  # the 1-based data row, and its fields


def store_enterprises(county: County, rows: Rows) -> tuple[Stored, list[Issue]]:
    """Enterprises by their USCC; the town's name is looked up among the county's towns."""
    towns = dict(county.towns.values_list("name", "code"))
    issues = [
        Issue(
            row,
            "town_unknown",
            "town",
            f"第 {row} 行：“{facts['town']}”不是本县的镇街，已留空。请核对镇街名称。",
            "warning",
        )
        for row, facts in rows
        if facts.get("town") and facts["town"] not in towns
    ]
    columns: dict[str, list[Any]] = {
        "county_id": [county.code] * len(rows),
        "uscc": _column(rows, "uscc"),
        "name": _column(rows, "name"),
        "industry_code": _column(rows, "industry_code", ""),
        "industry_group": _column(rows, "industry_group", ""),
        "above_scale": _column(rows, "above_scale"),
        "founded_on": _column(rows, "founded_on"),
        "town_code": [towns.get(facts.get("town") or "", "") for _, facts in rows],
        "address": _column(rows, "address", ""),
    }
    return upsert("enterprises_enterprise", columns, key=("county_id", "uscc")), issues


def store_occupancy(county: County, rows: Rows) -> tuple[Stored, list[Issue]]:
    """Who uses which land; a row without area and share means the whole parcel."""
    firms = enterprise_ids(
        county, {facts[k] for _, facts in rows for k in ("uscc", "lessor_uscc") if facts.get(k)}
    )
    parcels = parcel_ids(county, {facts["parcel_code"] for _, facts in rows})
    issues, kept = [], []
    for row, facts in rows:
        if facts["parcel_code"] not in parcels:
            issues.append(_unknown(row, "parcel_code", "宗地", facts["parcel_code"], "请先导入该宗地"))
        elif facts["uscc"] not in firms:
            issues.append(_unknown(row, "uscc", "企业", facts["uscc"], "请先导入该企业"))
        elif facts.get("lessor_uscc") and facts["lessor_uscc"] not in firms:
            issues.append(_unknown(row, "lessor_uscc", "出租方", facts["lessor_uscc"], "请先导入该企业"))
        elif facts.get("valid_to") and facts["valid_to"] < facts["valid_from"]:
            told = f"终止日期 {facts['valid_to']} 早于起始日期 {facts['valid_from']}。请核对后改正。"
            issues.append(Issue(row, "period_reversed", "valid_to", f"第 {row} 行：{told}"))
        else:
            kept.append((row, facts))
    columns: dict[str, list[Any]] = {
        "county_id": [county.code] * len(kept),
        "parcel_id": [parcels[facts["parcel_code"]] for _, facts in kept],
        "enterprise_id": [firms[facts["uscc"]] for _, facts in kept],
        "role": _column(kept, "role"),
        "lessor_id": [firms.get(facts.get("lessor_uscc") or "") for _, facts in kept],
        "area_m2": _column(kept, "area_m2"),
        "share": [_share(facts) for _, facts in kept],
        "valid_from": _column(kept, "valid_from"),
        "valid_to": _column(kept, "valid_to"),
    }
    key = ("parcel_id", "enterprise_id", "role", "valid_from")
    return upsert("enterprises_occupancy", columns, key=key), issues


def store_returns(county: County, rows: Rows, *, source: str) -> tuple[Stored, list[Issue]]:
    """Annual returns by enterprise and year; a blank figure stays unknown and is never zero."""
    firms = enterprise_ids(county, {facts["uscc"] for _, facts in rows})
    issues = [
        _unknown(row, "uscc", "企业", facts["uscc"], "请先导入该企业")
        for row, facts in rows
        if facts["uscc"] not in firms
    ]
    kept = [(row, facts) for row, facts in rows if facts["uscc"] in firms]
    figures = ("tax_wan", "value_added_wan", "revenue_wan", "employees", "energy_tce", "emission_t", "rd_wan")
    columns: dict[str, list[Any]] = {
        "county_id": [county.code] * len(kept),
        "enterprise_id": [firms[facts["uscc"]] for _, facts in kept],
        "year": _column(kept, "year"),
        **{name: _column(kept, name) for name in figures},
        "source": [source] * len(kept),
    }
    return upsert("enterprises_annualreturn", columns, key=("enterprise_id", "year")), issues


def _column(rows: Rows, name: str, blank: Any = None) -> list[Any]:
    return [blank if facts.get(name) in (None, "") else facts[name] for _, facts in rows]


def _share(facts: Row) -> Any:
    """A stated area goes before a stated share; neither means the whole parcel."""
    if facts.get("area_m2") is not None:
        return None
    return facts["share"] if facts.get("share") is not None else 1


def _unknown(row: int, field: str, what: str, code: str, remedy: str) -> Issue:
    return Issue(
        row, "reference_unknown", field, f"第 {row} 行：登记库中没有{what} {code}。{remedy}，或改正代码。"
    )
