"""Which column of a delivered parcel layer means which field of the register.

Refuses to guess where two columns claim one field: the first in the list of synonyms wins, and the mapping is reported.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from landgis.lib.errors import InputError

# field → (中文 title, names under which it is delivered, most trusted first). Chinese bureau and database-standard
# names (TD/T 1057, TD/T 1016), INSPIRE Cadastral Parcels, and what other national cadastres publish.
FIELDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "code": (
        "宗地代码",
        (
            "宗地代码",
            "宗地编码",
            "宗地编号",
            "宗地号",
            "宗地统一编码",
            "ZDDM",
            "ZDBM",
            "ZDH",
            "地块代码",
            "地块编号",
            "DKBH",
            "DKDM",
            "parcel_code",
            "parcelcode",
            "parcel_id",
            "parcelid",
            "parcel_no",
            "parcelno",
            "parcel",
            "nationalCadastralReference",
            "national_cadastral_reference",
            "national_ref",
            "inspireId",
            "inspire_id",
            "localId",
            "local_id",
            "idu",
            "refcat",
            "apn",
            "tunnus",
            "pnu",
            "egrid",
            "egris_egrid",
            "flstkennz",
            "flurstueckskennzeichen",
            "cad_num",
            "cadnum",
            "id_dzialki",
            "matrikkelnummer",
            "code",
            "label",
        ),
    ),
    "real_estate_unit_code": (
        "不动产单元号",
        ("不动产单元号", "不动产单元代码", "不动产单", "BDCDYH", "BDCDYDM", "real_estate_unit_code"),
    ),
    "aliases": ("原宗地号", ("原宗地号", "原宗地代码", "旧宗地号", "YZDDM", "YZDH", "地籍号", "DJH")),
    "holder": (
        "权利人",
        (
            "权利人",
            "权利人名称",
            "土地使用权人",
            "使用权人",
            "土地使用者",
            "QLR",
            "QLRMC",
            "TDSYZ",
            "holder",
            "owner",
        ),
    ),
    "holder_uscc": (
        "统一社会信用代码",
        (
            "统一社会信用代码",
            "统一社会",
            "统一代码",
            "信用代码",
            "权利人证件号",
            "证件号码",
            "证件号",
            "TYSHXYDM",
            "USCC",
        ),
    ),
    "location": (
        "坐落",
        ("坐落", "土地坐落", "宗地坐落", "ZL", "TDZL", "地址", "位置", "location", "address"),
    ),
    "registered_area": (
        "宗地面积",
        (
            "宗地面积",
            "登记面积",
            "证载面积",
            "发证面积",
            "ZDMJ",
            "DJMJ",
            "FZMJ",
            "TBMJ",
            "土地面积",
            "面积",
            "registered_area_m2",
            "registered_area",
            "areaValue",
            "area_value",
            "contenance",
            "legal_area",
        ),
    ),
    "land_class_code": (
        "地类编码",
        ("地类编码", "地类代码", "DLBM", "土地用途代码", "TDYT", "YT", "land_class_code"),
    ),
    "tenure": ("权利性质", ("权利性质", "使用权类型", "QLXZ", "SYQLX", "tenure")),
    "town": (
        "所属镇街",
        ("所属镇街", "镇街", "所属乡镇", "乡镇", "街道", "XZQMC", "XZMC", "town", "town_name"),
    ),
    "registered_on": ("登记日期", ("登记日期", "登记时间", "DJRQ", "DJSJ", "registered_on")),
    "note": ("备注", ("备注", "BZ", "note", "remark", "remarks")),
}
# Names that begin like one of the above and mean something else: cut to a few characters, they can't be told apart.
OTHERS = (
    "不动产权证号",
    "不动产权证书号",
    "土地使用权类型",
    "土地使用年限",
    "土地用途",
    "使用权面积",
    "登记机构",
)
DBF_NAME_BYTES = 10
LEAST_CUT = 3
ID_WORDS = re.compile(
    r"(?:^|[_\W])(?:id|code|cod|kod|num|nr|no|ref|label|cislo|key)(?:$|[_\W\d])|(?:id|code|number|nummer|label)$"
    r"|[编代][号码]|编码|号",
    re.IGNORECASE,
)
ID_LETTERS = re.compile(r"id|code|kod|num|nr|no|ref|label|cislo|key", re.IGNORECASE)
ROW_NUMBER = re.compile(
    r"(?:gml|ogc|ogr|osm)?_?(?:fid|oid)|gml_id|object_?id(?:_\d+)?|序号|行号", re.IGNORECASE
)
MEASURE = re.compile(r"area|len|perim|面积|周长|长度|mj$|^[xyz]$|^lat|^lon", re.IGNORECASE)
AREA_UNITS = (
    ("亩", 10000 / 15),
    ("公顷", 10000.0),
    ("hm2", 10000.0),
    ("平方千米", 1e6),
    ("平方公里", 1e6),
    ("km2", 1e6),
    ("万平方米", 10000.0),
    ("万m2", 10000.0),
)
UNIT_ENDING = re.compile("(?:" + "|".join([unit for unit, _ in AREA_UNITS] + ["平方米", "平米", "m2"]) + ")$")


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """`columns`: field → delivered column; `area_factor`: ㎡ for one unit of the area column; `notes`: what to tell."""

    columns: dict[str, str]
    area_factor: float
    ignored: tuple[str, ...]
    notes: tuple[str, ...]


def normalised(name: str) -> str:
    """A column's name without width, case, spaces and what stands in brackets."""
    plain = unicodedata.normalize("NFKC", name).strip().lower()
    return re.sub(r"[\s_\-]+|[(（\[【].*?[)）\]】]", "", plain)


