"""The text of a DBF from its raw bytes: UTF-8 or GB18030 by strict decoding, a declared encoding held to it.

Refuses to show a guess as text: bytes that no candidate decodes wholly are an error that names row and field.
Only a character cut in two by the field's width is dropped, and told.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landgis.lib.errors import InputError
from landgis.lib.issues import Issue
from parcels.exchange.dbf import MARK, RAW, RawColumn

Column = NDArray[Any]
Undecoded = Column | RawColumn

_CODE_PAGES = {
    "65001": "utf-8",
    "936": "gb18030",
    "54936": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "big5": "cp950",
    "950": "cp950",
    "88591": "iso8859-1",
    "8859_1": "iso8859-1",
}
_SINGLE_BYTE = re.compile(r"iso8859|cp125|latin|cp437|cp850|ascii")
_NEVER_FIRST = (b"\x80", b"\xff")  # no character begins so, whatever a decoder waits for
_TITLES = {"gb18030": "GB18030", "utf-8": "UTF-8"}


@dataclass(frozen=True, slots=True)
class DecodedText:
    """`sample`: a few decoded texts with characters beyond ASCII, for a person to judge the encoding by."""

    names: list[str]
    columns: list[Column]
    encoding: str
    issues: list[Issue]
    sample: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Failure:
    row: int
    field: int


def decode_text(
    names: list[str], columns: list[Undecoded], *, given: str | None = None, cpg: str | None = None
) -> DecodedText:
    """`names`, raw columns and object `columns` as read in `RAW`; other columns pass through.

    `given` (the user's word) is binding; `cpg` (the file's) is believed unless the bytes contradict it.
    """
    if given:
        encoding = codec_of(given)
        if encoding is None:
            raise InputError(
                "encoding_unknown", f"不认识的字符编码“{given}”。", "常用的有 UTF-8、GB18030（GBK）、Big5。"
            )
        return _strictly(names, columns, encoding, f"指定的编码 {given}")
    declared = codec_of(cpg) if cpg else None
    if declared is None:
        return _detected(names, columns)
    detected = _try(names, columns, _order(names, columns))
    if detected and detected.encoding != title(declared) and _contradicts(names, columns, declared):
        told = f".cpg 文件写明 {cpg}，但内容实为 {detected.encoding}，已按 {detected.encoding} 读取；请核对文字。"
        detected.issues.insert(0, Issue(0, "encoding_cpg_wrong", "", told, "warning"))
        return detected
    return _strictly(names, columns, declared, f".cpg 文件写明的编码 {cpg}")


def codec_of(name: str) -> str | None:
    """Python's name of an encoding as .cpg files and people write it (GBK, 936, ANSI 1252…); None if unknown."""
    key = re.sub(r"^(ansi|oem|cp|windows)[\s_-]*", "", name.strip().lower())
    known = _CODE_PAGES.get(key) or (f"cp{key}" if key.isdigit() else key)
    try:
        found = codecs.lookup(known).name
    except LookupError:
        return None
    return _CODE_PAGES.get(found, found)


def title(codec: str) -> str:
    return _TITLES.get(codec, codec.upper())


def decode_bytes(raw: bytes) -> tuple[str, str]:
    """A whole small text (a .prj, a name inside a zip) and its encoding; never fails."""
    for codec in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(codec), codec
        except UnicodeDecodeError:
            continue
    return raw.decode("iso8859-1"), "iso8859-1"


def _detected(names: list[str], columns: list[Undecoded]) -> DecodedText:
    order = _order(names, columns)
    if found := _try(names, columns, order):
        return found
    return _strictly(names, columns, order[-1], "编码 UTF-8 或 GB18030")


def _try(names: list[str], columns: list[Undecoded], codecs_: list[str]) -> DecodedText | None:
    for codec in codecs_:
        found = _decode(names, columns, codec)
        if isinstance(found, DecodedText):
            return found
    return None


def _strictly(names: list[str], columns: list[Undecoded], codec: str, told: str) -> DecodedText:
    found = _decode(names, columns, codec)
    if isinstance(found, DecodedText):
        return found
    field = decode_bytes(names[found.field].encode(RAW))[0]
    raise InputError(
        "encoding_wrong",
        f"第 {found.row} 行的“{field}”不能按{told}读出文字。",
        "请用 --encoding 指明正确的编码（如 GB18030、UTF-8、Big5），或删除错误的 .cpg 文件后重试。",
        row=found.row or None,
        field=field,
    )


def _decode(names: list[str], columns: list[Undecoded], codec: str) -> DecodedText | _Failure:
    issues: list[Issue] = []
    decoded: list[Column] = []
    for at, column in enumerate(columns):
        if not isinstance(column, RawColumn) and column.dtype != object:
            decoded.append(column)
            continue
        texts = column.decoded(codec) if isinstance(column, RawColumn) else _decoded_column(column, codec)
        if texts is None:
            texts, cut, failed = _one_by_one(column, codec)
            if failed is not None:
                return _Failure(failed + 1, at)
            issues += [Issue(row + 1, "text_truncated", str(at), "", "warning") for row in cut]
        decoded.append(texts)
    read = [_name(name.encode(RAW), codec, at) for at, name in enumerate(names)]
    unique = _unique(read)
    issues = [_truncated(issue, unique[int(issue.field)]) for issue in issues]
    return DecodedText(unique, decoded, title(codec), issues, _sample(decoded))


