"""One delivered cell into one typed value: dates, figures, codes, flags, as offices write them.

Refuses to mend: what can't be read for certain is a problem with a remedy; blank is None or "", never 0.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from stdnum.cn import uscc

from landgis.lib.issues import Severity
from parcels.exchange.columns import BASE_UNITS, DIMENSIONS, Column
from parcels.exchange.units import Unit, converted


class Problem(NamedTuple):
    """Why a cell can't be taken as it stands, and what to do; a warning leaves the value in place."""

    code: str
    why: str
    remedy: str
    severity: Severity = "error"


class Cell(NamedTuple):
    """A read cell: its value, and the problem if there is one."""

    value: Any
    problem: Problem | None = None


Parser = Callable[[Any], Cell]

_DASHES = ("-", "--", "---", "—", "——", "–", "―", "/", "//", "\\", ".")
_NOTHING = ("无", "暂无", "空", "无数据", "未知", "不详", "null", "none", "nan", "nat", "n/a", "na")
_EXCEL_ERRORS = ("#n/a", "#value!", "#ref!", "#div/0!", "#name?", "#num!", "#null!")
_BLANKS = frozenset(_DASHES + _NOTHING)
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:e[-+]?\d{1,3})?")
_DATE = re.compile(
    r"(\d{4})\s*(?:年|[-/.])\s*(\d{1,2})\s*(?:月|[-/.])\s*(\d{1,2})\s*日?"
    r"(?:[\sT]+\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
)
_PARTIAL_DATE = re.compile(r"\d{4}\s*(?:年|[-/.])\s*\d{1,2}\s*月?|\d{4}年?")
_NOT_YET = re.compile(r"(?:尚?未|没有|还未)\S*|在建|停建中")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?e\+\d{2}")
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
_PHASE = re.compile(r"第?([0-9一二三四五六七八九十]{1,3})(?:期|阶段|标段)?(?:工程)?")

_EXCEL_ZERO = date(1899, 12, 30)
_EXCEL_DAYS = range(10000, 80000)  # 1927 to 2119
_PLAUSIBLE_YEARS = range(1949, 2101)
# What databases and Excel put where no date is known.
_PLACEHOLDER_DATES = frozenset(
    date(*day)
    for day in ((1, 1, 1), (1753, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 1), (9999, 12, 31))
)
_EXACT_DIGITS = 15
_YES = frozenset(("是", "y", "yes", "true", "1", "√", "✓", "✔", "有", "规上", "对"))
_NO = frozenset(("否", "n", "no", "false", "0", "×", "x", "✗", "规下", "非", "错", "不是"))
_DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九十")}


def parser_for(column: Column, unit: Unit | None = None) -> Parser:
    """The parser of a column's cells; `unit` is what its heading says, None when it says nothing."""
    if column.kind in DIMENSIONS or column.kind == "decimal":
        return lambda cell: _figure(cell, column, unit)
    if column.kind == "date":
        return lambda cell: _date(cell, column)
    if column.kind == "choice":
        return lambda cell: _choice(cell, column)
    return _PARSERS[column.kind]


def _text(cell: Any) -> Cell:
    text = _words(cell)
    return Cell("" if text.lower() in _BLANKS else text)


