"""What single facts of a parcel say: the kind of a holder by its name, and what is wrong with a code, an area, a date.

Refuses certainty: a kind is a reading of the name, and decides only how much of a name may be shown. A fault is told
with its remedy; whether it stops anything is for the caller.
"""

import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from landgis.lib.issues import Severity

ORGANISATION = re.compile(
    r"公司|企业|集团|厂|合作社|合伙|商行|经营部|事务所|中心|协会|学校|医院|银行|有限|股份|Ltd|Inc|GmbH|LLC|S\.A\.|s\.r\.o\.",
    re.IGNORECASE,
)
GOVERNMENT = re.compile(r"人民政府|委员会|管委会|办事处|街道办|[市县区镇乡]政府|局$|村民委员会|居民委员会")
PERSON = re.compile(r"[\u4e00-\u9fff·]{2,6}")

NATIONAL_CODE = re.compile(r"\d{12}[GJZ][A-Z]\d{5}", re.ASCII)
UNIT_CODE = re.compile(
    r"\d{12}[GJZ][A-Z]\d{5}[FLQW]\d{8}", re.ASCII
)  # the parcel's 19, what stands on it, its number
GARBLED = re.compile("[\ufffd\ue000-\uf8ff]|锟斤拷|烫烫烫|[ÃÂ][\x80-\xbf]|[À-ÿ]{3,}")
# The characters that a UTF-8 lead byte of Chinese (E4 to E9) makes when it is read as GBK; real text has few of them.
UTF8_AS_GBK = re.compile(
    "["
    + "".join(
        bytes([lead, trail]).decode("gb18030") for lead in range(0xE4, 0xEA) for trail in range(0x80, 0xC0)
    )
    + "]"
)


class Fault(NamedTuple):
    """What is wrong with one value, in an officer's words with the remedy."""

    code: str
    message: str
    severity: Severity = "error"


def holder_kind(name: str, uscc: str) -> str:
    """`enterprise`, `government`, `natural_person` or `other`."""
    if GOVERNMENT.search(name):
        return "government"
    if uscc or ORGANISATION.search(name):
        return "enterprise"
    return "natural_person" if PERSON.fullmatch(name) else "other"


def parcel_code_fault(code: str, *, pattern: re.Pattern[str], county_code: str) -> Fault | None:
    """The county's own pattern; for China TD/T 1001: 6+3+3 digits, two feature letters, 5 digits, no check digit."""
    if pattern.fullmatch(code):
        return None
    if NATIONAL_CODE.fullmatch(code) and not code.startswith(county_code):
        told = f"宗地代码 {code} 属于县级代码 {code[:6]}，不是本县 {county_code}。请核对后由所属县登记。"
        return Fault("code_other_county", told)
    national = pattern.fullmatch(f"{county_code:0<6}001001GB00001") and not pattern.fullmatch("1")
    wrong = _what_is_wrong_with_code(code) if national else _what_breaks_the_countys_own_rule(code, pattern)
    return Fault("code_malformed", f"宗地代码“{code}”{wrong}。请按权属证书改正。")


def unit_code_fault(unit_code: str, code: str) -> Fault | None:
    """A 不动产单元代码 is the parcel's code and 9 places more; `code` "" = not known here."""
    if code and not unit_code.startswith(code):
        told = f"不动产单元代码“{unit_code}”不是以宗地代码 {code} 开头。请按权属证书改正。"
        return Fault("unit_code_other_parcel", told)
    if NATIONAL_CODE.fullmatch(code or unit_code[:19]) and not UNIT_CODE.fullmatch(unit_code):
        told = f"不动产单元代码“{unit_code}”应为 19 位宗地代码加 9 位（定着物特征码 1 位、编号 8 位）。请按权属证书改正。"
        return Fault("unit_code_malformed", told)
    return None


def registered_area_fault(area_m2: Decimal) -> Fault | None:
    if area_m2 > 0:
        return None
    return Fault("area_not_positive", f"宗地面积为 {area_m2}，应大于 0。请按权属证书填写平方米数。")


def registered_on_fault(day: date, on: date) -> Fault | None:
    return Fault("date_in_future", f"登记日期 {day} 晚于今天。请核对。") if day > on else None


def land_class_fault(
    code: str, *, classes: Collection[str], industrial: Collection[str], class_set: str
) -> Fault | None:
    """The class must be of its code set; one that isn't industrial is taken and pointed out."""
    if code not in classes:
        told = f"地类编码“{code}”不在 {class_set} 中。请改为四位地类编码，例如 0601（工业用地）。"
        return Fault("land_class_unknown", told)
    if code not in industrial:
        told = f"地类编码 {code} 不是工矿仓储用地。请确认是否应入工业用地库。"
        return Fault("land_class_not_industrial", told, "warning")
    return None


def perhaps_garbled(text: str) -> bool:
    """A quick look at much text at once: where this says no, nothing in it is garbled."""
    return bool(GARBLED.search(text) or UTF8_AS_GBK.search(text))


def garbled(text: str) -> bool:
    """Whether a text was decoded wrongly, and so can't stand in a register."""
    return bool(GARBLED.search(text) or (UTF8_AS_GBK.search(text) and _utf8_read_as_gbk(text)))


def _what_is_wrong_with_code(code: str) -> str:
    if not code.isascii():
        return "含有全角字符，应为半角"
    if re.fullmatch(r"[\dO]{12}[GJZ][A-Z][\dO]{5}", code, re.IGNORECASE) and "O" in code.upper():
        return "中有字母 O，应为数字 0"
    if len(code) != 19:
        return f"有 {len(code)} 位，应为 19 位"
    if NATIONAL_CODE.fullmatch(code.upper()):
        return "含有小写字母，应为大写"
    return "不符合编码规则（县级 6 位、地籍区 3 位、地籍子区 3 位、特征码 2 位、顺序号 5 位）"


def _what_breaks_the_countys_own_rule(code: str, pattern: re.Pattern[str]) -> str:
    if re.search(r"\s", code):
        return "中间有空白字符"
    return f"有 {len(code)} 个字符，不符合本县的宗地代码规则 {pattern.pattern}"


def _utf8_read_as_gbk(text: str) -> bool:
    """Chinese that was written as UTF-8 and read as GBK decodes again; real names don't."""
    try:
        again = text.encode("gb18030").decode("utf-8")
    except UnicodeError:
        return False
    return len(again) < len(text) and bool(re.search("[\u4e00-\u9fff]{2}", again))
