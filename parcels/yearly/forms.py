"""The forms of the yearly evaluation: filters, a draft, a step, an objection and its decision, a scheme's versions, facts.

Refuses to judge: what was typed is handed on, and the actions answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from landgis.lib.errors import InputError
from landgis.lib.forms import Day, Refusing, Styled
from parcels.disposal.forms import ReasonForm
from parcels.enterprises.year_actions import StatedYear
from parcels.evaluation.rules import YEARS
from parcels.grading.facts import LONGEST as LONGEST_BASIS
from parcels.grading.facts import TITLES as FACT_KINDS
from parcels.grading.facts import Known, StatedFact
from parcels.grading.tables import DIMENSIONS
from parcels.yearly.queries import EXEMPT, OPEN_SORTS, SORTS, UNGRADED
from parcels.yearly.wording import SCOPES

LONGEST = 4000
MOST_TOML = 400_000
MOST_PAPER = 20 * 1024 * 1024
DIFFERS = "differs"
SCALES = [("", _("不写明")), ("1", _("规上")), ("0", _("规下"))]
STANDING, TAKEN_BACK = "standing", "taken_back"
_CODE = r"^[A-Za-z0-9_-]{1,60}$"


class ResultFilter(Styled):
    """The list's filters; an empty field filters nothing."""

    group = forms.ChoiceField(label=_("组别"), required=False)
    grade = forms.ChoiceField(label=_("档次"), required=False)
    industry = forms.ChoiceField(label=_("行业"), required=False)
    town = forms.ChoiceField(label=_("镇街"), required=False)
    sort = forms.ChoiceField(label=_("排序"), required=False)
    q = forms.CharField(label=_("企业名称或统一社会信用代码"), required=False, max_length=60)

    def __init__(
        self,
        *args: Any,
        groups: Iterable[str],
        grades: Iterable[str],
        industries: Iterable[str],
        towns: Iterable[tuple[str, str]],
        cleared: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, every, choices in (
            ("group", _("全部组别"), [(one, one) for one in groups]),
            ("grade", _("全部档次"), [*((one, one) for one in grades), (EXEMPT, _("免评")), (UNGRADED, _("未定档"))]),
            ("industry", _("全部行业"), [(one, one) for one in industries if one]),
            ("town", _("全部镇街"), list(towns)),
            ("sort", SORTS[""], [(key, SORTS[key]) for key in (SORTS if cleared else OPEN_SORTS) if key]),
        ):  # fmt: skip
            self.fields[name].choices = [("", every), *choices]  # type: ignore[attr-defined]


class DraftForm(Styled):
    """A run to begin: which version, which year, on which day and why; `seen` is the hash of what was previewed."""

    version = forms.TypedChoiceField(label=_("评价方案（已启用的版本）"), coerce=int)
    year = forms.IntegerField(label=_("评价年度"), min_value=YEARS[0], max_value=YEARS[-1])
    corrects = forms.TypedChoiceField(label=_("更正哪一次定稿"), coerce=int, required=False, empty_value=None)
    on = Day(label=_("起草日期"))
    reason = forms.CharField(label=_("起草原因"), max_length=500)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(
        self, *args: Any, versions: list[tuple[int, str]], finals: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].choices = versions  # type: ignore[attr-defined]
        self.fields["corrects"].choices = [("", _("不是更正")), *finals]  # type: ignore[attr-defined]


class StepForm(ReasonForm):
    """The day of a step and the reason for it."""

    on = Day(label=_("日期"))
    stage = forms.CharField(widget=forms.HiddenInput, max_length=12)
    field_order = ("on", "reason", "stage")


class NewVersionForm(ReasonForm):
    """A version made from another: its name, first year and basis."""

    version = forms.RegexField(
        label=_("新版本号"),
        regex=_CODE,
        error_messages={"invalid": _("版本号只能用字母、数字、横线和下划线。")},
    )
    year_from = forms.IntegerField(label=_("自哪一年起适用"), min_value=YEARS[0], max_value=YEARS[-1])
    basis = forms.CharField(label=_("依据（文件名称、文号）"), max_length=1000)
    field_order = ("version", "year_from", "basis", "reason")


class InForceForm(ReasonForm):
    """From which day a version is used, and why; its basis document comes with it."""

    on = Day(label=_("启用日期"))
    field_order = ("on", "reason")


class CrossForm(Styled):
    """A cross table: of which run, by what and of which figure."""

    run = forms.TypedChoiceField(label=_("评价"), coerce=int)
    rows = forms.ChoiceField(label=_("行"), choices=list(DIMENSIONS.items()))
    columns = forms.ChoiceField(label=_("列"), choices=list(DIMENSIONS.items()))
    figure = forms.ChoiceField(label=_("数据项"))

    def __init__(
        self, *args: Any, runs: list[tuple[int, str]], figures: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["run"].choices = runs  # type: ignore[attr-defined]
        self.fields["figure"].choices = figures  # type: ignore[attr-defined]


class AreaForm(Styled):
    """Indicators of areas: which year and which kind of area."""

    year = forms.TypedChoiceField(label=_("年度"), coerce=int)
    scope = forms.ChoiceField(label=_("范围"))

    def __init__(self, *args: Any, years: Iterable[int], scopes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, year) for year in years]  # type: ignore[attr-defined]
        self.fields["scope"].choices = [(scope, SCOPES[scope]) for scope in scopes]  # type: ignore[attr-defined]


class FactFilter(Styled):
    """A year's facts, by kind, firm and whether they stand."""

    year = forms.IntegerField(label=_("年度"), min_value=YEARS[0], max_value=YEARS[-1])
    kind = forms.ChoiceField(
        label=_("事项类别"),
        required=False,
        choices=[("", _("全部类别")), *FACT_KINDS.items()],
    )
    state = forms.ChoiceField(
        label=_("状态"), required=False,
        choices=[("", _("全部状态")), (STANDING, _("有效")), (TAKEN_BACK, _("已撤销、更正"))],
    )  # fmt: skip
    q = forms.CharField(label=_("企业名称或代码"), required=False, max_length=60)


class FirmYearFilter(Styled):
    """A year's firms of which something was stated."""

    year = forms.IntegerField(label=_("年度"), min_value=YEARS[0], max_value=YEARS[-1])
    state = forms.ChoiceField(
        label=_("状态"), required=False,
        choices=[("", _("全部记载")), (DIFFERS, _("与登记库现值不同"))],
    )  # fmt: skip
    q = forms.CharField(label=_("企业名称或代码"), required=False, max_length=60)


class FirmYearForm(Refusing):
    """What a firm was in a year, as an officer states it; a blank isn't stated."""

    read_as: ClassVar[Mapping[str, str]] = {"file": "paper"}

    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=18)
    above_scale = forms.TypedChoiceField(
        label=_("规上、规下"),
        required=False,
        choices=SCALES,
        coerce=lambda text: text == "1",
        empty_value=None,
    )
    industry_code = forms.CharField(label=_("行业代码（GB/T 4754）"), required=False, max_length=8)
    industry_group = forms.CharField(label=_("行业类别"), required=False, max_length=40)
    town_code = forms.ChoiceField(label=_("所属镇街"), required=False)
    basis = forms.CharField(label=_("依据（文件名称、文号）"), max_length=LONGEST_BASIS)
    reason = forms.CharField(label=_("原因"), max_length=500)
    paper = forms.FileField(label=_("证明材料（PDF 或照片，可不附）"), required=False, allow_empty_file=True)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, towns: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["town_code"].choices = [("", _("不写明")), *towns]  # type: ignore[attr-defined]

    def stated(self) -> StatedYear:
        told = self.cleaned_data
        return StatedYear(
            told["above_scale"], told["industry_code"], told["industry_group"], told["town_code"], told["basis"],
            chosen_paper(told["paper"]),
        )  # fmt: skip


