"""All of somebody's goals to take away: as text to read, and as data for a program. Theirs alone."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from goals.models import Felt, Goal
from hub import words as say


def of(person) -> list[Goal]:
    """Every goal of this person with its check-ins and earlier words, the newest first. Three queries."""
    return list(Goal.objects.visible_to(person).prefetch_related("check_ins", "wordings"))


def as_text(goals: list[Goal], at: datetime) -> str:
    lines = [_("Your notes"), _("Saved on %(when)s") % {"when": say.when(at)}]
    for goal in goals:
        lines += ["", "", goal.words, "-" * 20, f"{goal.get_kind_display()}. {goal.get_state_display()}."]
        lines += [_("Begun: %(when)s") % {"when": say.when(goal.started_at)}]
        lines += [f"{label} {text}" for label, text in _more(goal)]
        for said in goal.check_ins.all():
            lines += ["", f"{say.when(said.at)}: {Felt(said.felt).label}"]
            lines += [said.note] if said.note else []
        for wording in goal.wordings.all():
            lines += ["", _("Until %(when)s it said:") % {"when": say.when(wording.until)}, wording.words]
            lines += [f"{label} {text}" for label, text in _more(wording)]
    return "\n".join([*lines, ""])


def _more(said) -> list[tuple[str, str]]:
    pairs = [(_("Why it matters:"), said.why), (_("First step:"), said.first_step)]
    return [(label, text) for label, text in pairs if text]


def as_data(goals: list[Goal], at: datetime) -> dict[str, Any]:
    return {
        "saved_at": at.isoformat(),
        "goals": [
            {
                "kind": goal.kind,
                "suggestion": goal.suggestion,
                "words": goal.words,
                "why": goal.why,
                "first_step": goal.first_step,
                "state": goal.state,
                "state_at": goal.state_at.isoformat(),
                "started_at": goal.started_at.isoformat(),
                "check_ins": [
                    {
                        "felt": said.felt,
                        "in_words": str(Felt(said.felt).label),
                        "note": said.note,
                        "at": said.at.isoformat(),
                    }
                    for said in goal.check_ins.all()
                ],
                "earlier_words": [
                    {
                        "words": said.words,
                        "why": said.why,
                        "first_step": said.first_step,
                        "until": said.until.isoformat(),
                    }
                    for said in goal.wordings.all()
                ],
            }
            for goal in goals
        ],
    }
