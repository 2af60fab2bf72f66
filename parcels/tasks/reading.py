"""A plan's task list as data: `tasks.toml` beside a county's profile.

Refuses a file that isn't TOML and a task that says what nobody reads.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from landgis.lib.errors import InputError
from parcels.tasks.actions import FACTS


def read_tasks(path: Path) -> list[dict[str, Any]]:
    """The listed tasks with the plan's basis and term; raises InputError naming the task that is wrong."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            "tasks_unreadable", f"{path.name} 不是有效的 UTF-8 TOML：{error}", "请修正后重新载入。"
        ) from None
    plan = {name: data[name] for name in ("basis", "valid_from", "valid_to") if name in data}
    found = []
    for number, stated in enumerate(data.get("tasks", []), 1):
        unread = sorted(set(stated) - {*FACTS, "article"})
        if unread:
            told = f"{path.name} 第 {number} 项任务有不认识的内容：{'、'.join(unread)}。"
            raise InputError("task_unknown_fact", told, f"可用的有：{'、'.join(FACTS)}。", row=number)
        task = {**plan, **stated}
        if article := task.pop("article", ""):
            task["basis"] = f"{task.get('basis', '')} {article}".strip()
        found.append(task)
    return found
