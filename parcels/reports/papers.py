"""A report's content as the facts of its paper: the summary in sentences, and the table by town.

Refuses to look anything up: what stands on the paper is what is frozen.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from parcels.campaigns.rules import LEDGERS, OUTLOOKS
from parcels.reports.frame import COUNTS, LINE, SUPPLY, VERDICTS
from parcels.reports.queries import Content
from parcels.reports.rules import KINDS, LIGHTS, UNPLACED, WHOLE, Figure
from parcels.reports.wording import MISSING, gaps, measured, shown

_AS_THEY_ARE = (
    "listed", "agreements", "agreement_rate", "closed", "closed_rate", "new_listed", "idle", "idle_mu", "idle_new",
    "idle_disposed", "overdue_starts", "overdue_tasks",
)  # fmt: skip
_SUPPLY = (
    "supply_mu",
    "supply_industrial_mu",
    "supply_unclassified_mu",
    "supply_share",
    "line_other",
    "line_other_mu",
)
_PERCENT, _DUE = Figure("rate", "", "%", ""), Figure("due", "", "亩", "")  # both are told to two decimals
LATEST_VERSIONS = 12  # on the paper; the workbook and the page have them all


class CountRow(NamedTuple):
    """One of the plan's other counts, of the county or a town, as it is shown."""

    title: str
    unit: str
    basis: str
    town_code: str
    town: str
    target: str
    done: str
    rate: str
    due: str
    light: str
    outlook: str


class LineRow(NamedTuple):
    """A movement of the control line as it is shown: 亩."""

    on: str
    what: str
    adjustment: str
    came: str
    left: str
    total: str


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
        "other_counts": [
            {
                "title": f"{row.title}（{row.unit}）" if row.unit else row.title, "target": row.target, "done": row.done,
                "rate": row.rate, "due": row.due, "light": row.light, "outlook": row.outlook,
            }
            for row in count_rows(content)
            if row.town_code == WHOLE
        ],
        "supply_rows": [
            {"row_name": _name(row), **{key: _of(row["figures"], key) for key in _SUPPLY}}
            for row in content.towns
            if any(figures.get(key) not in (None, "0") for key in _SUPPLY)  # a county of zeros is told in a sentence
        ],
        "line_versions": [row._asdict() for row in line_rows(heading)[-LATEST_VERSIONS:]],
    }  # fmt: skip


def count_rows(content: Content) -> list[CountRow]:
    """The plan's other counts: of each the county's row, then its towns'."""
    names = {row["code"]: row["name"] for row in content.towns} | {UNPLACED: "县级及其他"}
    found = []
    for count in content.heading.get(COUNTS) or ():
        unit = Figure("count.", "", count["unit"], "")
        for code, told in sorted(
            count["towns"].items(), key=lambda one: (one[0] != WHOLE, one[0] == UNPLACED, one[0])
        ):
            reached = (
                f"，预计{_day(told['reached_on'])}"
                if told["reached_on"] and told["outlook"] != "reached"
                else ""
            )
            found.append(
                CountRow(
                    count["title"], count["unit"], count["basis"], code, names.get(code, code),
                    measured(unit, told["target"]), measured(unit, told["done"]),
                    measured(_PERCENT, told["rate"]), measured(_DUE, told["due"]),
                    LIGHTS[told["light"]], OUTLOOKS[told["outlook"]] + reached,
                )
            )  # fmt: skip
    return found


def line_rows(heading: Mapping[str, Any]) -> list[LineRow]:
    """What moved the control line up to the day, the oldest first."""
    rows = (heading.get(LINE) or {}).get("versions") or ()
    return [
        LineRow(
            row["on"],
            row["what"],
            row["adjustment"] or MISSING,
            _mu(row["in_mu"]),
            _mu(row["out_mu"]),
            _mu(row["total_mu"]),
        )
        for row in rows
    ]


