"""Writes every shipped template into data/templates/documents, byte for byte the same on every machine.

Refuses to leave a kind without a template, or a template without a kind.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from parcels.documents.building import (
    control_line,
    decisions,
    investigation,
    lists,
    oversight,
    patrol,
    reports,
    settlement,
)
from parcels.documents.building.paper import Paper
from parcels.documents.kinds import KINDS, file_name

FOLDER = Path(__file__).resolve().parents[3] / "data" / "templates" / "documents"
LANDSCAPE = {"disposal_list", "progress_report"}

_MODULES = (patrol, investigation, settlement, decisions, lists, reports, oversight, control_line)


def build(kind: str) -> bytes:
    """The template of one kind."""
    written: Callable[[Paper], None] = next(
        getattr(module, kind) for module in _MODULES if hasattr(module, kind)
    )
    paper = Paper(KINDS[kind], landscape=kind in LANDSCAPE)
    written(paper)
    return paper.docx()


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        (FOLDER / file_name(kind)).write_bytes(build(kind))
    print(f"{len(KINDS)} templates in {FOLDER}")


if __name__ == "__main__":
    main()