def _code(cell: Any) -> Cell:
    """A number kept as text: letters in capitals, no spaces; Excel's floats are exact up to 15 digits only."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", _words(cell))).lstrip("'").upper()
    if text.lower() in _BLANKS:
        return Cell("")
    lost = isinstance(cell, int | float) and len(text.lstrip("-")) > _EXACT_DIGITS
    if lost or _SCIENTIFIC.fullmatch(text.lower()):
        return Cell(
            text,
            Problem(
                "code_precision_lost", "已被 Excel 存成数字，末尾数字已丢失", "请将该列设为文本格式后重新填写"
            ),
        )
    return Cell(re.sub(r"^(\d+)\.0$", r"\1", text))


def _uscc(cell: Any) -> Cell:
    """The unified social credit code by alphabet and check digit (GB 32100), letter prefixes (N2…) too."""
    read = _code(cell)
    text = read.value.replace("-", "")
    if read.problem or not text:
        return read
    if _USCC.fullmatch(text) and uscc.calc_check_digit(text[:17]) == text[17]:
        return Cell(text)
    why = {
        9: "是 9 位组织机构代码，不是统一社会信用代码",
        15: "是 15 位工商注册号，不是统一社会信用代码",
        18: "的校验位或字符不符合 GB 32100",
    }.get(len(text), f"是 {len(text)} 位，统一社会信用代码应为 18 位")
    return Cell(text, Problem("uscc_invalid", why, "请按营业执照核对后改正"))


def _date(cell: Any, column: Column) -> Cell:
    if isinstance(cell, datetime):
        return _plausible(cell.date())
    if isinstance(cell, date):
        return _plausible(cell)
    if isinstance(cell, bool | time | timedelta):
        return _no_date("不是日期")
    if isinstance(cell, int | float):
        return _date_of_number(float(cell))
    text = unicodedata.normalize("NFKC", _words(cell))
    if text.lower() in _BLANKS or text in column.blank_words or _NOT_YET.fullmatch(text):
        return Cell(None)
    if match := _DATE.fullmatch(text):
        return _calendar_day(*map(int, match.groups()))
    if re.fullmatch(r"\d{8}", text):
        return _date_of_number(float(text))
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text) and int(float(text)) in _EXCEL_DAYS:
        day = _EXCEL_ZERO + timedelta(days=int(float(text)))
        return Cell(day, Problem("date_from_serial", f"是 Excel 日期序号，已读作 {day}", "请核对", "warning"))
    if _PARTIAL_DATE.fullmatch(text):
        return _no_date("缺少月或日")
    return _no_date("不是日期")


def _date_of_number(number: float) -> Cell:
    if int(number) in _EXCEL_DAYS:
        return _plausible(_EXCEL_ZERO + timedelta(days=int(number)))
    if number.is_integer() and 10**7 <= number < 10**8:
        whole = int(number)
        return _calendar_day(whole // 10000, whole // 100 % 100, whole % 100)
    return _no_date("不是日期")


def _calendar_day(year: int, month: int, day: int) -> Cell:
    try:
        return _plausible(date(year, month, day))
    except ValueError:
        return _no_date("不是日历上的日期")


def _plausible(day: date) -> Cell:
    if day in _PLACEHOLDER_DATES:
        return Cell(
            None, Problem("date_placeholder", "是系统缺省日期，已按空白处理", "如有实际日期请补填", "warning")
        )
    if day.year not in _PLAUSIBLE_YEARS:
        return Cell(None, Problem("date_invalid", "的年份不合理", "请改为 2019-12-21 这样的日期"))
    return Cell(day)


def _no_date(why: str) -> Cell:
    return Cell(
        None, Problem("date_invalid", why, "请改为 2019-12-21 这样的日期；没有约定或尚未发生的请留空")
    )


def _figure(cell: Any, column: Column, unit: Unit | None) -> Cell:
    text = unicodedata.normalize("NFKC", _words(cell)).replace("−", "-").lower()
    if text in _BLANKS or not text:
        return Cell(column.default)
    if isinstance(cell, bool | date | time | timedelta):
        return _no_number("不是数字")
    percent = column.kind == "share" and text.endswith("%")
    bare = re.sub(r"\s", "", text.rstrip("%") if percent else text).lstrip("¥$")
    if not re.search(r"\d", bare) or not _NUMBER.fullmatch(bare):
        return _no_number("含有单位或其他文字" if re.search(r"\d", bare) else "不是数字")
    number = Decimal(bare.replace(",", ""))
    if percent:
        number /= 100
    elif unit:
        number = converted(number, unit)
    return _within(number, column)


def _within(number: Decimal, column: Column) -> Cell:
    if column.positive and number <= 0:
        return _out_of_range("应大于 0")
    if column.minimum is not None and number < column.minimum:
        return _out_of_range(f"不应小于 {column.minimum}")
    if abs(number) > column.maximum:
        limit = f"{column.maximum * 100 if column.kind == 'share' else column.maximum:f}"
        return _out_of_range(
            f"不应超过 {limit} {BASE_UNITS.get(DIMENSIONS.get(column.kind, 'mass'), '')}".rstrip()
        )
    return Cell(number)


def _no_number(why: str) -> Cell:
    return Cell(None, Problem("number_invalid", why, "请只填数字，单位写在表头"))


def _out_of_range(why: str) -> Cell:
    return Cell(None, Problem("number_out_of_range", why, "请核对数值和表头单位"))


def _year(cell: Any) -> Cell:
    text = re.sub(r"年度?$", "", unicodedata.normalize("NFKC", _words(cell)))
    if text.lower() in _BLANKS or not text:
        return Cell(None)
    if re.fullmatch(r"\d{4}", text) and 1990 <= int(text) <= 2200:
        return Cell(int(text))
    return Cell(None, Problem("year_invalid", "不是年份", "请改为 2022 这样的四位年份"))


def _phase(cell: Any) -> Cell:
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", _words(cell)))
    if text.lower() in _BLANKS or text in ("", "不分期", "全部", "整体", "一次性"):
        return Cell(1)
    match = _PHASE.fullmatch(text)
    number = _ordinal(match[1]) if match else 0
    if number:
        return Cell(number)
    return Cell(None, Problem("phase_invalid", "不是分期序号", "请填 1、2、3……，不分期的留空"))


def _ordinal(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS[text] if len(text) == 1 else 0
    if len(tens) > 1 or len(ones) > 1 or "十" in tens:
        return 0
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def _flag(cell: Any) -> Cell:
    if isinstance(cell, bool):
        return Cell(cell)
    text = unicodedata.normalize("NFKC", _words(cell)).lower()
    if text in _YES or text in _NO:
        return Cell(text in _YES)
    if text in _BLANKS or not text:
        return Cell(None)
    return Cell(None, Problem("flag_invalid", "不是“是”或“否”", "请填“是”或“否”"))


def _choice(cell: Any, column: Column) -> Cell:
    text = unicodedata.normalize("NFKC", _words(cell)).lower()
    if text in _BLANKS or not text:
        return Cell(column.blank)
    if text in column.choices:
        return Cell(column.choices[text])
    known = "、".join(dict.fromkeys(name for name in column.choices if not name.isascii()))
    return Cell("", Problem("choice_invalid", "不在可选值内", f"请填：{known}"))


def _words(cell: Any) -> str:
    """A cell as text: Excel's whole floats without ".0", others to the 15 digits that Excel keeps."""
    if isinstance(cell, str):
        return cell.strip().strip("\ufeff\u200b").strip()
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e18 else f"{cell:.15g}"
    return str(cell)


_PARSERS: dict[str, Parser] = {
    "text": _text, "code": _code, "uscc": _uscc, "year": _year, "phase": _phase, "flag": _flag,
}  # fmt: skip
