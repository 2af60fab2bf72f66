"""One delivered cell into one typed value: dates, figures, codes, flags, as offices write them.

Refuses to mend: what can't be read for certain is a problem with a remedy; blank is None or "", never 0.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from stdnum.cn import uscc

from landgis.lib.issues import Severity
from parcels.exchange.columns import DIMENSIONS, Column
from parcels.exchange.units import Unit, converter


class Problem(NamedTuple):
    """Why a cell can't be taken as it stands, what to do, and the value it has all the same (a warning)."""

    code: str
    why: str
    remedy: str
    value: Any = None
    severity: Severity = "error"


Parser = Callable[[Any], Any]  # a cell's typed value, or the Problem with it

_DASHES = ("-", "--", "---", "—", "——", "–", "―", "/", "//", "\\", ".")
_NOTHING = ("", "无", "暂无", "空", "无数据", "未知", "不详", "null", "none", "nan", "nat", "n/a", "na")
_EXCEL_ERRORS = frozenset(("#n/a", "#value!", "#ref!", "#div/0!", "#name?", "#num!", "#null!"))
_BLANKS = frozenset(_DASHES + _NOTHING)
_PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_NUMBER = re.compile(r"[-+]?(?=[\d.])(?:\d{1,3}(?:,\d{3})+|\d*)(?:\.\d+)?(?:e[-+]?\d{1,3})?", re.ASCII)
_DATE = re.compile(
    r"(\d{4})\s*(?:年|[-/.])\s*(\d{1,2})\s*(?:月|[-/.])\s*(\d{1,2})\s*日?"
    r"(?:[\sT]+\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)
_MONTH = re.compile(r"(\d{4})(?:年|[-/.])?(\d{1,2})月?(?:[-/.]?\d{1,2}日?)?", re.ASCII)
_PARTIAL_DATE = re.compile(r"\d{4}\s*(?:年|[-/.])\s*\d{1,2}\s*月?|\d{4}年?")
_NOT_YET = re.compile(r"(?:尚?未|没有|还未)\S*|在建|停建中")
_SPACES = re.compile(r"\s+")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+\d{2}")
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
_HAS_DIGIT = re.compile(r"\d")
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
_GARBLED = "\ufffd"  # what a lost character becomes
_DATA_YEARS = range(1990, 2201)
_UNDIVIDED = ("不分期", "全部", "整体", "一次性")
_YES = frozenset(("是", "y", "yes", "true", "1", "√", "✓", "✔", "有", "规上", "对"))
_NO = frozenset(("否", "n", "no", "false", "0", "×", "x", "✗", "规下", "非", "错", "不是"))
_DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九十")}


def parser_for(column: Column, unit: Unit | None = None) -> Parser:
    """The parser of a column's cells; `unit` is what its heading says, None when it says nothing."""
    if column.kind in DIMENSIONS or column.kind == "decimal":
        convert = converter(unit)
        return lambda cell: _figure(cell, column, convert)
    if column.kind == "date":
        return lambda cell: _date(cell, column)
    if column.kind == "choice":
        return lambda cell: _choice(cell, column)
    if column.kind == "phase":
        return lambda cell: _phase(cell, column)
    return _PARSERS[column.kind]


def _text(cell: Any) -> str | Problem:
    text = _words(cell)
    if text.lower() in _EXCEL_ERRORS:
        return _excel_error()
    if _GARBLED in text:
        return Problem("text_garbled", "含有乱码字符", "请核对原件后改正", value=text, severity="warning")
    return "" if text.lower() in _BLANKS else text


def _code(cell: Any) -> str | Problem:
    """A number kept as text: letters in capitals, no spaces. Excel's floats are exact up to 15 digits."""
    if isinstance(cell, str) and cell.isascii() and cell.isalnum() and cell.lower() not in _BLANKS:
        return cell.upper()
    text = _SPACES.sub("", _narrow(cell)).lstrip("'").upper()
    if text.lower() in _BLANKS:
        return ""
    if text.lower() in _EXCEL_ERRORS:
        return _excel_error()
    if _GARBLED in text:
        return Problem("text_garbled", "含有乱码字符", "请核对原件后改正")
    lost = isinstance(cell, int | float) and len(text.lstrip("-")) > _EXACT_DIGITS
    if lost or _SCIENTIFIC.fullmatch(text):
        why = "已被 Excel 存成数字，末尾数字已丢失"
        return Problem("code_precision_lost", why, "请将该列设为文本格式后重新填写")
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


def _excel_error() -> Problem:
    return Problem("cell_error", "是公式错误", "请改正公式或改填文字")


def _uscc(cell: Any) -> str | Problem:
    """The unified social credit code by alphabet and check digit (GB 32100), letter prefixes (N2…) too."""
    read = _code(cell)
    if isinstance(read, Problem) or not read:
        return read
    text = read.replace("-", "")
    if _USCC.fullmatch(text) and uscc.calc_check_digit(text[:17]) == text[17]:
        return text
    why = {
        9: "是 9 位组织机构代码，不是统一社会信用代码",
        15: "是 15 位工商注册号，不是统一社会信用代码",
        18: "的校验位或字符不符合 GB 32100",
    }.get(len(text), f"是 {len(text)} 位，统一社会信用代码应为 18 位")
    return Problem("uscc_invalid", why, "请按营业执照核对后改正")


def _date(cell: Any, column: Column) -> date | Problem | None:
    if isinstance(cell, datetime):
        return _plausible(cell.date())
    if isinstance(cell, date):
        return _plausible(cell)
    if isinstance(cell, bool | time | timedelta):
        return _no_date("不是日期")
    if isinstance(cell, int | float):
        return _date_of_number(float(cell))
    text = _narrow(cell)
    if text.lower() in _BLANKS or text in column.blank_words or _NOT_YET.fullmatch(text):
        return None
    if match := _DATE.fullmatch(text):
        year, month, day = map(int, match.groups())
        return _calendar_day(year, month, day)
    if re.fullmatch(r"\d{8}", text):
        return _date_of_number(float(text))
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text) and int(float(text)) in _EXCEL_DAYS:
        counted = _EXCEL_ZERO + timedelta(days=int(float(text)))
        why = f"是 Excel 日期序号，已读作 {counted}"
        return Problem("date_from_serial", why, "请核对", value=counted, severity="warning")
    return _no_date("缺少月或日" if _PARTIAL_DATE.fullmatch(text) else "不是日期")


