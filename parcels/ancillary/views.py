"""Ancillary land on screen: projects with each check explained, decisions, pools with their quotas, and the workbook.

Refuses writing to who may not manage the evaluation; what an action refuses stands beside its form.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from landgis.access.rules import EXPORT_DATA, MANAGE_EVALUATION, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.audit.change import change
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError
from landgis.lib.forms import Refusing
from landgis.lib.http import XLSX, download
from landgis.lib.lists import paged
from landgis.lib.sheets import SIGNATURES, Column, Table, workbook_of
from landgis.lib.units import m2_to_mu
from parcels.ancillary.actions import decide, state_project
from parcels.ancillary.forms import DecisionForm, PoolForm, ProjectFilter, ProjectForm, QuotaForm, UseForm
from parcels.ancillary.pool_actions import give_quota, open_pool, use_quotas, withdraw_quota
from parcels.ancillary.queries import (
    STATES,
    PoolRow,
    ProjectRow,
    limits_on,
    may_manage,
    more_ground,
    narrowed,
    pools,
    project_of,
    project_rows,
)

PAGE_SIZE = 50
PROJECTS: tuple[Column[ProjectRow], ...] = (
    Column("编号", 7, "whole", lambda row: row.project.pk),
    Column("项目名称", 28, "wrapped", lambda row: row.project.name),
    Column("宗地代码", 21, "code", lambda row: "、".join(ground.parcel.code for ground in row.grounds)),
    Column("所属镇街", 10, "text", lambda row: row.town_name),
    Column("项目类别", 16, "text", lambda row: row.category_title),
    Column("总用地\n（㎡）", 12, "figure", lambda row: row.project.land_m2, summed=True),
    Column("总用地\n（亩）", 10, "figure", lambda row: m2_to_mu(row.project.land_m2), summed=True),
    Column("配套用地\n（㎡）", 12, "figure", lambda row: row.project.ancillary_land_m2, summed=True),
    Column("用地占比\n（%）", 9, "figure", lambda row: row.project.ancillary_land_m2 / row.project.land_m2 * 100),
    Column("总建筑\n（㎡）", 12, "figure", lambda row: row.project.building_m2, summed=True),
    Column("配套建筑\n（㎡）", 12, "figure", lambda row: row.project.ancillary_building_m2, summed=True),
    Column("建筑占比\n（%）", 9, "figure", lambda row: row.project.ancillary_building_m2 / row.project.building_m2 * 100),
    Column("拟归集用地\n（㎡）", 12, "figure", lambda row: row.project.pooled_land_m2, summed=True),
    Column("拟归集建筑\n（㎡）", 12, "figure", lambda row: row.project.pooled_building_m2, summed=True),
    Column("情况", 14, "text", lambda row: row.state_title),
    Column("逐项核对", 70, "wrapped", lambda row: "；".join(f"{_mark(c.met)}{c.title}：{c.told}" for c in row.verdict.checks)),
    Column("审核日期", 11.5, "date", lambda row: row.decision.on if row.decision else None),
    Column("审核意见", 24, "wrapped", lambda row: row.decision.text if row.decision else ""),
)  # fmt: skip
POOLS: tuple[Column[tuple[PoolRow, Any]], ...] = (
    Column("园区", 24, "wrapped", lambda item: item[0].pool.name),
    Column("宗地代码", 21, "code", lambda item: item[1].parcel.code),
    Column("用地指标\n（㎡）", 12, "figure", lambda item: item[1].land_m2, summed=True),
    Column("建筑指标\n（㎡）", 12, "figure", lambda item: item[1].building_m2, summed=True),
    Column("归集日期", 11.5, "date", lambda item: item[1].on),
    Column("归集的项目", 26, "wrapped", lambda item: item[1].project.name if item[1].project else ""),
    Column("用于项目", 26, "wrapped", lambda item: item[1].use.name if item[1].use else ""),
    Column("使用日期", 11.5, "date", lambda item: item[1].use.on if item[1].use else None),
)


@right_required(VIEW_MAP)
@require_GET
def list_page(request: HttpRequest) -> HttpResponse:
    return _list(request)


@right_required(EXPORT_DATA)
@require_GET
def list_xlsx(request: HttpRequest) -> HttpResponse:
    """The projects with each check, and the pools with each quota."""
    county, actor, on = current_county(), request_actor(request), timezone.localdate()
    _form, _rows, found = _asked(request)
    quotas = [(row, quota) for row in pools(county, actor) for quota in row.quotas]
    footer = f"{county.name}　截至 {on}"
    projects = Table(
        title=f"{county.name}配套用地核对表", note=f"截至 {on}，共 {len(found)} 个项目", unit="比例按未取整的面积比较",
        footer=footer, columns=PROJECTS, rows=found, total=f"合计（{len(found)} 个）", below=(SIGNATURES,), frozen_columns=2,
    )  # fmt: skip
    pooled = Table(
        title=f"{county.name}配套指标归集表", note=f"截至 {on}", unit="每个项目的指标只能归集、使用一次", footer=footer,
        columns=POOLS, rows=quotas, total=f"合计（{len(quotas)} 宗）", paper="A4",
    )  # fmt: skip
    with change(
        county_code=county.code, by=actor.username, action="export_ancillary", reason="导出配套用地核对表", rows=len(found)
    ):  # fmt: skip
        content = workbook_of({"配套用地": projects, "指标归集": pooled})
    return download(content, f"{county.name}配套用地核对表（{on:%Y-%m-%d}）.xlsx", XLSX)


@right_required(VIEW_MAP)
@require_GET
def project_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One project with each check explained."""
    return _project(request, pk)


