"""What an officer may write into a parcel's facts: each value read, held against the county, and fit for its column.

Refuses a value silently corrected: all faults are told at once, by field. Whether a code is free, and what a value was
before, isn't known here.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.db.models import Model

from landgis.counties.models import County
from landgis.lib.errors import FieldErrors
from parcels.cadastre import rules
from parcels.cadastre.codes import land_classes
from parcels.cadastre.models import Holder, Parcel
from parcels.cadastre.rules import Fault
from parcels.exchange.batch import Expectations
from parcels.exchange.columns import Column
from parcels.exchange.parcel_reading import expectations
from parcels.exchange.values import Problem, parser_for

TITLES = {
    "code": "宗地代码",
    "real_estate_unit_code": "不动产单元代码",
    "location": "坐落",
    "tenure": "权利性质",
    "land_class_code": "地类编码",
    "land_class_set": "地类标准",
    "registered_on": "登记日期",
    "registered_area_m2": "登记面积",
    "note": "备注",
    "aliases": "曾用代码",
    "town_code": "镇街",
    "holders": "权利人",
}
HOLDER_KEYS = frozenset({"name", "uscc", "share"})
LONGEST_NOTE = 2000
MOST_ALIASES, LONGEST_ALIAS, MOST_HOLDERS = 50, 60, 200
TOO_LARGE_M2 = Decimal(10) ** 12
AREA_STEP, SHARE_STEP = Decimal("0.0001"), Decimal("0.00000001")

_DAY = parser_for(Column("registered_on", TITLES["registered_on"], "date", ()))
_USCC = parser_for(Column("uscc", "统一社会信用代码", "uscc", ()))
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_LINE_ENDS = re.compile(r"\r\n?")


@dataclass(slots=True)
class CheckedValues:
    """`columns`: Parcel's fields → values; `holders` None = not stated, else all of them; `warnings` stop nothing."""

    columns: dict[str, Any] = field(default_factory=dict)
    holders: list[dict[str, Any]] | None = None
    warnings: list[dict[str, str]] = field(default_factory=list)


class _Wrong(Exception):
    """One fault of the value that is being read."""

    def __init__(self, code: str, message: str) -> None:
        self.fault = Fault(code, message)


def checked_values(
    values: Mapping[str, Any],
    *,
    county: County,
    on: date,
    new: bool,
    code: str = "",
    expected: Expectations | None = None,
) -> CheckedValues:
    """The facts as columns; raises FieldErrors that names every field in fault.

    `new`: of a parcel that doesn't exist yet, the only kind that may be given a code. `code` is the parcel's where it
    exists and is known. Whoever checks many hands in `expected`, the county as it is on the day.
    """
    expected = expected or expectations(county, on)
    reading = _Reading(expected, new, code)
    for name, value in values.items():
        reader = _READERS.get(name)
        if reader is None:
            reading.tell(name, Fault("field_unknown", f"没有名为“{name}”的属性，或该属性不能修改。"))
            continue
        try:
            for told in reader(reading, value):
                reading.tell(name, told)
        except _Wrong as wrong:
            reading.tell(name, wrong.fault)
    for name, told in _together(reading, values):
        reading.tell(name, told)
    if reading.errors:
        raise FieldErrors(reading.errors)
    return reading.checked


@dataclass(slots=True)
class _Reading:
    expected: Expectations
    new: bool
    code: str
    checked: CheckedValues = field(default_factory=CheckedValues)
    errors: list[dict[str, str]] = field(default_factory=list)

    def tell(self, name: str, fault: Fault) -> None:
        told = {"field": name, "code": fault.code, "message": fault.message}
        (self.errors if fault.severity == "error" else self.checked.warnings).append(told)

    def keep(self, name: str, value: Any) -> None:
        self.checked.columns[name] = value


_Reader = Callable[[_Reading, Any], Iterator[Fault]]


def _code(reading: _Reading, value: Any) -> Iterator[Fault]:
    text = _plain(value, "code", _longest("code"))
    if not reading.new:
        if text != reading.code:
            yield Fault("code_fixed", "已登记宗地的宗地代码不能修改。如需改码，请注销后重新登记。")
        return
    if not text:
        return  # the county's next free one, or asked for where there is none
    pattern = re.compile(reading.expected.code_pattern, re.ASCII)
    fault = rules.parcel_code_fault(text, pattern=pattern, county_code=reading.expected.county_code)
    if fault:
        yield fault
    reading.keep("code", text)


