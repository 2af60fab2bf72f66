"""The forms of a plan: filters, its contents with rows of measures, targets and milestones, and each kind of entry.

Refuses a half-filled row by its line; whether the whole makes a plan is the action's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.forms import Day, Styled
from parcels.disposal.forms import ReasonForm
from parcels.plans.queries import PATHS, PROBLEM_TYPES, PlanRow, code_titles
from parcels.plans.rules import (
    CLOSING,
    ENTRIES,
    MEASURED,
    MILESTONE,
    PROGRESS,
    REOPENING,
    SENSES,
    STATES,
    SUBJECTS,
    Contents,
    Measure,
    Milestone,
    Standing,
    Target,
)

LONGEST, MOST_ROWS, SPARE_ROWS = 4000, 40, 3
SEPARATORS = str.maketrans("、,;；\n", "，，，，，")


def _text(label: Any, rows: int = 3, **told: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows}), **told
    )


class PlanFilter(Styled):
    """The list's filters; an empty field filters nothing."""

    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部状态")), *STATES.items()])
    kind = forms.ChoiceField(
        label=_("对象"), required=False, choices=[("", _("全部对象")), *SUBJECTS.items()]
    )
    problem = forms.ChoiceField(label=_("问题类型"), required=False)
    unit = forms.ChoiceField(label=_("责任单位"), required=False)
    town = forms.ChoiceField(label=_("镇街"), required=False)
    q = forms.CharField(label=_("方案、案号、宗地、合同、企业、责任人"), required=False, max_length=60)

    def __init__(self, *args: Any, county: County, rows: Iterable[PlanRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = {unit for row in rows for unit in (row.contents.lead_unit, *row.contents.helpers)}
        towns = list(county.towns.values_list("code", "name"))
        for name, all_of_them, choices in (
            ("problem", _("全部问题"), list(code_titles(county, PROBLEM_TYPES).items())),
            ("unit", _("全部单位"), [(unit, unit) for unit in sorted(units)]),
            ("town", _("全部镇街"), towns),
        ):
            self.fields[name].choices = [("", all_of_them), *choices]  # type: ignore[attr-defined]


class ContentsForm(Styled):
    """What a version says beside its rows. ▲ marks the lead unit, as the city's task lists do."""

    on = Day(label=_("编制（修订）日期"))
    from_on = Day(label=_("起始日期"))
    to_on = Day(label=_("完成期限"))
    lead_unit = forms.CharField(label=_("▲ 牵头单位"), max_length=100)
    helpers = forms.CharField(label=_("配合单位（用顿号分开）"), max_length=500, required=False)
    person = forms.CharField(label=_("责任人"), max_length=60)
    officer = forms.CharField(label=_("经办账号"), max_length=150)
    problem_types = forms.MultipleChoiceField(label=_("问题类型"), widget=forms.CheckboxSelectMultiple)
    paths = forms.MultipleChoiceField(label=_("处置路径"), widget=forms.CheckboxSelectMultiple)
    problem = _text(_("问题情况"))
    goal = _text(_("目标"))
    reason = forms.CharField(label=_("办理说明"), max_length=500)

    def __init__(self, *args: Any, county: County, on: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stated = parameters(county, on)
        for name, key in (("problem_types", PROBLEM_TYPES), ("paths", PATHS)):
            field = self.fields[name]
            field.choices = [tuple(pair) for pair in stated[key]]  # type: ignore[attr-defined]
            field.widget.attrs["class"] = "form-check-input"


class RowForm(Styled):
    """A row of a table; one with nothing in it is no row."""

    number = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**31 - 1)
    always: tuple[str, ...] = ("number",)
    needed: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if self.is_row:
            for name in self.needed:
                if told.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, _("请填写%(name)s。") % {"name": self.fields[name].label})
        return told

    @property
    def is_row(self) -> bool:
        told = self.cleaned_data
        return any(value not in (None, "") for name, value in told.items() if name not in self.always)


class MeasureForm(RowForm):
    text = forms.CharField(label=_("措施"), max_length=500, required=False)
    unit = forms.CharField(label=_("单位"), max_length=100, required=False)
    person = forms.CharField(label=_("人员"), max_length=60, required=False)
    due_on = Day(label=_("期限"), required=False)
    needed = ("text",)


class TargetForm(RowForm):
    metric = forms.CharField(label=_("指标"), max_length=60, required=False)
    sense = forms.ChoiceField(label=_("要求"), required=False, choices=list(SENSES.items()))
    value = forms.DecimalField(label=_("目标值"), required=False, max_digits=18, decimal_places=4)
    unit = forms.CharField(label=_("计量单位"), max_length=30, required=False)
    due_on = Day(label=_("期限"), required=False)
    always = ("number", "sense")
    needed = ("metric", "value", "due_on")


class MilestoneForm(RowForm):
    title = forms.CharField(label=_("节点"), max_length=100, required=False)
    due_on = Day(label=_("期限"), required=False)
    needed = ("title", "due_on")


MEASURES, TARGETS, MILESTONES = (
    formset_factory(form, extra=SPARE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True)
    for form in (MeasureForm, TargetForm, MilestoneForm)
)


class PlanForms:
    """The contents form with its three tables, read and checked together."""

    def __init__(
        self, data: Any = None, *, county: County, on: Any, initial: Mapping[str, Any] | None = None,
        contents: Contents | None = None,
    ) -> None:  # fmt: skip
        begins = dict(initial or {}) | (_as_initial(contents) if contents else {})
        self.head = ContentsForm(data, county=county, on=on, initial=begins)
        # A row that was sent counts as it was sent, also where it says what the plan said before.
        self.measures, self.targets, self.milestones = (
            rows(data, prefix=prefix, initial=None if data else begins.get(prefix))
            for rows, prefix in ((MEASURES, "measures"), (TARGETS, "targets"), (MILESTONES, "milestones"))
        )

    @property
    def tables(self) -> list[tuple[str, Any, Any]]:
        return [
            ("targets", _("可考核的指标"), self.targets),
            ("measures", _("措施"), self.measures),
            ("milestones", _("节点"), self.milestones),
        ]

    def is_valid(self) -> bool:
        return all([self.head.is_valid(), *(table.is_valid() for _name, _title, table in self.tables)])

    def contents(self) -> Contents:
        """What was written, in the rules' words."""
        told = self.head.cleaned_data
        measures, targets, milestones = (
            [form.cleaned_data for form in table if form.is_row]
            for table in (self.measures, self.targets, self.milestones)
        )
        return Contents(
            problem_types=tuple(told["problem_types"]),
            problem=told["problem"],
            goal=told["goal"],
            paths=tuple(told["paths"]),
            lead_unit=told["lead_unit"],
            person=told["person"],
            officer=told["officer"],
            from_on=told["from_on"],
            to_on=told["to_on"],
            helpers=tuple(
                unit.strip() for unit in told["helpers"].translate(SEPARATORS).split("，") if unit.strip()
            ),
            measures=tuple(
                Measure(row["text"], row["unit"], row["person"], row["due_on"]) for row in measures
            ),
            targets=tuple(
                Target(
                    row["metric"], row["unit"], row["value"], row["due_on"], row["sense"], row["number"] or 0
                )
                for row in targets
            ),
            milestones=tuple(
                Milestone(row["title"], row["due_on"], row["number"] or 0) for row in milestones
            ),
        )

    def refuse(self, issues: Iterable[Mapping[str, str]]) -> None:
        """Put what the action refused beside its field, or above the form."""
        for issue in issues:
            field = issue["field"] if issue["field"] in self.head.fields else None
            self.head.add_error(field, issue["message"])


class EntryForm(Styled):
    """One kind of entry; `kind` decides which fields there are."""

    on = Day(label=_("日期"))
    text = _text(_("情况说明"), rows=2)
    person = forms.CharField(label=_("记录人"), max_length=60)

    def __init__(self, *args: Any, kind: str, standing: Standing, **kwargs: Any) -> None:
        self.kind, self.title = kind, ENTRIES[kind]
        super().__init__(*args, prefix=kind, **kwargs)
        if kind == MILESTONE:
            undone = [item.milestone for item in standing.milestones if not item.done_on]
            self._item(_("节点"), [(row.number, f"{row.title}（{row.due_on}）") for row in undone])
        if kind == MEASURED:
            rows = [item.target for item in standing.targets]
            self._item(_("指标"), [(row.number, f"{row.metric}（{row.unit}）") for row in rows])
            self.fields["value"] = forms.DecimalField(label=_("数值"), max_digits=18, decimal_places=4)
        if kind == REOPENING:
            self.fields["due_on"] = Day(label=_("整改期限"))
        if kind in (MILESTONE, CLOSING):
            self.fields["evidence"] = forms.CharField(label=_("依据材料（名称、文号）"), max_length=500)
        if kind == PROGRESS:
            self.fields["progress"] = forms.IntegerField(
                label=_("进度（%）"), min_value=0, max_value=100, required=False
            )
        self.dress()

    def told(self) -> dict[str, Any]:
        """The fields as the action takes them."""
        told = dict(self.cleaned_data)
        return told | ({"item": int(told["item"])} if "item" in told else {})

    def _item(self, label: Any, choices: list[tuple[int, str]]) -> None:
        self.fields["item"] = forms.ChoiceField(label=label, choices=[("", _("请选择")), *choices])


class ReverseForm(ReasonForm):
    """Why an entry is taken back, and by whom."""

    person = forms.CharField(label=_("记录人"), max_length=60)


def _as_initial(contents: Contents) -> dict[str, Any]:
    told = {name: getattr(contents, name) for name in Contents.__slots__}
    rows = {
        name: [{key: getattr(row, key) for key in type(row).__slots__} for row in told[name]]
        for name in ("measures", "targets", "milestones")
    }
    for row in rows["targets"]:
        row["value"] = f"{row['value'].normalize():f}"
    return told | {"helpers": "、".join(contents.helpers)} | rows
