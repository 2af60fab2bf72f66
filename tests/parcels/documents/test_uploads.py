"""A bureau's own template: what is taken, and everything that could run, read or fetch something and isn't."""

import io
import zipfile
from typing import Any

import pytest
from docx import Document

from landgis.lib.errors import InputError
from parcels.documents.building.__main__ import build
from parcels.documents.uploads import checked_template


def template(*paragraphs: str) -> bytes:
    opened: Any = Document()
    for paragraph in paragraphs:
        opened.add_paragraph(paragraph)
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def with_part(name: str, content: bytes, *, instead: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template("{{ 权利人 }}"))) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            if not (instead and info.filename == name):
                new.writestr(info.filename, old.read(info))
        new.writestr(name, content)
    return out.getvalue()


def test_a_template_of_the_bureaus_own() -> None:
    made = checked_template(
        template(
            "{{ 权利人 }}：",
            "{%p if 抵押权人 %}",
            "抵押给{{ 抵押权人 }}",
            "{%p endif %}",
            "{% for 行 in 节点 %}{{ 行.节点名称 }}{% endfor %}",
        )
    )
    assert made.missing == ("抵押权人", "权利人", "节点")


def test_a_shipped_one_can_be_taken_and_changed() -> None:
    assert checked_template(build("finding")).missing


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{ 权力人 }}", "placeholder_unknown"),
        ("{{ 行.没有 }}", "template_forbidden"),
        ("{{ 权利人.__class__.__mro__ }}", "template_forbidden"),
        ("{{ ''.__class__ }}", "template_forbidden"),
        ("{{ 权利人['__class__'] }}", "template_forbidden"),
        ("{{ range(9) }}", "template_forbidden"),
        ("{{ 权利人.format(1) }}", "template_forbidden"),
        ("{{ 权利人|upper }}", "template_forbidden"),
        ("{{ 权利人.index }}", "template_forbidden"),
        ("{% for 项 in 证据 %}{{ loop.cycle }}{% endfor %}", "template_forbidden"),
        ("{{ 'x' * 1000000000 }}", "template_forbidden"),
        ("{{ 10 ** 10 }}", "template_forbidden"),
        ("{% set x = 1 %}", "template_forbidden"),
        ("{% macro x() %}{% endmacro %}", "template_forbidden"),
        ("{% include '/etc/passwd' %}", "template_forbidden"),
        ("{% import 'os' as os %}", "template_forbidden"),
        (
            "{% for a in 证据 %}{% for b in 证据 %}{% for c in 证据 %}{% endfor %}{% endfor %}{% endfor %}",
            "template_forbidden",
        ),
        ("{% if 权利人 %}", "template_invalid"),
        ("{{ 权利人", "template_invalid"),
        ("{{ lipsum }}", "placeholder_unknown"),
        ("{{ self }}", "placeholder_unknown"),
    ],
)
def test_what_a_template_may_not_say(text: str, code: str) -> None:
    with pytest.raises(InputError) as refused:
        checked_template(template(text))
    assert refused.value.code == code
    assert refused.value.remedy


def test_an_unknown_placeholder_is_named() -> None:
    with pytest.raises(InputError, match="权力人"):
        checked_template(template("{{ 权力人 }}"))


@pytest.mark.parametrize(
    "content",
    [
        with_part("word/vbaProject.bin", b"x"),
        with_part("word/embeddings/oleObject1.bin", b"x"),
        with_part(
            "word/_rels/settings.xml.rels",
            b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            b'<Relationship Id="rId1" Type="http://x/attachedTemplate" Target="http://x/a.dotm" TargetMode="External"/>'
            b"</Relationships>",
        ),
        with_part("word/extra.xml", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'),
        with_part(
            "word/extra.xml", b'<w:x xmlns:w="w"><w:instrText> INCLUDETEXT "/etc/passwd" </w:instrText></w:x>'
        ),
        with_part("word/extra.xml", b'<w:x xmlns:w="w"><w:fldSimple w:instr=" DDEAUTO cmd "/></w:x>'),
    ],
    ids=["macro", "object", "link", "entity", "field", "simple field"],
)
def test_what_a_template_may_not_carry(content: bytes) -> None:
    with pytest.raises(InputError) as refused:
        checked_template(content)
    assert refused.value.code == "template_refused"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        b"%PDF-1.4",
        template("x")[:-40],
        with_part("word/document.xml", b"<broken", instead=True),
    ],
    ids=["empty", "head only", "pdf", "cut off", "broken xml"],
)
def test_what_is_no_word_file(content: bytes) -> None:
    with pytest.raises(InputError) as refused:
        checked_template(content)
    assert refused.value.code == "template_damaged"


def test_a_bomb_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * 60_000_000)
    with pytest.raises(InputError, match="过大"):
        checked_template(out.getvalue())
