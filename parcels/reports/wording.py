"""A figure of a report in words: two decimals for 亩, whole counts, titles for codes, “—” for what isn't known.

Refuses to round what is kept: only what is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from landgis.lib.units import rounded
from parcels.campaigns.rules import OUTLOOKS
from parcels.reports.rules import BY_KEY, LIGHTS, MEASURED, Figure

MISSING = "—"
_CODES: dict[str, Mapping[str, str]] = {"light": LIGHTS, "outlook": OUTLOOKS}
# Why a figure that belongs on the report isn't there; said under the table where a town lacks it.
GAPS = {
    "energy_tce": "上年用能：没有上一年度年报，或不足保密家数、一家占绝大部分，不列",
    "firms_ended_mu": "高耗低效销号亩数：没有销号、关停的企业，或不足保密家数、一家占绝大部分，不列",
    "firms_kwh": "高耗低效本期用电：没有填报，或不足保密家数、一家占绝大部分，不列",
    "remediation_target_mu": "低效用地目标：截止日没有现行目标，或尚未分解到该镇街",
    "revitalisation_target_mu": "盘活目标：截止日没有现行目标，或尚未分解到该镇街",
}


def shown(key: str, value: str | None) -> str:
    """The figure as it stands on a page or a paper, without its unit but the percent sign."""
    titles = _CODES.get(key.rsplit("_", 1)[-1])
    if value is None or titles is not None:
        return MISSING if value is None or titles is None else titles.get(value, value)
    return measured(BY_KEY[key], value)


def told(figure: Figure, value: str | None) -> str:
    """A figure of a row or of the frame."""
    return shown(figure.key, value) if figure.key in BY_KEY else measured(figure, value)


def measured(figure: Figure, value: str | None) -> str:
    """A figure of any kind, also one that a plan names: two decimals where it is measured, as it is where it is counted."""
    if value is None:
        return MISSING
    if figure.unit in MEASURED:
        text = f"{rounded(Decimal(value), 2):,.2f}"
        return f"{text}%" if figure.unit == "%" else text
    return f"{Decimal(value):,f}" if figure.key.startswith("count.") else value


def gaps(figures: Mapping[str, str | None], besides: str = "-") -> list[str]:
    """What to say of the figures that a row lacks, `besides` those whose keys begin so."""
    return [told for key, told in GAPS.items() if figures.get(key) is None and not key.startswith(besides)]
