"""The editor of a draft: fields for the usual changes, TOML for everything, and what the change does to the grades.

Refuses to edit what is in force and to overwrite what somebody else saved meanwhile; all faults are told at once.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA, MANAGE_EVALUATION
from landgis.access.views import request_actor, right_required
from landgis.counties.models import County
from landgis.counties.queries import current_county
from landgis.lib.errors import Conflict, FieldErrors, InputError, LandgisError, NotFound, Outdated
from landgis.lib.http import XLSX, download
from parcels.schemes.actions import store_scheme
from parcels.schemes.models import SchemeVersion
from parcels.schemes.queries import Chosen, chosen, read_scheme_file, shipped_schemes
from parcels.schemes.writing import toml_text
from parcels.yearly.editing import edited, figures, grids, places
from parcels.yearly.forms import MOST_TOML
from parcels.yearly.preview import Preview, bases, compared, inputs_for
from parcels.yearly.restructuring import Step, restructured, step_asked, steps_sent
from parcels.yearly.scheme_views import version_named
from parcels.yearly.workbooks import preview_workbook

SHOWN_MOVES = 200
SAVED = "saved"


@right_required(MANAGE_EVALUATION)
@require_http_methods(["GET", "POST"])
def edit_page(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """A draft in fields, or as text with `?as=toml`; posted, it is previewed, saved, or handed out as a workbook."""
    county, actor = current_county(), request_actor(request)
    actor.require_whole_county(MANAGE_EVALUATION)
    row = version_named(county, code, version)
    if row.status != SchemeVersion.DRAFT:
        raise Conflict(f"版本 {version} 已启用或停用，不能修改。", remedy="请另存为新版本后修改。")
    as_text = request.GET.get("as") == "toml"
    document: Mapping[str, Any] = row.definition
    text, faults, found, status = "", [], None, 200
    steps: list[Step] = []
    asked: Step | None = None
    if request.method == "POST":
        text = request.POST.get("toml", "")
        try:
            if request.POST.get("sha256") != row.sha256:
                raise Outdated("这份草稿已由他人修改。", remedy="请重新打开后再改，以免覆盖。")
            if as_text:
                document = read_toml(text)
            else:
                document, steps = _typed(row.definition, request.POST.dict())
                asked = step_asked(request.POST.dict())
                if asked is not None:
                    restructured(row.definition, [*steps, asked])
                    document, steps = restructured(document, [asked]), [*steps, asked]
            if asked is None:
                _same(document, code, version)
                read = chosen(document)
                if "save" in request.POST:
                    store_scheme(county=county, actor=actor, document=document, reason=_reason(request))
                    messages.success(request, _("草稿已保存。"))
                    return redirect("scheme", code=code, version=version)
                found = _preview(county, actor, request, row, read)
                if "xlsx" in request.POST:
                    actor.require(EXPORT_DATA)
                    content = preview_workbook(county, actor, f"{row.scheme.name} {version}", found)
                    return download(content, f"{row.scheme.name}{version}改动影响.xlsx", XLSX)
        except LandgisError as error:
            faults, status = _issues(error), error.status
    shown = [] if as_text else grids(document, _by_place(faults))
    context: dict[str, Any] = {
        "row": row,
        "as_text": as_text,
        "toml": text or toml_text(row.definition),
        "grids": shown,
        "steps": json.dumps(steps, ensure_ascii=False),
        "structure": _structure(document),
        "faults": _in_words(faults, places(shown)),
        "bases": bases(county),
        "againsts": _againsts(row),
        "asked": {name: request.POST.get(name, "") for name in ("basis_of", "against", "reason")},
        "new_grade": request.POST.get("new_grade", "") if faults else "",
        "found": found,
        "moved": found.moved[:SHOWN_MOVES] if found else (),
        "may_export": actor.may(EXPORT_DATA),
    }
    return render(request, "parcels/yearly/edit.html", context, status=status)


def _typed(definition: Mapping[str, Any], sent: Mapping[str, str]) -> tuple[dict[str, Any], list[Step]]:
    """The draft as it stands in the fields: what was added and taken out since it was saved, then what was typed."""
    steps = steps_sent(sent.get("steps", ""))
    return edited(restructured(definition, steps), sent), steps


def _structure(document: Mapping[str, Any]) -> dict[str, Any]:
    """What may be added before and taken out: places from 1 with names, and what an indicator is made of."""
    return {
        "grades": list(enumerate(document.get("grades", []), 1)),
        "last": len(document.get("grades", [])) + 1,
        "indicators": [(n, one.get("title", "")) for n, one in enumerate(document.get("indicators", []), 1)],
        "figures": figures(document),
    }


@right_required(MANAGE_EVALUATION)
@require_http_methods(["GET", "POST"])
def entry_page(request: HttpRequest) -> HttpResponse:
    """A whole scheme as TOML, typed or pasted; begins with one that comes with landgis when that is asked for."""
    county, actor = current_county(), request_actor(request)
    actor.require_whole_county(MANAGE_EVALUATION)
    shipped = shipped_schemes()
    name = request.GET.get("shipped", "")
    if name and name not in shipped:
        raise NotFound("没有这个自带方案。", remedy="请在评价方案页选择。")
    text = request.POST.get("toml", "")
    faults: list[dict[str, str]] = []
    status = 200
    if request.method == "POST":
        try:
            document = read_toml(text)
            read = chosen(document).definition
            kept = SchemeVersion.objects.filter(
                scheme__county=county, scheme__code=read.code, version=read.version
            )
            if kept.exists():
                raise Conflict(
                    f"方案 {read.code} 的版本 {read.version} 已有。",
                    remedy="请换一个版本号，或打开该版本修改。",
                )
            store_scheme(county=county, actor=actor, document=document, reason=_reason(request))
            messages.success(request, _("草稿已保存。"))
            return redirect("scheme", code=read.code, version=read.version)
        except LandgisError as error:
            faults, status = _issues(error), error.status
    elif name:
        text = toml_text(read_scheme_file(shipped[name]).document)
    context = {"toml": text, "faults": faults, "reason": request.POST.get("reason", "")}
    return render(request, "parcels/yearly/new.html", context, status=status)


def read_toml(text: str) -> dict[str, Any]:
    """The document that a text means; a fault of the text is told by its line."""
    if len(text) > MOST_TOML:
        raise InputError(
            "toml_long", f"方案全文超过 {MOST_TOML} 字。", "请检查是否粘贴了别的内容。", field="toml"
        )
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise InputError(
            "toml_unreadable", f"方案全文不是有效的 TOML：{error}。", "请按所示行列改正。", field="toml"
        ) from None


def _same(document: Mapping[str, Any], code: str, version: str) -> None:
    """Under another code or version it would be another draft, and this one would stay as it is."""
    wrong = [
        {"field": key, "message": f"评价方案 {key}：应为 {held}，改用其他{title}请另存为新版本。"}
        for key, held, title in (("code", code, "代码"), ("version", version, "版本号"))
        if document.get(key) != held
    ]
    if wrong:
        raise FieldErrors(wrong)


def _reason(request: HttpRequest) -> str:
    reason = request.POST.get("reason", "").strip()
    if not reason or len(reason) > 500:
        raise InputError("reason_missing", "请填写修改原因，不超过 500 字。", field="reason")
    return reason


def _preview(county: County, actor: Actor, request: HttpRequest, row: SchemeVersion, read: Chosen) -> Preview:
    basis, against = request.POST.get("basis_of", ""), request.POST.get("against", "")
    others = dict(_againsts(row))
    if against not in others:
        raise InputError("against_unknown", "没有这个对照版本。", "请重新选择对照版本。", field="against")
    other = row if against == SAVED else SchemeVersion.objects.get(scheme=row.scheme, pk=int(against))
    inputs = inputs_for(county, actor, basis, read)
    before = chosen(other.definition).definition
    on = dict(bases(county)).get(basis, f"{inputs.year} 年")
    return compared(before, read.definition, inputs, on=on, against=others[against])


def _againsts(row: SchemeVersion) -> list[tuple[str, str]]:
    """What a change may be compared with: what is in force first, the draft as it was saved, other versions."""
    others = SchemeVersion.objects.filter(scheme=row.scheme).exclude(pk=row.pk).order_by("-year_from", "-pk")
    named = [(str(one.pk), one.version, one.status) for one in others]
    in_force = [
        (key, f"已启用的版本 {name}") for key, name, status in named if status == SchemeVersion.IN_FORCE
    ]
    rest = [(key, f"版本 {name}") for key, name, status in named if status != SchemeVersion.IN_FORCE]
    return [*in_force, (SAVED, "已保存的这份草稿"), *rest]


def _issues(error: LandgisError) -> list[dict[str, str]]:
    if isinstance(error, FieldErrors):
        return error.issues
    return [{"field": getattr(error, "field", ""), "message": str(error)}]


def _in_words(faults: list[dict[str, str]], words: Mapping[str, str]) -> list[dict[str, str]]:
    """Each fault with its place as the form calls it; one that the form has no field for keeps its own words."""
    return [
        fault | {"message": f"{words[fault['field']]}：{fault['message'].partition('：')[2]}"}
        if fault["field"] in words and "：" in fault["message"]
        else fault
        for fault in faults
    ]


def _by_place(faults: list[dict[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for fault in faults:
        found.setdefault(fault["field"], []).append(fault["message"].partition("：")[2] or fault["message"])
    return found
