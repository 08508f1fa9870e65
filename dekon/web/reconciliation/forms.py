"""The answer to a case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from dekon.budget.choices import CaseStatus
from dekon.web.forms import Plain


class AnswerForm(Plain):
    """What is said about a case, and how it stands afterwards."""

    anchored: ClassVar[dict[str, str]] = {"page-reason-missing": "jawaban", "case-cannot-move": "status"}

    jawaban = forms.CharField(
        label=_("Penjelasan"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Apa sebabnya, oleh siapa diperbaiki, dan sampai kapan."),
    )  # fmt: skip
    status = forms.ChoiceField(label=_("Status sesudahnya"))

    def __init__(self, *args: Any, steps: Sequence[CaseStatus], **kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["status"]).choices = [(one.value, one.label) for one in steps]
