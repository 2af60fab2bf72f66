"""Giving a parameter its next version on a document, and withdrawing one that isn't in force yet.

Refuses a value of another kind, a basis without its paper, and a statutory value changed without naming the article.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_COUNTY, MANAGE_IDLE_CASES
from landgis.counties.catalogue import CERTAINTY_TITLES
from landgis.counties.models import County, Parameter
from landgis.counties.succession import Successor, Upload, add_version, withdraw_version
from landgis.counties.value_kinds import Unfit
from landgis.lib.errors import Conflict, FieldErrors, Forbidden, InputError
from parcels.cadastre.papers import read_paper
from parcels.parameters.queries import Listed, may_change, one
from parcels.parameters.rules import article_of, names_article, officer_may

LONGEST = 1000


class Asked(NamedTuple):
    """A successor as it was typed in; `confirmed` names the article where the law sets the value."""

    value: str
    valid_from: date
    basis: str
    certainty: str
    reason: str
    follows: int
    confirmed: str = ""
    backdated: bool = False


def succeed(
    *, county: County, actor: Actor, key: str, asked: Asked, file_name: str, content: bytes, today: date
) -> Parameter:
    """The next version of the parameter, with its paper; all that is wrong is told at once."""
    row = one(county, key, today)
    require_change(actor, row)
    value = checked(row, asked, today)
    paper = read_paper(content, file_name)
    wanted = Successor(
        key=key, value=value, valid_from=asked.valid_from, basis=asked.basis.strip(), certainty=asked.certainty,
        reason=asked.reason.strip(), follows=asked.follows,
        paper=Upload(file_name[-200:] or "依据文件", paper.media_type, content),
    )  # fmt: skip
    return add_version(county, wanted, by=actor.username)


def withdraw(*, county: County, actor: Actor, key: str, number: int, reason: str, today: date) -> None:
    """Take back a version before its first day."""
    row = one(county, key, today)
    require_change(actor, row)
    if not reason.strip():
        raise InputError("reason_missing", "请填写撤回原因。", field="reason")
    if number not in {version.pk for version in row.versions}:
        raise Conflict("没有这一版本，可能已经撤回。", remedy="请刷新页面。")
    withdraw_version(county, number, by=actor.username, today=today, reason=reason.strip())


def require_change(actor: Actor, row: Listed) -> None:
    """Raise unless the actor may change the parameter, and say who may."""
    if row.item.kind is None:
        raise Conflict(
            f"“{row.item.title}”不供规则读取，不能在页面修改。",
            remedy="请在县域配置文件中修改后运行 load_county。",
        )
    if may_change(actor, row):
        return
    by_officer = officer_may(row.item.key, row.statutory)
    actor.require_whole_county(MANAGE_IDLE_CASES if by_officer else MANAGE_COUNTY)
    raise Forbidden("您没有修改这一参数的权限。", remedy="请联系系统管理员。")


def checked(row: Listed, asked: Asked, today: date) -> Any:
    """The value that the text means; raises FieldErrors with everything that keeps the version from being entered."""
    wrong: list[dict[str, str]] = []
    value = None
    try:
        assert row.item.kind is not None
        value = row.item.kind.read(asked.value)
    except Unfit as error:
        wrong.append({"field": "value", "message": f"{row.item.title}：{error}"})
    for name, title, text in (("basis", "依据文件", asked.basis), ("reason", "修改原因", asked.reason)):
        if not text.strip():
            wrong.append({"field": name, "message": f"请填写{title}。"})
        elif len(text) > LONGEST:
            wrong.append({"field": name, "message": f"{title}不能超过 {LONGEST} 字。"})
    if asked.certainty not in CERTAINTY_TITLES:
        wrong.append({"field": "certainty", "message": "请选择依据的性质。"})
    if asked.valid_from <= today and not asked.backdated:
        message = (
            f"施行日期 {asked.valid_from} 不晚于今天，会改变已经适用的规则；确需追溯的，请勾选“追溯施行”。"
        )
        wrong.append({"field": "backdated", "message": message})
    if row.statutory and row.newest and not names_article(asked.confirmed, _law(row).basis):
        message = f"这是法条规定的值，请照录“{article_of(_law(row).basis)}”确认修改。"
        wrong.append({"field": "confirmed", "message": message})
    if row.newest and not wrong and value == row.newest.value:
        wrong.append({"field": "value", "message": "新的值与最新版本相同，不必修改。"})
    if wrong:
        raise FieldErrors(wrong)
    return value


def article_to_name(row: Listed) -> str:
    """The article that has to be named to change the parameter; "" where none has."""
    return article_of(_law(row).basis) if row.statutory else ""


def _law(row: Listed) -> Parameter:
    return next(version for version in reversed(row.versions) if version.certainty == "law")
