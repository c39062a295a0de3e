"""How one part came to be as it is: every suggestion and answer in order, the same for both parents.

A list of what may be told: what else happened to a plan (who was let in, what staff did) is in no story.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from parenting_plan.models import Clause, Party, PlanEvent, Proposal

SPOKEN = {
    "suggestion": _("%(name)s suggested"),
    "rewritten": _("%(name)s wrote it anew"),
    "counter": _("%(name)s suggested different words"),
}
DONE = {
    "agreed": (_("%(name)s agreed"), "tick"),
    "withdrawn": (_("%(name)s took the suggestion back"), "swap"),
    "set_aside": (_("%(name)s marked: we need help with this"), "heart"),
}
FOR_THE_COURT = _("%(name)s marked: we need the court to decide this")
KINDS = [*SPOKEN, *DONE]
NOBODY = _("the other parent")  # whose account is closed: Party.name


@dataclass(frozen=True)
class Step:
    """One suggestion, with its words unless they are put away, or one answer."""

    number: int  # an event's own number would have gaps that tell of what is not shown
    event: PlanEvent
    name: str
    mine: bool
    title: str
    icon: str
    proposal: Proposal | None

    @property
    def id(self) -> str:
        return f"step-{self.number}"


def steps(
    events: Iterable[PlanEvent], proposals: Mapping[int, Proposal], names: Mapping[str, str], me: Party
) -> list[Step]:
    """The story of one part. `events` are the part's own, in order, of these kinds and read with their bodies."""
    found: list[Step] = []
    agreed = False
    for event in events:
        name, icon = names.get(event.role, ""), ""
        if event.kind in SPOKEN:
            title = _("%(name)s suggested a change") if event.kind == "suggestion" and agreed else SPOKEN[event.kind]
        else:
            title, icon = DONE[event.kind]
            if event.kind == "set_aside" and hasattr(event, "body"):
                title = FOR_THE_COURT if event.body.words.get("aside") == Clause.Aside.COURT else title
        agreed = agreed or event.kind == "agreed"
        found.append(
            Step(
                number=len(found) + 1,
                event=event,
                name=name,
                mine=event.role == me.role,
                title=_said(str(title), name),
                icon=icon,
                proposal=proposals.get(event.proposal or 0) if event.kind in SPOKEN else None,
            )
        )
    return found


def _said(title: str, name: str) -> str:
    """A name as it was chosen; the role that stands for one begins the sentence with a capital letter."""
    said = title % {"name": name}
    return capfirst(said) if name == NOBODY else said
