"""A project on screen: opening one, its page with stages and credits, and what is recorded on it.

Refuses what lies outside the actor's towns; a credit is shown dry before it is written.
"""

from __future__ import annotations

from typing import Any

import shapely
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from landgis.access.rules import MANAGE_CAMPAIGNS, REPORT_FACTS, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.models import County
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError
from landgis.lib.http import download
from landgis.lib.units import display_mu
from landgis.lib.uploads import MEBIBYTE, uploaded_files
from parcels.cadastre.sketching import guide
from parcels.campaigns.actions import TOWN_STAGES, open_project, record_stage, reverse_stage
from parcels.campaigns.credit_actions import credit_ground, holders_of, preview_credit, reverse_credit
from parcels.campaigns.models import Credit
from parcels.campaigns.queries import live_credits, standing_stages
from parcels.campaigns.rules import FINISHED, LEDGERS, STAGES, project_light, stage_of, stages_open
from parcels.clusters.models import Cluster
from parcels.documents.map_picture import location_map
from parcels.ledgers import queries
from parcels.ledgers.drawing_views import guides_of
from parcels.ledgers.forms import CreditForm, ProjectForm, StageForm, TakeBackForm
from parcels.ledgers.ground_input import given_ground
from parcels.ledgers.views import may_manage, told_errors

MOST_PAPERS, LARGEST_PAPER = 9, 20 * MEBIBYTE
MOST_DRAWN = 200


@right_required(MANAGE_CAMPAIGNS)
@require_http_methods(["GET", "POST"])
def new_page(request: HttpRequest) -> HttpResponse:
    """Open a project on a confirmed cluster (`?cluster=`), on parcels, or on ground that is pasted or uploaded."""
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    cluster, status = _cluster(request), 200
    begins: dict[str, Any] = {"on": today, "ledger": request.GET.get("ledger", "")}
    if cluster is not None:
        begins |= {"cluster": cluster.pk, "ledger": "revitalisation", "way": cluster.way}
        begins |= {"name": f"连片{cluster.cluster_no}", "reason": f"连片 {cluster.cluster_no} 已确认"}
    form = ProjectForm(request.POST or None, request.FILES or None, initial=begins)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            told = dict(form.cleaned_data)
            text, _file, cluster_id = told.pop("ground_text"), told.pop("ground_file"), told.pop("cluster")
            try:
                ground = given_ground(request, text, county)
                made = open_project(
                    county=county, actor=actor, geom_4490=ground, cluster_id=cluster_id, **told
                )
            except LandgisError as error:
                form.refuse(error)
                status = error.status
            else:
                messages.success(request, _("已立项：%(no)s。") % {"no": made.project_no})
                return redirect("project", project_id=made.pk)
    context = {
        "form": form,
        "cluster": cluster,
        "guides": []
        if cluster is None
        else [guide(shapely.from_wkb(bytes(cluster.geom_4490.wkb)), "ground", cluster.cluster_no)],
        "drawn_preview": reverse("project-new-ground"),
    }
    return render(request, "parcels/ledgers/new.html", context, status=status)


@right_required(VIEW_MAP)
@require_GET
def project_page(request: HttpRequest, project_id: int) -> HttpResponse:
    """The project's facts, stages, credits and history."""
    return _page(request, project_id)


@right_required(VIEW_MAP)
@require_GET
def picture(request: HttpRequest, project_id: int) -> HttpResponse:
    """The project's ground with what is credited of it, as a PNG."""
    county, actor = current_county(), request_actor(request)
    project = queries.project_in_territory(county, actor, project_id)
    today = timezone.localdate()
    held = live_credits(county, project.ledger, today).filter(project=project)[:MOST_DRAWN]
    parts = [
        (shapely.from_wkb(bytes(row.geom_4490.wkb)), f"{display_mu(row.area_m2)} 亩")
        for row in held
        if row.geom_4490 is not None
    ]
    content = location_map(
        shapely.from_wkb(bytes(project.geom_4490.wkb)),
        title=project.name[:30],
        survey_crs=county.survey_crs,
        neighbours_4490=parts,
        town_4490=queries.town_outline(project, today),
    )
    return HttpResponse(content, content_type="image/png")


