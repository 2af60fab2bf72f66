"""What is due within 30 days and what is overdue on a day, by case, plan, task, file, officer and town; writes nothing."""

from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser

from landgis.access.rules import MANAGE_IDLE_CASES
from parcels.disposal.deadlines import SOON_DAYS, Due, by_officer_and_town, deadlines
from parcels.low_efficiency.deadlines import FileDue, file_duties
from parcels.management.base import DONE, LandgisCommand, day
from parcels.plans.deadlines import PlanDue, plan_duties
from parcels.tasks.queries import TaskDue, task_duties


class Command(LandgisCommand):
    help = "按日期检查闲置土地案件、一企一策和攻坚任务的期限"
    writes = False

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", required=True, type=day, help="检查日期，例如 2025-12-31")
        parser.add_argument("--days", type=int, default=SOON_DAYS, help="列出多少日内到期的（默认 30）")
        parser.add_argument("--officer", default="", help="只列某一经办账号的案件")
        parser.add_argument("--town", default="", help="只列某一镇街（代码）")

    def run(self, options: dict[str, Any]) -> int:
        county = self.county(options)
        actor = self.actor(options, county, MANAGE_IDLE_CASES)
        found = deadlines(
            county,
            actor,
            options["on"],
            within_days=options["days"],
            officer=options["officer"],
            town=options["town"],
        )
        plans = plan_duties(
            county,
            actor,
            options["on"],
            within_days=options["days"],
            officer=options["officer"],
            town=options["town"],
        )
        # Tasks and files are answered for by towns and the county: under an officer's name there are none.
        named = bool(options["officer"])
        within: dict[str, Any] = {"within_days": options["days"], "town": options["town"]}
        tasks = [] if named else task_duties(county, actor, options["on"], **within)
        # Their plans stand above.
        files = [] if named else file_duties(county, actor, options["on"], **within, with_plans=False)
        document = {
            "on": found.on,
            "due": [asdict(item) for item in found.due],
            "overdue": [asdict(item) for item in found.overdue],
            "paused": [asdict(item) for item in found.paused],
            "reminders": [asdict(item) for item in found.reminders],
            "plans": [asdict(item) for item in plans],
            "tasks": [_task_document(item) for item in tasks],
            "low_efficiency": [_file_document(item) for item in files],
            "summary": by_officer_and_town(found),
        }
        lines = [
            f"{found.on}：{options['days']} 日内到期 {len(found.due)} 项，逾期 {len(found.overdue)} 项，"
            f"中止计算 {len(found.paused)} 项，动工、竣工提醒 {len(found.reminders)} 项，一企一策事项 {len(plans)} 项，"
            f"攻坚任务 {len(tasks)} 项，高耗低效企业事项 {len(files)} 项。",
            *(_line("逾期", item) for item in found.overdue),
            *(_line("到期", item) for item in found.due),
            *(f"  提醒 {r.contract_no} 第 {r.phase_no} 期 {r.title} {r.due_on}，还有 {r.days_left} 日" for r in found.reminders),
            *(_plan_line(item) for item in plans),
            *(_task_line(item) for item in tasks),
            *(_file_line(item) for item in files),
        ]  # fmt: skip
        self.answer(options, document, lines)
        return DONE


def _line(word: str, item: Due) -> str:
    return f"  {word} {item.case} {item.title} {item.due_on}，{_left(item.days_left or 0)}（{item.officer}，{item.article}）"


def _plan_line(item: PlanDue) -> str:
    who = f"{item.officer}，{item.town_name or '未定镇街'}，▲{item.unit} {item.person}"
    return (
        f"  方案 {item.plan} {item.kind_title} {item.title} {item.due_on}，{_left(item.days_left)}（{who}）"
    )


def _task_document(item: TaskDue) -> dict[str, Any]:
    return {
        "task": item.task.task_no,
        "task_id": item.task.pk,
        "title": item.task.title,
        "lead_units": item.task.lead_units,
        "town_code": item.town_code,
        "town_name": item.town_name,
        "due_on": item.due_on,
        "days_left": item.days_left,
    }


def _task_line(item: TaskDue) -> str:
    return (
        f"  任务 {item.task.task_no} {item.task.title} {item.due_on}，{_left(item.days_left)}（{item.who}）"
    )


def _file_document(item: FileDue) -> dict[str, Any]:
    return {
        "file_no": item.file.file_no,
        "file_id": item.file.pk,
        "kind": item.kind,
        "title": item.title,
        "town_code": item.town_code,
        "town_name": item.town_name,
        "due_on": item.due_on,
        "days_left": item.days_left,
    }


def _file_line(item: FileDue) -> str:
    who = f"{item.file.enterprise.name}，{item.town_name or '未定镇街'}"
    return f"  高耗低效 {item.file.file_no} {item.kind_title} {item.title} {item.due_on}，{_left(item.days_left)}（{who}）"


def _left(days: int) -> str:
    return f"还有 {days} 日" if days >= 0 else f"已逾期 {-days} 日"
