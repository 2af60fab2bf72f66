"""The forms of the ledgers: the list's filters, a new project, a stage, a credit, reversals, targets and counts.

Refuses what isn't a day, a figure or a choice; what the rules say of it is told by the actions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from landgis.counties.models import County
from landgis.lib.errors import InputError, LandgisError
from landgis.lib.forms import Day, Styled
from parcels.campaigns.rules import LEDGERS, STAGES, Count, Stage
from parcels.clusters.forms import BETWEEN_CODES, MOST_CODES
from parcels.clusters.rules import WAYS
from parcels.ledgers.queries import ENDED, Filters

LIGHTS = (
    ("red", _("红：已逾期")),
    ("yellow", _("黄：临期")),
    ("green", _("绿：已完成或未到期")),
    ("none", _("未设期限")),
    (ENDED, _("已终止")),
)
LONGEST_COORDINATES = 200_000
BETWEEN_UNITS = re.compile(r"[、，,；;\s]+")
LONGEST_UNIT = 80


def _area(label: Any, rows: int = 2, *, required: bool = False, longest: int = 2000) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=longest, widget=forms.Textarea(attrs={"rows": rows})
    )


class Refusable(Styled):
    """A form that tells what the domain refused beside the field that it names, else above itself."""

    read_as: dict[str, str] = {
        "text": "ground_text",
        "file": "ground_file",
        "claim": "ground_text",
        "geometry": "ground_text",
    }

    def refuse(self, error: LandgisError) -> None:
        name = error.field if isinstance(error, InputError) else ""
        name = self.read_as.get(name, name)
        self.add_error(name if name in self.fields else None, str(error))


def towns_of(county: County, first: Any) -> list[tuple[str, Any]]:
    return [("", first), *county.towns.order_by("code").values_list("code", "name")]


class ProjectFilter(Styled):
    """The list's filters; an empty one limits nothing."""

    town = forms.ChoiceField(label=_("镇街"), required=False)
    stage = forms.ChoiceField(label=_("阶段"), required=False)
    light = forms.ChoiceField(label=_("进度灯"), required=False, choices=[("", _("全部")), *LIGHTS])
    overdue = forms.BooleanField(label=_("只看逾期"), required=False)
    q = forms.CharField(label=_("项目、牵头单位、宗地代码"), required=False, max_length=60)

    def __init__(self, *args: Any, county: County, ledger: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stages = [(stage.code, stage.title) for stage in STAGES[ledger] if stage.code != "reopened"]
        self.fields["town"].choices = towns_of(county, _("全部镇街"))  # type: ignore[attr-defined]
        self.fields["stage"].choices = [("", _("全部阶段")), *stages]  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        told = self.cleaned_data
        return Filters(told["town"], told["stage"], told["light"], told["overdue"], told["q"].strip())


class GroundForm(Refusable):
    """Ground as pasted boundary points or as a file; which readers take it is their business."""

    ground_text = _area(_("界址点（每行：点号 X Y）或 GeoJSON"), 4, longest=LONGEST_COORDINATES)
    ground_file = forms.FileField(label=_("或上传文件"), required=False, allow_empty_file=True)


class EditForm(GroundForm):
    """A project as it is corrected: what it is called, on which ground, and who answers for it."""

    name = forms.CharField(label=_("项目名称"), max_length=200)
    parcel_codes = _area(_("宗地代码（可多个）"), 3, longest=LONGEST_COORDINATES)
    way = forms.ChoiceField(
        label=_("方式"), required=False, choices=[("", "—"), *((way, way) for way in WAYS)]
    )
    lead_unit = forms.CharField(label=_("▲ 牵头单位"), max_length=80)
    helper_units = forms.CharField(label=_("配合单位（用顿号分开）"), required=False, max_length=500)
    person = forms.CharField(label=_("责任人"), required=False, max_length=80)
    due_on = Day(label=_("完成期限"), required=False)
    note = _area(_("备注"))
    reason = forms.CharField(label=_("变更原因及依据"), max_length=500)
    despite = forms.BooleanField(label=_("已核对，仍然继续"), required=False)

    def clean_parcel_codes(self) -> list[str]:
        codes = [code for code in BETWEEN_CODES.split(self.cleaned_data["parcel_codes"]) if code]
        if len(codes) > MOST_CODES:
            raise ValidationError(_("一次最多填写 %(most)s 个宗地代码。") % {"most": MOST_CODES})
        return codes

    def clean_helper_units(self) -> list[str]:
        units = [unit for unit in BETWEEN_UNITS.split(self.cleaned_data["helper_units"]) if unit]
        if any(len(unit) > LONGEST_UNIT for unit in units):
            raise ValidationError(_("每个单位名称不超过 %(most)s 个字。") % {"most": LONGEST_UNIT})
        return units


class ProjectForm(EditForm):
    """A new project: the same, with its ledger, its day, and the cluster that it comes from."""

    ledger = forms.ChoiceField(label=_("台账"), choices=list(LEDGERS.items()))
    cluster = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62)
    on = Day(label=_("立项日期"))
    reason = forms.CharField(label=_("立项依据"), max_length=500)


