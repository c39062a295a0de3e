"""What a screen of a programme asks, as a form: one class for each kind. An answer is kept as words, never as a mark.

A choice is kept as the words that were chosen, and its button by a short name made of them: so an answer stays true
when a later edition puts the choices in another order, and a page that was open meanwhile cannot choose the wrong one.

What is kept, by kind:
    reflection {"text"}    choice {"chose"}    order {"order": [...]}    check {"chose": [{"ask", "chose"}, ...]}
    rewriter {"message", "own": true or false, "text"}    pledge {"boxes": [...]}    card {"lines": [...], "own"}
"""

import hashlib
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hub.forms import Checkboxes, PlainTextField, Radios
from programmes.kinds import Screen

WRITING_LIMIT = 4000
MESSAGE_LIMIT = 1000
LINE_LIMIT = 300
CARD_LINES = 5
OWN = "own"

PLACES = (_("1st"), _("2nd"), _("3rd"), _("4th"), _("5th"), _("6th"), _("7th"))


def key_of(text: str) -> str:
    """The short name of a choice, made of its words."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


class ScreenForm(forms.Form):
    """The form of one screen. `answer` is what to keep; `was` is the answer that is there already."""

    def __init__(self, screen: Screen, data: Any = None, was: dict[str, Any] | None = None):
        super().__init__(data, initial=self.initial_of(was) if was else None)
        self.screen = screen
        self.build(screen)

    def build(self, screen: Screen) -> None:
        """Put the words of the screen into the fields."""

    def initial_of(self, was: dict[str, Any]) -> dict[str, Any]:
        return dict(was)

    @property
    def answer(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class Reflection(ScreenForm):
    text = PlainTextField(
        max_length=WRITING_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write something first, or choose “Carry on without writing”.")},
    )

    def build(self, screen: Screen) -> None:
        self.fields["text"].label = screen.words.ask
        self.fields["text"].help_text = screen.words.hint


class Choice(ScreenForm):
    chose = forms.ChoiceField(
        widget=Radios(cards=True),
        error_messages={
            "required": _("Choose the one nearest to you, or choose “Carry on without an answer”."),
            "invalid_choice": _("These choices have changed. Choose again."),
        },
    )

    def build(self, screen: Screen) -> None:
        texts = [option["text"] for option in screen.words.options]
        self.texts = {key_of(text): text for text in texts}
        self.fields["chose"].label = screen.words.ask
        self.fields["chose"].choices = list(self.texts.items())

    def initial_of(self, was):
        return {"chose": key_of(was["chose"])}

    @property
    def answer(self):
        return {"chose": self.texts[self.cleaned_data["chose"]]}


class Order(ScreenForm):
    """A box with "1st, 2nd, 3rd …" for each step: works with a keyboard, a thumb and without a script."""

    def build(self, screen: Screen) -> None:
        self.texts = {key_of(item["text"]): item["text"] for item in screen.words["items"]}
        places = [("", _("Choose")), *((str(n + 1), PLACES[n]) for n in range(len(self.texts)))]
        for key, text in sorted(self.texts.items()):  # by its short name: an order that gives nothing away
            self.fields[key] = forms.ChoiceField(
                label=text,
                choices=places,
                error_messages={
                    "required": _("Choose a place for this step."),
                    "invalid_choice": _("Choose a place for this step."),
                },
            )

    def initial_of(self, was):
        return {key_of(text): str(place) for place, text in enumerate(was["order"], start=1)}

    def clean(self):
        told = super().clean()
        for key, place in told.items():
            also = [self.texts[other] for other, its in told.items() if its == place and other != key]
            if also:
                words = gettext("“%(other)s” is in this place too. Give each step a place of its own.")
                self._errors.setdefault(key, self.error_class([words % {"other": also[0]}], renderer=self.renderer))
        return told

    @property
    def answer(self):
        return {"order": [self.texts[key] for key in sorted(self.texts, key=lambda key: int(self.cleaned_data[key]))]}


class Check(ScreenForm):
    """Each question may be left out; one of them has an answer."""

    def build(self, screen: Screen) -> None:
        self.asked = {f"q{key_of(question['ask'])}": question for question in screen.words.questions}
        for name, question in self.asked.items():
            self.fields[name] = forms.ChoiceField(
                label=question["ask"],
                required=False,
                widget=Radios(),
                choices=[(key_of(option["text"]), option["text"]) for option in question["options"]],
                error_messages={"invalid_choice": _("These choices have changed. Choose again.")},
            )

    def initial_of(self, was):
        return {f"q{key_of(each['ask'])}": key_of(each["chose"]) for each in was["chose"]}

    def clean(self):
        told = super().clean()
        if not self.errors and not any(told.values()):
            words = gettext("Choose an answer first, or choose “Carry on without an answer”.")
            raise ValidationError({next(iter(self.asked)): words})
        return told

    @property
    def answer(self):
        chosen = []
        for name, question in self.asked.items():
            for option in question["options"]:
                if self.cleaned_data[name] == key_of(option["text"]):
                    chosen.append({"ask": question["ask"], "chose": option["text"]})
        return {"chose": chosen}


class Rewriter(ScreenForm):
    """Pick a message, or bring one; then say it again."""

    message = forms.ChoiceField(
        label=_("Which message?"),
        widget=Radios(),
        error_messages={
            "required": _("Choose a message, or bring one of your own."),
            "invalid_choice": _("These messages have changed. Choose again."),
        },
    )
    note = PlainTextField(
        label=_("Your own message"),
        help_text=_("Only if you chose to bring one. You can leave names out."),
        required=False,
        max_length=MESSAGE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    text = PlainTextField(
        label=_("Write it again, your way"),
        max_length=MESSAGE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write it again first, or choose “Carry on without writing”.")},
    )

    def build(self, screen: Screen) -> None:
        self.texts = {key_of(message["text"]): message["text"] for message in screen.words.messages}
        quoted = [(key, gettext("“%(text)s”") % {"text": text}) for key, text in self.texts.items()]
        self.fields["message"].choices = [*quoted, (OWN, _("A message of my own"))]

    def initial_of(self, was):
        if was["own"]:
            return {"message": OWN, "note": was["message"], "text": was["text"]}
        return {"message": key_of(was["message"]), "text": was["text"]}

    def clean(self):
        told = super().clean()
        if told.get("message") == OWN and "note" in told and not told["note"]:
            raise ValidationError({"note": gettext("Write the message you want to say again, or choose one of ours.")})
        return told

    @property
    def answer(self):
        told = self.cleaned_data
        own = told["message"] == OWN
        return {"message": told["note"] if own else self.texts[told["message"]], "own": own, "text": told["text"]}


class Pledge(ScreenForm):
    """Up to three boxes; one of them is filled."""

    NAMES: ClassVar = ("words", "words_2", "words_3")
    LABELS: ClassVar = (_("First"), _("Second"), _("Third"))

    def build(self, screen: Screen) -> None:
        boxes = screen.words.boxes
        for name, label in list(zip(self.NAMES, self.LABELS, strict=True))[:boxes]:
            self.fields[name] = PlainTextField(
                label=label if boxes > 1 else screen.words.ask,
                required=False,
                max_length=LINE_LIMIT,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def initial_of(self, was):
        return dict(zip(self.NAMES, was["boxes"], strict=False))

    def clean(self):
        told = super().clean()
        if not self.errors and not any(told.values()):
            raise ValidationError({"words": gettext("Write in one box first, or choose “Carry on without writing”.")})
        return told

    @property
    def answer(self):
        return {"boxes": [self.cleaned_data[name] for name in self.fields if self.cleaned_data[name]]}


class Card(ScreenForm):
    """Tick up to five lines, and write one."""

    lines = forms.MultipleChoiceField(
        widget=Checkboxes,
        required=False,
        error_messages={"invalid_choice": _("These lines have changed. Choose again.")},
    )
    words = PlainTextField(max_length=LINE_LIMIT, one_line=True, required=False)

    def build(self, screen: Screen) -> None:
        self.texts = {key_of(text): text for text in screen.words.ideas}
        self.fields["lines"].label = screen.words.ask
        self.fields["lines"].choices = list(self.texts.items())
        self.fields["words"].label = screen.words.own

    def initial_of(self, was):
        return {"lines": [key_of(text) for text in was["lines"]], "words": was["own"]}

    def clean_lines(self):
        chosen = self.cleaned_data["lines"]
        if len(chosen) > CARD_LINES:
            raise ValidationError(
                gettext("Choose up to %(most)d lines, so that they fit on the card.") % {"most": CARD_LINES}
            )
        return chosen

    def clean(self):
        told = super().clean()
        if not self.errors and not told.get("lines") and not told.get("words"):
            raise ValidationError({"lines": gettext("Choose a line first, or choose “Carry on without an answer”.")})
        return told

    @property
    def answer(self):
        told = self.cleaned_data
        chosen = [text for key, text in self.texts.items() if key in told["lines"]]
        return {"lines": chosen, "own": told["words"]}


FORMS: dict[str, type[ScreenForm]] = {
    "reflection": Reflection,
    "choice": Choice,
    "order": Order,
    "check": Check,
    "rewriter": Rewriter,
    "pledge": Pledge,
    "card": Card,
}


def form_for(screen: Screen, data: Any = None, was: dict[str, Any] | None = None) -> ScreenForm | None:
    """The form of this screen; None where there is nothing to answer."""
    form = FORMS.get(screen.kind)
    return form(screen, data, was) if form else None
