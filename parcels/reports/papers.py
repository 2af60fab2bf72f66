"""A report's content as the facts of its paper: the summary in sentences, and the table by town.

Refuses to look anything up: what stands on the paper is what is frozen.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from parcels.campaigns.rules import LEDGERS
from parcels.reports.queries import Content
from parcels.reports.rules import KINDS, WHOLE
from parcels.reports.wording import MISSING, gaps, shown

_AS_THEY_ARE = (
    "listed", "agreements", "agreement_rate", "closed", "closed_rate", "new_listed", "idle", "idle_mu", "idle_new",
    "idle_disposed", "overdue_starts", "overdue_tasks",
)  # fmt: skip


def paper_facts(content: Content, issue_no: str, sha256: str, corrects: str) -> dict[str, Any]:
    """The facts by the keys of the papers' vocabulary."""
    heading = content.heading
    whole = content.row(WHOLE)
    figures = whole["figures"] if whole else {}
    # The paper's tables have no columns of 高耗低效 firms: the summary tells of them.
    missing = dict.fromkeys(told for row in content.towns for told in gaps(row["figures"], besides="firms_"))
    return {
        "report_kind": KINDS[heading["kind"]],
        "issue_no": issue_no,
        "corrects_issue": corrects,
        "as_of": date.fromisoformat(heading["on"]),
        "report_first": date.fromisoformat(heading["first"]),
        "fact_hash": sha256,
        "report_rules": "、".join(sorted(heading["rule_versions"].values())),
        "report_targets": targets_told(content) or MISSING,
        "report_summary": "\n".join(summary(heading, figures)),
        "report_gaps": f"“{MISSING}”：{'；'.join(missing)}。" if missing else "各列数据齐全。",
        "progress": [_row(row) for row in content.towns],
    }


def targets_told(content: Content) -> str:
    """The documents that the targets stand on, with the last day of a plan that has ended."""
    on = content.heading["on"]
    told = dict.fromkeys(
        one["basis"] + (f"（{one['last']} 任务期满）" if one["last"] and one["last"] < on else "")
        for one in content.heading["targets"].values()
        if one["basis"]
    )
    return "、".join(told)


def summary(heading: Mapping[str, Any], figures: Mapping[str, str | None]) -> list[str]:
    """The county's figures in sentences, one for each subject."""
    told = [
        f"截至{_day(heading['on'])}，{heading['county_name']}列入整治提升清单 {_of(figures, 'listed')} 个，"
        f"签订监管协议 {_of(figures, 'agreements')} 个，销号 {_of(figures, 'closed')} 个，"
        f"本期新增 {_of(figures, 'new_listed')} 个。"
    ]
    if (figures.get("firms_listed") or "0") != "0":
        kwh = "" if figures.get("firms_kwh") is None else f"，本期用电 {_of(figures, 'firms_kwh')} 千瓦时"
        told.append(
            f"高耗低效企业：清单 {_of(figures, 'firms_listed')} 家，签订监管协议 {_of(figures, 'firms_agreements')} 家"
            f"（{_of(figures, 'firms_agreement_rate')}），销号、关停 {_of(figures, 'firms_ended')} 家"
            f"（{_of(figures, 'firms_ended_rate')}），本期新增 {_of(figures, 'firms_new')} 家{kwh}。"
        )
    for ledger, title in LEDGERS.items():
        target = figures.get(f"{ledger}_target_mu")
        if target is None:
            told.append(f"{title}：已入账 {_of(figures, f'{ledger}_mu')} 亩，截止日没有现行目标。")
            continue
        last = heading["targets"][ledger]["last"]
        if last and last < heading["on"]:
            after = figures.get(f"{ledger}_after_mu") or "0"
            late = f"，期满后入账 {_of(figures, f'{ledger}_after_mu')} 亩" if after != "0" else ""
            told.append(
                f"{title}：任务期已于{_day(last)}届满，目标 {_of(figures, f'{ledger}_target_mu')} 亩，"
                f"完成 {_of(figures, f'{ledger}_mu')} 亩（{_of(figures, f'{ledger}_rate')}），"
                f"{_of(figures, f'{ledger}_outlook')}{late}。"
            )
            continue
        reached = figures.get(f"{ledger}_reached_on")
        expected = f"，按现有速度预计 {_day(reached)}完成" if reached else ""
        told.append(
            f"{title}：目标 {_of(figures, f'{ledger}_target_mu')} 亩，完成 {_of(figures, f'{ledger}_mu')} 亩"
            f"（{_of(figures, f'{ledger}_rate')}），序时应完成 {_of(figures, f'{ledger}_due_mu')} 亩，"
            f"{_of(figures, f'{ledger}_outlook')}{expected}。"
        )
    told.append(
        f"闲置土地：在办 {_of(figures, 'idle')} 宗 {_of(figures, 'idle_mu')} 亩，本期新立案 {_of(figures, 'idle_new')} 宗，"
        f"已处置 {_of(figures, 'idle_disposed')} 宗；疑似闲置 {_of(figures, 'suspected')} 宗，"
        f"逾期未动工 {_of(figures, 'overdue_starts')} 宗，"
        f"逾期事项 {_of(figures, 'overdue_tasks')} 项。"
    )
    return told


def _row(row: Mapping[str, Any]) -> dict[str, str]:
    figures = row["figures"]
    told = {
        "row_name": row["name"] if row["code"] != WHOLE else f"{row['name']}合计",
        "energy": _of(figures, "energy_tce"),
        "place": _of(figures, "rank"),
        **{key: _of(figures, key) for key in _AS_THEY_ARE},
    }
    for ledger in LEDGERS:
        for fact, key in (("target", "target_mu"), ("done", "mu"), ("rate", "rate"), ("light", "light")):
            told[f"{ledger}_{fact}"] = _of(figures, f"{ledger}_{key}")
    return told


def _of(figures: Mapping[str, str | None], key: str) -> str:
    return shown(key, figures.get(key))


def _day(text: str) -> str:
    year, month, day = text.split("-")
    return f"{year}年{int(month)}月{int(day)}日"