def _unit_code(reading: _Reading, value: Any) -> Iterator[Fault]:
    # As printed it has spaces: 6-6-7-9.
    text = re.sub(r"\s", "", _plain(value, "real_estate_unit_code", 60)).upper()
    if len(text) > _longest("real_estate_unit_code"):
        raise _Wrong(
            "unit_code_malformed", f"不动产单元代码有 {len(text)} 位，应为 28 位。请按权属证书改正。"
        )
    reading.keep("real_estate_unit_code", text)
    yield from ()


def _words(name: str, longest: int, *, lines: bool = False) -> _Reader:
    def read(reading: _Reading, value: Any) -> Iterator[Fault]:
        text = _plain(value, name, longest, lines=lines)
        if rules.garbled(text):
            yield Fault("text_garbled", f"{TITLES[name]}“{text[:30]}”含有乱码。请改正。")
        reading.keep(name, text)

    return read


def _land_class_set(reading: _Reading, value: Any) -> Iterator[Fault]:
    """Kept with its code, see `_together`."""
    _plain(value, "land_class_set", _longest("land_class_set"))
    yield from ()


def _registered_on(reading: _Reading, value: Any) -> Iterator[Fault]:
    if value is not None and not isinstance(value, str | date):
        raise _Wrong("date_invalid", "登记日期应写作 2019-04-19。")
    day = _DAY(value)
    if isinstance(day, Problem):
        raise _Wrong("date_invalid", f"登记日期“{value}”{day.why}。{day.remedy}。")
    if day is not None and (fault := rules.registered_on_fault(day, reading.expected.on)):
        yield fault
    reading.keep("registered_on", day)


def _registered_area(reading: _Reading, value: Any) -> Iterator[Fault]:
    if value is None:
        reading.keep("registered_area_m2", None)
        return
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise _Wrong("number_invalid", "登记面积应为数字，单位为平方米。")
    area_m2 = Decimal(str(value))
    if not area_m2.is_finite() or abs(area_m2) >= TOO_LARGE_M2:
        raise _Wrong("number_out_of_range", "登记面积不是合理的平方米数。请核对数值和单位。")
    area_m2 = area_m2.quantize(AREA_STEP, ROUND_HALF_UP)
    if fault := rules.registered_area_fault(area_m2):
        yield fault
    reading.keep("registered_area_m2", area_m2)


def _aliases(reading: _Reading, value: Any) -> Iterator[Fault]:
    if not isinstance(value, list | tuple) or len(value) > MOST_ALIASES:
        raise _Wrong("aliases_invalid", f"曾用代码应为列表，最多 {MOST_ALIASES} 个。")
    texts = [_plain(one, "aliases", LONGEST_ALIAS) for one in value]
    reading.keep("aliases", [text for text in dict.fromkeys(texts) if text])
    yield from ()


def _town_code(reading: _Reading, value: Any) -> Iterator[Fault]:
    text = _plain(value, "town_code", _longest("town_code"))
    if not text and reading.new:
        return  # by the ground
    if (text or reading.expected.towns) and text not in reading.expected.towns.values():
        yield Fault("town_unknown", f"没有代码为“{text}”的镇街。请从本县镇街中选择。")
    reading.keep("town_code", text)


def _holders(reading: _Reading, value: Any) -> Iterator[Fault]:
    if not isinstance(value, list | tuple) or len(value) > MOST_HOLDERS:
        raise _Wrong("holders_invalid", f"权利人应为列表，最多 {MOST_HOLDERS} 个。")
    holders = []
    for number, one in enumerate(value, start=1):
        try:
            holders.append(_holder(one, number))
        except _Wrong as wrong:
            yield wrong.fault
    if not value:
        yield Fault("holder_missing", "权利人为空。将按无权利人登记，请核对。", "warning")
    seen = [(one["name"], one["uscc"]) for one in holders]
    for name, uscc in dict.fromkeys(one for one in seen if seen.count(one) > 1):
        yield Fault("holder_twice", f"权利人“{name}{uscc and f'（{uscc}）'}”重复。请合并为一行，份额相加。")
    whole = sum((one["share"] for one in holders), Decimal(0))
    # Thirds and sixths are written to eight places: as many last places as there are holders may be too much.
    if whole > 1 + len(holders) * SHARE_STEP:
        yield Fault("share_exceeds", f"各权利人份额之和为 {float(whole):g}，不能超过 1。请改正份额。")
    reading.checked.holders = holders


