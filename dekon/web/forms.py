"""Forms that people fill in: checked together, confirmed before they are kept, carried out once.

Every form works without a script. What was entered stays after an error; each problem stands beside its field and in a
summary that leads there.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import messages
from django.db import transaction
from django.forms.utils import ErrorDict
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dekon.errors import DekonError, NotAllowed, Unfit
from dekon.org import services as org
from dekon.org.services import Sent
from dekon.web.access import person
from dekon.web.formats import day, exact, reader_language
from dekon.web.meanwhile import NOTHING, About, refuse_if_changed
from dekon.web.pages import Crumb, answer
from dekon.web.signs import fit

CHANGED = "changed-meanwhile"
UNCOUNTED = frozenset({"csrfmiddlewaretoken", "pasti", "kembali"})
STATUS = {"conflict": 409, "not-found": 404}


class Plain(forms.Form):
    """The base of every form: plain words for what is wrong, a key that makes it count once."""

    error_css_class = "invalid"
    use_required_attribute = True
    anchored: ClassVar[dict[str, str]] = {}
    """Code of a refusal → the field that it concerns, where the refusal does not say so itself."""

    kunci = forms.CharField(widget=forms.HiddenInput, max_length=64)
    dilihat = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**62)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        kwargs["initial"] = {"kunci": uuid.uuid4().hex, **(kwargs.get("initial") or {})}
        kwargs.setdefault("auto_id", "i-%s")
        super().__init__(*args, **kwargs)
        if isinstance(self.data, QueryDict):
            self.data = fit(self.data)
        self.dress()

    def dress(self) -> None:
        """Plain words and the look of the house for every field; again after fields were added."""
        for field in self.fields.values():
            field.error_messages |= words_for(field)
            if not isinstance(field.widget, forms.CheckboxInput | forms.HiddenInput):
                field.widget.attrs.setdefault("class", "input")

    def look(self, about: About) -> None:
        """Note how the thing stands that the form is about, as its reader sees it now."""
        self.initial["dilihat"] = about.newest()
        if self.is_bound:
            data = cast("QueryDict", self.data).copy()
            data["dilihat"] = str(self.initial["dilihat"])
            self.data = data

    def forget_problems(self) -> None:
        """What was entered stays; nothing is judged."""
        self._errors = ErrorDict()

    def summary(self) -> list[tuple[str, str]]:
        """Every problem with the id of its field; an empty id is of the whole."""
        found = [("", str(words)) for words in self.non_field_errors()]
        for name, problems in self.errors.items():
            if name in self.fields:
                found += [(self[name].auto_id, f"{self[name].label}: {words}") for words in problems]
        return found

    def refuse(self, problem: DekonError) -> None:
        """Show why a service refused, beside the fields that it names."""
        language = reader_language()
        if not isinstance(problem, Unfit):
            self._put(self.anchored.get(problem.code, ""), problem.message(language))
            return
        for one in problem.problems:
            self._put(one.field.removeprefix("facts."), one.message(language))

    def _put(self, field: str, words: str) -> None:
        self.add_error(field if field in self.fields else None, words)

    def said(self) -> Iterator[tuple[str, str]]:
        """What was entered, in words: label and value, for the page that asks once more."""
        for bound in self.visible_fields():
            value = self.cleaned_data.get(bound.name)
            yield str(bound.label), in_words(bound.field, value)


def words_for(field: forms.Field) -> dict[str, str]:
    """What a field says about what cannot be kept."""
    found = {"required": gettext_lazy("Belum diisi. Isi dahulu, lalu simpan lagi."), "invalid": _invalid(field)}
    if isinstance(field, forms.ChoiceField):
        found["invalid_choice"] = gettext_lazy("Pilihan ini tidak ada. Pilih salah satu dari daftar.")
    return {name: str(words) for name, words in found.items()}


def _invalid(field: forms.Field) -> str:
    if isinstance(field, forms.DateField):
        return _("Bukan tanggal. Tulis tahun-bulan-hari, misalnya 2022-09-30.")
    if isinstance(field, forms.IntegerField | forms.DecimalField):
        return _("Bukan angka. Tulis angka saja, misalnya 25000000.")
    return _("Tidak dapat dibaca. Periksa isian ini.")


def in_words(field: forms.Field, value: object) -> str:
    """A value as a reader writes it."""
    if value in {None, ""}:
        return "–"
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if isinstance(value, date):
        return day(value)
    if isinstance(field, RupiahField):
        return exact(int(str(value)))
    if isinstance(field, forms.ChoiceField):
        return str(dict(_flat(field.choices)).get(value, value))
    return str(value)


def _flat(choices: Any) -> Iterator[tuple[object, object]]:  # noqa: ANN401  groups of choices nest
    for value, words in choices:
        yield from _flat(words) if isinstance(words, list | tuple) else [(value, words)]


class DayField(forms.DateField):
    """A day, with the browser's calendar."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)


