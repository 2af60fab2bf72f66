"""Whether a bureau's own template can be taken: a whole Word file that only fills in facts.

Refuses macros, embedded objects, links to files or addresses, fields that read something, oversized parts, and
placeholders that have no fact.
"""

from __future__ import annotations

import io
import re
import zipfile

from landgis.lib.errors import InputError
from parcels.documents.facts import as_kept
from parcels.documents.rendering import Rendered, render

LARGEST, LARGEST_UNPACKED, MOST_PARTS = 5_000_000, 40_000_000, 500
DOCX_MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
REMEDY = "请用 Word 或 WPS 打开，去掉这些内容后另存为 .docx 再上传。"

_EMBEDDED = re.compile(r"(?i)vbaproject|activex|/embeddings/|\.bin$|/afchunk|\.mht$|\.html?$")
_EXTERNAL = re.compile(rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>")
_HYPERLINK = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']")
_FIELDS = re.compile(rb"<w:instrText[^>]*>(.*?)</w:instrText>|w:instr\s*=\s*[\"'](.*?)[\"']", re.DOTALL)
_HARMLESS = {
    b"PAGE",
    b"NUMPAGES",
    b"SECTIONPAGES",
    b"HYPERLINK",
    b"PAGEREF",
    b"TOC",
    b"SEQ",
    b"REF",
    b"MERGEFORMAT",
}


def checked_template(content: bytes) -> Rendered:
    """A paper without any fact, drawn from the template: proof that it works, and what it asks for."""
    if len(content) > LARGEST:
        raise _refused(f"模板大小 {len(content) / 1e6:.1f} MB，超过 {LARGEST / 1e6:.0f} MB")
    for name, part in _parts(content).items():
        if _EMBEDDED.search(name):
            raise _refused(f"模板中有宏或者嵌入的对象（{name}）")
        if name.endswith(".rels") and any(not _HYPERLINK.search(link) for link in _EXTERNAL.findall(part)):
            raise _refused("模板中有指向外部文件或者网址的链接")
        if name.endswith(".xml"):
            _check_text(name, part)
    return render(content, as_kept({}))


def _parts(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > LARGEST_UNPACKED:
                raise _refused("模板解压后过大")
            parts = {info.filename: archive.read(info) for info in infos}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError):
        raise _not_word() from None
    if DOCX_MAIN not in parts.get("[Content_Types].xml", b""):
        raise _not_word()
    return parts


def _check_text(name: str, part: bytes) -> None:
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise _refused(f"模板的 {name} 中有实体定义")
    for found in _FIELDS.findall(part):
        words = (found[0] or found[1]).split()
        if words and words[0].lstrip(b"\\*").upper() not in _HARMLESS:
            raise _refused(f"模板中有会读取其他内容的域（{words[0].decode(errors='replace')}）")


def _refused(what: str) -> InputError:
    return InputError("template_refused", f"{what}，不能使用。", REMEDY, field="content")


def _not_word() -> InputError:
    return InputError(
        "template_damaged",
        "上传的不是完好的 Word 文件（.docx）。",
        "请用 Word 或 WPS 另存为 .docx 后重新上传。",
        field="content",
    )
