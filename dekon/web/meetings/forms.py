"""The forms of meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dekon.coordination import selectors
from dekon.coordination.choices import Category, MeetingKind, Reply
from dekon.coordination.services import Invitee, MeetingFacts, SessionFacts
from dekon.org import selectors as org
from dekon.web.forms import Plain, reason_field

if TYPE_CHECKING:
    from dekon.coordination.models import Meeting, MeetingSession

LOCAL = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A day and a time in Jakarta, with the browser's calendar."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        kwargs.setdefault("widget", forms.DateTimeInput(format=LOCAL, attrs={"type": "datetime-local"}))
        super().__init__(input_formats=[LOCAL, "%Y-%m-%dT%H:%M:%S"], **kwargs)


class MeetingForm(Plain):
    """A meeting: what, when, where, of which series, who holds it."""

    title = forms.CharField(label=gettext_lazy("Nama rapat"), max_length=255)
    kind = forms.ChoiceField(label=gettext_lazy("Jenis"), choices=MeetingKind.choices)
    series = forms.CharField(
        label=gettext_lazy("Seri"), max_length=160, widget=forms.TextInput(attrs={"list": "seri-rapat"}),
        help_text=gettext_lazy("Rapat yang berulang memakai nama seri yang sama, misalnya Rakor tahunan."),
    )  # fmt: skip
    unit = forms.ChoiceField(label=gettext_lazy("Penyelenggara"), required=False)
    starts_at = MomentField(label=gettext_lazy("Mulai (WIB)"))
    ends_at = MomentField(label=gettext_lazy("Selesai (WIB)"))
    city = forms.CharField(label=gettext_lazy("Kota"), max_length=120)
    venue = forms.CharField(label=gettext_lazy("Tempat"), max_length=255)
    quorum_percent = forms.IntegerField(
        label=gettext_lazy("Kuorum (persen)"), min_value=1, max_value=100, initial=67,
        help_text=gettext_lazy("Dihitung dalam setiap kategori undangan, dibulatkan ke atas."),
    )  # fmt: skip

    def __init__(self, *args: Any, unit: str = "", meeting: Meeting | None = None, **kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        super().__init__(*args, initial=_initial(meeting), **kwargs)
        units = org.units_in_year(timezone.localdate().year)
        offered = [(one.code, str(one)) for one in units if unit in {"", one.code}]
        field = cast("forms.ChoiceField", self.fields["unit"])
        field.choices = offered if unit else [("", _("Kementerian")), *offered]
        if meeting:
            field.choices = [(meeting.unit.code, str(meeting.unit))] if meeting.unit else [("", _("Kementerian"))]
            for name in ("kind", "series", "unit"):
                self.fields[name].disabled = True

    def facts(self) -> MeetingFacts:
        """What the form says."""
        said = self.cleaned_data
        return MeetingFacts(**{name: said[name] for name in MeetingFacts.__slots__})


def _initial(meeting: Meeting | None) -> dict[str, object]:
    if meeting is None:
        return {}
    plain = {
        name: getattr(meeting, name) for name in ("title", "starts_at", "ends_at", "city", "venue", "quorum_percent")
    }
    return {
        **plain, "kind": meeting.series.kind, "series": meeting.series.name,
        "unit": meeting.unit.code if meeting.unit else "",
    }  # fmt: skip


class SessionForm(Plain):
    """A session of the agenda."""

    title = forms.CharField(label=gettext_lazy("Nama sesi"), max_length=255)
    starts_at = MomentField(label=gettext_lazy("Mulai (WIB)"))
    ends_at = MomentField(label=gettext_lazy("Selesai (WIB)"))
    room = forms.CharField(label=gettext_lazy("Ruang"), max_length=120, required=False)
    speakers = forms.CharField(label=gettext_lazy("Pembicara"), max_length=500, required=False)
    counted = forms.BooleanField(label=gettext_lazy("Kehadiran dicatat pada sesi ini"), required=False)

    def __init__(self, *args: Any, session: MeetingSession | None = None, **kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        if session:
            kwargs["initial"] = {name: getattr(session, name) for name in SessionFacts.__slots__}
        super().__init__(*args, **kwargs)

    def facts(self) -> SessionFacts:
        """What the form says."""
        return SessionFacts(**{name: self.cleaned_data[name] for name in SessionFacts.__slots__})


class MaterialForm(Plain):
    """A file that is handed out."""

    title = forms.CharField(label=gettext_lazy("Judul bahan"), max_length=160)
    session = forms.TypedChoiceField(label=gettext_lazy("Untuk sesi"), coerce=int, empty_value=None, required=False)
    file = forms.FileField(
        label=gettext_lazy("Berkas"),
        help_text=gettext_lazy("PDF, PNG, JPEG, WEBP, XLSX, DOCX, CSV, atau ZIP; paling besar 25 MB."),
    )

    def __init__(self, *args: Any, meeting: int, **kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        super().__init__(*args, **kwargs)
        sessions = [(one.pk, one.title) for one in selectors.meeting(meeting).sessions.all()]
        cast("forms.ChoiceField", self.fields["session"]).choices = [("", _("Seluruh rapat")), *sessions]


class ReasonForm(Plain):
    """Why something no longer counts."""

    reason = reason_field()


class SureForm(Plain):
    """Nothing to fill in: only asked."""


class InviteeForm(Plain):
    """Somebody to be invited."""

    category = forms.ChoiceField(label=gettext_lazy("Kategori"), choices=Category.choices)
    name = forms.CharField(label=gettext_lazy("Nama"), max_length=160)
    nip = forms.CharField(label=gettext_lazy("NIP"), max_length=18, required=False, help_text=gettext_lazy("18 angka."))
    position = forms.CharField(label=gettext_lazy("Jabatan"), max_length=255)
    office = forms.CharField(label=gettext_lazy("Instansi"), max_length=255)
    province = forms.ChoiceField(label=gettext_lazy("Provinsi"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Unit eselon I"), required=False)
    email = forms.EmailField(label=gettext_lazy("Alamat surel"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        super().__init__(*args, **kwargs)
        offered = {
            "province": [(one.code, one.name) for one in org.listed_provinces()],
            "unit": [(one.code, str(one)) for one in org.units_in_year(timezone.localdate().year)],
        }
        for name, choices in offered.items():
            cast("forms.ChoiceField", self.fields[name]).choices = [("", "–"), *choices]

    def invitee(self) -> Invitee:
        """Who it is."""
        return Invitee(**{name: self.cleaned_data[name] for name in Invitee.__slots__})


DRAWABLE = [one for one in Category if one in {Category.HEAD, Category.SECRETARY, Category.BAPPEDA}]


class DrawForm(Plain):
    """Which offices of every province are invited."""

    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Jabatan"), choices=[(one.value, one.label) for one in DRAWABLE],
        widget=forms.SelectMultiple(attrs={"size": 3}),
        initial=[Category.HEAD],
    )  # fmt: skip


class ReplyForm(Plain):
    """What somebody answers to an invitation."""

    reply = forms.ChoiceField(
        label=gettext_lazy("Jawaban"), choices=[(one.value, one.label) for one in Reply if one != Reply.NONE]
    )
    note = forms.CharField(label=gettext_lazy("Keterangan"), max_length=255, required=False)
    deputy_name = forms.CharField(label=gettext_lazy("Nama wakil"), max_length=160, required=False)
    deputy_nip = forms.CharField(
        label=gettext_lazy("NIP wakil"), max_length=18, required=False, help_text=gettext_lazy("18 angka.")
    )
    deputy_position = forms.CharField(label=gettext_lazy("Jabatan wakil"), max_length=255, required=False)