def map_fields(
    columns: Mapping[str, Any],
    named: str = "",
    titles: Mapping[str, str] | None = None,
    *,
    code_pattern: str = r"\S+",
) -> FieldMapping:
    """Find the register's fields among `columns` (name → values).

    `named` is what the person said: `field=column,field=column`, in English or Chinese field names; it wins. Raises
    InputError when no column can serve as the parcel's code. `titles` are the names that the file shows for columns;
    `code_pattern` is what a parcel's code looks like in the county.
    """
    said = _said(named, columns)
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault(normalised(column), column)
    for column, title in (titles or {}).items():
        by_name.setdefault(normalised(title), column)
    found, notes = dict(said), []
    found = by_their_names(by_name, {field: names for field, (_, names) in FIELDS.items()}, found)
    known = tuple((field, name) for field, (_, names) in FIELDS.items() for name in names)
    cut = beginnings((*known, *(("", name) for name in OTHERS)))
    for field, column in by_what_is_left(
        by_name, lambda name: cut.get(name) or _field_with_unit(name), found
    ).items():
        found[field] = column
        notes.append(
            f"列“{column}”的名称不完整或带有单位，按“{FIELDS[field][0]}”读取；如不对请用 --mapping 指明。"
        )
    if "code" not in found:
        unique = unique_column(columns, set(found.values()), code_pattern)
        if unique is None:
            raise InputError(
                "code_column_missing",
                f"没有找到宗地代码列。文件中的列：{'、'.join(columns) or '（无）'}。",
                "请用 --mapping code=列名 指明哪一列是宗地代码。",
                field="code",
            )
        found["code"] = unique
        notes.append(
            f"没有名为宗地代码的列，已用唯一且无空值的列“{unique}”作宗地代码；如不对请用 --mapping code=列名 指明。"
        )
    factor, unit = _area_unit(found.get("registered_area", ""))
    if unit:
        notes.append(f"面积列“{found['registered_area']}”的单位是{unit}，已换算为平方米。")
    ignored = tuple(column for column in columns if column not in found.values())
    return FieldMapping(found, factor, ignored, tuple(notes))


def by_their_names(
    by_name: Mapping[str, str], wanted: Mapping[str, Sequence[str]], said: Mapping[str, str]
) -> dict[str, str]:
    """Field → column, behind those that were `said`; `by_name` are the columns under their normalised names."""
    found = dict(said)
    for field, names in wanted.items():
        match = next((by_name[n] for n in map(normalised, names) if n in by_name), None)
        if field not in found and match is not None and match not in found.values():
            found[field] = match
    return found


