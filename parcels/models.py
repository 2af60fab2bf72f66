"""The models of all rooms of `parcels`, where Django looks for them."""

from parcels.ancillary.models import (
    AncillaryDecision,
    AncillaryGround,
    AncillaryPool,
    AncillaryProject,
    PooledQuota,
    PoolUse,
)
from parcels.balance.models import (
    Adjustment,
    AdjustmentStep,
    BalanceProof,
    Inclusion,
    LineEntry,
    SurplusUse,
)
from parcels.bulk_issue.models import IssueItem, IssueJob
from parcels.cadastre.lineage_models import Attachment, CadastralEvent, EventParcel, Lineage, ParcelVersion
from parcels.cadastre.models import Holder, Holding, Parcel
from parcels.campaigns.models import (
    CountEntry,
    Credit,
    Project,
    ProjectStep,
    StepPaper,
    TargetPlan,
    TownTarget,
    YearTarget,
)
from parcels.clusters.models import Cluster
from parcels.disposal.models import CalendarFeed, CaseStep, FeeReceipt, IdleCase
from parcels.disposal_lists.models import DisposalList
from parcels.documents.models import DocumentNumber, DocumentTemplate, IssuedDocument
from parcels.editing.models import EditingPresence
from parcels.enterprises.models import AnnualReturn, Enterprise, FirmYear, Occupancy
from parcels.evaluation.models import IndicatorRun, IndicatorValue
from parcels.exchange.models import DeliveredTable
from parcels.fees.models import FeeBatch, FeeBatchItem, ReceiptFile, ReceiptLine
from parcels.field_reports.models import FieldOutcome, FieldPhoto, FieldReport
from parcels.grading.models import (
    Acceptance,
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
from parcels.land_use.models import Affiliation, LandUseConfirmation, LandUseFreeze, TenancyChoice
from parcels.low_efficiency.models import (
    EnergyProject,
    EnergyReview,
    LowEfficiencyFile,
    LowEfficiencyList,
    LowEfficiencyStep,
    WeeklyFollowUp,
)
from parcels.notices.models import Digest, Notice
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
from parcels.policies.models import PolicyList, PolicyRate, PolicyTable
from parcels.reports.models import ReportIssue
from parcels.returns.models import EnergyMonth, FigureDecision, ReturnDelivery, ReturnFigure, ReturnRow
from parcels.schemes.models import Scheme, SchemeVersion
from parcels.supply.fact_models import (
    CauseInterval,
    ConversionBatch,
    Encumbrance,
    FactPaper,
    Foundation,
    Milestone,
    MonitoringRegistration,
    Permit,
    Stoppage,
    SupplementAgreement,
)
from parcels.supply.models import ConstructionProgress, ContractPhase, SupplyContract
from parcels.tasks.models import Task, TaskPhoto, TaskReport

__all__ = [
    "Acceptance",
    "Adjustment",
    "AdjustmentStep",
    "Affiliation",
    "AncillaryDecision",
    "AncillaryGround",
    "AncillaryPool",
    "AncillaryProject",
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
    "CountEntry",
    "Credit",
    "DeliveredTable",
    "Digest",
    "DisposalList",
    "DocumentNumber",
    "DocumentTemplate",
    "EditingPresence",
    "Encumbrance",
    "EnergyMonth",
    "EnergyProject",
    "EnergyReview",
    "Enterprise",
    "EventParcel",
    "FactPaper",
    "FeeBatch",
    "FeeBatchItem",
    "FeeReceipt",
    "FieldOutcome",
    "FieldPhoto",
    "FieldReport",
    "FigureDecision",
    "FirmFact",
    "FirmYear",
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
    "Inclusion",
    "IndicatorRun",
    "IndicatorValue",
    "IssueItem",
    "IssueJob",
    "IssuedDocument",
    "LandUseConfirmation",
    "LandUseFreeze",
    "LineEntry",
    "Lineage",
    "LowEfficiencyFile",
    "LowEfficiencyList",
    "LowEfficiencyStep",
    "Milestone",
    "MonitoringRegistration",
    "Notice",
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
    "PolicyList",
    "PolicyRate",
    "PolicyTable",
    "PoolUse",
    "PooledQuota",
    "Project",
    "ProjectStep",
    "ReceiptFile",
    "ReceiptLine",
    "ReportIssue",
    "ReturnDelivery",
    "ReturnFigure",
    "ReturnRow",
    "Scheme",
    "SchemeVersion",
    "StepPaper",
    "Stoppage",
    "SupplementAgreement",
    "SupplyContract",
    "SurplusUse",
    "TargetPlan",
    "Task",
    "TaskPhoto",
    "TaskReport",
    "TenancyChoice",
    "TownTarget",
    "WeeklyFollowUp",
    "YearTarget",
]
