"""PDF by the real LibreOffice: several in one run, A4, nothing left running, and clear words where it can't."""

import stat
from pathlib import Path

import pypdfium2
import pytest

from parcels.documents import pdf
from parcels.documents.facts import as_kept
from parcels.documents.pdf import PdfUnavailable, to_pdf
from parcels.documents.rendering import render
from tests.parcels.documents.papers import FULL
from tests.parcels.documents.test_rendering import shipped

A4 = (595, 842)


def test_several_in_one_run() -> None:
    kinds = ("finding", "service_receipt", "disposal_list")
    made = to_pdf([render(shipped(kind), as_kept(FULL)).docx for kind in kinds])
    opened = [pypdfium2.PdfDocument(content) for content in made]
    sizes = [tuple(round(side) for side in document[0].get_size()) for document in opened]
    assert sizes == [A4, A4, A4[::-1]]
    assert len(opened[1]) == 1
    texts = [document[0].get_textpage().get_text_bounded() for document in opened]
    assert "闲置土地认定书" in texts[0]
    assert "送达回证" in texts[1]
    assert "— 1 —" in texts[0]
    assert "不具法律效力" in texts[0]


def test_a_full_line_holds_twenty_eight_characters() -> None:
    """GB/T 9704: 22 lines of 28 characters a page."""
    long = "土" * 28 * 60
    made = pypdfium2.PdfDocument(to_pdf([render(shipped("finding"), as_kept({"statement": long})).docx])[0])
    pages = [page.get_textpage().get_text_bounded().splitlines() for page in made]
    full = [
        line for lines in pages for line in lines if set(line.strip()) == {"土"} and len(line.strip()) == 28
    ]
    assert len(full) >= 25
    assert max(sum("土" in line for line in lines) for lines in pages) == 22


def test_no_paper_needs_no_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "program", lambda: None)
    assert to_pdf([]) == []
    with pytest.raises(PdfUnavailable, match="没有 LibreOffice") as refused:
        to_pdf([b"x"])
    assert "libreoffice-writer-nogui" in refused.value.remedy


def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    path = tmp_path / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("LANDGIS_SOFFICE", str(path))


def test_a_program_that_hangs_is_ended_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(tmp_path, monkeypatch, f"sleep 60 & echo $! > {tmp_path}/child; wait")
    with pytest.raises(PdfUnavailable, match="超过 1 秒"):
        to_pdf([b"x"], seconds=1)
    status = Path("/proc") / (tmp_path / "child").read_text().strip() / "stat"
    assert not status.exists() or ") Z " in status.read_text()


def test_a_program_that_makes_nothing_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, monkeypatch, "echo source file could not be loaded >&2")
    with pytest.raises(PdfUnavailable, match=r"第 1、2 个文书.*could not be loaded"):
        to_pdf([b"x", b"y"])


def test_a_program_that_cannot_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LANDGIS_SOFFICE", str(tmp_path / "absent"))
    with pytest.raises(PdfUnavailable, match="不能启动"):
        to_pdf([b"x"])
