"""The models of all rooms of `parcels`, where Django looks for them."""

from parcels.cadastre.lineage_models import Attachment, CadastralEvent, EventParcel, Lineage, ParcelVersion
from parcels.cadastre.models import Holder, Holding, Parcel
from parcels.disposal.models import CalendarFeed, CaseStep, FeeReceipt, IdleCase
from parcels.disposal_lists.models import DisposalList
from parcels.documents.models import DocumentNumber, DocumentTemplate, IssuedDocument
from parcels.editing.models import EditingPresence
from parcels.enterprises.models import AnnualReturn, Enterprise, Occupancy
from parcels.evaluation.models import IndicatorRun, IndicatorValue
from parcels.idle_land.models import IdleFinding, IdleScreening
from parcels.land_use.models import Affiliation, LandUseConfirmation, LandUseFreeze, TenancyChoice
from parcels.returns.models import EnergyMonth, FigureDecision, ReturnDelivery, ReturnFigure, ReturnRow
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
    "Affiliation",
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
    "EnergyMonth",
    "Enterprise",
    "EventParcel",
    "FeeReceipt",
    "FigureDecision",
    "Foundation",
    "Holder",
    "Holding",
    "IdleCase",
    "IdleFinding",
    "IdleScreening",
    "IndicatorRun",
    "IndicatorValue",
    "IssuedDocument",
    "LandUseConfirmation",
    "LandUseFreeze",
    "Lineage",
    "Milestone",
    "MonitoringRegistration",
    "Occupancy",
    "Parcel",
    "ParcelVersion",
    "Permit",
    "ReturnDelivery",
    "ReturnFigure",
    "ReturnRow",
    "Stoppage",
    "SupplementAgreement",
    "SupplyContract",
    "TenancyChoice",
]
