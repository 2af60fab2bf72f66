"""The filters of the notices.

Refuses to change anything: they only say what is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parcels.notices.rules import FILE, OVERDUE, TASK, threshold_title

_SELECT = forms.Select(attrs={"class": "form-select"})


class NoticeFilter(forms.Form):
    """An empty field filters nothing; settled notices are shown when they are asked for."""

    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        widget=_SELECT,
        choices=(("", _("未办结")), ("unread", _("未读")), ("settled", _("已办结")), ("all", _("全部通知"))),
    )
    threshold = forms.TypedChoiceField(
        label=_("提醒"),
        required=False,
        widget=_SELECT,
        coerce=int,
        empty_value=None,
    )
    kind = forms.ChoiceField(
        label=_("类别"),
        required=False,
        widget=_SELECT,
        choices=(
            ("", _("全部类别")), ("deadline", _("案件期限")), ("agreed_start", _("约定动工")),
            ("agreed_completion", _("约定竣工")), (TASK, _("攻坚任务")), (FILE, _("高耗低效")),
        ),
    )  # fmt: skip
    scope = forms.ChoiceField(
        label=_("范围"),
        required=False,
        widget=_SELECT,
        choices=(
            ("", _("全部范围")), ("own", _("本人经办")), ("town", _("本镇街")), ("county", _("全县任务")),
            ("unassigned", _("无经办人")),
        ),
    )  # fmt: skip
    q = forms.CharField(label=_("案号、合同、任务、企业、权利人"), required=False, max_length=60)

    def __init__(self, *args: Any, bounds: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reached = [(str(bound), threshold_title(bound)) for bound in (OVERDUE, *bounds)]
        self.fields["threshold"].choices = [("", _("全部期限")), *reached]  # type: ignore[attr-defined]
