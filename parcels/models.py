"""The models of all rooms of `parcels`, where Django looks for them."""

from parcels.ancillary.models import (
    AncillaryDecision,
    AncillaryPool,
    AncillaryProject,
    PooledQuota,
    PoolUse,
)
from parcels.cadastre.lineage_models import Attachment, CadastralEvent, EventParcel, Lineage, ParcelVersion
from parcels.cadastre.models import Holder, Holding, Parcel
from parcels.campaigns.models import Credit, Project, ProjectStep, TownTarget
from parcels.clusters.models import Cluster
from parcels.disposal.models import CalendarFeed, CaseStep, FeeReceipt, IdleCase
from parcels.disposal_lists.models import DisposalList
from parcels.documents.models import DocumentNumber, DocumentTemplate, IssuedDocument
from parcels.editing.models import EditingPresence
from parcels.enterprises.models import AnnualReturn, Enterprise, Occupancy
from parcels.evaluation.models import IndicatorRun, IndicatorValue
from parcels.exchange.models import DeliveredTable
from parcels.field_reports.models import FieldOutcome, FieldPhoto, FieldReport
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
from parcels.low_efficiency.models import (
    EnergyProject,
    EnergyReview,
    LowEfficiencyFile,
    LowEfficiencyList,
    LowEfficiencyStep,
    WeeklyFollowUp,
)
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
from parcels.policies.models import PolicyRate, PolicyTable
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
    "AncillaryDecision",
    "AncillaryPool",
    "AncillaryProject",
    "AnnualReturn",
    "Attachment",
    "CadastralEvent",
    "CalendarFeed",
    "CaseStep",
    "CauseInterval",
    "Cluster",
    "ConstructionProgress",
    "ContractPhase",
    "ConversionBatch",
    "Credit",
    "DeliveredTable",
    "DisposalList",
    "DocumentNumber",
    "DocumentTemplate",
    "EditingPresence",
    "Encumbrance",
    "EnergyProject",
    "EnergyReview",
    "Enterprise",
    "EventParcel",
    "FeeReceipt",
    "FieldOutcome",
    "FieldPhoto",
    "FieldReport",
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
    "LowEfficiencyFile",
    "LowEfficiencyList",
    "LowEfficiencyStep",
    "Milestone",
    "MonitoringRegistration",
    "Objection",
    "ObjectionDecision",
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
    "PolicyRate",
    "PolicyTable",
    "PoolUse",
    "PooledQuota",
    "Project",
    "ProjectStep",
    "Scheme",
    "SchemeVersion",
    "Stoppage",
    "SupplementAgreement",
    "SupplyContract",
    "TownTarget",
    "WeeklyFollowUp",
]
