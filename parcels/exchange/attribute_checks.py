"""What is asked of a parcel's attributes, one small check after the other.

Refuses to stop at the first fault: every check sees every row and yields its issues.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from landgis.lib.issues import Issue, Severity
from parcels.cadastre import rules
from parcels.cadastre.codes import USUAL_SET
from parcels.cadastre.models import Holder, Parcel
from parcels.exchange.batch import Batch, Expectations, Objects
from parcels.exchange.columns import Column
from parcels.exchange.fields import FIELDS
from parcels.exchange.values import Problem, parser_for

Check = Callable[[Batch, Expectations], Iterator[Issue]]

AREA = parser_for(Column("registered_area", "宗地面积", "decimal", ()))
DAY = parser_for(Column("registered_on", "登记日期", "date", ()))
USCC = parser_for(Column("holder_uscc", "统一社会信用代码", "uscc", ()))
# GB 32100-2015: 31 characters, weights 3^i mod 31; with the check digit the weighted sum is a multiple of 31.
USCC_LENGTH = 18
USCC_WEIGHTS = np.array([3**i % 31 for i in range(17)] + [1])
USCC_VALUES = np.full(256, -1)
USCC_VALUES[list(b"0123456789ABCDEFGHJKLMNPQRTUWXY")] = range(31)
MU_M2, HECTARE_M2, KILOMETRE2_M2 = 10000 / 15, 10000.0, 1e6
UNIT_GUESS = 0.02
LARGEST_M2 = Decimal(10) ** 12  # a million square kilometres: what the column holds
NOTE_LENGTH = 100_000


def code_present(batch: Batch, _: Expectations) -> Iterator[Issue]:
    """A parcel without its code can't be registered (domain: 宗地代码)."""
    for i in np.flatnonzero(batch.text("code") == ""):
        yield _issue(i, "code_missing", "code", "宗地代码为空。请补填 19 位宗地代码。")


def code_well_formed(batch: Batch, expected: Expectations) -> Iterator[Issue]:
    """The county's own pattern; for China TD/T 1001: 6+3+3 digits, two feature letters, 5 digits, no check digit."""
    pattern = re.compile(expected.code_pattern, re.ASCII)
    for i, code in enumerate(batch.text("code")):
        if code and (
            fault := rules.parcel_code_fault(code, pattern=pattern, county_code=expected.county_code)
        ):
            yield _issue(i, fault.code, "code", fault.message, fault.severity)


def code_once_in_file(batch: Batch, _: Expectations) -> Iterator[Issue]:
    """Two rows with one code: nobody but the officer can say which is right, so neither is loaded."""
    for rows in _repeated(batch.text("code")):
        for i in rows:
            others = "、".join(str(j + 1) for j in rows if j != i)
            yield _issue(
                i, "code_duplicate_in_file", "code",
                f"宗地代码 {batch.text('code')[i]} 在第 {others} 行重复。请只保留正确的一行，或改正代码。",
            )  # fmt: skip


def area_present(batch: Batch, _: Expectations) -> Iterator[Issue]:
    """The registered area is the authority: a blank one is loaded as blank and asked for, one that can't be read is refused."""
    if not batch.has("registered_area"):
        return
    texts = batch.text("registered_area")
    for i in [i for i, area in enumerate(batch.registered_area_m2) if area is None]:
        read = AREA(texts[i])
        if isinstance(read, Problem):
            words = f"宗地面积“{texts[i][:40]}”{read.why}。{read.remedy}。"
            yield _issue(i, "area_invalid", "registered_area", words)
        else:
            words = "宗地面积为空。已按未登记面积处理，请补填登记面积（㎡）。"
            yield _issue(i, "area_missing", "registered_area", words, "warning")


