"""What a field report says, what doesn't fit together in it, and what is told about where and when its photos were taken.

Refuses to trust a photo silently: one without place or time is told just as one that was taken elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parcels.supply.rules import FOUNDATIONS, Field, field_issues

BUILDING = {"none": "未动工", "going": "正在施工", "stopped": "停工", "done": "已竣工"}
OUTCOMES = {"accepted": "已采纳", "returned": "已退回", "withdrawn": "已撤回"}
FILED = "filed"
STATES = {FILED: "待审核", **OUTCOMES}
PLACE_SOURCES = {"typed": "填写", "photo": "取自照片"}
MOST_PHOTOS = 30

Values = Mapping[str, Any]
Issue = dict[str, str]

FIELDS = (
    Field("visited_on", "核查日期", "date", required=True),
    Field("building", "施工情况", required=True, choices=tuple(BUILDING)),
    Field("last_built_on", "最后施工日期", "date"),
    Field("foundation_kind", "基础类型", choices=tuple(FOUNDATIONS)),
    Field("foundation_done", "基础已完成量", "number"),
    Field("foundation_total", "基础总量", "number"),
    Field("invested_wan", "累计已投资（万元）", "number"),
    Field("developed_area_m2", "已开发面积（平方米）", "number"),
    Field("remarks", "现场情况说明"),
)
_FOUNDATION = ("foundation_kind", "foundation_done", "foundation_total")


@dataclass(frozen=True, slots=True)
class PhotoLimits:
    """From how far away, and how many days apart from the visit, a photo is told; `near_m` also serves the stated place."""

    near_m: float
    days: int

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> PhotoLimits:
        return cls(float(values["field_reports.photo_near_m"]), int(values["field_reports.photo_days"]))


def issues_of(values: Values, today: date) -> Iterator[Issue]:
    """Everything that keeps `values` from being a report filed today, each with its field."""
    found = False
    for field in FIELDS:
        for issue in field_issues(field, values.get(field.name)):
            found = True
            yield issue
    if found:
        return
    for wrong, name, message in _CHECKS:
        if wrong(values, today):
            yield {"field": name, "message": f"{message}。"}


def photo_remarks(
    *,
    distance_m: float | None,
    has_place: bool,
    shifted_m: float | None,
    taken_at: datetime | None,
    visited_on: date,
    filed_at: datetime,
    limits: PhotoLimits,
    used_in: str = "",
) -> tuple[str, ...]:
    """What an officer is told of a photo. `shifted_m`: the distance if the place were GCJ-02; `used_in`: another report."""
    return tuple(
        _of_place(distance_m, has_place, shifted_m, limits.near_m)
    ) + tuple(_of_time(taken_at, visited_on, filed_at, limits.days)) + (
        (f"同一照片已用于{used_in}，请核实是否为本次拍摄",) if used_in else ()
    )  # fmt: skip


def place_remark(distance_m: float | None, limits: PhotoLimits) -> tuple[str, ...]:
    """What is told of the place that was stated for the report itself."""
    if distance_m is None or distance_m <= limits.near_m:
        return ()
    return (f"填报位置距宗地约 {distance_m:.0f} 米，超过 {limits.near_m:g} 米，请核对坐标",)


def _of_place(
    distance_m: float | None, has_place: bool, shifted_m: float | None, near_m: float
) -> Iterator[str]:
    if not has_place:
        yield "照片没有拍摄位置，无法核对是否在现场拍摄"
    elif distance_m is None:
        yield "没有对应的登记宗地图形，拍摄位置无从核对"
    elif distance_m > near_m:
        told = f"拍摄位置距宗地约 {distance_m:.0f} 米，超过 {near_m:g} 米"
        if shifted_m is not None and shifted_m <= near_m:
            told += f"（如按互联网地图坐标 GCJ-02 去偏，约 {shifted_m:.0f} 米，可能是拍照软件写入了偏移坐标）"
        yield f"{told}，请核实"


def _of_time(taken_at: datetime | None, visited_on: date, filed_at: datetime, days: int) -> Iterator[str]:
    if taken_at is None:
        yield "照片没有拍摄时间，无法核对是否为核查当日拍摄"
        return
    if taken_at > filed_at:
        yield f"照片的拍摄时间 {taken_at:%Y-%m-%d %H:%M} 晚于填报时间，拍照设备的时钟可能有误"
        return
    apart = abs((taken_at.date() - visited_on).days)
    if apart > days:
        yield f"照片拍摄于 {taken_at:%Y-%m-%d}，与核查日期 {visited_on} 相差 {apart} 日，请核实"


def _negative(name: str) -> Callable[[Values, date], bool]:
    return lambda v, _: v.get(name) is not None and v[name] < 0


def _partly(values: Values, _: date) -> bool:
    stated = [values.get(name) not in (None, "") for name in _FOUNDATION]
    return any(stated) and not all(stated)


def _no_part(values: Values, _: date) -> bool:
    done, total = values.get("foundation_done"), values.get("foundation_total")
    return done is not None and total is not None and not (total > 0 and 0 <= done <= total)


def _says_nothing(values: Values, _: date) -> bool:
    return values["building"] in ("going", "done") and not (
        values.get("remarks")
        or values.get("foundation_kind")
        or any(values.get(name) is not None for name in ("invested_wan", "developed_area_m2"))
        or values.get("has_photo")
        or values.get("has_shape")
    )


_CHECKS: tuple[tuple[Callable[[Values, date], bool], str, str], ...] = (
    (lambda v, today: v["visited_on"] > today, "visited_on", "核查日期晚于今天，尚未进行的核查不能填报"),
    (
        lambda v, _: v["building"] == "stopped" and not v.get("last_built_on"),
        "last_built_on",
        "停工的请填写最后施工日期（有证据的最后一个施工日）",
    ),
    (
        lambda v, _: v["building"] != "stopped" and bool(v.get("last_built_on")),
        "last_built_on",
        "只有停工的才填写最后施工日期，请删去或改选“停工”",
    ),
    (
        lambda v, _: bool(v.get("last_built_on")) and v["last_built_on"] > v["visited_on"],
        "last_built_on",
        "最后施工日期晚于核查日期，请核对",
    ),
    (_partly, "foundation_total", "基础类型、已完成量、总量应同时填写"),
    (_no_part, "foundation_done", "基础已完成量应在 0 与总量之间，总量应大于 0（百分比请以 100 为总量）"),
    (_negative("invested_wan"), "invested_wan", "累计已投资不能为负数"),
    (_negative("developed_area_m2"), "developed_area_m2", "已开发面积不能为负数"),
    (
        lambda v, _: (
            v["building"] == "none"
            and bool(v.get("foundation_done") or v.get("developed_area_m2") or v.get("has_shape"))
        ),
        "building",
        "填报了基础或已开发面积，施工情况却为“未动工”，请核对",
    ),
    (_says_nothing, "remarks", "请至少填写一项所见情况，或上传照片"),
)
