"""Taking in what the authorities delivered, matching it with firms, and settling doubtful figures.

Refuses to match by a name without a person's word, to take the same file twice, and to let a second authority silently
replace what another gave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from landgis.access.queries import Actor
from landgis.access.rules import IMPORT_DATA, VIEW_FIRM_FIGURES
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.copying import copy_rows
from landgis.lib.errors import Conflict, InputError, NotFound, Outdated
from landgis.lib.issues import Issue
from landgis.lib.repeats import repeat_issues, repeats_of
from landgis.lib.upsert import Stored, upsert
from parcels.enterprises.models import AnnualReturn, Enterprise
from parcels.enterprises.queries import enterprise_ids
from parcels.returns.models import FigureDecision, ReturnDelivery, ReturnRow
from parcels.returns.queries import doubts
from parcels.returns.rules import FIELDS

Rows = Sequence[tuple[int, dict[str, Any]]]

# The figures of rows that were just matched, one a line, with what the same authority had given before.
POSTED = """
SELECT r.id AS row_id, r.enterprise_id, r.year, f.key AS field, f.value::numeric AS value, g.value AS before
  FROM returns_row r
 CROSS JOIN LATERAL jsonb_each_text(r.figures) AS f
  LEFT JOIN returns_figure g ON g.enterprise_id = r.enterprise_id AND g.year = r.year AND g.field = f.key
                            AND g.authority = %(authority)s
 WHERE r.id = ANY(%(rows)s)
"""
# An annual return's figure is filled where it is unknown, and follows the authority that it came from; what another
# authority gave stands, and the two are a doubt.
FILL = f"""
WITH posted AS ({POSTED}),
firm AS (
    SELECT enterprise_id, year, {
    ", ".join(
        f"max(value) FILTER (WHERE field = '{name}') AS {name}, max(before) FILTER (WHERE field = '{name}') AS was_{name}"
        for name in FIELDS
    )
}
      FROM posted GROUP BY enterprise_id, year)
MERGE INTO enterprises_annualreturn AS t
USING firm AS n ON t.enterprise_id = n.enterprise_id AND t.year = n.year
 WHEN MATCHED AND ({
    " OR ".join(
        f"(n.{name} IS NOT NULL AND n.{name} IS DISTINCT FROM t.{name} AND (t.{name} IS NULL OR t.{name} = n.was_{name}))"
        for name in FIELDS
    )
}) THEN UPDATE SET {
    ", ".join(
        f"{name} = CASE WHEN t.{name} IS NULL OR t.{name} = n.was_{name} THEN coalesce(n.{name}, t.{name}) ELSE t.{name} END"
        for name in FIELDS
    )
}
 WHEN NOT MATCHED THEN INSERT (county_id, enterprise_id, year, source, {", ".join(FIELDS)})
      VALUES (%(county)s, n.enterprise_id, n.year, %(source)s, {", ".join(f"n.{name}" for name in FIELDS)})
"""
KEEP = f"""
INSERT INTO returns_figure AS t (county_id, enterprise_id, year, field, authority, value, row_id)
SELECT %(county)s, enterprise_id, year, field, %(authority)s, value, row_id FROM ({POSTED}) AS posted
    ON CONFLICT (enterprise_id, year, field, authority) DO UPDATE SET value = excluded.value, row_id = excluded.row_id
 WHERE t.value IS DISTINCT FROM excluded.value
"""


def store_delivery(
    county: County,
    rows: Rows,
    *,
    authority: str,
    year: int | None,
    file_name: str,
    sha256: str,
    by: str,
    titles: Mapping[str, str],
) -> tuple[Stored, list[Issue]]:
    """Keep every row of a file inside a declared change; those with a USCC on record are posted, the others wait.

    Rows of one firm and year that contradict each other are told, and none of them is taken.

    The same file of the same authority again is told and changes nothing.
    """
    known = ReturnDelivery.objects.filter(county=county, authority=authority, sha256=sha256).first()
    if known is not None:
        told = f"这个文件已于 {known.received_at:%Y-%m-%d} 作为“{authority}”的数据收过，没有重复采用。"
        return Stored(unchanged=len(rows)), [Issue(0, "file_known", "", told, "warning")]
    issues = [
        Issue(row, "year_missing", "year", f"第 {row} 行没有年度。请补填，或在导入时指明年度。")
        for row, facts in rows
        if facts.get("year") is None and year is None
    ]
    kept = [(row, facts) for row, facts in rows if facts.get("year") is not None or year is not None]
    firms = enterprise_ids(county, {facts["uscc"] for _, facts in kept if facts["uscc"]})
    # Of rows with a year and without one, only what the import says of the year tells that they are of the same.
    placed = (
        (row, firm and (firm, facts.get("year") or year), facts)
        for row, facts in kept
        for firm in [firms.get(facts["uscc"])]
    )
    repeats = repeats_of(placed, but=("year",))
    issues += repeat_issues(repeats, dict(kept), same=lambda _: ("是同一企业同一年度", "uscc"), titles=titles)
    kept = [(row, facts) for row, facts in kept if row not in repeats.left_out]
    made = ReturnDelivery.objects.create(
        county=county,
        authority=authority,
        file_name=file_name,
        sha256=sha256,
        row_count=len(kept),
        received_by=by,
    )
    matched = [firms.get(facts["uscc"]) for _, facts in kept]
    issues += [
        Issue(row, "unmatched", "uscc", f"第 {row} 行“{facts['enterprise_name'] or facts['uscc']}”没有找到企业，已留待匹配。",
              "warning")
        for (row, facts), firm in zip(kept, matched, strict=True)
        if firm is None
    ]  # fmt: skip
    if kept:
        copy_rows(
            "returns_row",
            {
                "delivery_id": [made.pk] * len(kept),
                "row_no": [row for row, _ in kept],
                "year": [facts.get("year") or year for _, facts in kept],
                "uscc": [facts["uscc"] for _, facts in kept],
                "name": [facts["enterprise_name"][:200] for _, facts in kept],
                "figures": [_figures(facts) for _, facts in kept],
                "enterprise_id": matched,
                "state": ["open" if firm is None else "uscc" for firm in matched],
                "decided_by": [""] * len(kept),
                "reason": [""] * len(kept),
            },
        )
        ids = made.rows.filter(state="uscc").values_list("id", flat=True)
        _post(made, list(ids))
    return Stored(created=len(kept), unchanged=len(repeats.copies)), issues


def match_row(*, county: County, actor: Actor, row_id: int, firm_id: int, reason: str) -> None:
    """A person's word that a delivered row is of a firm; its figures are posted."""
    match_rows(county=county, actor=actor, pairs=[(row_id, firm_id)], reason=reason)