def _holder(given: Any, number: int) -> dict[str, Any]:
    if not isinstance(given, Mapping) or not HOLDER_KEYS.issuperset(given):
        raise _Wrong("holders_invalid", f"第 {number} 个权利人应有名称、统一社会信用代码和份额三项。")
    name = _plain(given.get("name"), "holders", _longest("name", Holder))
    if not name:
        raise _Wrong("holder_missing", f"第 {number} 个权利人没有名称。请填写，或删去该行。")
    if rules.garbled(name):
        raise _Wrong("text_garbled", f"权利人“{name}”含有乱码。请改正。")
    uscc = _USCC(str(given.get("uscc") or ""))
    if isinstance(uscc, Problem):
        told = f"“{name}”的统一社会信用代码“{given.get('uscc')}”{uscc.why}。{uscc.remedy}，没有则留空。"
        raise _Wrong(uscc.code, told)
    stated = given.get("share", 1)
    try:
        share = Decimal(str(1 if stated is None else stated))
    except InvalidOperation:
        share = Decimal(0)
    if isinstance(stated, bool) or not share.is_finite() or not 0 < share <= 1:
        raise _Wrong("share_invalid", f"“{name}”的份额应大于 0、不超过 1。")
    share = max(share.quantize(SHARE_STEP, ROUND_HALF_UP), SHARE_STEP)
    return {"name": name, "uscc": uscc, "share": share, "kind": rules.holder_kind(name, uscc)}


def _together(reading: _Reading, values: Mapping[str, Any]) -> Iterator[tuple[str, Fault]]:
    """What can be judged of two values only: a unit code beside its parcel's, a class in its set."""
    columns = reading.checked.columns
    if unit_code := columns.get("real_estate_unit_code"):
        fault = rules.unit_code_fault(unit_code, columns.get("code") or reading.code)
        if fault:
            yield "real_estate_unit_code", fault
    if "land_class_code" in columns:
        yield from _land_class(reading, str(values.get("land_class_set") or "").strip())
    elif values.get("land_class_set"):
        told = "改地类标准时请同时填写该标准中的地类编码。"
        yield "land_class_set", Fault("land_class_missing", told)


def _land_class(reading: _Reading, stated: str) -> Iterator[tuple[str, Fault]]:
    """One code means different things in different sets; a county that names no set of its own is left alone."""
    expected, code = reading.expected, reading.checked.columns["land_class_code"]
    usual = str(expected.parameters.get("land.class_set", ""))
    class_set = stated or usual
    reading.keep("land_class_set", class_set if code else "")
    classes = {known for named, known in land_classes() if named == class_set}
    if not code or not class_set:
        return
    if not classes:
        if usual:
            known = "、".join(dict.fromkeys(named for named, _ in land_classes()))
            told = f"没有名为“{class_set}”的地类标准。可用的有：{known}。"
            yield "land_class_set", Fault("land_class_set_unknown", told)
        return
    industrial = expected.industrial_classes if class_set == usual else classes
    fault = rules.land_class_fault(code, classes=classes, industrial=industrial, class_set=class_set)
    if fault:
        yield "land_class_code", fault


def _plain(value: Any, name: str, longest: int, *, lines: bool = False) -> str:
    """A text without surrounding space; what a column or a list can't show is refused."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _Wrong("text_invalid", f"{TITLES[name]}应为文字。")
    text = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", value)).strip()
    if _CONTROL.search(text) or (not lines and "\n" in text):
        raise _Wrong("text_invalid", f"{TITLES[name]}含有不能使用的字符（换行或控制符）。请删去。")
    if len(text) > longest:
        raise _Wrong("text_too_long", f"{TITLES[name]}有 {len(text)} 个字，不能超过 {longest} 个。")
    return text


def _longest(name: str, model: type[Model] = Parcel) -> int:
    longest: int = getattr(model._meta.get_field(name), "max_length", None) or 0
    return longest


_READERS: dict[str, _Reader] = {
    "code": _code,
    "real_estate_unit_code": _unit_code,
    "location": _words("location", _longest("location")),
    "tenure": _words("tenure", _longest("tenure")),
    "land_class_code": _words("land_class_code", _longest("land_class_code")),
    "land_class_set": _land_class_set,
    "registered_on": _registered_on,
    "registered_area_m2": _registered_area,
    "note": _words("note", LONGEST_NOTE, lines=True),
    "aliases": _aliases,
    "town_code": _town_code,
    "holders": _holders,
}
