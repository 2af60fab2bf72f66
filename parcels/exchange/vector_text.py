"""Text around a vector file: columns as texts, and GeoJSON that isn't UTF-8 as a copy that is.

Refuses to lose digits: a number's text is the shortest that reads back as the same number.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landgis.lib.errors import InputError
from parcels.exchange.encodings import Column, codec_of, title

_BLOCK = 1 << 22
_HAS_CRS = re.compile(rb'"crs"\s*:\s*\{')
_EXACT = 2**53  # from here on a float no longer tells neighbouring whole numbers apart


@dataclass(frozen=True, slots=True)
class JsonFile:
    """`path` is readable as UTF-8; `states_crs`: a "crs" member stands in it (else GDAL assumes WGS 84)."""

    path: Path
    encoding: str
    states_crs: bool


def as_texts(column: Column) -> NDArray[np.object_]:
    """ "" for nothing, whole numbers without a point, no exponents, dates as 2019-04-19."""
    texts = np.empty(len(column), dtype=object)
    texts[:] = [_text(value) for value in column.tolist()] if column.dtype.kind != "M" else _dates(column)
    return texts


def loses_digits(column: Column) -> bool:
    """Whether whole numbers stand in floats too large to hold them: codes that belong in a text column."""
    if column.dtype.kind != "f":
        return False
    return bool(np.any(np.abs(column[np.isfinite(column)]) >= _EXACT))


def without_midnight(column: Column) -> Column:
    """Moments that all are a day's start are dates."""
    if column.dtype.kind != "M" or column.dtype == np.dtype("M8[D]"):
        return column
    days = column.astype("M8[D]")
    present = ~np.isnat(column)
    return days if bool((days[present] == column[present]).all()) else column


def utf8_json(path: Path, folder: Path, given: str | None) -> JsonFile:
    """`path` itself where it is UTF-8, else a copy in `folder` from `given` or GB18030."""
    given_codec = codec_of(given) if given else None
    if given and given_codec is None:
        raise InputError(
            "encoding_unknown", f"不认识的字符编码“{given}”。", "常用的有 UTF-8、GB18030（GBK）。"
        )
    candidates = [given_codec] if given_codec else ["utf-8", "gb18030"]
    for codec in candidates:
        copy = None if codec == "utf-8" else folder / "layer.geojson"
        states_crs = _copied(path, codec, copy)
        if states_crs is not None:
            return JsonFile(copy or path, title(codec), states_crs)
    raise InputError(
        "encoding_wrong",
        f"{path.name} 不能按 {' 或 '.join(title(one) for one in candidates)} 读出文字。",
        "GeoJSON 应为 UTF-8 编码，请从原软件重新导出，或用 --encoding 指明编码。",
    )


def _copied(path: Path, codec: str, copy: Path | None) -> bool | None:
    """Whether a "crs" member was seen; None when the bytes aren't of the encoding."""
    decoder = codecs.getincrementaldecoder(codec)()
    seen, tail = False, b""
    try:
        with path.open("rb") as source, copy.open("wb") if copy else _Nowhere() as target:
            while block := source.read(_BLOCK):
                target.write(decoder.decode(block).encode())
                seen = seen or _HAS_CRS.search(tail + block) is not None
                tail = block[-64:]
            target.write(decoder.decode(b"", final=True).encode())
    except UnicodeError:
        return None
    return seen


class _Nowhere:
    """A file that only checks."""

    def __enter__(self) -> _Nowhere:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def write(self, data: bytes) -> int:
        return len(data)


def _text(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    return str(value)


def _dates(column: Column) -> list[str]:
    texts = np.datetime_as_string(without_midnight(column), unit=None)
    return ["" if text == "NaT" else text.replace("T", " ").removesuffix(".000") for text in texts.tolist()]