def match_rows(*, county: County, actor: Actor, pairs: Sequence[tuple[int, int]], reason: str) -> int:
    """The same for several rows at once: all of them, or none. Returns how many."""
    with _deciding(county, actor, "match_return", reason) as running:
        rows = {row.pk: row for row in _open(county, [row for row, _ in pairs])}
        firms = set(
            Enterprise.objects.filter(county=county, id__in=[firm for _, firm in pairs]).values_list(
                "id", flat=True
            )
        )
        posted: dict[int, tuple[ReturnDelivery, list[int]]] = {}
        for row_id, firm_id in pairs:
            row = rows.get(row_id)
            if row is None:
                raise Outdated("该行已由他人处理。", remedy="请刷新页面。")
            if firm_id not in firms:
                raise NotFound("没有这家企业。", remedy="请从候选中选择，或填写登记库中的统一社会信用代码。")
            same = ReturnRow.objects.filter(delivery=row.delivery, enterprise_id=firm_id, year=row.year)
            if same.exists():
                raise Conflict(
                    f"“{row.name}”：该企业在同一份文件中已有 {row.year} 年的一行。",
                    remedy="请选择另一家企业，或将本行标为不采用。",
                )
            row.enterprise_id, row.state = firm_id, "name"
            row.decided_by, row.reason = actor.username, reason
            row.save(update_fields=["enterprise", "state", "decided_by", "reason"])
            posted.setdefault(row.delivery_id, (row.delivery, []))[1].append(row.pk)
        for delivery, ids in posted.values():
            _post(delivery, ids)
        running.summary.update(rows=[row for row, _ in pairs], firms=[firm for _, firm in pairs])
    return len(pairs)


def dismiss_row(*, county: County, actor: Actor, row_id: int, reason: str) -> None:
    """A delivered row isn't used; it is kept with the reason."""
    with _deciding(county, actor, "dismiss_return", reason) as running:
        for row in _open(county, [row_id]):
            row.state, row.decided_by, row.reason = "dismissed", actor.username, reason
            row.save(update_fields=["state", "decided_by", "reason"])
            running.summary.update(row=row.pk, name=row.name)
            break
        else:
            raise Outdated("该行已由他人处理。", remedy="请刷新页面。")


def settle_doubt(
    *,
    county: County,
    actor: Actor,
    firm_id: int,
    year: int,
    field: str,
    kind: str,
    seen: Decimal,
    corrected: Decimal | None,
    reason: str,
) -> None:
    """Confirm a doubtful figure (`corrected` None), or put the right one in its place."""
    with _deciding(county, actor, "settle_figure", reason) as running:
        found = [
            item for item in doubts(county, actor, year, firm_id) if (item.field, item.kind) == (field, kind)
        ]
        if not found or found[0].value != seen:
            raise Outdated("这条疑问已处理，或数据已有变化。", remedy="请刷新页面。")
        doubt, value = found[0], found[0].value
        if corrected is not None:
            _check(field, corrected)
            AnnualReturn.objects.filter(enterprise_id=firm_id, year=year).update(**{field: corrected})
            value = AnnualReturn.objects.values_list(field, flat=True).get(enterprise_id=firm_id, year=year)
        FigureDecision.objects.create(
            county=county, enterprise_id=firm_id, year=year, field=field, doubt=kind, value=value,
            against=doubt.against, corrected=corrected is not None, reason=reason.strip(), decided_by=actor.username,
        )  # fmt: skip
        if corrected is not None:
            _settle_sources(county, actor, firm_id, year, field, kind, value, reason)
        running.summary.update(
            firm=doubt.uscc, year=year, field=field, doubt=kind, was=str(seen), value=str(value)
        )


