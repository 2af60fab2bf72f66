"""The files that a contract, a phase or a fact rests on: kept with the entry, listed beside it, opened from there.

Refuses a file that isn't sound, more of them than an entry may bring, and to hand out one of a contract outside the
person's towns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from landgis.access.queries import Actor
from landgis.access.rules import VIEW_DOCUMENTS
from landgis.counties.models import County
from landgis.lib.errors import InputError, NotFound
from parcels.cadastre.attachments import keep_evidence
from parcels.cadastre.lineage_models import Attachment
from parcels.supply.fact_models import FactPaper
from parcels.supply.models import ContractPhase, SupplyContract

MOST_PAPERS = 10
FIELD = "papers"
Papers = Sequence[tuple[str, bytes]]


def keep_papers(
    county: County, actor: Actor, contract: SupplyContract, kind_code: str, fact_id: int, papers: Papers
) -> list[int]:
    """Keep the files of an entry in the change that is running; returns the numbers of the attachments."""
    if len(papers) > MOST_PAPERS:
        told = f"一次附了 {len(papers)} 个文件，最多 {MOST_PAPERS} 个。"
        raise InputError("too_many_files", told, "请只保留能证明这条事实的材料。", field=FIELD)
    kept = keep_evidence(county, papers, by=actor.username, field=FIELD)
    for attachment in kept:
        FactPaper.objects.create(contract=contract, kind=kind_code, fact=fact_id, attachment=attachment)
    return [attachment.pk for attachment in kept]


def papers_of(contract: SupplyContract) -> dict[tuple[str, int], list[FactPaper]]:
    """(kind, number of the fact) → its files without their bytes, those of withdrawn facts too; one statement."""
    rows = FactPaper.objects.filter(contract=contract).select_related("attachment")
    found: dict[tuple[str, int], list[FactPaper]] = defaultdict(list)
    for row in rows.defer("attachment__content", "attachment__thumbnail").order_by("pk"):
        found[row.kind, row.fact].append(row)
    return found


def paper_of(actor: Actor, phase: ContractPhase, number: int) -> Attachment:
    """A file of the phase's contract, with its bytes; whoever calls has found the phase in the person's territory."""
    actor.require(VIEW_DOCUMENTS)
    found = (
        FactPaper.objects.filter(pk=number, contract=phase.contract_id).select_related("attachment").first()
    )
    if found is None:
        raise NotFound("没有这份材料，或者不在本账号的范围内。", remedy="请返回合同分期页面查看。")
    return found.attachment
