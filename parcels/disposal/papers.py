"""The papers of a case: their facts from the register and the steps, what they still lack, issuing and finding them.

Refuses to make a fact up: what neither the register nor a step states is a gap that a person fills in or leaves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from django.contrib.gis.geos import Polygon
from django.db.models import Q, QuerySet

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.counties.queries import parameters
from layers.districts.models import District
from parcels.cadastre.models import Parcel
from parcels.disposal.models import IdleCase
from parcels.disposal.needs import route_facts
from parcels.disposal.paper_facts import (
    FOUND_AS,
    by_article,
    of_evidence,
    of_procedure,
    of_register,
    proposed,
)
from parcels.disposal.queries import YUAN_A_WAN, RuleBook, record_of
from parcels.disposal.state import REMEDIES, State
from parcels.disposal.wording import CHOICES, title_of
from parcels.documents.actions import issue_document
from parcels.documents.bundle import Filed, stem_of
from parcels.documents.facts import as_kept
from parcels.documents.kinds import KINDS
from parcels.documents.map_picture import FontMissing, location_map
from parcels.documents.models import IssuedDocument
from parcels.documents.queries import standing_facts, template_in_force, visible
from parcels.documents.rendering import render
from parcels.documents.vocabulary import FACTS, Fact
from parcels.idle_land.causes import CAUSE_TITLES, CLASS_TITLES
from parcels.idle_land.queries import PhaseOnRecord
from parcels.idle_land.routes import PENALTIES, fee, option
from parcels.supply.fact_models import Encumbrance

MAP = "location_map"
BY_NUMBER = ("number", "issued_on", "is_demo")
# What the location map shows around the parcel: twice its size and some 200 m, of the nearest ground only.
AROUND_TIMES, AROUND_DEGREES, MOST_NEIGHBOURS = 2, 0.002, 300
COPIED = ("fee_decision", "repossession_decision")
NO_REPLY = "你单位（个人）在规定的期限内未作陈述、申辩。"
DECISION_PAPERS = {stage: KINDS[stage] for stage in COPIED}


@dataclass(frozen=True, slots=True)
class Preview:
    """What a paper would say and what it lacks."""

    kind: str
    facts: dict[str, Any]
    stated: list[tuple[str, str]]
    lacking: list[Fact]
    with_map: bool
    proposed: dict[str, Any]


def papers_of(actor: Actor, case: IdleCase) -> QuerySet[IssuedDocument]:
    """The papers that were issued in a case, oldest first, without their bytes."""
    rows = visible(actor).filter(Q(facts__case_no=case.case_no) | Q(case_steps__case=case)).distinct()
    rows = rows.annotate(has_pdf=Q(pdf__isnull=False))
    return rows.select_related("number").defer("docx", "pdf", "facts").order_by("issued_on", "pk")


def filed(actor: Actor, case: IdleCase) -> Iterator[Filed]:
    """All papers of a case for one archive; a void one says so in its name."""
    numbers = list(papers_of(actor, case).values_list("pk", flat=True))
    for paper in (
        visible(actor)
        .filter(pk__in=numbers)
        .select_related("number")
        .order_by("issued_on", "pk")
        .iterator(20)
    ):
        title = f"（作废）{paper.title}" if paper.void_reason else paper.title
        stem = stem_of(paper.number.text if paper.number else "", title, paper.subject)
        yield Filed(stem, bytes(paper.docx), bytes(paper.pdf) if paper.pdf is not None else None)


def preview(
    county: County, actor: Actor, case: IdleCase, state: State, kind: str, on: date, rules: RuleBook
) -> Preview:
    """The facts of a paper as far as they are known on the day, and the gaps it would show."""
    facts = facts_of(county, actor, case, state, on, rules)
    if kind in COPIED and facts.get("mortgagee"):
        facts["copies_to"] = facts["mortgagee"]  # art. 14: the mortgagee has a copy of the decision
    kept = as_kept({**standing_facts(parameters(county, on)), **facts, "issued_on": on})
    missing = set(render(template_in_force(county, kind, on).content, kept).missing)
    lacking = [
        fact
        for key, fact in FACTS.items()
        if key not in BY_NUMBER and key != MAP and missing.intersection(fact.placeholders)
    ]
    stated = [(FACTS[key].name, str(value)) for key, value in as_kept(facts).items()]
    record = record_of(actor, case.phase_id, on) if kind == "finding" else None
    begins = proposed(record, state, on, rules) if record else {}
    return Preview(kind, facts, stated, lacking, FACTS[MAP].name in missing, begins)


def issue_paper(
    county: County,
    actor: Actor,
    case: IdleCase,
    shown: Preview,
    *,
    on: date,
    stated: Mapping[str, Any],
    reason: str,
) -> IssuedDocument:
    """The paper with the known facts and those that the officer stated for its gaps."""
    return issue_document(
        county,
        actor,
        shown.kind,
        {**shown.facts, **stated},
        on=on,
        reason=reason,
        subject=case.phase.contract.holder_name,
        town_code=case.town_code,
        pictures=location_picture(county, case.parcel, title=case.phase.contract.location)
        if shown.with_map
        else None,
    )


def location_picture(county: County, parcel: Parcel | None, *, title: str = "") -> dict[str, bytes] | None:
    """The parcel among its neighbours and in its town; none where the machine has no font or there is no shape."""
    if parcel is None:
        return None
    west, south, east, north = parcel.geom_4490.extent
    around = max(east - west, north - south) * AROUND_TIMES + AROUND_DEGREES
    window = Polygon.from_bbox((west - around, south - around, east + around, north + around))
    beside = Parcel.objects.filter(county=county, valid_to=None, geom_4490__bboverlaps=window)
    town = District.objects.filter(
        county=county, kind=District.TOWN, code=parcel.town_code, valid_to=None
    ).first()
    try:
        drawn = location_map(
            shapely.from_wkb(bytes(parcel.geom_4490.wkb)),
            title=title or parcel.location or parcel.code,
            survey_crs=county.survey_crs,
            label=parcel.code,
            neighbours_4490=[
                (shapely.from_wkb(bytes(each.geom_4490.wkb)), "")
                for each in beside.exclude(pk=parcel.pk).only("geom_4490")[:MOST_NEIGHBOURS]
            ],
            town_4490=shapely.from_wkb(bytes(town.geom_4490.wkb)) if town else None,
        )
    except FontMissing:
        return None
    return {MAP: drawn}


def facts_of(
    county: County, actor: Actor, case: IdleCase, state: State, on: date, rules: RuleBook
) -> dict[str, Any]:
    """By the keys of the vocabulary; empty ones are left out."""
    record = record_of(actor, case.phase_id, on)
    known: dict[str, Any] = {
        "case_no": case.case_no, "handler": actor.display_name, **(_of_land(record, case) if record else {})
    }  # fmt: skip
    known |= (
        _of_finding(state, on, rules) | _of_settlement(case, state, on, rules) | of_procedure(case, state)
    )
    known |= _of_performance(state)
    if record is not None:
        known |= of_evidence(record, on, rules) | of_register(record, case, on)
    return {key: value for key, value in known.items() if value not in (None, "", [])}


def _of_land(record: PhaseOnRecord, case: IdleCase) -> dict[str, Any]:
    contract, facts = case.phase.contract, record.facts
    return {
        "holder": record.holder_name,
        "parcel_code": record.parcel_code,
        "supervision_no": record.supervision_no,
        "contract_no": facts.contract_no,
        "supply_mode": contract.supply_mode,
        "location": record.location,
        "town": record.town_name,
        "land_use": record.land_use,
        "contract_signed_on": facts.signed_on,
        "agreed_delivery": facts.agreed_delivery,
        "actual_delivery": facts.actual_delivery,
        "agreed_start": facts.agreed_start,
        "actual_start": facts.actual_start,
        "agreed_completion": facts.agreed_completion,
        "actual_completion": facts.actual_completion,
        "area_m2": record.area_m2,
        "area_to_develop_m2": facts.land_to_develop_m2,
        "price": record.price_wan * YUAN_A_WAN if record.price_wan is not None else None,
        "total_investment": (
            facts.total_investment_wan * YUAN_A_WAN if facts.total_investment_wan is not None else None
        ),
    }


def _of_finding(state: State, on: date, rules: RuleBook) -> dict[str, Any]:
    notice, finding, reply = state.last("investigation_notice"), state.finding, state.last("reply")
    survey, disclosed, told = (
        state.last("site_survey"),
        state.last("disclosure"),
        state.last("notice_to_government"),
    )
    known: dict[str, Any] = {
        "suspicion_basis": state.opened.fact("source") if state.opened else "",
        "investigation_no": notice.document_no if notice else "",
        "investigation_on": notice.on if notice else None,
        "statement": reply.fact("statement") if reply else NO_REPLY if state.has("no_reply") else "",
        "surveyors": survey.fact("persons") if survey else "",
        "disclosed_at": disclosed.fact("place") if disclosed else "",
        "disclosed_on": disclosed.on if disclosed else on,
        "government_body": told.fact("body") if told else "",
    }
    if finding is not None:
        known |= {
            "finding_no": finding.document_no,
            "finding_on": finding.on,
            "finding_kind": FOUND_AS.get(finding.fact("result"), ""),
            "facts_found": finding.fact("statement"),
            "evidence": [line for line in str(finding.fact("evidence") or "").splitlines() if line.strip()],
            "cause": "、".join(CAUSE_TITLES.get(code, code) for code in state.causes),
            "cause_kind": CLASS_TITLES.get(rules(on).cause(state.causes), "") if state.causes else "",
        }
    return known


def _of_settlement(case: IdleCase, state: State, on: date, rules: RuleBook) -> dict[str, Any]:
    scheme, approval, right = (
        state.last("scheme"),
        state.last("scheme_approval"),
        state.last("hearing_right_notice"),
    )
    decision, agreement, closed = state.decision, state.last("agreement"), state.last("closed")
    notice, ground = state.last("hearing_notice"), next((s.ground for s in reversed(state.steps)), None)
    lien = (
        Encumbrance.objects.filter(contract__phases=case.phase_id, kind="mortgage", valid_from__lte=on)
        .filter(Q(valid_to=None) | Q(valid_to__gte=on))
        .first()
    )
    known: dict[str, Any] = {
        "mortgagee": lien.holder_name if lien else "",
        "mortgage_no": lien.registration_no if lien else "",
        "mode": CHOICES["mode"].get(state.mode, ""),
        "scheme": scheme.fact("content") if scheme else "",
        "approval_body": approval.fact("approver") if approval else "",
        "approval_no": approval.fact("approval_no") if approval else "",
        "approved_on": approval.on if approval else None,
        "hearing_right_on": right.on if right else None,
        "hearing_place": notice.fact("place") if notice else "",
        "closed_on": closed.on if closed else None,
    }
    routes = rules(on).routes
    if (
        state.mode
        and state.finding
        and (found := option(state.mode, route_facts(state, state.steps[-1], rules(on)), routes))
    ):
        known |= {"mode_article": by_article(found.article)}
    if state.mode == "fee" and ground and ground.price_yuan and ground.price_yuan > 0:
        due = fee(ground.price_yuan, routes.fee_rate)
        known |= {"fee_base": due.base_yuan, "fee_rate": due.rate, "fee_amount": due.amount_yuan}
        known["amount_due"] = due.amount_yuan
    if state.mode in PENALTIES:
        sum_due = f"（{known['fee_amount']:,.2f}元）" if "fee_amount" in known else ""
        known["proposed_decision"] = f"{CHOICES['mode'][state.mode]}{sum_due}"
        known["hearing_subject"] = f"拟对{case.phase.contract.holder_name}{CHOICES['mode'][state.mode]}一事"
    if decision is not None:
        known |= {
            "decision_name": DECISION_PAPERS.get(decision.stage, title_of(decision.stage)),
            "decision_no": decision.document_no,
            "decision_on": decision.on,
            "decision_served_on": state.served_on(decision.stage),
        }
    if agreement is not None:
        known |= {
            "agreement_no": agreement.fact("agreement_no"),
            "new_start": agreement.fact("new_start"),
            "new_completion": agreement.fact("new_completion"),
            "temporary_from": agreement.fact("temporary_from"),
            "temporary_to": agreement.fact("until") if state.mode == "temporary" else None,
        }
    return known


def _of_performance(state: State) -> dict[str, Any]:
    """The dunning before the court is asked, and what became of the remedies."""
    dunned = state.last("dunning")
    if state.decision is None or state.disposed:
        return {}
    return {
        "dunning_no": dunned.document_no if dunned else "",
        "dunning_on": dunned.on if dunned else None,
        "dunning_served_on": state.served_on("dunning"),
        "remedies_told": _remedies(state),
    }


def _remedies(state: State) -> str:
    """What the court is told of reconsideration and lawsuit; nothing while one is pending."""
    if state.pending_remedy:
        return ""
    if state.has(*REMEDIES):
        return "申请的行政复议、提起的行政诉讼已经终结，决定得到维持"
    return "在法定期限内未申请行政复议、未提起行政诉讼"