def _date_of_number(number: float) -> date | Problem | None:
    if math.isfinite(number) and int(number) in _EXCEL_DAYS:
        return _plausible(_EXCEL_ZERO + timedelta(days=int(number)))
    if number.is_integer() and 10**7 <= number < 10**8:
        whole = int(number)
        return _calendar_day(whole // 10000, whole // 100 % 100, whole % 100)
    return _no_date("不是日期")


def _calendar_day(year: int, month: int, day: int) -> date | Problem | None:
    try:
        return _plausible(date(year, month, day))
    except ValueError:
        return _no_date("不是日历上的日期")


def _plausible(day: date) -> date | Problem | None:
    if day in _PLACEHOLDER_DATES:
        why = "是系统缺省日期，已按空白处理"
        return Problem("date_placeholder", why, "如有实际日期请补填", severity="warning")
    return day if day.year in _PLAUSIBLE_YEARS else _no_date("的年份不合理")


def _no_date(why: str) -> Problem:
    remedy = "请改为 2019-12-21 这样的日期；没有约定或尚未发生的请留空"
    return Problem("date_invalid", why, remedy)


def _figure(cell: Any, column: Column, convert: Callable[[Decimal], Decimal]) -> Decimal | Problem | None:
    if isinstance(cell, str) and _PLAIN_NUMBER.fullmatch(cell):
        return _within(convert(Decimal(cell)), column)
    if isinstance(cell, float) and math.isfinite(cell):
        return _within(convert(Decimal(f"{cell:.15g}")), column)
    if isinstance(cell, bool | date | time | timedelta):
        return _no_number("不是数字")
    text = _narrow(cell).replace("−", "-").lower()
    if text in _BLANKS:
        return None
    percent = column.kind == "share" and text.endswith("%")
    bare = _SPACES.sub("", text.rstrip("%") if percent else text).lstrip("¥$")
    if not _HAS_DIGIT.search(bare) or not _NUMBER.fullmatch(bare):
        return _no_number("含有单位或其他文字" if _HAS_DIGIT.search(bare) else "不是数字")
    number = Decimal(bare.replace(",", ""))
    return _within(number / 100 if percent else convert(number), column)


def _within(number: Decimal, column: Column) -> Decimal | Problem:
    if column.positive and number <= 0:
        return _out_of_range("应大于 0")
    if column.minimum is not None and number < column.minimum:
        return _out_of_range(f"不应小于 {column.minimum}")
    if abs(number) > column.maximum:
        limit = "100%" if column.kind == "share" else f"{column.maximum:f}"
        return _out_of_range(f"不应超过 {limit}")
    return number


def _no_number(why: str) -> Problem:
    return Problem("number_invalid", why, "请只填数字，单位写在表头")


def _out_of_range(why: str) -> Problem:
    return Problem("number_out_of_range", why, "请核对数值和表头单位")


def _year(cell: Any) -> int | Problem | None:
    text = re.sub(r"年度?$", "", _narrow(cell))
    if text.lower() in _BLANKS:
        return None
    if re.fullmatch(r"\d{4}", text) and int(text) in _DATA_YEARS:
        return int(text)
    return Problem("year_invalid", "不是年份", "请改为 2022 这样的四位年份")


def _month(cell: Any) -> date | Problem | None:
    """A month as its first day: 2024-03, 2024年3月, 202403, or any day of it."""
    if isinstance(cell, datetime | date):
        return date(cell.year, cell.month, 1)
    text = _SPACES.sub("", _narrow(cell))
    if text.lower() in _BLANKS:
        return None
    match = _MONTH.fullmatch(text)
    if match and int(match[1]) in _DATA_YEARS and 1 <= int(match[2]) <= 12:
        return date(int(match[1]), int(match[2]), 1)
    return Problem("month_invalid", "不是年月", "请改为 2024-03 这样的年月")


def _phase(cell: Any, column: Column) -> int | Problem | None:
    """A phase's number; where none is told, what the column says of the whole contract."""
    text = _SPACES.sub("", _narrow(cell))
    if text.lower() in _BLANKS or text in _UNDIVIDED:
        undivided: int | None = column.default
        return undivided
    match = _PHASE.fullmatch(text)
    number = _ordinal(match[1]) if match else 0
    return number or Problem("phase_invalid", "不是分期序号", "请填 1、2、3……，不分期的留空")


def _ordinal(text: str) -> int:
    """A number below 100 in Arabic or Chinese digits; 0 where it is none."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS.get(text, 0)
    if any(len(part) > 1 or part == "十" for part in (tens, ones)):
        return 0
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)


def _flag(cell: Any) -> bool | Problem | None:
    text = _narrow(cell).lower()
    if text in _YES or text in _NO:
        return text in _YES
    return None if text in _BLANKS else Problem("flag_invalid", "不是“是”或“否”", "请填“是”或“否”")


def _choice(cell: Any, column: Column) -> Any:
    text = _narrow(cell).lower()
    if text in _BLANKS:
        return column.blank
    choices = column.choices or {}
    if text in choices:
        return choices[text]
    known = "、".join(name for name in choices if not name.isascii())
    return Problem("choice_invalid", "不在可选值内", f"请填：{known}")


def _narrow(cell: Any) -> str:
    """A cell as text with full-width letters, digits and marks made narrow."""
    return unicodedata.normalize("NFKC", _words(cell)).strip()


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
    "text": _text,
    "code": _code,
    "uscc": _uscc,
    "year": _year,
    "month": _month,
    "flag": _flag,
}