def _decoded_column(column: Column, codec: str) -> Column | None:
    """All values at once: joined, decoded, split. None when they don't decode as one."""
    values = column.tolist()
    joined = MARK.join([value or "" for value in values])
    if joined.isascii():
        return column
    try:
        texts = joined.encode(RAW).decode(codec).split(MARK)
    except UnicodeError:
        return None
    if len(texts) != len(values):
        return None
    found = np.empty(len(values), dtype=object)
    found[:] = texts
    found[[value is None for value in values]] = None
    return found


def _one_by_one(column: Undecoded, codec: str) -> tuple[Column, list[int], int | None]:
    """Each value by itself: the texts, the rows where a character was cut off, the first row that fails."""
    found = np.empty(len(column), dtype=object)
    cut: list[int] = []
    for row, value in enumerate(_cells(column)):
        if value is None or value.isascii():
            found[row] = value
            continue
        read = _leniently(value.encode(RAW), codec)
        if read is None:
            return found, cut, row
        found[row] = read[0]
        if read[1]:
            cut.append(row)
    return found, cut, None


def _cells(column: Undecoded) -> Iterable[str | None]:
    return column.cells() if isinstance(column, RawColumn) else column.tolist()


def _leniently(raw: bytes, codec: str) -> tuple[str, bool] | None:
    """The text, and whether its last character was cut off and dropped; None if it isn't of the encoding."""
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        text = decoder.decode(raw)
    except UnicodeError:
        return None
    rest = decoder.getstate()[0]  # bytes that wait for the rest of their character
    return None if rest[:1] in _NEVER_FIRST else (text, bool(rest))


def _truncated(issue: Issue, field: str) -> Issue:
    told = f"第 {issue.row} 行“{field}”的末尾有半个字符，文字可能在导出时被截断。"
    return Issue(issue.row, issue.code, field, told, issue.severity)


def _name(raw: bytes, codec: str, at: int) -> str:
    """A field's name; DBF cuts it at 10 bytes, also in the middle of a character."""
    for one in (codec, "utf-8", "gb18030"):
        if (read := _leniently(raw, one)) is not None:
            return read[0].strip("\x00 ") or f"字段{at + 1}"
    return raw.decode(RAW)


def _unique(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return unique


def _order(names: list[str], columns: list[Undecoded]) -> list[str]:
    """UTF-8 first: text of another encoding hardly ever is valid UTF-8, but UTF-8 often is valid GB18030.

    Three characters and fewer can be both ("联通" in GBK is valid UTF-8); common Chinese then wins.
    """
    raw = _beyond_ascii(names, columns)
    utf8, chinese = _all_text(raw, "utf-8"), _all_text(raw, "gb18030")
    few = utf8 is not None and len(re.findall(r"[^\x00-\x7f]", utf8)) <= 3
    if few and chinese is not None and _mostly_common_hanzi(chinese):
        return ["gb18030", "utf-8"]
    return ["utf-8", "gb18030"]


def _contradicts(names: list[str], columns: list[Undecoded], declared: str) -> bool:
    """Whether the bytes deny the declared encoding, though a lax decoder would swallow them."""
    if isinstance(_decode(names, columns, declared), _Failure):
        return True
    raw = _beyond_ascii(names, columns)
    if not raw:
        return False
    if _order(names, columns)[0] == "utf-8" and _all_text(raw, "utf-8") is not None:
        return True
    # Every byte is some Latin letter; pairs that make common Chinese throughout are Chinese.
    chinese = _all_text(raw, "gb18030")
    single = _SINGLE_BYTE.search(declared) is not None
    return single and chinese is not None and _mostly_common_hanzi(chinese)


def _beyond_ascii(names: list[str], columns: list[Undecoded], enough: int = 2_000) -> list[bytes]:
    """Names and values that hold bytes beyond ASCII, up to `enough` from each column."""
    found = [name for name in names if not name.isascii()]
    for column in columns:
        if isinstance(column, RawColumn) and column.joined.isascii():
            continue  # one look at all bytes of a column is quicker than one at each cell
        if isinstance(column, RawColumn) or column.dtype == object:
            found += islice((value for value in _cells(column) if value and not value.isascii()), enough)
    return [value.encode(RAW) for value in found]


def _all_text(raw: list[bytes], codec: str) -> str | None:
    texts = []
    for value in raw:
        read = _leniently(value, codec)
        if read is None:
            return None
        texts.append(read[0])
    return " ".join(texts)


def _mostly_common_hanzi(text: str) -> bool:
    """At least four fifths of the characters beyond ASCII are GB 2312's first level or its signs."""
    beyond = [char for char in text[:20_000] if char > "\x7f"]
    common = 0
    for char in beyond:
        raw = char.encode("gb2312", "ignore")
        common += len(raw) == 2 and (0xB0 <= raw[0] <= 0xD7 or 0xA1 <= raw[0] <= 0xA9)
    return bool(beyond) and common >= 0.8 * len(beyond)


def _sample(columns: list[Column], wanted: int = 5) -> tuple[str, ...]:
    found: list[str] = []
    for column in columns:
        if column.dtype == object:
            found += next(([value] for value in column.tolist() if value and not value.isascii()), [])
        if len(found) == wanted:
            break
    return tuple(found)