class RupiahField(forms.IntegerField):
    """Whole rupiah; points between thousands and “Rp” may stand there."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "class": "input num"}))
        kwargs.setdefault("max_value", 10**15)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:  # noqa: ANN401  as Django declares it
        if isinstance(value, str):
            value = value.strip().removeprefix("Rp").strip()
            parts = value.split(".")
            if len(parts) > 1 and all(len(part) == 3 for part in parts[1:]):
                value = "".join(parts)
        return super().to_python(value)


def reason_field(hint: str | Promise = "") -> forms.CharField:
    """Why: the words that stand in the history."""
    return forms.CharField(
        label=gettext_lazy("Alasan atau dasar"), max_length=255,
        help_text=hint or gettext_lazy("Nomor surat atau sebabnya; tercatat dalam riwayat."),  # type: ignore[arg-type]  # stubs know their own kind of lazy text only
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Desk:
    """The page around a form: where it stands, what it is called, where one goes without saving.

    Args:
        act: carries out what the form says and returns where to go; refusals are shown on the form.
        done: what is said on the page that follows.
        question: asked before it is carried out; empty asks nothing.
        danger: whether carrying it out takes something away.
        about: the thing that is changed; who saves second is told what the first did.
    """

    title: str
    crumbs: Sequence[Crumb]
    back: str
    act: Callable[[Any], str]
    done: str
    button: str
    question: str = ""
    lede: str = ""
    danger: bool = False
    template: str = "forms/form.html.jinja"
    about: About = NOTHING


def fill_in(request: HttpRequest, form: Plain, desk: Desk, **content: Any) -> HttpResponseBase:  # noqa: ANN401  whatever the template shows beside
    """Show the form; check it, ask, and carry it out once.

    A POST with `kembali` goes back to the form as it was filled in, one with `pasti` has been asked.
    """
    if request.method != "POST":
        form.look(desk.about)
        return _page(request, form, desk, 200, content)
    if "kembali" in request.POST:
        form.forget_problems()
        return _page(request, form, desk, 200, content)
    if not form.is_valid():
        return _page(request, form, desk, 422, content)
    sure = "pasti" in request.POST or not desk.question
    try:
        where = _carry_out(request, form, desk, sure=sure)
    except NotAllowed:
        raise
    except DekonError as problem:
        form.refuse(problem)
        if problem.code == CHANGED:
            form.look(desk.about)
        return _page(request, form, desk, STATUS.get(problem.kind, 422), content)
    if not sure:
        return _ask(request, form, desk, content)
    messages.success(request, desk.done)
    return redirect(where)


def _carry_out(request: HttpRequest, form: Plain, desk: Desk, *, sure: bool) -> str:
    """Do it, or only try whether it can be done. Sent again with the same key it leads where it led before."""
    values = sorted((name, value) for name, all_of_it in request.POST.lists() for value in all_of_it)
    body = repr([pair for pair in values if pair[0] not in UNCOUNTED]).encode()
    sent = Sent(person(request), form.cleaned_data["kunci"], f"POST {request.path}", body)
    with transaction.atomic():
        before = org.done_before(sent=sent)
        if not before:
            refuse_if_changed(desk.about, form.cleaned_data["dilihat"])
        where = before.answer if before else desk.act(form.cleaned_data)
        if sure and not before:
            org.remember(sent=sent, status=302, answer=where)
        if not sure:
            transaction.set_rollback(True)
    return where


def _page(request: HttpRequest, form: Plain, desk: Desk, status: int, content: Mapping[str, Any]) -> HttpResponseBase:
    return answer(request, desk.template, crumbs=desk.crumbs, status=status, form=form, desk=desk, **content)


def _ask(request: HttpRequest, form: Plain, desk: Desk, content: Mapping[str, Any]) -> HttpResponseBase:
    """What will be kept, in words, with a way back to the form."""
    hidden = [(name, value) for name, values in request.POST.lists() for value in values if name not in UNCOUNTED]
    return answer(
        request, "forms/ask.html.jinja", crumbs=desk.crumbs, form=form, desk=desk, hidden=hidden,
        said=list(form.said()), **content,
    )  # fmt: skip
