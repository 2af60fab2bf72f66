"""What may be entered of a firm's year: the bonuses, vetoes, exemptions and figures of the schemes in force, and what stands.

Refuses a kind, code or amount that no scheme of the year knows, and a fact without its basis.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from landgis.counties.models import County
from landgis.lib.errors import FieldErrors
from parcels.grading.models import FirmFact
from parcels.schemes.models import SchemeVersion
from parcels.schemes.reading import read_definition

TITLES = {
    "adjustment": "加减分",
    "veto": "降档事项",
    "exemption": "免评事项",
    "figure": "补充数据",
}
LONGEST = 1000
_TOO_LARGE = Decimal(10) ** 14


@dataclass(frozen=True, slots=True)
class StatedFact:
    """A fact as an officer states it; `paper` is its evidence, a file's name and bytes."""

    uscc: str
    kind: str
    code: str
    basis: str
    amount: Decimal | None = None
    paper: tuple[str, bytes] | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Kind → code → title of a year's schemes in force, and the most points of each adjustment."""

    year: int
    codes: Mapping[str, Mapping[str, str]]
    points: Mapping[str, float]

    def title(self, kind: str, code: str) -> str:
        return self.codes.get(kind, {}).get(code, code)


def known_facts(county: County, year: int) -> Known:
    """What the schemes that the county has in force for a year know."""
    rows = SchemeVersion.objects.filter(
        Q(year_to=None) | Q(year_to__gte=year),
        scheme__county=county, status=SchemeVersion.IN_FORCE, year_from__lte=year,
    )  # fmt: skip
    codes: dict[str, dict[str, str]] = {kind: {} for kind in TITLES}
    points: dict[str, float] = {}
    for version in rows.order_by("id"):
        definition = read_definition(version.definition)
        for kind, known in (
            ("adjustment", definition.adjustments.values()),
            ("veto", definition.vetoes.values()),
            ("exemption", definition.exemptions.values()),
            ("figure", definition.figures),
        ):
            codes[kind] |= {one.code: one.title for one in known}
        points |= {one.code: one.points for one in definition.adjustments.values()}
    return Known(year, codes, points)


def faults_of(known: Known, stated: StatedFact) -> list[dict[str, str]]:
    """Everything that is wrong with a fact, each with its field."""
    found: list[dict[str, str]] = []

    def fault(field: str, code: str, message: str) -> None:
        found.append({"field": field, "code": code, "message": message})

    among = known.codes.get(stated.kind)
    if among is None:
        fault(
            "kind", "fact_kind", f"没有“{stated.kind}”这类评价事项，可用的有：{'、'.join(TITLES.values())}。"
        )
    elif stated.code not in among:
        listed = "、".join(f"{code}（{title}）" for code, title in among.items()) or "无"
        told = f"{known.year} 年启用的方案没有{TITLES[stated.kind]}“{stated.code}”，可用的有：{listed}。"
        fault("code", "fact_code", told)
    elif amiss := _amount_amiss(known, stated):
        fault("amount", "fact_amount", amiss)
    if not stated.basis.strip():
        fault("basis", "basis_missing", "没有写明依据，请填写文件名称和文号。")
    elif len(stated.basis) > LONGEST:
        fault("basis", "text_too_long", f"依据有 {len(stated.basis)} 个字，不能超过 {LONGEST} 个。")
    return found


def check_fact(known: Known, stated: StatedFact) -> None:
    """Raise FieldErrors with everything that is wrong with a fact."""
    if found := faults_of(known, stated):
        raise FieldErrors(found)


def facts_in_force(county: County, years: Iterable[int]) -> QuerySet[FirmFact]:
    """What stands of years: neither a reversal nor reversed."""
    return every_fact(county).filter(year__in=list(years), reverses=None, reversed_by=None)


def every_fact(county: County) -> QuerySet[FirmFact]:
    """Everything that was ever entered, with its firm, evidence and what took it back."""
    rows = FirmFact.objects.filter(county=county).select_related("enterprise", "paper", "reversed_by")
    return rows.defer("paper__content", "paper__thumbnail").order_by("-pk")


def _amount_amiss(known: Known, stated: StatedFact) -> str:
    title, amount = TITLES[stated.kind], stated.amount
    if stated.kind in ("veto", "exemption"):
        return "" if amount is None else f"{title}没有数值，请留空。"
    if amount is None:
        return f"{title}应写明数值。"
    if not amount.is_finite() or abs(amount) >= _TOO_LARGE:
        return f"{title}的数值超出范围。"
    if stated.kind == "adjustment" and amount * Decimal(str(known.points[stated.code])) < 0:
        return f"该项为{'加' if known.points[stated.code] > 0 else '扣'}分，数值的正负不对。"
    return ""
