"""The models of all rooms of `parcels`, where Django looks for them."""

from parcels.cadastre.lineage_models import Attachment, CadastralEvent, EventParcel, Lineage, ParcelVersion
from parcels.cadastre.models import Holder, Holding, Parcel
from parcels.disposal.models import CalendarFeed, CaseStep, FeeReceipt, IdleCase
from parcels.disposal_lists.models import DisposalList
from parcels.documents.models import DocumentNumber, DocumentTemplate, IssuedDocument
from parcels.editing.models import EditingPresence
from parcels.enterprises.models import AnnualReturn, Enterprise, Occupancy
from parcels.evaluation.models import IndicatorRun, IndicatorValue
from parcels.grading.models import (
    FirmFact,
    FrozenInput,
    GradingResult,
    GradingRun,
    GradingScore,
    GradingStep,
    Objection,
    ObjectionDecision,
)
from parcels.idle_land.models import IdleFinding, IdleScreening
from parcels.schemes.models import Scheme, SchemeVersion
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
    "DisposalList",
    "DocumentNumber",
    "DocumentTemplate",
    "EditingPresence",
    "Encumbrance",
    "Enterprise",
    "EventParcel",
    "FeeReceipt",
    "FirmFact",
    "Foundation",
    "FrozenInput",
    "GradingResult",
    "GradingRun",
    "GradingScore",
    "GradingStep",
    "Holder",
    "Holding",
    "IdleCase",
    "IdleFinding",
    "IdleScreening",
    "IndicatorRun",
    "IndicatorValue",
    "IssuedDocument",
    "Lineage",
    "Milestone",
    "MonitoringRegistration",
    "Objection",
    "ObjectionDecision",
    "Occupancy",
    "Parcel",
    "ParcelVersion",
    "Permit",
    "Scheme",
    "SchemeVersion",
    "Stoppage",
    "SupplementAgreement",
    "SupplyContract",
]
