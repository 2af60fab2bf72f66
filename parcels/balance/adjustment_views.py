"""Adjustments on screen: the what-if and the application, one adjustment with its checks, steps, pictures and proofs.

Refuses changes to whoever may not manage the line; what the rules object to is told on the page with what was entered.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from landgis.access.rules import MANAGE_CAMPAIGNS, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.models import County
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError, NotFound
from landgis.lib.http import DOCX, download
from landgis.lib.units import display_m2, display_mu
from parcels.balance import proofs
from parcels.balance.actions import apply_for, checks_of_draft, take_step
from parcels.balance.candidates import offers
from parcels.balance.drawing import as_features, as_text, ground_given
from parcels.balance.forms import OutForm, PieceForm, StepForm, UseForm
from parcels.balance.listing import page_of
from parcels.balance.queries import Draft, Piece, adjustment_of, county_limits, surpluses
from parcels.balance.rules import STATES
from parcels.documents.bundle import stem_of

MOST_PIECES = 20
ENDINGS = {"docx": DOCX, "pdf": "application/pdf"}
PieceForms = formset_factory(PieceForm, extra=2, max_num=MOST_PIECES, validate_max=True)


@right_required(MANAGE_CAMPAIGNS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """What if, and the application: the same form; what was handed in as a file stays in it as GeoJSON."""
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    limits = county_limits(county, today)
    banked = surpluses(county, limits) if limits.bank_surplus else []
    if request.method == "GET":
        initial = {"planned_on": today, "parcel_codes": request.GET.get("parcels", "")[:50_000]}
        return _form_page(
            request,
            OutForm(initial=initial),
            PieceForms(prefix="in", form_kwargs={"limits": limits}),
            UseForm(banked=banked),
        )
    applying = request.POST.get("do") == "apply"
    out = OutForm(request.POST, request.FILES)
    pieces = PieceForms(request.POST, request.FILES, prefix="in", form_kwargs={"limits": limits})
    uses = UseForm(request.POST, banked=banked)
    if out.is_valid() and applying:
        out.require_application()
    sound = [out.is_valid() and not out.errors, pieces.is_valid(), uses.is_valid()]
    if not all(sound):
        return _form_page(request, out, pieces, uses, status=422)
    try:
        draft = _draft(county, out, pieces, uses)
        if applying:
            given = out.cleaned_data
            made = apply_for(
                county=county, actor=actor, draft=draft, title=given["title"], purpose=given["purpose"],
                planned_on=given["planned_on"], on=today, person=given["person"], document=given["document"], today=today,
            )  # fmt: skip
            messages.success(request, _("已登记申请 %(no)s。") % {"no": made.adjustment_no})
            return redirect("adjustment", number=made.pk)
        on = out.cleaned_data["planned_on"]
        found: dict[str, Any] = {"checks": checks_of_draft(county, draft, on)}
        if draft.out_4490 is not None:
            found |= {"offers": offers(county, actor, draft, on)}
    except LandgisError as error:
        if error.status == 403:
            raise
        return _form_page(request, out, pieces, uses, refused=error, status=error.status)
    out, pieces = _kept(request, draft, limits)
    return _form_page(request, out, pieces, uses, **found)


@right_required(VIEW_MAP)
@require_GET
def page(request: HttpRequest, number: int) -> HttpResponse:
    """One adjustment whole."""
    return _adjustment_page(request, number)


@right_required(MANAGE_CAMPAIGNS)
@require_POST
def step(request: HttpRequest, number: int) -> HttpResponse:
    """The next step; a refusal is told on the page with what was entered."""
    county, actor = current_county(), request_actor(request)
    form = StepForm(request.POST)
    if not form.is_valid():
        return _adjustment_page(request, number, form, status=422)
    try:
        take_step(county=county, actor=actor, number=number, today=timezone.localdate(), **form.cleaned_data)
    except LandgisError as error:
        if error.status in (403, 404):
            raise
        return _adjustment_page(request, number, form, refused=error, status=error.status)
    messages.success(request, _("已登记。"))
    return redirect("adjustment", number=number)


@right_required(VIEW_MAP)
@require_GET
def picture(request: HttpRequest, number: int) -> HttpResponse:
    """What leaves and what comes in, among the line, as a PNG."""
    county = current_county()
    drawn = proofs.proof_map(county, adjustment_of(county, number))
    if drawn is None:
        raise NotFound(_("没有示意图。"), remedy=_("服务器缺少中文字体时不能绘制。"))
    return HttpResponse(drawn, content_type="image/png")


@right_required(MANAGE_CAMPAIGNS)
@require_POST
def prove(request: HttpRequest, number: int) -> HttpResponse:
    """Issue the proof."""
    county, actor = current_county(), request_actor(request)
    try:
        made = proofs.issue_proof(county, actor, adjustment_of(county, number), on=timezone.localdate())
    except LandgisError as error:
        if error.status in (403, 404):
            raise
        return _adjustment_page(request, number, refused=error, status=error.status)
    told = made.document.number.text if made.document.number else made.document.title
    messages.success(request, _("已出具%(paper)s。") % {"paper": told})
    return redirect("adjustment", number=number)


@right_required(VIEW_MAP)
@require_GET
def proof_file(request: HttpRequest, number: int, paper: int, ending: str) -> HttpResponse:
    """A proof as Word, or as PDF where one was made."""
    county, actor = current_county(), request_actor(request)
    found = proofs.proof_of(actor, adjustment_of(county, number), paper)
    content = {"docx": found.docx, "pdf": found.pdf}.get(ending)
    if content is None:
        raise NotFound(_("这份证明还没有这种格式的文件。"), remedy=_("PDF 请先在调整页面生成。"))
    stem = stem_of(found.number.text if found.number else "", found.title, found.subject)
    return download(bytes(content), f"{stem}.{ending}", ENDINGS[ending])


@right_required(MANAGE_CAMPAIGNS)
@require_POST
def proof_pdf(request: HttpRequest, number: int, paper: int) -> HttpResponse:
    """Make the PDF beside a proof."""
    county, actor = current_county(), request_actor(request)
    try:
        proofs.make_proof_pdf(county, actor, adjustment_of(county, number), paper)
    except LandgisError as error:
        if error.status in (403, 404):
            raise
        return _adjustment_page(request, number, refused=error, status=error.status)
    messages.success(request, _("已生成 PDF。"))
    return redirect("adjustment", number=number)


def _draft(county: County, out: OutForm, pieces: BaseFormSet[PieceForm], uses: UseForm) -> Draft:
    on = timezone.localdate()
    found = []
    for number, form in enumerate(pieces, start=1):
        name = (form.cleaned_data.get("name") or "").strip() or f"调入{number}"
        shape = ground_given(form.given(), county, on=on, what=name)
        if shape is None:
            continue
        given = form.cleaned_data
        found.append(
            Piece(
                name, shape, given["level"], given["plan_class_code"], given["plan_basis"].strip(), given["approved_on"],
                given["approval"].strip(),
            )
        )  # fmt: skip
    return Draft(ground_given(out.given(), county, on=on, what="调出"), tuple(found), uses.uses())


def _kept(request: HttpRequest, draft: Draft, limits: Any) -> tuple[OutForm, BaseFormSet[PieceForm]]:
    """The forms as they were, each ground as GeoJSON in its text: files needn't be chosen again."""
    data = request.POST.copy()
    data["parcel_codes"], data["text"] = "", as_text(draft.out_4490)
    for place in range(MOST_PIECES):
        for name in (
            "parcel_codes",
            "text",
            "name",
            "level",
            "plan_class_code",
            "plan_basis",
            "approved_on",
            "approval",
        ):
            data.pop(f"in-{place}-{name}", None)
    for place, piece in enumerate(draft.pieces):
        values = {
            "text": as_text(piece.geom_4490), "parcel_codes": "", "name": piece.name, "level": piece.level,
            "plan_class_code": piece.plan_class_code, "plan_basis": piece.plan_basis,
            "approved_on": piece.approved_on.isoformat() if piece.approved_on else "", "approval": piece.approval,
        }  # fmt: skip
        for name, value in values.items():
            data[f"in-{place}-{name}"] = value
    data["in-TOTAL_FORMS"] = str(min(MOST_PIECES, max(len(draft.pieces) + 1, 2)))
    return OutForm(data), PieceForms(data, prefix="in", form_kwargs={"limits": limits})


