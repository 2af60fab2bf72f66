"""The models of all rooms of `parcels`, where Django looks for them."""

from parcels.bulk_issue.models import IssueItem, IssueJob
from parcels.cadastre.lineage_models import Attachment, CadastralEvent, EventParcel, Lineage, ParcelVersion
from parcels.cadastre.models import Holder, Holding, Parcel
from parcels.disposal.models import CalendarFeed, CaseStep, FeeReceipt, IdleCase
from parcels.disposal_lists.models import DisposalList
from parcels.documents.models import DocumentNumber, DocumentTemplate, IssuedDocument
from parcels.editing.models import EditingPresence
from parcels.enterprises.models import AnnualReturn, Enterprise, Occupancy
from parcels.evaluation.models import IndicatorRun, IndicatorValue
from parcels.fees.models import FeeBatch, FeeBatchItem, ReceiptFile, ReceiptLine
from parcels.idle_land.models import IdleFinding, IdleScreening
from parcels.notices.models import Digest, Notice
from parcels.supply.fact_models import (
    CauseInterval,
    ConversionBatch,
    Encumbrance,
    Foundation,
    Milestone,
    MonitoringRegistration,
    Permit,
    Stoppage,
    SupplementAgreement,
)
from parcels.supply.models import ConstructionProgress, ContractPhase, SupplyContract

__all__ = [
    "AnnualReturn",
    "Attachment",
    "CadastralEvent",
    "CalendarFeed",
    "CaseStep",
    "CauseInterval",
    "ConstructionProgress",
    "ContractPhase",
    "ConversionBatch",
    "Digest",
    "DisposalList",
    "DocumentNumber",
    "DocumentTemplate",
    "EditingPresence",
    "Encumbrance",
    "Enterprise",
    "EventParcel",
    "FeeBatch",
    "FeeBatchItem",
    "FeeReceipt",
    "Foundation",
    "Holder",
    "Holding",
    "IdleCase",
    "IdleFinding",
    "IdleScreening",
    "IndicatorRun",
    "IndicatorValue",
    "IssueItem",
    "IssueJob",
    "IssuedDocument",
    "Lineage",
    "Milestone",
    "MonitoringRegistration",
    "Notice",
    "Occupancy",
    "Parcel",
    "ParcelVersion",
    "Permit",
    "ReceiptFile",
    "ReceiptLine",
    "Stoppage",
    "SupplementAgreement",
    "SupplyContract",
]