@right_required(MANAGE_EVALUATION)
@require_http_methods(["GET", "POST"])
def edit_page(request: HttpRequest) -> HttpResponse:
    """A new project, or with `?of=` the right figures in place of what was stated."""
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    actor.require_whole_county(MANAGE_EVALUATION)
    named = request.GET.get("of", "")
    before = (
        project_of(actor, int(named)) if named.isascii() and named.isdigit() and len(named) < 19 else None
    )
    begins: dict[str, Any] = {"on": today}
    if before:
        begins = {name: getattr(before, name) for name in ProjectForm.base_fields if hasattr(before, name)}
        begins |= {
            "parcel_code": before.parcel.code, "more": more_ground(before), "replaces": before.pk,
            "uscc": before.enterprise.uscc if before.enterprise else "",
        }  # fmt: skip
    form, status = ProjectForm(request.POST or None, initial=begins), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = state_project(county=county, actor=actor, today=today, **form.told())
                messages.success(request, _("已登记项目。"))
                return redirect("ancillary-project", pk=made.pk)
            except LandgisError as error:
                form.refuse(error)
                status = error.status
    return render(request, "parcels/ancillary/edit.html", {"form": form, "before": before}, status=status)


@right_required(MANAGE_EVALUATION)
@require_POST
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """The officer's word on raising the limit."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _project(request, pk, form, 422)
    try:
        decide(
            county=current_county(), actor=request_actor(request), project_id=pk, today=timezone.localdate(),
            **form.cleaned_data,
        )  # fmt: skip
    except LandgisError as error:
        if error.status in (403, 404):
            raise
        form.refuse(error)
        return _project(request, pk, form, error.status)
    messages.success(request, _("已登记审核结论。"))
    return redirect("ancillary-project", pk=pk)


@right_required(MANAGE_EVALUATION)
@require_POST
def pool(request: HttpRequest) -> HttpResponse:
    """A new park."""
    county = current_county()
    form = PoolForm(request.POST, county=county, auto_id="pool-0-%s")
    return _done(
        request, "pool", 0, form, _("已登记园区。"),
        lambda told: open_pool(county=county, actor=request_actor(request), today=timezone.localdate(), **told),
    )  # fmt: skip


@right_required(MANAGE_EVALUATION)
@require_POST
def quota(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a project's quota into the pool."""
    form = QuotaForm(request.POST, auto_id=f"quota-{pk}-%s")
    return _done(
        request, "quota", pk, form, _("已归集指标。"),
        lambda told: give_quota(
            county=current_county(), actor=request_actor(request), pool_id=pk, today=timezone.localdate(), **told
        ),
    )  # fmt: skip


