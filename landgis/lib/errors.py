"""The errors that landgis raises on purpose, each with the words a person can act on.

Refuses to carry a stack trace or a database's own words to a screen: whoever raises one says what is wrong and what to do.
"""

from collections.abc import Mapping, Sequence


class LandgisError(Exception):
    """Base of all deliberate errors: `code` for programs, `message` and `remedy` (Chinese) for people."""

    status = 500
    code = "error"

    def __init__(self, message: str, *, code: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.code = code or self.code
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}{' ' if self.remedy else ''}{self.remedy}"

    def as_json(self) -> dict[str, object]:
        return {"code": self.code, "message": self.message, "remedy": self.remedy}


class InputError(LandgisError):
    """What was handed in can't be used: names the row (1-based data row) and the field where there is one."""

    status = 422
    code = "input_invalid"

    def __init__(
        self, code: str, message: str, remedy: str = "", *, row: int | None = None, field: str = ""
    ) -> None:
        super().__init__(message, code=code, remedy=remedy)
        self.row = row
        self.field = field

    def as_json(self) -> dict[str, object]:
        return super().as_json() | {"row": self.row, "field": self.field}


class FieldErrors(InputError):
    """Several fields of what was handed in can't be used: every one of them is told, the first in the message."""

    code = "values_invalid"

    def __init__(self, issues: Sequence[Mapping[str, str]], remedy: str = "请按各项提示改正后重试。") -> None:
        first = issues[0]
        super().__init__(self.code, first["message"], remedy, field=first["field"])
        self.issues = [dict(issue) for issue in issues]

    def as_json(self) -> dict[str, object]:
        return super().as_json() | {"issues": self.issues}


class Forbidden(LandgisError):
    """The person has no right to this; what they lack is named."""

    status = 403
    code = "forbidden"


class NotFound(LandgisError):
    """There is no such thing, or not for this person."""

    status = 404
    code = "not_found"


class Conflict(LandgisError):
    """What stands on record doesn't allow it now."""

    status = 409
    code = "conflict"


class Outdated(LandgisError):
    """What the person decided on has been changed by somebody else meanwhile."""

    status = 412
    code = "version_conflict"


class UsageError(LandgisError):
    """A command or request was called with the wrong words."""

    status = 400
    code = "usage"
