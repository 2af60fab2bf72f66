"""An officer at the pages of a case: what is entered, issued and downloaded there, by the names that the pages show.

Refuses to enter anything beside the pages: every step, paper and receipt goes through its form.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from docx import Document
from playwright.sync_api import Locator, Page, expect

from tests.parcels.disposal.walks import CLOSING, FACTS

UNFILLED = re.compile(r"\{\{|\}\}|\{%|None|nan\b|Decimal|\b0E")


class CaseDesk:
    """A page on a case; `papers` keeps the Word files that were downloaded, by their kind."""

    def __init__(self, page: Page, kept: Path) -> None:
        self.page, self.kept = page, kept
        self.papers: dict[str, str] = {}

    def open(self, contract_no: str, on: date) -> None:
        """Make a case of the suspicion of a contract."""
        row = self.page.locator("tr", has_text=contract_no)
        row.get_by_role("link", name="立案", exact=True).click()
        self.page.fill("#id_on", str(on))
        self.page.get_by_role("button", name="立案").click()
        expect(self.page.locator("#state")).to_contain_text("发现疑似闲置")

    def on(self, day: date) -> None:
        """Ask the page what the day allows."""
        if self.page.locator("#next-on").input_value() != str(day):
            self.page.fill("#next-on", str(day))
            self.page.get_by_role("button", name="查看").click()

    def step(self, stage: str, on: date, **facts: Any) -> None:
        """Enter a step; `service:stage` serves the last paper of that stage."""
        code, _, of = stage.partition(":")
        self.on(on)
        form = self.page.locator(f"#stage-{code}")
        form.locator("summary").click()
        stated: dict[str, Any] = dict(FACTS.get(code, {}))
        if code == "service":
            stated = {"how": "direct", "receiver": "使用权人", "evidence": "回证"}
            title = self.page.locator(f'[name="{code}-fact_of"] option', has_text=of).last
            stated["of"] = title.get_attribute("value")
        if code == "closed":
            stated = dict(CLOSING)
        form.locator(f'[name="{code}-on"]').fill(str(on))
        number = facts.pop("document_no", "")
        if number:
            form.locator(f'[name="{code}-document_no"]').fill(number)
        for name, value in (stated | facts).items():
            if value is None:  # the form begins with what the paper says
                expect(form.locator(f'[name="{code}-fact_{name}"]')).not_to_have_value("")
            else:
                _write(form.locator(f'[name="{code}-fact_{name}"]'), value)
        before = self.page.locator(".case-steps > li").count()
        form.get_by_role("button").click()
        expect(self.page.locator(".case-steps > li")).to_have_count(before + 1)

    def issue(self, kind: str, title: str, on: date, facts: Mapping[str, str] | None = None) -> str:
        """Issue a paper, download its Word file and return what it says."""
        self.on(on)
        self.page.get_by_role("link", name=f"出具{title}", exact=True).click()
        for name, value in (facts or {}).items():
            _write(self.page.locator(f'[name="{name}"]'), value)
        self.page.get_by_role("button", name="出具并编号").click()
        listed = self.page.locator(".case-papers > li", has_text=title).last
        with self.page.expect_download() as download:
            listed.get_by_role("link", name="Word").click()
        path = self.kept / f"{len(self.papers):02d}_{kind}.docx"
        download.value.save_as(path)
        self.papers[kind] = _said(path)
        return self.papers[kind]

    def archive(self) -> list[str]:
        """The names in the archive of all papers."""
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name="全部下载（zip）").click()
        with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as packed:
            assert packed.testzip() is None
            return packed.namelist()


def _write(field: Locator, value: Any) -> None:
    if isinstance(value, bool):
        field.set_checked(value)
    elif field.evaluate("field => field.tagName") == "SELECT":
        field.select_option(value)
    else:
        field.fill(str(value))


def _said(path: Path) -> str:
    """Every text of a Word file, head and foot with it; none of it may be a placeholder that nobody filled."""
    word = Document(str(path))
    parts = [
        word.element.body,
        *(part._element for section in word.sections for part in (section.header, section.footer)),
    ]
    text = "".join(node.text or "" for part in parts for node in part.iter() if node.tag.endswith("}t"))
    assert not UNFILLED.search(text), (path.name, UNFILLED.search(text))
    return text