class FactForm(Refusing):
    """A fact as an officer states it."""

    read_as: ClassVar[Mapping[str, str]] = {"kind": "item", "code": "item", "file": "paper"}

    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=18)
    item = forms.ChoiceField(label=_("事项"))
    amount = forms.DecimalField(
        label=_("数值（加减分、补充数据填写）"), required=False, max_digits=20, decimal_places=6
    )
    basis = forms.CharField(label=_("依据（文件名称、文号）"), max_length=LONGEST_BASIS)
    reason = forms.CharField(label=_("原因"), max_length=500)
    paper = forms.FileField(label=_("证明材料（PDF 或照片，可不附）"), required=False, allow_empty_file=True)

    def __init__(self, *args: Any, known: Known, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = [  # type: ignore[attr-defined]
            ("", _("请选择")),
            *(
                (FACT_KINDS[kind], [(f"{kind}:{code}", title) for code, title in codes.items()])
                for kind, codes in known.codes.items()
                if codes
            ),
        ]

    def stated(self) -> StatedFact:
        told = self.cleaned_data
        kind, _colon, code = told["item"].partition(":")
        amount: Decimal | None = told["amount"]
        paper = chosen_paper(told["paper"])
        return StatedFact(told["uscc"].strip().upper(), kind, code, told["basis"], amount, paper)


def chosen_paper(file: Any) -> tuple[str, bytes] | None:
    """A chosen file as its name and bytes; none where none was chosen."""
    if file is None:
        return None
    if file.size > MOST_PAPER:
        raise InputError("paper_size", "证明材料超过 20 MB。", "请压缩后重新选择。", field="paper")
    return file.name, file.read()
