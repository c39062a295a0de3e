"""The words of a plan in a copy for one of its parents: how each part stands, and the whole story of each.

The words and their order are those of the pages (parenting_plan.story): nothing else that happened to a plan is told.
Words that staff put away for this reader stay away.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TypeVar

from django.conf import settings
from django.utils.translation import gettext as _

from hub import own_data
from hub import words as say
from hub.own_data import Section, Told
from parenting_plan import questions, story
from parenting_plan.models import Child, Clause, Draft, Party, Plan, PlanEvent, Proposal, SafetyReport
from parenting_plan.templatetags.plan import in_words

Row = TypeVar("Row", Clause, Draft)


@dataclass(frozen=True)
class Mine:
    """One plan as its reader knows it."""

    plan: Plan
    me: Party
    them: Party | None
    children: list[Child]

    @property
    def title(self) -> str:
        """By its children and its reference, which tells it from another."""
        names = say.together(child.first_name for child in self.children)
        called = _("Plan for %(names)s") % {"names": names} if names else settings.HUB_PLAN_NAME
        return f"{called} ({self.here})"

    @property
    def names(self) -> dict[str, str]:
        """What the pages call each parent, by role."""
        return {party.role: party.name for party in (self.me, self.them) if party}

    def name_of(self, party: int | None) -> str:
        return next((each.name for each in (self.me, self.them) if each and each.pk == party), "")

    @property
    def here(self) -> str:
        return self.plan.reference


def plans_of(person) -> list[Mine]:
    """Every plan that this person may open, the newest first. Three queries."""
    visible = Plan.objects.visible_to(person).order_by("-created_at", "-pk")
    found = []
    for plan in visible.prefetch_related("children", "parties__user"):
        here = [party for party in plan.parties.all() if party.confirmed_at]
        me = next(party for party in here if party.user_id == person.pk)
        them = next((party for party in here if party.pk != me.pk), None)
        found.append(Mine(plan, me, them, list(plan.children.all())))
    return found


def title_of(key: str) -> str:
    """What people call this part."""
    asked = questions.by_key().get(key)
    return asked.title if asked else _("A question that is not asked any more")


def in_order(mine: list[Mine], rows: Iterable[tuple[Mine, Row]]) -> list[tuple[Mine, Row]]:
    """Rows that name a part, each with its plan: by plan, and in the order of the questions."""
    places = {key: place for place, key in enumerate(questions.by_key())}
    return sorted(rows, key=lambda row: (mine.index(row[0]), places.get(row[1].question, len(places)), row[1].question))


def of(mine: list[Mine], at: datetime) -> Iterator[Section]:
    """How the parts stand, and their stories. Four queries."""
    plans = [each.plan for each in mine]
    away = set(SafetyReport.objects.hiding_from(*[each.me for each in mine]).values_list("about", flat=True))
    clauses = Clause.objects.filter(plan__in=plans).select_related("open", "agreed")
    by_plan = {each.plan.pk: each for each in mine}
    parts = in_order(mine, ((by_plan[clause.plan_id], clause) for clause in clauses))
    yield from own_data.section(
        "plans_as_they_stand",
        _("How the parts of your plans stand"),
        _("Both parents of a plan see this. Only agreed words are in the plan that others may read."),
        [_standing(each, clause, away, at) for each, clause in parts],
    )
    yield from own_data.section(
        "plans_history",
        _("How your plans came to be as they are"),
        _("Every suggestion and answer. Both parents of a plan see this. It is not in the plan that others may read."),
        _stories(parts, away),
    )


def _words(proposal: Proposal, away: set[int | None]) -> str:
    return _("These words are not shown for now.") if proposal.pk in away else in_words(proposal.value)


def _standing(each: Mine, clause: Clause, away: set[int | None], at: datetime) -> Told:
    told = Told(title_of(clause.question), "part").say("plan", _("Plan"), each.here, each.title)
    told.say("stands", _("How it stands"), _in_a_line(each, clause))
    if agreed := clause.agreed:
        told.say("agreed_words", _("What you both agreed"), _words(agreed, away))
        told.say("suggested_by", _("Suggested by"), each.name_of(agreed.by_id))
        told.say("agreed_by", _("Agreed by"), each.name_of(clause.agreed_by_id))
        told.say("agreed_at", _("Agreed"), clause.agreed_at)
        if agreed.asked != title_of(clause.question):
            told.say("asked_as", _("The question, as it was worded then"), agreed.asked)
        if clause.rests_until and clause.rests_until > at:
            told.say("can_be_changed_from", _("A change can be suggested from"), clause.rests_until)
    if waiting := clause.open:
        told.say("open_suggestion", _("What is suggested"), _words(waiting, away))
        told.say("open_suggestion_by", _("Suggested by"), each.name_of(waiting.by_id))
        told.say("open_suggestion_at", _("Suggested"), waiting.committed_at)
    return told


def _in_a_line(each: Mine, clause: Clause) -> str:
    if clause.aside:
        said = str(clause.get_aside_display())
        return _("%(name)s marked: %(said)s") % {"name": each.name_of(clause.set_aside_by_id), "said": said}
    if clause.agreed and clause.open:
        return _("Agreed, and a change is suggested")
    if clause.agreed:
        return _("Agreed")
    if clause.open:
        return _("A suggestion waits for an answer") if each.them else _("In your plan")
    return _("Not agreed, and nothing is suggested")


def _stories(parts: list[tuple[Mine, Clause]], away: set[int | None]) -> Iterator[Told]:
    plans = {each.plan.pk for each, _clause in parts}
    proposals: dict[tuple[int, str], dict[int, Proposal]] = {}
    rows = Proposal.objects.filter(clause__plan__in=plans).select_related("clause")
    for proposal in rows:
        proposal.is_away = proposal.pk in away
        of_part = proposals.setdefault((proposal.clause.plan_id, proposal.clause.question), {})
        of_part[proposal.number] = proposal
    happened = PlanEvent.objects.filter(plan__in=plans, kind__in=story.KINDS).exclude(part="")
    events = happened.select_related("body").order_by("plan", "part", "seq")
    by_part = {key: list(group) for key, group in groupby(events, key=lambda event: (event.plan_id, event.part))}
    for each, clause in parts:
        key = (each.plan.pk, clause.question)
        told = Told(title_of(clause.question), "part").say("plan", _("Plan"), each.here, each.title)
        for step in story.steps(by_part.get(key, []), proposals.get(key, {}), each.names, each.me):
            said = _words(step.proposal, away) if step.proposal else ""
            note = step.proposal.note if step.proposal and not step.proposal.is_away else ""
            value = {"what": step.title, "by": step.name, "at": step.event.at, "words": said, "note": note}
            lines = [step.title, said, _("Note: %(note)s") % {"note": note} if note else ""]
            told.add("steps", say.when(step.event.at), value, "\n\n".join(filter(None, lines)))
        if "steps" in told.data:
            yield told
