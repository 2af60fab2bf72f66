"""Many papers in one zip: streamed, named for people, the same bytes for the same papers."""

import io
import zipfile

from hypothesis import given
from hypothesis import strategies as st

from parcels.documents.bundle import Filed, bundle, stem_of

UTF8_NAMES = 0x800


def opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def test_word_and_pdf_side_by_side() -> None:
    told: list[int] = []
    papers = [Filed("认定书 甲", b"1", b"%PDF"), Filed("认定书 甲", b"2"), Filed("送达回证", b"3", b"%PDF3")]
    content = b"".join(bundle(papers, told.append))
    archive = opened(content)
    assert archive.testzip() is None
    assert archive.namelist() == [
        "认定书 甲.docx",
        "认定书 甲.pdf",
        "认定书 甲 (2).docx",
        "送达回证.docx",
        "送达回证.pdf",
    ]
    assert archive.read("认定书 甲 (2).docx") == b"2"
    assert all(info.flag_bits & UTF8_NAMES for info in archive.infolist())
    assert told == [1, 2, 3]
    assert b"".join(bundle(papers)) == content


def test_it_is_written_while_it_is_read() -> None:
    fetched: list[int] = []

    def papers() -> object:
        for at in range(50):
            fetched.append(at)
            yield Filed(f"{at}", bytes(1000))

    pieces = bundle(papers())  # type: ignore[arg-type]
    assert len(next(pieces)) >= 1000
    assert fetched == [0]


def test_nothing_to_pack_is_an_empty_archive() -> None:
    assert opened(b"".join(bundle([]))).namelist() == []


def test_what_a_paper_is_called() -> None:
    assert (
        stem_of("义自然资闲认〔2026〕1号", "闲置土地认定书", "甲/乙:公司")
        == "义自然资闲认〔2026〕1号 闲置土地认定书 甲 乙 公司"
    )
    assert stem_of("", "", "..") == "文书"


@given(st.lists(st.text(max_size=120), max_size=12))
def test_any_name_can_be_unpacked(stems: list[str]) -> None:
    stems = [stem.encode("utf-8", "ignore").decode() for stem in stems]
    names = opened(b"".join(bundle(Filed(stem, b"x") for stem in stems))).namelist()
    assert len({name.casefold() for name in names}) == len(stems)
    assert not any(name.startswith((".", "/")) or ".." in name.split("/") or "\\" in name for name in names)
