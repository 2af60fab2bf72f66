"""What a paper is worth nothing without, and where a job stands.

Refuses a paper whose heart is missing: a gap in a decision's amount isn't filled in by hand for several hundred at once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

Phase = Literal["checking", "checked", "issuing", "pdf", "finished"]

STATE_TITLES = {
    "waiting": "待核对",
    "ready": "可以出具",
    "refused": "不能出具",
    "issued": "已出具",
    "failed": "出具失败",
}
MOST_ITEMS = 3000
# What most papers do without: the red head, copies, annexes.
OPTIONAL = ("letterhead", "copies_to", "attachments")
# By the keys of the documents' vocabulary; every paper needs the holder.
HOLDER = ("holder",)
ESSENTIAL: Mapping[str, tuple[str, ...]] = {
    "finding": ("facts_found", "finding_kind"),
    "disclosure": ("location", "agreed_start"),
    "government_letter": ("government_body",),
    "mortgagee_notice": ("mortgagee", "mode"),
    "scheme": ("mode", "scheme", "facts_found"),
    "scheme_request": ("mode", "mode_article", "finding_no"),
    "supplement": ("new_start", "approval_no"),
    "temporary_use": ("temporary_from", "temporary_to", "approval_no"),
    "paid_return": ("approval_no", "compensation"),
    "swap": ("approval_no", "swap_location", "swap_price"),
    "hearing_right": ("proposed_decision", "mode_article"),
    "hearing_notice": ("hearing_at", "hearing_place"),
    "fee_decision": ("fee_base", "fee_amount", "approval_no"),
    "repossession_decision": ("approval_no",),
    "service_receipt": ("served_paper", "served_to"),
    "cancellation_notice": ("decision_no", "decision_served_on"),
    "dunning": ("decision_no", "decision_served_on", "obligation"),
    "court_application": ("decision_no", "dunning_no", "dunning_served_on", "obligation"),
    "closing": ("finding_no",),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How many items are in which state, and how many papers have or lack their PDF."""

    counts: Mapping[str, int]
    confirmed: bool
    pdf_left: int = 0

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def phase(self) -> Phase:
        if self.counts.get("waiting"):
            return "checking"
        if not self.confirmed:
            return "checked"
        if self.counts.get("ready"):
            return "issuing"
        return "pdf" if self.pdf_left else "finished"

    @property
    def done(self) -> int:
        """Of the phase that runs: items checked, items dealt with, or papers that have their PDF."""
        match self.phase:
            case "checking":
                return self.total - self.counts.get("waiting", 0)
            case "issuing":
                return self.total - self.counts.get("ready", 0)
            case "pdf":
                return self.counts.get("issued", 0) - self.pdf_left
            case _:
                return self.total

    @property
    def of(self) -> int:
        return self.counts.get("issued", 0) if self.phase == "pdf" else self.total

    @property
    def running(self) -> bool:
        return self.phase in ("checking", "issuing", "pdf")

    def as_json(self) -> dict[str, object]:
        return {
            "phase": self.phase,
            "done": self.done,
            "of": self.of,
            "counts": {state: self.counts.get(state, 0) for state in STATE_TITLES},
            "pdf_left": self.pdf_left,
            "running": self.running,
        }


def absent(kind: str, known: Collection[str]) -> list[str]:
    """The keys of the facts that a paper of this kind can't do without and that aren't known."""
    return [key for key in (*HOLDER, *ESSENTIAL.get(kind, ())) if key not in known]
