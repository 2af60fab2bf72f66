"""The models of all rooms of `parcels`, where Django looks for them."""

from parcels.balance.models import (
    Adjustment,
    AdjustmentStep,
    BalanceProof,
    Inclusion,
    LineEntry,
    SurplusUse,
)
from parcels.cadastre.lineage_models import Attachment, CadastralEvent, EventParcel, Lineage, ParcelVersion
from parcels.cadastre.models import Holder, Holding, Parcel
from parcels.clusters.models import Cluster
from parcels.disposal.models import CalendarFeed, CaseStep, FeeReceipt, IdleCase
from parcels.disposal_lists.models import DisposalList
from parcels.documents.models import DocumentNumber, DocumentTemplate, IssuedDocument
from parcels.editing.models import EditingPresence
from parcels.enterprises.models import AnnualReturn, Enterprise, Occupancy
from parcels.evaluation.models import IndicatorRun, IndicatorValue
from parcels.exchange.models import DeliveredTable
from parcels.idle_land.models import IdleFinding, IdleScreening
from parcels.plans.models import (
    Plan,
    PlanEntry,
    PlanMeasure,
    PlanMilestone,
    PlanPaper,
    PlanSheet,
    PlanTarget,
    PlanVersion,
)
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
    "Adjustment",
    "AdjustmentStep",
    "AnnualReturn",
    "Attachment",
    "BalanceProof",
    "CadastralEvent",
    "CalendarFeed",
    "CaseStep",
    "CauseInterval",
    "Cluster",
    "ConstructionProgress",
    "ContractPhase",
    "ConversionBatch",
    "DeliveredTable",
    "DisposalList",
    "DocumentNumber",
    "DocumentTemplate",
    "EditingPresence",
    "Encumbrance",
    "Enterprise",
    "EventParcel",
    "FeeReceipt",
    "Foundation",
    "Holder",
    "Holding",
    "IdleCase",
    "IdleFinding",
    "IdleScreening",
    "Inclusion",
    "IndicatorRun",
    "IndicatorValue",
    "IssuedDocument",
    "LineEntry",
    "Lineage",
    "Milestone",
    "MonitoringRegistration",
    "Occupancy",
    "Parcel",
    "ParcelVersion",
    "Permit",
    "Plan",
    "PlanEntry",
    "PlanMeasure",
    "PlanMilestone",
    "PlanPaper",
    "PlanSheet",
    "PlanTarget",
    "PlanVersion",
    "Stoppage",
    "SupplementAgreement",
    "SupplyContract",
    "SurplusUse",
]