class StageForm(Refusable):
    """A stage as it was reached."""

    read_as = {"file": "papers"}
    stage = forms.ChoiceField(label=_("阶段"))
    on = Day(label=_("日期"))
    person = forms.CharField(label=_("经办人"), max_length=80)
    evidence = forms.CharField(label=_("佐证（文号、验收单编号等）"), required=False, max_length=500)
    note = _area(_("说明"))
    papers = forms.FileField(label=_("附件（照片、PDF，可多选）"), required=False, allow_empty_file=True)

    def __init__(self, *args: Any, stages: list[Stage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = [  # type: ignore[attr-defined]
            (stage.code, f"{stage.title}{'（须佐证）' if stage.evidence else ''}") for stage in stages
        ]


class CreditForm(GroundForm):
    """A credit of the project's ground, or of the part that is given."""

    on = Day(label=_("入账日期"))
    evidence = forms.CharField(label=_("佐证材料"), max_length=500, required=False)
    reason = forms.CharField(label=_("入账说明"), max_length=500, required=False)


class TakeBackForm(Refusable):
    """Why a stage, a credit or a figure is taken back, and on what."""

    on = Day(label=_("日期"))
    evidence = forms.CharField(label=_("依据文号"), max_length=500, required=False)
    reason = forms.CharField(label=_("原因"), max_length=500)


class CountForm(Refusable):
    """A figure of one of the plan's other counts."""

    key = forms.ChoiceField(label=_("指标"))
    town = forms.ChoiceField(label=_("镇街"), required=False)
    uscc = forms.CharField(label=_("企业统一社会信用代码（逐家登记时填）"), required=False, max_length=18)
    value = forms.DecimalField(label=_("数值"), max_digits=14, decimal_places=4)
    on = Day(label=_("日期"))
    evidence = forms.CharField(label=_("佐证材料"), max_length=500)
    note = forms.CharField(label=_("说明"), required=False, max_length=500)

    def __init__(self, *args: Any, county: County, counts: Mapping[str, Count], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = [(key, one.title) for key, one in counts.items()]  # type: ignore[attr-defined]
        self.fields["town"].choices = towns_of(county, _("全县"))  # type: ignore[attr-defined]


class PartsForm(Refusable):
    """A county's target in parts that hold from a day on: a figure for each town, or for each year."""

    on = Day(label=_("生效日期"))
    basis = forms.CharField(label=_("分解依据"), max_length=500)
    reason = forms.CharField(label=_("办理说明"), max_length=500)
    backdated = forms.BooleanField(label=_("追溯施行"), required=False)

    def __init__(self, *args: Any, names: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = names
        for code, name in names.items():
            self.fields[code] = forms.DecimalField(
                label=name, required=False, min_value=0, max_digits=12, decimal_places=4
            )
        self.dress()

    def parts(self) -> dict[str, Decimal]:
        """The towns or years with a figure; an empty one has no part."""
        told = self.cleaned_data
        return {code: told[code] for code in self.names if told.get(code) is not None}

    def part_fields(self) -> list[Any]:
        return [self[code] for code in self.names]