def correct_figures(
    *, county: County, actor: Actor, uscc: str, year: int, figures: Mapping[str, Decimal | None], reason: str
) -> bool:
    """Put other figures in a return, None for unknown; the doubts that they raise are settled by the same reason.

    False where the firm returned nothing for the year: there is no return to be put right.
    """
    with _deciding(county, actor, "correct_figures", reason) as running:
        rows = AnnualReturn.objects.select_for_update().filter(enterprise__county=county)
        held = rows.filter(enterprise__uscc=uscc, year=year).first()
        if held is None:
            return False
        was = {name: getattr(held, name) for name in figures}
        for name, value in figures.items():
            if value is not None:
                _check(name, value)
            setattr(held, name, value)
        held.source = f"{held.source}；{reason.strip()}".strip("；")
        held.save()
        FigureDecision.objects.bulk_create(
            FigureDecision(
                county=county, enterprise_id=held.enterprise_id, year=year, field=doubt.field, doubt=doubt.kind,
                value=doubt.value, against=doubt.against, corrected=True, reason=reason.strip(),
                decided_by=actor.username,
            )
            for doubt in doubts(county, actor, year, held.enterprise_id)
            if doubt.field in figures
        )  # fmt: skip
        running.summary.update(
            firm=uscc, year=year, was={name: None if value is None else str(value) for name, value in was.items()},
            figures={name: None if value is None else str(value) for name, value in figures.items()},
        )  # fmt: skip
    return True


def store_energy(county: County, rows: Rows) -> tuple[Stored, list[Issue]]:
    """Monthly energy by USCC and month; a blank stays unknown."""
    firms = enterprise_ids(county, {facts["uscc"] for _, facts in rows})
    issues = [
        Issue(row, "reference_unknown", "uscc",
              f"第 {row} 行：登记库中没有企业 {facts['uscc']}。请先导入该企业，或改正代码。")
        for row, facts in rows
        if facts["uscc"] not in firms
    ]  # fmt: skip
    kept = [facts for _, facts in rows if facts["uscc"] in firms]
    columns: dict[str, list[Any]] = {
        "county_id": [county.code] * len(kept),
        "enterprise_id": [firms[facts["uscc"]] for facts in kept],
        "month": [facts["month"] for facts in kept],
        **{name: [facts[name] for facts in kept] for name in ("electricity_kwh", "water_m3", "gas_m3")},
    }
    return upsert("returns_energy_month", columns, key=("enterprise_id", "month")), issues


def _post(delivery: ReturnDelivery, row_ids: list[int]) -> None:
    """Carry the figures of matched rows into the annual returns, and keep whose they are."""
    values: dict[str, Any] = {
        "rows": row_ids,
        "authority": delivery.authority,
        "county": delivery.county_id,
        "source": f"{delivery.authority}：{delivery.file_name}",
    }
    with connection.cursor() as cursor:
        cursor.execute(FILL, values)
        cursor.execute(KEEP, values)


def _settle_sources(
    county: County, actor: Actor, firm_id: int, year: int, field: str, kind: str, value: Any, reason: str
) -> None:
    """A corrected figure differs from what was delivered: that is known, and no new question."""
    for doubt in doubts(county, actor, year, firm_id):
        if (doubt.field, doubt.kind) == (field, "contradiction") and kind != "contradiction":
            FigureDecision.objects.create(
                county=county, enterprise_id=firm_id, year=year, field=field, doubt="contradiction", value=value,
                against=doubt.against, corrected=True, reason=reason.strip(), decided_by=actor.username,
            )  # fmt: skip


def _figures(facts: dict[str, Any]) -> dict[str, str]:
    """The figures that were given, to the places that they are kept with."""
    return {name: str(_kept(name, facts[name])) for name in FIELDS if facts.get(name) is not None}


def _kept(field: str, value: Decimal) -> Decimal:
    places = AnnualReturn._meta.get_field(field).decimal_places  # type: ignore[union-attr]
    return value.quantize(Decimal(1).scaleb(-places)).normalize() + 0


def _check(field: str, value: Decimal) -> None:
    if not value.is_finite() or abs(value) > Decimal(10) ** 9:
        raise InputError("number_out_of_range", "更正后的数值过大。", "请核对单位。", field="corrected")
    if value < 0 and field not in ("tax_wan", "value_added_wan"):
        raise InputError("number_out_of_range", "更正后的数值不应小于 0。", "请核对数值。", field="corrected")


def _open(county: County, row_ids: Sequence[int]) -> list[ReturnRow]:
    rows = ReturnRow.objects.filter(delivery__county=county, state="open", id__in=row_ids)
    return list(rows.select_related("delivery").select_for_update(of=("self",)))


def _deciding(county: County, actor: Actor, action: str, reason: str) -> Any:
    actor.require_whole_county(IMPORT_DATA)
    actor.require(VIEW_FIRM_FIGURES)
    opened: Any = change(county_code=county.code, by=actor.username, action=action, reason=reason)
    return opened