@right_required(VIEW_MAP)
@require_GET
def paper(request: HttpRequest, project_id: int, paper_id: int) -> HttpResponse:
    """A paper of a stage as it was uploaded."""
    found = queries.paper_of(current_county(), request_actor(request), project_id, paper_id)
    response = download(bytes(found.content), found.name, found.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    return response


@right_required(VIEW_MAP)
@require_POST
def record(request: HttpRequest, project_id: int) -> HttpResponse:
    """Record a stage with its evidence and papers."""
    county, actor = current_county(), request_actor(request)
    project = queries.project_in_territory(county, actor, project_id)
    form, status = StageForm(request.POST, request.FILES, stages=list(STAGES[project.ledger])), 422
    if form.is_valid():
        told = dict(form.cleaned_data)
        told.pop("papers")
        try:
            files = uploaded_files(request, most_files=MOST_PAPERS, most_bytes=LARGEST_PAPER, field="papers")
            before = sum(row.area_m2 for row in queries.credits_of(project))
            record_stage(
                county=county,
                actor=actor,
                project_id=project_id,
                reason=f"登记阶段：{_title(project.ledger, told['stage'])}",
                papers=[(file.name or "附件", file.read()) for file in files],
                **told,
            )
        except LandgisError as error:
            form.refuse(error)
            status = error.status
        else:
            lost_m2 = before - sum(row.area_m2 for row in queries.credits_of(project))
            if lost_m2:
                told_mu = {"mu": display_mu(lost_m2)}
                messages.success(
                    request, _("已登记；原入账 %(mu)s 亩自当日起冲销，重新完成后再行入账。") % told_mu
                )
            else:
                messages.success(request, _("已登记。"))
            return redirect("project", project_id=project_id)
    return _page(request, project_id, {"stage": form}, status=status)


@right_required(MANAGE_CAMPAIGNS)
@require_POST
def take_stage_back(request: HttpRequest, project_id: int, seq: int) -> HttpResponse:
    """Reverse the newest stage."""
    form = TakeBackForm(request.POST)

    def act(told: dict[str, Any]) -> None:
        reverse_stage(
            county=current_county(),
            actor=request_actor(request),
            project_id=project_id,
            seq=seq,
            on=told["on"],
            reason=told["reason"],
        )

    return _taken_back(request, project_id, form, act, _("已撤销该阶段，原登记保留。"))


@right_required(MANAGE_CAMPAIGNS)
@require_POST
def take_credit_back(request: HttpRequest, project_id: int, credit_id: int) -> HttpResponse:
    """Reverse a credit of this project."""
    county, actor = current_county(), request_actor(request)
    project = queries.project_in_territory(county, actor, project_id)
    form = TakeBackForm(request.POST)

    def act(told: dict[str, Any]) -> None:
        known = Credit.objects.filter(pk=credit_id, project=project).exists()
        reverse_credit(county=county, actor=actor, credit_id=credit_id if known else 0, **told)

    return _taken_back(request, project_id, form, act, _("已冲销，两笔都保留在记录中。"))


@right_required(MANAGE_CAMPAIGNS)
@require_POST
def credit(request: HttpRequest, project_id: int) -> HttpResponse:
    """Credit the ground or a part of it; without `commit` only what it would come to is shown."""
    county, actor = current_county(), request_actor(request)
    form, preview, status = CreditForm(request.POST, request.FILES), None, 422
    if form.is_valid():
        told = form.cleaned_data
        given: dict[str, Any] = {"county": county, "actor": actor, "project_id": project_id, "on": told["on"]}
        try:
            claim = given_ground(request, told["ground_text"], county)
            if "commit" in request.POST:
                reason = told["reason"].strip() or "登记入账"
                made = credit_ground(claim_4490=claim, evidence=told["evidence"], reason=reason, **given)
                mu = display_mu(sum(row.area_m2 for row in made))
                messages.success(request, _("已入账 %(mu)s 亩。") % {"mu": mu})
                return redirect("project", project_id=project_id)
            shares = preview_credit(claim_4490=claim, **given)
            left_m2, names = sum(share.found.area_m2 for share in shares), _town_names(county)
            preview = {
                "claimed": display_mu(sum(share.found.claimed_m2 for share in shares)),
                "left": display_mu(left_m2),
                "left_m2": left_m2,
                "holders": [(one["project_no"], display_mu(one["area_m2"])) for one in holders_of(shares)],
                "towns": [
                    (names.get(share.town_code, _("未落镇街")), display_mu(share.found.area_m2))
                    for share in shares
                ],
            }
            # A file can't stand in a form again: what it held does, so that what was shown is what is credited.
            if claim is not None:
                again = request.POST.copy()
                again["ground_text"] = shapely.to_geojson(claim)
                form = CreditForm(again)
            status = 200
        except LandgisError as error:
            form.refuse(error)
            status = error.status
    return _page(request, project_id, {"credit": form}, preview=preview, status=status)


def _taken_back(
    request: HttpRequest, project_id: int, form: TakeBackForm, act: Any, done: str
) -> HttpResponse:
    if not form.is_valid():
        messages.error(request, told_errors(form))
        return _page(request, project_id, status=422)
    try:
        act(form.cleaned_data)
    except LandgisError as error:
        messages.error(request, str(error))
        return _page(request, project_id, status=error.status)
    messages.success(request, done)
    return redirect("project", project_id=project_id)


def _page(
    request: HttpRequest,
    project_id: int,
    given: dict[str, forms.Form] | None = None,
    *,
    preview: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    project = queries.project_in_territory(county, actor, project_id)
    manages, given = may_manage(actor), given or {}
    done = standing_stages(project)
    opened = stages_open(project.ledger, done)
    if not manages:
        opened = [stage for stage in opened if stage.code in TOWN_STAGES]
    works_on_it = manages or (actor.may(REPORT_FACTS) and actor.covers(project.town_code))
    recording = bool(opened) and works_on_it and project.valid_to is None
    names = _town_names(county)
    steps, credits = queries.steps_of(project), queries.credits_of(project)
    counting = [step for step in steps if step.reverses_id is None and not hasattr(step, "reversed_by")]
    finished = any((known := stage_of(project.ledger, code)) and known.credits for code in done)
    soon = queries.soon_days_of(county, today)
    credited_m2 = sum(row.area_m2 for row in credits)
    crediting = manages and finished and project.valid_to is None
    context = {
        "project": project,
        "title": LEDGERS[project.ledger],
        "town": names.get(project.town_code, project.town_code),
        "other_towns": [names.get(code, code) for code in project.town_codes if code != project.town_code],
        "light": project_light(
            project.stage in FINISHED,  # type: ignore[attr-defined]
            project.due_on,
            today,
            soon,
        ),
        "area": display_mu(project.area_m2),
        "credited": display_mu(credited_m2),
        "stages": [(stage, stage.code in done) for stage in STAGES[project.ledger]],
        "titles": {stage.code: stage.title for stage in STAGES[project.ledger]},
        "steps": steps,
        "newest": counting[-1].seq if len(counting) > 1 else None,
        "credits": [
            (
                row,
                names.get(row.town_code, _("未落镇街")),
                display_mu(row.claimed_m2),
                display_mu(row.area_m2),
                _held(row),
            )
            for row in credits
        ],
        "form": (
            given.get("stage")
            or StageForm(stages=opened, initial={"on": today, "person": actor.display_name})
        )
        if recording
        else None,
        "credit": (given.get("credit") or CreditForm(initial={"on": today})) if crediting else None,
        "guides": guides_of(county, project) if crediting else [],
        "drawn_preview": reverse("project-claim-ground", args=[project_id]),
        "preview": preview,
        "changes": queries.changes_of(project) if actor.town_codes is None else [],
        "may_manage": manages,
        "today": today,
    }
    return render(request, "parcels/ledgers/project.html", context, status=status)


def _town_names(county: County) -> dict[str, str]:
    return dict(county.towns.values_list("code", "name"))


def _title(ledger: str, code: str) -> str:
    known = stage_of(ledger, code)
    return known.title if known else code


def _held(row: Credit) -> str:
    return "；".join(f"{one['project_no']} {display_mu(one['area_m2'])} 亩" for one in row.held)


def _cluster(request: HttpRequest) -> Cluster | None:
    """The confirmed cluster that the page was opened from."""
    text = request.GET.get("cluster", "")
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        return None
    rows = Cluster.objects.filter(county=current_county(), pk=int(text), valid_to=None)
    return rows.exclude(confirmed_on=None).defer("geom_4490", "geom_3857", "hull_4490").first()
