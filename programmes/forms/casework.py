"""What staff type about cases, referrals and workshops. Days and times are by the clocks of the United Kingdom."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from hub import clock
from hub.forms import PlainTextField
from hub.words import HOME
from programmes import library
from programmes.actions import referring
from programmes.models import Attendance, Enrolment, Meeting, Party, Referral, Workshop
from programmes.models.workshops import MOST_PEOPLE

USUAL_LENGTH, MAY_DIFFER = timedelta(hours=2, minutes=30), timedelta(minutes=20)
DAY_TYPED = {"required": _("Enter a day."), "invalid": _("Enter a real day, such as 2026-11-22.")}
TIME_TYPED = {"required": _("Enter a time."), "invalid": _("Enter a time on the 24-hour clock, such as 18:30.")}


class Day(forms.DateField):
    def __init__(self, **more: Any):
        more.setdefault("error_messages", DAY_TYPED)
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class Hour(forms.TimeField):
    def __init__(self, **more: Any):
        more.setdefault("error_messages", TIME_TYPED)
        super().__init__(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **more)


class Line(PlainTextField):
    def __init__(self, **more: Any):
        super().__init__(one_line=True, **more)


def moment(day: date, hour: time) -> datetime:
    """The moment of this day and time here. Raises ValidationError for a time that the clocks jump over."""
    local = datetime.combine(day, hour, tzinfo=HOME)
    there_and_back = local.astimezone(UTC).astimezone(HOME)
    if there_and_back.replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValidationError(gettext("The clocks go forward then: this time does not exist on that day."))
    return local


# ---------------------------------------------------------------- referrals


class Refer(forms.Form):
    """One person of a case, sent to one programme."""

    case_reference = Line(
        label=_("Case reference"),
        max_length=60,
        help_text=_("As on the order, for example ZW23P00123. A case that is known is found again."),
        error_messages={"required": _("Enter the case reference.")},
    )
    court = Line(label=_("Court"), max_length=120, required=False)
    name = Line(
        label=_("Name on the court papers"),
        max_length=120,
        help_text=_("It stands on their certificate and on what goes back to the court."),
        error_messages={"required": _("Enter their name.")},
    )
    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        help_text=_("The link goes here, and only an account with this address can use it."),
        error_messages={
            "required": _("Enter their email address."),
            "invalid": _("Enter an email address such as name@example.com."),
        },
    )
    programme = forms.ChoiceField(label=_("Programme"), error_messages={"required": _("Choose a programme.")})
    route = forms.ChoiceField(
        label=_("Sent by"), choices=Referral.Route.choices, error_messages={"required": _("Choose who sent them.")}
    )
    ordered_on = Day(label=_("Date of the order, or of the adviser’s decision"))
    hearing_on = Day(label=_("Next hearing, if known"), required=False)
    suitable_on = Day(
        label=_("Suitability was looked at on"),
        required=False,
        help_text=_("Only the day. What was found stays in the case system. No link is sent before this."),
    )

    def __init__(self, *given: Any, **more: Any):
        super().__init__(*given, **more)
        sent = [each for each in library.programmes() if each.cover.words.open_to in {"referred", "enrolled"}]
        self.fields["programme"].choices = [(each.slug, each.title) for each in sent]  # type: ignore[attr-defined]

    def clean_case_reference(self) -> str:
        try:
            return referring.tidy_reference(self.cleaned_data["case_reference"])
        except referring.WrongReference:
            raise ValidationError(gettext("Use letters and digits, 40 of them at most.")) from None

    def _not_later(self, name: str) -> date | None:
        day = self.cleaned_data[name]
        if day and day > clock.now().astimezone(HOME).date():
            raise ValidationError(gettext("This day has not come yet."))
        return day

    def clean_ordered_on(self):
        return self._not_later("ordered_on")

    def clean_suitable_on(self):
        return self._not_later("suitable_on")


class Suitable(forms.Form):
    suitable_on = Day(label=_("Suitability was looked at on"))

    def clean_suitable_on(self) -> date:
        day = self.cleaned_data["suitable_on"]
        if day > clock.now().astimezone(HOME).date():
            raise ValidationError(gettext("This day has not come yet."))
        return day


class KeepApartWith(forms.Form):
    """Somebody of another case, found by the reference of that case and their address."""

    case_reference = Line(
        label=_("Case reference of the other person"),
        max_length=60,
        error_messages={"required": _("Enter the case reference.")},
    )
    email = forms.EmailField(
        label=_("Email address of the other person"),
        error_messages={"required": _("Enter their email address."), "invalid": _("Enter an email address.")},
    )
    party: Party | None = None
    NOBODY = _("Nobody in that case has this address here.")

    def clean(self):
        told = super().clean()
        if told.get("case_reference") and told.get("email"):
            try:
                reference = referring.tidy_reference(told["case_reference"])
            except referring.WrongReference:
                reference = ""
            email = User.objects.normal_email(told["email"])
            self.party = Party.objects.filter(case__reference=reference, email=email).select_related("case").first()
            if self.party is None:
                raise ValidationError({"email": self.NOBODY})
        return told


class Reason(forms.Form):
    """Why something that keeps people safe is taken back."""

    reason = Line(
        label=_("Why"),
        max_length=300,
        help_text=_("In one sentence. It is kept in the record of who did what."),
        error_messages={"required": _("Say why in one sentence.")},
    )


# ---------------------------------------------------------------- workshops


class NewWorkshop(forms.Form):
    """One sitting, or two halves."""

    way = forms.ChoiceField(label=_("How"), choices=Workshop.Way.choices)
    town = Line(
        label=_("Town, when in person"), max_length=80, required=False, help_text=_("Parents see it before they book.")
    )
    joining = PlainTextField(
        label=_("How to get there, or in"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only those who have a place see it."),
    )
    capacity = forms.TypedChoiceField(
        label=_("Places"), coerce=int, initial=MOST_PEOPLE, choices=[(n, n) for n in range(1, MOST_PEOPLE + 1)]
    )
    facilitator = forms.ModelChoiceField(
        label=_("Facilitator"), queryset=User.objects.none(), required=False, empty_label=_("Nobody yet")
    )
    day = Day(label=_("Day"))
    begins = Hour(label=_("Begins"))
    ends = Hour(label=_("Ends"))
    day_2 = Day(
        label=_("Day of the second half"), required=False, help_text=_("Leave the second half empty for one sitting.")
    )
    begins_2 = Hour(label=_("Second half begins"), required=False)
    ends_2 = Hour(label=_("Second half ends"), required=False)

    def __init__(self, *given: Any, **more: Any):
        super().__init__(*given, **more)
        if "facilitator" in self.fields:
            self.fields["facilitator"].queryset = facilitators()  # type: ignore[attr-defined]
        self.sittings: list[tuple[datetime, datetime]] = []

    def clean(self):
        told = super().clean()
        if told.get("way") == Workshop.Way.IN_PERSON and not told.get("town") and "town" not in self.errors:
            self.add_error("town", gettext("Say in which town it is."))
        self._sitting("day", "begins", "ends")
        second = ("day_2", "begins_2", "ends_2")
        if any(told.get(name) for name in second):
            for name in second:
                if not told.get(name) and name not in self.errors:
                    self.add_error(name, gettext("Fill this in too, or leave the second half empty."))
            self._sitting(*second)
        if len(self.sittings) == 2 and self.sittings[1][0] < self.sittings[0][1] and not self.errors:
            self.add_error("begins_2", gettext("The second half begins before the first one ends."))
        return told

    def _sitting(self, day: str, begins: str, ends: str) -> None:
        told = self.cleaned_data
        if not (told.get(day) and told.get(begins) and told.get(ends)):
            return
        found: dict[str, datetime] = {}
        for name in (begins, ends):
            try:
                found[name] = moment(told[day], told[name])
            except ValidationError as error:
                self.add_error(name, error)
        if len(found) < 2:
            return
        if found[ends] <= found[begins]:
            self.add_error(ends, gettext("It ends before it begins."))
        elif found[begins] <= clock.now():
            self.add_error(day, gettext("This time is past."))
        else:
            self.sittings.append((found[begins].astimezone(UTC), found[ends].astimezone(UTC)))

    @property
    def length(self) -> timedelta:
        return sum((ends - begins for begins, ends in self.sittings), timedelta())

    @property
    def is_unusual(self) -> bool:
        """A workshop is two and a half hours in all; another length may be meant, and is worth a word."""
        return abs(self.length - USUAL_LENGTH) > MAY_DIFFER


class AnotherTime(NewWorkshop):
    """Another time or place for a workshop: whoever has a place there is told."""

    capacity = None  # type: ignore[assignment]
    facilitator = None  # type: ignore[assignment]

    @classmethod
    def of(cls, workshop: Workshop, posted: Any = None) -> "AnotherTime":
        """The form, filled in with how it is now."""
        now: dict[str, Any] = {name: getattr(workshop, name) for name in ("way", "town", "joining")}
        for sitting, end in zip(workshop.sittings.order_by("starts_at"), ("", "_2"), strict=False):
            begins, ends = sitting.starts_at.astimezone(HOME), sitting.ends_at.astimezone(HOME)
            now |= {f"day{end}": begins.date(), f"begins{end}": begins.time(), f"ends{end}": ends.time()}
        return cls(posted, initial=now)


class ChangeWorkshop(forms.Form):
    """What may change without a word to those who have places: not the time (AnotherTime)."""

    joining = NewWorkshop.base_fields["joining"]
    capacity = NewWorkshop.base_fields["capacity"]
    facilitator = NewWorkshop.base_fields["facilitator"]

    def __init__(self, *given: Any, **more: Any):
        super().__init__(*given, **more)
        for field in self.fields.values():
            field.show_hidden_initial = True  # so that `changed_data` is what was changed on the page
        self.fields["facilitator"].queryset = facilitators()  # type: ignore[attr-defined]


def facilitators() -> Any:
    return User.objects.filter(is_staff=True, is_active=True).order_by("email")


class Came(forms.Form):
    """Who came, for one person. Staff decide whether a session that was not whole counts all the same."""

    came = forms.ChoiceField(
        label=_("Who came"), required=False, choices=[("", _("Not recorded")), *Attendance.Came.choices]
    )
    counts = forms.BooleanField(label=_("counts as attended"), required=False)
    seen = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)  # what stood there then

    ALWAYS = {Attendance.Came.WHOLE: True, Attendance.Came.ABSENT: False}

    def __init__(self, *given: Any, recorded: Attendance | None, **more: Any):
        initial = {"came": recorded.came, "counts": recorded.counts} if recorded else {}
        super().__init__(*given, initial=initial | {"seen": Attendance.said(recorded)}, **more)
        if recorded:  # it can be put right, and not be unsaid
            self.fields["came"].choices = Attendance.Came.choices  # type: ignore[attr-defined]

    def decided(self) -> bool:
        came = self.cleaned_data["came"]
        return self.ALWAYS.get(came, self.cleaned_data["counts"])

    @property
    def chosen(self) -> str:
        """What was chosen, as Attendance.said; empty for nothing."""
        came = self.cleaned_data["came"]
        return f"{came}:{self.decided()}" if came else ""


class Place(forms.Form):
    """One of the workshops that may be offered to this person, and no other."""

    workshop = forms.ChoiceField(
        label=_("Workshop"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a workshop."), "invalid_choice": _("Choose one of these.")},
    )

    def __init__(self, *given: Any, offered: Iterable[tuple[str, str]], **more: Any):
        super().__init__(*given, **more)
        self.fields["workshop"].choices = list(offered)  # type: ignore[attr-defined]


# ---------------------------------------------------------------- Positive co-Parenting


class Enrol(forms.Form):
    case_reference = Line(
        label=_("Case reference"),
        max_length=60,
        help_text=_("Both parents need an open referral to this programme first."),
        error_messages={"required": _("Enter the case reference.")},
    )
    basis = forms.ChoiceField(label=_("On what basis"), choices=Enrolment.Basis.choices)


class Begin(forms.Form):
    begins_on = Day(label=_("First day of the twelve weeks"))


class SetMeeting(forms.Form):
    whom = forms.ChoiceField(label=_("Meeting with"))
    day = Day(label=_("Day"))
    begins = Hour(label=_("Begins"))
    at: datetime | None = None

    def __init__(self, *given: Any, parents: Iterable[Referral], **more: Any):
        super().__init__(*given, **more)
        alone = [(f"parent-{each.pk}", each.party.name) for each in parents]
        others = [(each.value, each.label) for each in (Meeting.With.CHILD, Meeting.With.JOINT)]
        self.fields["whom"].choices = [*alone, *others]  # type: ignore[attr-defined]

    def clean(self):
        told = super().clean()
        if told.get("day") and told.get("begins"):
            try:
                self.at = moment(told["day"], told["begins"])
            except ValidationError as error:
                self.add_error("begins", error)
        return told