def area_agrees(batch: Batch, expected: Expectations) -> Iterator[Issue]:
    """Alert when |planar - registered| > max(1 ㎡, 0.1 %); a figure that fits another unit is refused."""
    tolerance_m2 = float(expected.parameters["area.tolerance_m2"])
    ratio = float(expected.parameters["area.tolerance_ratio"])
    measured = batch.measured()
    for i, registered in enumerate(batch.registered_area_m2):
        if registered is None:
            continue
        if registered >= LARGEST_M2:
            words = f"宗地面积 {registered} 大得不可能。请按权属证书填写平方米数。"
            yield _issue(i, "area_too_large", "registered_area", words)
            continue
        if fault := rules.registered_area_fault(registered):
            yield _issue(i, fault.code, "registered_area", fault.message)
            continue
        planar = float(batch.planar_area_m2[i])
        difference = abs(planar - float(registered))
        if not measured[i] or planar <= 0 or difference <= max(tolerance_m2, ratio * float(registered)):
            continue
        unit = _other_unit(float(registered), planar)
        words = f"宗地面积 {registered} ㎡ 与图形面积 {planar:.2f} ㎡ 相差 {difference:.2f} ㎡（{difference / planar:.1%}）"
        if unit:
            yield _issue(
                i,
                "area_mismatch",
                "registered_area",
                f"{words}，数值像是以{unit}为单位。请换算为平方米后重新导入。",
            )
        else:
            yield _issue(
                i,
                "area_mismatch",
                "registered_area",
                f"{words}，超出限差。已按登记面积入库，请复核界址或面积。",
                "warning",
            )


def registered_date(batch: Batch, expected: Expectations) -> Iterator[Issue]:
    """A date that is stated must be a day of the calendar, and not a day to come."""
    for i, (text, day) in enumerate(zip(batch.text("registered_on"), batch.registered_on, strict=True)):
        if text != "" and day is None and isinstance(DAY(text), Problem):
            yield _issue(
                i, "date_invalid", "registered_on", f"登记日期“{text}”不是有效日期。请写作 2019-04-19。"
            )
        elif day is not None and (fault := rules.registered_on_fault(day, expected.on)):
            yield _issue(i, fault.code, "registered_on", fault.message)


def land_class(batch: Batch, expected: Expectations) -> Iterator[Issue]:
    """The class must be of the county's code set; one that isn't industrial is loaded and pointed out."""
    if not expected.land_classes:
        return
    known = {
        code: rules.land_class_fault(
            code,
            classes=expected.land_classes,
            industrial=expected.industrial_classes,
            class_set=str(expected.parameters.get("land.class_set", USUAL_SET)),
        )
        for code in set(batch.text("land_class_code"))
        if code
    }
    for i, code in enumerate(batch.text("land_class_code")):
        if fault := known.get(code):
            yield _issue(i, fault.code, "land_class_code", fault.message, fault.severity)


def holder_present(batch: Batch, _: Expectations) -> Iterator[Issue]:
    """A parcel may have no holder yet; the officer is told."""
    if not batch.has("holder"):
        return
    for i in np.flatnonzero(batch.text("holder") == ""):
        yield _issue(i, "holder_missing", "holder", "权利人为空。已按无权利人入库，请核对。", "warning")


def texts_readable(batch: Batch, _: Expectations) -> Iterator[Issue]:
    """Text that was decoded wrongly can't stand in a register."""
    for name in ("holder", "location", "tenure", "note"):
        texts = batch.text(name)
        if not rules.perhaps_garbled("\n".join(texts)):
            continue  # one look at the whole column is quicker than one at each cell
        for i, text in enumerate(texts):
            if rules.garbled(text):
                yield _issue(
                    i,
                    "text_garbled",
                    name,
                    f"“{text}”含有乱码。请用 --encoding 指明编码（如 GB18030），或改正该单元格。",
                )


def texts_fit(batch: Batch, _: Expectations) -> Iterator[Issue]:
    """What is longer than the register's column, or holds a character that no text may have, is told by its row."""
    for name, longest in _longest().items():
        if not batch.has(name):
            continue
        texts = batch.text(name)
        if max(map(len, texts), default=0) <= longest and "\0" not in "".join(texts):
            continue
        title = FIELDS[name][0]
        for i, text in enumerate(texts):
            if "\0" in text:
                yield _issue(i, "text_garbled", name, f"{title}含有空字符（NUL）。请改正该单元格。")
            elif len(text) > longest:
                yield _issue(
                    i, "text_too_long", name,
                    f"{title}“{text[:20]}…”有 {len(text)} 个字符，最多 {longest} 个。请缩短，其余写入备注。",
                )  # fmt: skip