def _form_page(
    request: HttpRequest,
    out: OutForm,
    pieces: BaseFormSet[PieceForm],
    uses: UseForm,
    *,
    status: int = 200,
    **found: Any,
) -> HttpResponse:
    offered = found.pop("offers", None)
    context = {
        "out": out,
        "pieces": pieces,
        "uses": uses,
        "applying": [out[name] for name in OutForm.APPLYING],
        "grounds": [out[name] for name in ("parcel_codes", "text", "file")],
        "banked": [(row, one, display_mu(one.free_m2)) for row, one in offered.banked] if offered else [],
        "candidates": [(row, display_mu(row.area_m2)) for row in offered.parcels] if offered else [],
        "candidate_shapes": as_features(
            (row.geom_4490, {"code": row.code, "enough": not row.against}) for row in offered.parcels
        )
        if offered
        else None,
        "offered": offered is not None,
        **found,
    }
    return render(request, "parcels/balance/new.html", context, status=status)


def _adjustment_page(
    request: HttpRequest,
    number: int,
    form: StepForm | None = None,
    *,
    refused: LandgisError | None = None,
    status: int = 200,
) -> HttpResponse:
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    shown = page_of(adjustment_of(county, number))
    adjustment, allowed = shown["adjustment"], shown["next"]
    may_change = actor.may(MANAGE_CAMPAIGNS) and actor.town_codes is None
    if form is not None:
        form.fields["step"].choices = StepForm(allowed=allowed).fields["step"].choices  # type: ignore[attr-defined]
    papers = adjustment.proofs.select_related("document", "document__number").defer(
        "document__docx", "document__pdf", "document__facts"
    )
    made = set(adjustment.proofs.exclude(document__pdf=None).values_list("document_id", flat=True))
    context = {
        **shown,
        "verdict": [(check, STATES[check["state"]]) for check in shown["verdict"]],
        "out_mu": display_mu(adjustment.out_m2),
        "out_m2": display_m2(adjustment.out_m2),
        "inclusions": [
            (row, display_mu(row.area_m2), display_m2(row.area_m2)) for row in shown["inclusions"]
        ],
        "uses": [(use, display_m2(use.area_m2)) for use in shown["uses"]],
        "entries": [(row, display_mu(row.in_m2), display_mu(row.out_m2)) for row in shown["entries"]],
        "form": form or StepForm(initial={"on": today, "person": actor.display_name}, allowed=allowed),
        "may_change": may_change,
        "may_step": may_change and bool(allowed),
        "may_prove": may_change and proofs.may_prove([row.step for row, _ in shown["steps"]]),
        "may_read": proofs.may_read(actor),
        "papers": [(row.document, row.document_id in made) for row in papers],
        "refused": refused,
    }
    return render(request, "parcels/balance/adjustment.html", context, status=status)