def line_told(heading: Mapping[str, Any]) -> list[str]:
    """The control line in a sentence; nothing where an issue doesn't know it."""
    line = heading.get(LINE)
    if not line:
        return []
    retained = (
        "，未设保有量"
        if line["retained_mu"] is None
        else f"，保有量 {_mu(line['retained_mu'])} 亩，高于保有量 {_mu(line['spare_mu'])} 亩"
    )
    return [
        f"工业用地控制线：台账面积 {_mu(line['total_mu'])} 亩（图上 {line['pieces']} 块 {_mu(line['drawn_mu'])} 亩）{retained}，"
        f"占补结余 {_mu(line['balance_mu'])} 亩，其中可用 {_mu(line['banked_mu'])} 亩。"
    ]


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
    return [*told, *_counts_told(heading), *_supply_told(heading, figures), *_inside_told(heading, figures)]


def _counts_told(heading: Mapping[str, Any]) -> list[str]:
    parts = []
    for count in heading.get(COUNTS) or ():
        one, unit = count["towns"].get(WHOLE), Figure("count.", "", count["unit"], "")
        if one is None:
            continue
        aim = (
            "没有现行目标"
            if one["target"] is None
            else f"目标 {measured(unit, one['target'])} {count['unit']}"
        )
        rate = "" if one["rate"] is None else f"（{measured(_PERCENT, one['rate'])}）"
        outlook = "" if one["outlook"] == "unknown" else f"，{OUTLOOKS[one['outlook']]}"
        parts.append(
            f"{count['title']}{aim}，完成 {measured(unit, one['done'])} {count['unit']}{rate}{outlook}"
        )
    return [f"其他目标：{'；'.join(parts)}。"] if parts else []


def _supply_told(heading: Mapping[str, Any], figures: Mapping[str, str | None]) -> list[str]:
    supply = heading.get(SUPPLY)
    if not supply:
        return []
    if not supply["contracts"]:
        return [f"工业用地供应：{supply['year']}年截至本期没有已签订的出让合同。"]
    least = (
        "没有目标"
        if supply["least"] is None
        else f"目标不低于 {supply['least']}%，{VERDICTS[supply['verdict']]}"
    )
    left = "" if figures.get("supply_unclassified_mu") in (None, "0") else (
        f"，未归类 {_of(figures, 'supply_unclassified_mu')} 亩"
    )  # fmt: skip
    without = f"，{supply['without_area']} 份合同没有面积" if supply["without_area"] else ""
    return [
        f"工业用地供应：{supply['year']}年签订出让合同 {supply['contracts']} 份、{_of(figures, 'supply_mu')} 亩，"
        f"其中工业用地 {_of(figures, 'supply_industrial_mu')} 亩{left}{without}，占 {_of(figures, 'supply_share')}（{least}）。"
    ]


def _inside_told(heading: Mapping[str, Any], figures: Mapping[str, str | None]) -> list[str]:
    told = line_told(heading)
    inside = f"线内非工业用地 {_of(figures, 'line_other')} 宗 {_of(figures, 'line_other_mu')} 亩。"
    return [told[0] + inside] if told else []


def _row(row: Mapping[str, Any]) -> dict[str, str]:
    figures = row["figures"]
    told = {
        "row_name": _name(row),
        "energy": _of(figures, "energy_tce"),
        "place": _of(figures, "rank"),
        **{key: _of(figures, key) for key in _AS_THEY_ARE},
    }
    for ledger in LEDGERS:
        for fact, key in (("target", "target_mu"), ("done", "mu"), ("rate", "rate"), ("light", "light")):
            told[f"{ledger}_{fact}"] = _of(figures, f"{ledger}_{key}")
    return told


def _name(row: Mapping[str, Any]) -> str:
    return row["name"] if row["code"] != WHOLE else f"{row['name']}合计"


def _mu(value: str | None) -> str:
    return measured(Figure("mu", "", "亩", ""), value)


def _of(figures: Mapping[str, str | None], key: str) -> str:
    return shown(key, figures.get(key))


def _day(text: str) -> str:
    year, month, day = text.split("-")
    return f"{year}年{int(month)}月{int(day)}日"