@right_required(MANAGE_EVALUATION)
@require_POST
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Build with quotas of the pool."""
    form = UseForm(request.POST, auto_id=f"use-{pk}-%s")
    chosen = [
        int(text)
        for text in request.POST.getlist("quotas")
        if text.isascii() and text.isdigit() and len(text) < 19
    ]
    return _done(
        request, "use", pk, form, _("已登记使用。"),
        lambda told: use_quotas(
            county=current_county(), actor=request_actor(request), pool_id=pk, quota_ids=chosen, today=timezone.localdate(),
            **told,
        ),
    )  # fmt: skip


@right_required(MANAGE_EVALUATION)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an unused quota out of its pool."""
    try:
        withdraw_quota(
            county=current_county(), actor=request_actor(request), quota_id=pk, on=timezone.localdate(),
            reason=request.POST.get("reason", "")[:500],
        )  # fmt: skip
        messages.success(request, _("已退出归集。"))
    except LandgisError as error:
        if error.status in (403, 404):
            raise
        messages.error(request, str(error))
    return redirect("ancillary")


def _done(
    request: HttpRequest,
    what: str,
    pk: int,
    form: Refusing,
    told: str,
    act: Callable[[dict[str, Any]], object],
) -> HttpResponse:
    """Do what a form of the list asks for, or show the list again with what was refused."""
    status = 422
    if form.is_valid():
        try:
            act(form.cleaned_data)
            messages.success(request, told)
            return redirect("ancillary")
        except LandgisError as error:
            if error.status in (403, 404):
                raise
            form.refuse(error)
            status = error.status
    return _list(request, (what, pk, form), status)


def _list(
    request: HttpRequest, tried: tuple[str, int, Refusing] | None = None, status: int = 200
) -> HttpResponse:
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    form, rows, found = _asked(request)

    begins = {"on": today}

    def shown(what: str, pk: int, kind: type[Refusing], **more: Any) -> tuple[Refusing, bool]:
        """The form that was tried, or a fresh one whose ids no other form of the page has."""
        if tried is not None and tried[:2] == (what, pk):
            return tried[2], True
        return kind(auto_id=f"{what}-{pk}-%s", initial=begins, **more), False

    context: dict[str, Any] = {
        "form": form,
        "limits": limits_on(county, today),
        "counts": [
            (code, title, n)
            for code, title in STATES.items()
            if (n := sum(row.state == code for row in rows))
        ],
        **paged(request, found, PAGE_SIZE),
        "pools": [
            {
                "row": row,
                "quota": shown("quota", row.pool.pk, QuotaForm),
                "use": shown("use", row.pool.pk, UseForm),
            }
            for row in pools(county, actor)
        ],
        "pool_form": shown("pool", 0, PoolForm, county=county),
        "may_manage": may_manage(actor),
        "may_export": actor.may(EXPORT_DATA),
    }
    return render(request, "parcels/ancillary/list.html", context, status=status)


def _project(
    request: HttpRequest, pk: int, form: DecisionForm | None = None, status: int = 200
) -> HttpResponse:
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    row = project_rows(county, actor, today, [project_of(actor, pk)])[0]
    manages = may_manage(actor)
    context = {
        "row": row,
        "project": row.project,
        "land_mu": m2_to_mu(row.project.land_m2),
        "decision_form": (form or DecisionForm(initial={"on": today}))
        if manages and (form is not None or (row.verdict.needs_raising and row.decision is None))
        else None,
        "may_manage": manages,
    }
    return render(request, "parcels/ancillary/project.html", context, status=status)


def _asked(request: HttpRequest) -> tuple[ProjectFilter, list[ProjectRow], list[ProjectRow]]:
    county = current_county()
    rows = project_rows(county, request_actor(request), timezone.localdate())
    form = ProjectFilter(request.GET, county=county)
    return form, rows, narrowed(rows, form.cleaned_data) if form.is_valid() else []


def _mark(met: bool | None) -> str:
    return "？" if met is None else "√" if met else "×"