def holder_uscc(batch: Batch, _: Expectations) -> Iterator[Issue]:
    """GB 32100-2015: 18 characters with a check digit."""
    codes = batch.text("holder_uscc")
    for i in np.flatnonzero((codes != "") & ~_check_digit_holds(codes)).tolist():
        code = codes[i]
        if isinstance(USCC(code), Problem):
            hint = "是旧的 15 位注册号" if re.fullmatch(r"\d{15}", code) else "长度或校验位不对"
            yield _issue(
                i,
                "uscc_invalid",
                "holder_uscc",
                f"统一社会信用代码“{code}”{hint}。请按营业执照改正，没有则留空。",
            )


def town_known(batch: Batch, expected: Expectations) -> Iterator[Issue]:
    """A town's name must be one of the county's; where it lies is decided by the geometry."""
    if not expected.towns:
        return
    for i, name in enumerate(batch.text("town")):
        if name and name not in expected.towns:
            yield _issue(
                i,
                "town_unknown",
                "town",
                f"“{name}”不是本县的镇街。请改为本县镇街名称，或留空由图形判断。",
                "error",
            )


CHECKS: tuple[Check, ...] = (
    code_present,
    code_well_formed,
    code_once_in_file,
    area_present,
    area_agrees,
    registered_date,
    land_class,
    holder_present,
    texts_readable,
    texts_fit,
    holder_uscc,
    town_known,
)


def _issue(
    index: int | np.integer[Any], code: str, field: str, message: str, severity: Severity = "error"
) -> Issue:
    row = int(index) + 1
    return Issue(row, code, field, f"第 {row} 行：{message}", severity)


@cache
def _longest() -> dict[str, int]:
    """How many characters the register keeps of each text; notes are of any length."""
    kept = ("code", "real_estate_unit_code", "location", "land_class_code", "tenure")
    columns: dict[str, Any] = {name: Parcel._meta.get_field(name) for name in kept}
    columns["aliases"] = cast(Any, Parcel._meta.get_field("aliases")).base_field
    columns["holder"] = Holder._meta.get_field("name")
    return {name: column.max_length for name, column in columns.items()} | {"note": NOTE_LENGTH}


def _repeated(codes: np.ndarray[tuple[int, ...], np.dtype[np.object_]]) -> Iterator[list[int]]:
    seen: dict[str, list[int]] = {}
    for i, code in enumerate(codes):
        if code:
            seen.setdefault(code, []).append(i)
    return (rows for rows in seen.values() if len(rows) > 1)


def _check_digit_holds(codes: Objects) -> NDArray[np.bool_]:
    """Which codes are plainly right: all columns at once, since a library call for each takes longer than all else.

    It only passes; what it doesn't pass is for the library to refuse.
    """
    holds = np.zeros(len(codes), dtype=bool)
    rows = np.flatnonzero([len(code) == USCC_LENGTH and code.isascii() for code in codes])
    if len(rows):
        marks = np.frombuffer("".join(codes[rows]).encode("ascii"), dtype=np.uint8).reshape(-1, USCC_LENGTH)
        values = USCC_VALUES[marks]
        holds[rows] = (values >= 0).all(axis=1) & ((values * USCC_WEIGHTS).sum(axis=1) % 31 == 0)
    return holds


def _other_unit(registered: float, planar_m2: float) -> str:
    for unit, factor in (("亩", MU_M2), ("公顷", HECTARE_M2), ("平方公里", KILOMETRE2_M2)):
        if abs(registered * factor / planar_m2 - 1) < UNIT_GUESS:
            return unit
    return ""


def as_square_metres(value: Decimal | None, factor: float) -> Decimal | None:
    """A delivered area in ㎡; exact where the delivery is in ㎡."""
    if value is None or factor == 1.0:
        return value
    if factor == MU_M2:
        return value * 10000 / 15
    return value * Decimal(str(factor))
