"""The forms of a case: filters, opening, a step by its stage's own fields, taking one back, receipts, papers.

Refuses to judge a step: it hands on what was written, and the procedure answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from landgis.counties.models import County
from landgis.lib.forms import Day, Styled
from parcels.disposal.paper_facts import FOUND_AS
from parcels.disposal.stage import Stage
from parcels.disposal.stages import STAGES
from parcels.disposal.state import State
from parcels.disposal.wording import CHOICES, HOW_TITLES, title_of
from parcels.documents.vocabulary import FACTS, Fact
from parcels.supply.rules import Field

LONGEST = 4000
SERVED = frozenset(code for code, stage in STAGES.items() if stage.is_served)
DUE_CHOICES = (
    ("", _("全部进度")), ("open", _("未销号")), ("overdue", _("已逾期")), ("soon", _("7 天内到期")),
    ("closed", _("已销号")),
)  # fmt: skip
SPANS = (7, 30)
FILLABLE = ("text", "paragraphs", "texts", "date", "moment", "number", "money", "area")


class CaseFilter(Styled):
    """The list's filters; an empty field filters nothing."""

    stage = forms.ChoiceField(label=_("所处阶段"), required=False)
    due = forms.ChoiceField(label=_("进度"), required=False, choices=DUE_CHOICES)
    officer = forms.ChoiceField(label=_("专管员"), required=False)
    town = forms.ChoiceField(label=_("镇街"), required=False)
    q = forms.CharField(label=_("案号、宗地、合同、权利人"), required=False, max_length=60)

    def __init__(
        self, *args: Any, county: County, officers: Iterable[str], stages: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        towns = list(county.towns.values_list("code", "name"))
        self._choose("stage", [("", _("全部阶段")), *sorted(stages.items(), key=lambda item: item[1])])
        self._choose("officer", [("", _("全部专管员")), *((name, name) for name in officers)])
        self._choose("town", [("", _("全部镇街")), *towns])

    def _choose(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


class DeadlineFilter(Styled):
    """How far ahead, whose and where."""

    days = forms.TypedChoiceField(
        label=_("天数"),
        required=False,
        coerce=int,
        # Put together for each form: a text made of a lazy one would keep the language of the first.
        choices=lambda: [(span, _("%(n)s 天内到期") % {"n": span}) for span in SPANS],
    )
    town = forms.ChoiceField(label=_("镇街"), required=False)
    officer = forms.CharField(label=_("专管员账号"), required=False, max_length=150)

    def __init__(self, *args: Any, county: County, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        towns = list(county.towns.values_list("code", "name"))
        self.fields["town"].choices = [("", _("全部镇街")), *towns]  # type: ignore[attr-defined]


class ServiceFilter(Styled):
    """Served or not, how, and where."""

    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=(
            ("", _("全部文书")), ("waiting", _("未送达")), ("served", _("已送达")), ("obsolete", _("无须再送达")),
        ),
    )  # fmt: skip
    how = forms.ChoiceField(
        label=_("送达方式"), required=False, choices=(("", _("全部方式")), *HOW_TITLES.items())
    )
    town = forms.ChoiceField(label=_("镇街"), required=False)
    q = forms.CharField(label=_("案号、文号、权利人"), required=False, max_length=60)

    def __init__(self, *args: Any, county: County, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        towns = list(county.towns.values_list("code", "name"))
        self.fields["town"].choices = [("", _("全部镇街")), *towns]  # type: ignore[attr-defined]


class OpenForm(Styled):
    """What opening a case needs beside the suspicion."""

    finding = forms.IntegerField(widget=forms.HiddenInput)
    on = Day(label=_("立案日期"))
    officer = forms.CharField(label=_("专管员账号"), max_length=150)
    source = forms.CharField(label=_("线索来源"), max_length=200)
    reason = forms.CharField(label=_("办理说明"), max_length=200)


class ReasonForm(Styled):
    """Why something is taken back or voided."""

    reason = forms.CharField(label=_("原因"), max_length=500)


class AssignForm(ReasonForm):
    """Who has the case from now on."""

    officer = forms.CharField(label=_("专管员账号"), max_length=150)


class ReceiptForm(ReasonForm):
    """A payment as the tax authority reported it."""

    receipt_no = forms.CharField(label=_("缴费凭证号"), max_length=80)
    paid_on = Day(label=_("缴费日期"))
    amount_yuan = forms.DecimalField(label=_("缴费金额（元）"), max_digits=18, decimal_places=2)
    payer_name = forms.CharField(label=_("缴费人"), max_length=200, required=False)


class StepForm(Styled):
    """A step: the day, the person, the paper, and the fields of the stage under `fact_…`; the procedure checks them."""

    on = Day(label=_("办理日期"))
    person = forms.CharField(label=_("经办人"), max_length=150)

    def __init__(
        self, *args: Any, stage: Stage, state: State, papers: Sequence[tuple[int, str]] = (), **kwargs: Any
    ) -> None:
        self.stage = stage
        super().__init__(*args, prefix=stage.code, **kwargs)
        if papers:
            choices = [("", _("未在系统中出具")), *papers]
            self.fields["document"] = forms.ChoiceField(label=_("文书"), choices=choices, required=False)
        if stage.numbered:
            self.fields["document_no"] = forms.CharField(
                label=_("文号（系统外出具时填写）"), max_length=80, required=False
            )
        for field in stage.fields:
            self.fields[f"fact_{field.name}"] = _widget(field, stage, state)
        self.fields["reason"] = forms.CharField(label=_("办理说明"), max_length=500)
        self.dress()

    def facts(self) -> dict[str, Any]:
        """What was stated of the stage's own fields."""
        return {
            name.removeprefix("fact_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("fact_") and value not in (None, "", [])
        }

    def own_field(self, name: str) -> str | None:
        """The form's field for a field that the procedure speaks of."""
        known = {"document": "document", "on": "on", "person": "person", "document_no": "document_no"}
        found = known.get(name, f"fact_{name}")
        return found if found in self.fields else None


class PaperForm(Styled):
    """The facts that a paper still lacks and a person can state, and why it is issued."""

    reason = forms.CharField(label=_("出具说明"), max_length=500)

    def __init__(self, *args: Any, lacking: Iterable[Fact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for fact in lacking:
            if fact.kind in FILLABLE:
                self.fields[fact.key] = _of_fact(fact)
        self.dress()

    def facts(self) -> dict[str, Any]:
        return {
            name: [line.strip() for line in value.splitlines() if line.strip()]
            if FACTS[name].kind == "texts"
            else value
            for name, value in self.cleaned_data.items()
            if name in FACTS and value not in (None, "")
        }


def _widget(field: Field, stage: Stage, state: State) -> forms.Field:
    # Left to the procedure: it names every missing fact with its remedy, and the form shows them together.
    told: dict[str, Any] = {"label": field.title, "required": False}
    if field.name == "of" and stage.code == "service":
        return forms.ChoiceField(choices=_unserved(state), **told)
    if field.type == "date":
        return Day(**told)
    if field.type == "number":
        return forms.DecimalField(**told)
    if field.type == "flag":
        return forms.BooleanField(**told)
    titles = CHOICES.get(field.name, {})
    named = [(code, titles.get(code, code)) for code in field.choices]
    if field.type == "codes":
        coded = [(code, f"{code} {title}") for code, title in named]
        return forms.MultipleChoiceField(choices=coded, **told)
    if field.choices:
        return forms.ChoiceField(choices=[("", _("请选择")), *named], **told)
    return forms.CharField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}), **told)


def _unserved(state: State) -> list[tuple[Any, Any]]:
    """The papers of the case that have no receipt yet."""
    waiting = [
        (step.seq, f"第 {step.seq} 步 {title_of(step.stage)} {step.document_no}")
        for step in state.steps
        if step.stage in SERVED and state.service_of(step) is None
    ]
    return [("", _("请选择")), *waiting]


def _of_fact(fact: Fact) -> forms.Field:
    told: dict[str, Any] = {"label": fact.name, "required": False}
    if fact.kind == "date":
        return Day(**told)
    if fact.kind == "moment":
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        return forms.DateTimeField(widget=widget, **told)
    if fact.kind in ("number", "money", "area"):
        return forms.DecimalField(max_digits=18, decimal_places=4, **told)
    if fact.key == "finding_kind":  # the template's conclusion hangs on this word
        return forms.ChoiceField(
            choices=[("", _("请选择")), *((kind, kind) for kind in FOUND_AS.values())], **told
        )
    rows = 3 if fact.kind in ("paragraphs", "texts") else 1
    if fact.kind == "texts":
        told["help_text"] = _("一行一项")
    return forms.CharField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows}), **told)
