"""A paper from its template and its facts: the placeholders filled in, and which of them had no fact.

Refuses to run code of a template, to leave a placeholder standing, and to write None: a missing fact is （　　）.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docx.shared import Length, Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError, UndefinedError
from PIL import Image

from landgis.lib.errors import InputError
from parcels.documents.facts import context
from parcels.documents.map_picture import WIDTH_PX
from parcels.documents.packing import repacked
from parcels.documents.templating import Checked, unreadable
from parcels.documents.vocabulary import FACTS

PICTURE_WIDTH = Mm(105)  # below the table of the parcel, on the same page
PAIR_WIDTH, TALLEST = Mm(156), Mm(200)  # sheets in pairs take the whole line; a column of them takes a page


@dataclass(frozen=True, slots=True)
class Rendered:
    """A Word file, its hash, and the names of the facts that it shows as gaps."""

    docx: bytes
    sha256: str
    missing: tuple[str, ...]


def render(template: bytes, kept: Mapping[str, Any], pictures: Mapping[str, bytes] | None = None) -> Rendered:
    """`kept`: facts as `facts.as_kept` made them; `pictures`: PNG by the key of a picture fact. Equal in, equal out."""
    paper, shown = _opened(template), context(kept)
    for key, png in (pictures or {}).items():
        shown[FACTS[key].name] = InlineImage(paper, io.BytesIO(png), width=_width(png))
    checked = Checked()
    try:
        paper.render(shown, jinja_env=checked)
    except UndefinedError as error:
        told = f"模板中的占位符没有对应的文书要素：{error.message}"
        raise InputError(
            "placeholder_unknown", told, "请按占位符表改正模板后重新上传。", field="content"
        ) from None
    except TemplateError as error:
        raise unreadable(error) from None
    out = io.BytesIO()
    paper.save(out)
    docx = repacked(out.getvalue())
    blank = sorted({name for name in checked.names if not shown[name] and shown[name] is not False})
    return Rendered(docx, hashlib.sha256(docx).hexdigest(), tuple(blank))


def _width(png: bytes) -> Length:
    """As wide as one sheet beside a table, or as the line where sheets stand in pairs, but no taller than the page."""
    wide, tall = Image.open(io.BytesIO(png)).size
    return Length(min(PAIR_WIDTH if wide > WIDTH_PX else PICTURE_WIDTH, TALLEST * wide // tall))


def _opened(template: bytes) -> Any:
    try:
        paper = DocxTemplate(io.BytesIO(template))
        paper.init_docx()
    except Exception:  # python-docx lets zip, XML and key errors of any kind through
        raise InputError(
            "template_damaged",
            "模板不是完好的 Word 文件（.docx）。",
            "请用 Word 或 WPS 另存为 .docx 后重新上传。",
            field="content",
        ) from None
    return paper
