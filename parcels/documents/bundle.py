"""Many papers as one zip, written while it is read: Word and PDF side by side, names that a person can tell apart.

Refuses two entries of one name, paths inside names, and anything in the archive that depends on when it was made.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from parcels.documents.packing import entry

LONGEST_STEM = 80
Progress = Callable[[int], None]
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')


@dataclass(frozen=True, slots=True)
class Filed:
    """A paper to be packed; `stem` is its name without ending, which need not be unique."""

    stem: str
    docx: bytes
    pdf: bytes | None = None


def stem_of(number: str, title: str, subject: str) -> str:
    """义自然资闲认〔2026〕1号 闲置土地认定书 某公司: what a paper is called outside the system."""
    words = [_FORBIDDEN.sub(" ", word).strip(" .") for word in (number, title, subject)]
    return " ".join(word for word in words if word)[:LONGEST_STEM].rstrip(" .") or "文书"


def bundle(papers: Iterable[Filed], progress: Progress | None = None) -> Iterator[bytes]:
    """The zip in pieces; `progress` is told how many papers are in it. Equal papers, equal bytes."""
    out = _Pieces()
    used: set[str] = set()
    with zipfile.ZipFile(out, "w") as archive:
        for done, paper in enumerate(papers, start=1):
            stem = _unused(paper.stem, used)
            archive.writestr(entry(f"{stem}.docx", compressed=False), paper.docx)  # a zip already
            if paper.pdf is not None:
                archive.writestr(entry(f"{stem}.pdf"), paper.pdf)
            if progress is not None:
                progress(done)
            yield out.taken()
    yield out.taken()


def _unused(stem: str, used: set[str]) -> str:
    """File systems that don't tell capitals apart must be able to unpack it, too."""
    stem = _FORBIDDEN.sub(" ", stem).strip(" .")[:LONGEST_STEM] or "文书"
    name, again = stem, 1
    while name.casefold() in used:
        again += 1
        name = f"{stem} ({again})"
    used.add(name.casefold())
    return name


class _Pieces(io.RawIOBase):
    """What the archive writes, until it is fetched; it can't be gone back in, so zipfile doesn't try."""

    def __init__(self) -> None:
        super().__init__()
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._written += data
        return len(data)

    def taken(self) -> bytes:
        piece = bytes(self._written)
        self._written.clear()
        return piece
