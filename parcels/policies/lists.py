"""The frozen lists: whom a version affects on a day and by how much, with number, date and hash.

Refuses the list of a year that isn't final, an empty one, a second correction of one, and firms' figures to whoever isn't
cleared for them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_EVALUATION, VIEW_FIRM_FIGURES, VIEW_MAP
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.days import not_ahead
from landgis.lib.errors import Conflict, InputError, NotFound
from landgis.lib.turns import wait_for_turn
from parcels.enterprises.models import AnnualReturn
from parcels.grading.finals import final_years
from parcels.grading.models import GradingScore
from parcels.policies.models import PolicyList, PolicyTable
from parcels.policies.queries import affected, table_of
from parcels.policies.rules import BASES, ListedFirm, Quantity, fingerprint, money_of
from parcels.returns.models import EnergyMonth

LIST_NUMBER = "policies.list_number"
MONTHLY, YEARLY = ("electricity_kwh", "water_m3", "gas_m3"), ("emission_t", "energy_tce")
MONTHS = 12


def freeze_list(
    *,
    county: County,
    actor: Actor,
    table_id: int,
    on: date,
    today: date,
    reason: str,
    corrects_id: int | None = None,
) -> PolicyList:
    """Freeze whom the version affects by the grades final on the day, with what it is reckoned on, under the next number."""
    actor.require_whole_county(MANAGE_EVALUATION)
    not_ahead(on, today)
    if not reason.strip():
        raise InputError("reason_missing", "请填写编制原因。", "例如送交执行部门。", field="reason")
    with change(
        county_code=county.code, by=actor.username, action="freeze_policy_list", reason=reason, table=table_id, on=str(on)
    ) as running:  # fmt: skip
        wait_for_turn("policies", county.code)
        table = table_of(actor, table_id)
        corrected = _corrected(county, table, corrects_id)
        rows = rows_of(county, actor, table, on)
        last = PolicyList.objects.filter(county=county, year=on.year).aggregate(n=Max("number"))["n"] or 0
        list_no = str(parameters(county, on)[LIST_NUMBER]).format(year=on.year, number=last + 1)
        made = PolicyList(
            county=county, table=table, year=on.year, number=last + 1, list_no=list_no, on=on,
            rows=[row.as_json() for row in rows], row_count=len(rows), corrects=corrected, frozen_by=actor.username,
            reason=reason.strip(),
        )  # fmt: skip
        made.sha256 = fingerprint(heading_of(made), rows)
        made.save()
        running.summary.update(list_no=list_no, rows=len(rows), sha256=made.sha256)
    return made


def rows_of(county: County, actor: Actor, table: PolicyTable, on: date) -> list[ListedFirm]:
    """The rows that a list of the day has, by town and USCC."""
    found = affected(county, actor, table, on)
    if found is None:
        raise Conflict(f"{table.year} 年评价还没有定稿。", remedy="请在评价定稿以后编制清单。")
    if not found:
        raise Conflict("没有受影响的企业，清单为空。", remedy="请核对政策表的档次和行业。")
    quantities = quantities_of(county, table, {row.uscc for row in found}, on)
    rows = []
    for row in sorted(found, key=lambda row: (row.town_code, row.uscc)):
        quantity = quantities.get(row.uscc, Quantity(gap="没有数据"))
        money = money_of(row.rate, quantity)
        rows.append(
            ListedFirm(
                uscc=row.uscc, name=row.name, town_code=row.town_code, town=row.town, class_name=row.class_name,
                industry_code=row.industry_code, grade=row.grade, kind=row.rate.kind, value=f"{row.rate.value.normalize():f}",
                unit=row.rate.unit, note=row.rate.note, told=row.rate.told,
                quantity=None if quantity.amount is None else f"{quantity.amount.normalize():f}",
                quantity_unit=quantity.unit, gap=quantity.gap, amount_yuan=None if money is None else f"{money:f}",
            )
        )  # fmt: skip
    return rows


def quantities_of(
    county: County, table: PolicyTable, usccs: Collection[str], on: date
) -> dict[str, Quantity]:
    """USCC → what the instrument is reckoned on, of the grading year; a missing month or figure is a gap, never zero."""
    if table.instrument not in BASES:
        return dict.fromkeys(usccs, Quantity(gap="该项政策没有计量基数"))
    field, _title, unit = BASES[table.instrument]
    firms = list(usccs)
    if field in YEARLY:
        told = AnnualReturn.objects.filter(county=county, year=table.year, enterprise__uscc__in=firms)
        return {
            uscc: Quantity(value, unit, "" if value is not None else f"{table.year} 年没有报送")
            for uscc, value in told.values_list("enterprise__uscc", field)
        }
    if field in MONTHLY:
        months = EnergyMonth.objects.filter(
            county=county, month__year=table.year, enterprise__uscc__in=firms, **{f"{field}__isnull": False}
        ).values("enterprise__uscc")
        return {
            row["enterprise__uscc"]: Quantity(row["used"], unit)
            if row["months"] == MONTHS
            else Quantity(None, unit, f"{table.year} 年缺 {MONTHS - row['months']} 个月数据")
            for row in months.annotate(used=Sum(field), months=Count("month"))
        }
    return _land(county, table, firms, on, unit)


def lists(county: County, table: PolicyTable | None = None) -> QuerySet[PolicyList]:
    rows = PolicyList.objects.filter(county=county).select_related("table", "corrects", "corrected_by")
    rows = rows.defer("rows", "corrects__rows", "corrected_by__rows").order_by("-year", "-number")
    return rows if table is None else rows.filter(table__instrument=table.instrument, table__year=table.year)


def list_of(actor: Actor, pk: int) -> PolicyList:
    actor.require(VIEW_MAP)
    rows = PolicyList.objects.filter(county_id=actor.county_code, pk=pk)
    found = rows.select_related("county", "table", "corrects", "corrected_by").first()
    if found is None:
        raise NotFound("没有这一期清单。", remedy="请在差别化政策页选择。")
    return found


def listed_rows(found: PolicyList, actor: Actor) -> list[ListedFirm]:
    """The frozen rows of the actor's towns, without figures for who isn't cleared for them."""
    rows = [ListedFirm.from_json(row) for row in found.rows]
    if actor.town_codes is not None:
        rows = [row for row in rows if row.town_code in actor.town_codes]
    if actor.may(VIEW_FIRM_FIGURES):
        return rows
    return [replace(row, quantity=None, gap="", amount_yuan=None) for row in rows]


def heading_of(found: PolicyList) -> dict[str, Any]:
    table = found.table
    return {
        "county": found.county_id,
        "list_no": found.list_no,
        "on": str(found.on),
        "instrument": table.instrument,
        "grading_year": table.year,
        "version": table.seq,
        "valid_from": str(table.valid_from),
        "authority": table.authority,
        "basis": table.basis,
        "corrects": found.corrects.list_no if found.corrects else "",
    }


def is_intact(found: PolicyList) -> bool:
    """Whether the rows still give the hash."""
    return fingerprint(heading_of(found), [ListedFirm.from_json(row) for row in found.rows]) == found.sha256


def _land(county: County, table: PolicyTable, firms: list[str], on: date, unit: str) -> dict[str, Quantity]:
    """The land that each firm was evaluated with; of firms evaluated together the head has it, once."""
    final = final_years(county, [table.year], on, usccs=firms)[table.year]
    results = [result.result_id for result in final.results]
    together = dict(
        GradingScore.objects.filter(result_id__in=results, uscc__in=firms)
        .exclude(head_uscc="")
        .values_list("uscc", "head_uscc")
    )
    found = {}
    for uscc, land_mu in final.land_mu.items():
        if uscc in together:
            found[uscc] = Quantity(None, unit, f"与 {together[uscc]} 合并评价")
        else:
            known = None if land_mu is None else Decimal(str(round(land_mu, 6)))
            found[uscc] = Quantity(known, unit, "" if known is not None else "没有评价用地")
    return found


def _corrected(county: County, table: PolicyTable, pk: int | None) -> PolicyList | None:
    if pk is None:
        return None
    found = lists(county, table).filter(pk=pk).first()
    if found is None:
        raise NotFound("没有要更正的这一期清单。", remedy="请在该项政策的清单中选择。")
    if getattr(found, "corrected_by", None) is not None:
        raise Conflict(f"{found.list_no} 已经更正过。", remedy="请更正其后的那一期。")
    return found