def by_what_is_left(
    by_name: Mapping[str, str], meant: Callable[[str], str | None], found: Mapping[str, str]
) -> dict[str, str]:
    """Field → column of the fields not `found`, by what `meant` makes of a name that was cut or carries a unit."""
    more: dict[str, str] = {}
    for name, column in by_name.items():
        field = meant(name)
        if field and field not in found and field not in more and column not in found.values():
            more[field] = column
    return more


@cache
def beginnings(known: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """What the table of a shapefile leaves of each Chinese name in GBK and in UTF-8; none that could be two things.

    `known` are (field, name); a field "" is a name of something else.
    """
    meant: dict[str, set[str]] = {}
    for field, name in known:
        for codec in ("gb18030", "utf-8"):
            cut = name.encode(codec)[:DBF_NAME_BYTES].decode(codec, "ignore")
            if cut != name and len(cut) >= LEAST_CUT and not cut.isascii():
                meant.setdefault(normalised(cut), set()).add(field)
    return {cut: fields.pop() for cut, fields in meant.items() if len(fields) == 1}


def unique_column(columns: Mapping[str, Any], taken: set[str], code_pattern: str) -> str | None:
    """The likeliest column of those that tell every row from every other: by its name, else by how its texts look."""
    pattern = re.compile(code_pattern, re.ASCII)
    ranked = []
    for place, (column, values) in enumerate(columns.items()):
        if column in taken or MEASURE.search(column):
            continue
        texts = _whole_texts(values)
        if texts is None or len(set(texts)) < len(texts):
            continue
        if ROW_NUMBER.fullmatch(column):
            rank = 3
        elif ID_WORDS.search(column):
            rank = 0
        elif _like_codes(values, texts, pattern):
            rank = 1
        elif ID_LETTERS.search(column):
            rank = 2
        else:
            continue
        ranked.append((rank, place, column))
    return min(ranked)[2] if ranked else None


def _said(named: str, columns: Mapping[str, Any]) -> dict[str, str]:
    titles = {title: field for field, (title, _) in FIELDS.items()}
    said: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in re.split(r"[,，;；]", named))):
        field, sign, column = (piece.strip() for piece in part.partition("="))
        field = titles.get(field, field)
        if not sign or field not in FIELDS:
            raise InputError(
                "mapping_invalid",
                f"--mapping 中的“{part}”无法识别。",
                f"写法为 字段=列名，字段可为：{'、'.join(f'{f}（{t}）' for f, (t, _) in FIELDS.items())}。",
            )
        if column not in columns:
            raise InputError(
                "mapping_invalid",
                f"文件中没有列“{column}”。",
                f"文件中的列：{'、'.join(columns)}。",
                field=field,
            )
        said[field] = column
    return said


def _field_with_unit(name: str) -> str:
    bare = UNIT_ENDING.sub("", name)
    known = bare != name and bare in map(normalised, FIELDS["registered_area"][1])
    return "registered_area" if known else ""


def _whole_texts(values: Any) -> list[str] | None:
    """The values as texts, none where one is blank, a moment or a figure with a fraction."""
    if getattr(getattr(values, "dtype", None), "kind", "O") not in "OUiuf":
        return None
    texts = [str(value).strip() for value in values if value is not None]
    if len(texts) < len(values) or not all(texts) or "nan" in texts:
        return None
    whole = all(float(v).is_integer() for v in values if isinstance(v, float))
    return texts if whole else None


def _like_codes(values: Any, texts: list[str], pattern: re.Pattern[str]) -> bool:
    """Words with a digit in each of them and no blank, as the county's codes may be."""
    if not all(isinstance(value, str) for value in values):
        return False
    return all(pattern.fullmatch(text) and re.search(r"\d", text) for text in texts)


def _area_unit(column: str) -> tuple[float, str]:
    bracket = re.search(r"[(（\[【](.*?)[)）\]】]", column)
    stated = unicodedata.normalize("NFKC", bracket.group(1) if bracket else column)
    for unit, factor in AREA_UNITS:
        if stated.endswith(unit):
            return factor, unit
    return 1.0, ""
