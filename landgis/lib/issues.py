"""What is wrong with one row of something handed in: the row, the field and the words to act on.

Refuses to decide what happens to the row: readers report, the import that called them accepts or rejects.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from landgis.lib.errors import InputError

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Issue:
    """`row` is the 1-based data row; 0 means the file as a whole."""

    row: int
    code: str
    field: str
    message: str
    severity: Severity = "error"

    @classmethod
    def of(cls, error: InputError) -> Issue:
        """What was refused as a whole, as an issue of the file or of the row it names."""
        return cls(error.row or 0, error.code, error.field, str(error))

    def as_json(self) -> dict[str, object]:
        return {
            "row": self.row,
            "code": self.code,
            "field": self.field,
            "message": self.message,
            "severity": self.severity,
        }
