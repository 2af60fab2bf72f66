"""The text of a DBF: strict UTF-8, else GB18030; a declared encoding is held to its bytes (domain 9.2)."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landgis.lib.errors import InputError
from parcels.exchange.dbf import RAW
from parcels.exchange.encodings import codec_of, decode_bytes, decode_text
from parcels.exchange.vector import VectorTable, read_vector
from tests.parcels.exchange.vector_files import CODES, HOLDERS, columns, raw_dbf, shapefile

hanzi = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=40)
RARE = ["𠀀𪚥义乌", "镕喆堃", "龘靐"]


def holders(table: VectorTable) -> list[str]:
    return [str(name) for name in table.columns["权利人"]]


def refusal(path: Path, encoding: str | None = None) -> InputError:
    with pytest.raises(InputError) as refused:
        read_vector(path, encoding=encoding)
    assert refused.value.remedy
    return refused.value


@pytest.mark.parametrize(
    ("encoding", "cpg", "expected"),
    [
        ("GBK", None, "GB18030"),
        ("UTF-8", None, "UTF-8"),
        ("GBK", "GBK", "GB18030"),
        ("GBK", "936", "GB18030"),
        ("GBK", "ANSI 936", "GB18030"),
        ("UTF-8", "UTF-8", "UTF-8"),
        ("UTF-8", "65001", "UTF-8"),
        ("GBK", "some nonsense", "GB18030"),
        ("GBK", "", "GB18030"),
    ],
)
def test_chinese_comes_out_right(tmp_path: Path, encoding: str, cpg: str | None, expected: str) -> None:
    table = read_vector(shapefile(tmp_path, encoding, cpg=cpg))
    assert (holders(table), table.encoding, table.issues) == (HOLDERS, expected, ())
    assert "权利人" in table.columns


@pytest.mark.parametrize(
    ("encoding", "cpg", "expected"),
    [
        ("GBK", "UTF-8", "GB18030"),
        ("UTF-8", "GBK", "UTF-8"),
        ("GBK", "ISO-8859-1", "GB18030"),
        ("GBK", "1252", "GB18030"),
        ("UTF-8", "ISO-8859-1", "UTF-8"),
    ],
)
def test_a_wrong_cpg_is_noticed(tmp_path: Path, encoding: str, cpg: str, expected: str) -> None:
    table = read_vector(shapefile(tmp_path, encoding, cpg=cpg))
    assert (holders(table), table.encoding) == (HOLDERS, expected)
    assert [issue.code for issue in table.issues] == ["encoding_cpg_wrong"]
    assert cpg in table.notes[0]


def test_the_users_word_is_binding(tmp_path: Path) -> None:
    path = shapefile(tmp_path, "GBK", cpg="UTF-8")
    assert holders(read_vector(path, encoding="gbk")) == HOLDERS
    refused = refusal(path, "UTF-8")
    assert (refused.code, refused.row) == ("encoding_wrong", 1)
    assert refused.field == "权利人"
    assert refusal(path, "klingon").code == "encoding_unknown"


def test_other_encodings_have_to_be_named_and_bytes_of_none_are_refused(tmp_path: Path) -> None:
    traditional = ["義烏市鹽業", "龜鱉養殖場", "鬱金香麵廠"]
    names = [name.encode("big5") for name in traditional]
    path = shapefile(tmp_path, data=columns(A=CODES))
    raw_dbf(path.with_suffix(".dbf"), [(b"NAME", 30)], [[name + b"\xff"] for name in names])
    assert refusal(path).code == "encoding_wrong"
    raw_dbf(path.with_suffix(".dbf"), [(b"NAME", 30)], [[name] for name in names])
    assert read_vector(path, encoding="Big5").columns["NAME"].tolist() == traditional


def test_western_text_in_its_declared_encoding_is_not_taken_for_chinese(tmp_path: Path) -> None:
    data = columns(NAME=["Müller Straße", "Café Élysée", "Übergröße"])
    table = read_vector(shapefile(tmp_path, "ISO-8859-1", cpg="ISO-8859-1", data=data))
    assert table.columns["NAME"].tolist() == ["Müller Straße", "Café Élysée", "Übergröße"]
    assert table.issues == ()


def test_characters_outside_gbk_are_read_as_gb18030(tmp_path: Path) -> None:
    path = shapefile(tmp_path, data=columns(A=CODES))
    raw_dbf(
        path.with_suffix(".dbf"), [("权利人".encode("gbk"), 40)], [[name.encode("gb18030")] for name in RARE]
    )
    assert holders(read_vector(path)) == RARE


@pytest.mark.parametrize("codec", ["gbk", "utf-8"])
def test_a_character_cut_in_two_is_dropped_and_told(tmp_path: Path, codec: str) -> None:
    path = shapefile(tmp_path, data=columns(A=CODES))
    long = "义乌市" * 20
    rows = [[name.encode(codec)[:31]] for name in (long, "短名", long)]
    raw_dbf(path.with_suffix(".dbf"), [("权利人".encode(codec), 31)], rows)
    table = read_vector(path)
    kept = long[: 31 // len("义".encode(codec))]
    assert holders(table) == [kept, "短名", kept]
    assert [(issue.row, issue.code, issue.field) for issue in table.issues] == [
        (1, "text_truncated", "权利人"), (3, "text_truncated", "权利人"),
    ]  # fmt: skip


def test_field_names_cut_in_two_doubled_and_empty(tmp_path: Path) -> None:
    path = shapefile(tmp_path, data=columns(A=CODES))
    cut = "A土地使用权人".encode("gbk")[:10]
    fields = [(cut, 10), (cut, 10), (b"PLAIN", 5)]
    raw_dbf(path.with_suffix(".dbf"), fields, [[b"1", "甲".encode("gbk"), b"x"]] * 3)
    table = read_vector(path)
    assert list(table.columns) == ["A土地使用", "A土地使用_2", "PLAIN"]
    assert table.columns["A土地使用_2"].tolist() == ["甲"] * 3


def test_a_word_of_two_characters_that_is_also_utf_8(tmp_path: Path) -> None:
    # 联通 in GBK is the classic: its four bytes are valid UTF-8 too.
    path = shapefile(tmp_path, data=columns(A=CODES))
    raw_dbf(path.with_suffix(".dbf"), [(b"NAME", 10)], [["联通".encode("gbk")], [b""], [b"x"]])
    assert read_vector(path).columns["NAME"].tolist() == ["联通", None, "x"]


def test_plain_ascii_needs_no_decision(tmp_path: Path) -> None:
    table = read_vector(shapefile(tmp_path, data=columns(CODE=CODES)))
    assert (table.columns["CODE"].tolist(), table.encoding, table.sample) == (CODES, "UTF-8", ())


def test_a_shapefile_copied_elsewhere_reads_alike(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    folder = tmp_path / "目录 with blank"
    folder.mkdir()
    for suffix in (".shp", ".shx", ".dbf", ".prj"):
        shutil.copy(path.with_suffix(suffix), folder / f"宗地{suffix}")
    assert holders(read_vector(folder / "宗地.shp")) == HOLDERS


@given(st.lists(hanzi, min_size=4, max_size=12), st.sampled_from(["utf-8", "gb18030"]))
def test_any_chinese_text_is_recognised(texts: list[str], codec: str) -> None:
    raw = np.array([*(text.encode(codec).decode(RAW) for text in texts), None], dtype=object)
    found = decode_text(["N", "M"], [raw, np.arange(len(raw))])
    if codec == "utf-8" or found.encoding == "GB18030":
        assert found.columns[0].tolist() == [*texts, None]
    else:  # bytes that are valid in both: then they must be so wholly
        assert "".join(texts).encode(codec).decode("utf-8")
    assert found.columns[1].tolist() == list(range(len(raw)))


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("GBK", "gb18030"), ("gb2312", "gb18030"), ("CP936", "gb18030"), ("OEM 936", "gb18030"),
        ("UTF8", "utf-8"), ("utf-8", "utf-8"), ("65001", "utf-8"), ("Big5", "cp950"), ("ANSI 1252", "cp1252"),
        ("8859_1", "iso8859-1"), ("ISO 8859-1", "iso8859-1"), ("88591", "iso8859-1"), ("whatever", None),
    ],
)  # fmt: skip
def test_the_names_of_encodings_as_they_are_written(name: str, codec: str | None) -> None:
    assert codec_of(name) == codec


def test_small_texts_never_fail() -> None:
    assert decode_bytes("宗地".encode("gbk"))[0] == "宗地"
    assert decode_bytes(b"\xef\xbb\xbfPROJCS")[0] == "PROJCS"
    assert decode_bytes(b"\xff\xfe\xff")[1] == "iso8859-1"
