"""How each question and each section stands for one parent: a word, a hint, what is next. Asks the database nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parenting_plan import questions
from parenting_plan.models import Clause, ClauseRow, Party


class How(Enum):
    """How one question stands for one reader."""

    NOT_STARTED = auto()
    READY = auto()  # the other parent's suggestion waits for the reader
    NOT_SURE = auto()  # the reader's own mark
    DRAFT = auto()
    SENT = auto()  # the reader's suggestion is with the other parent
    ALONE = auto()  # in the plan of a parent who works alone
    HELP = auto()
    COURT = auto()
    NOT_NEEDED = auto()
    AGREED = auto()


BEGUN = frozenset(How) - {How.NOT_STARTED}
SETTLED = frozenset({How.AGREED, How.NOT_NEEDED})


@dataclass(slots=True)
class Standing:
    """One question, for one reader. `tag` and `icon` are the design's; `words` empty means the tag's own words."""

    asked: questions.Question
    how: How
    tag: str = "plain"  # agreed, you, draft, plain, help
    words: str = ""
    icon: str = ""
    hint: str = ""

    @property
    def settled(self) -> bool:
        return self.how in SETTLED

    @property
    def unsure(self) -> bool:
        """Marked "not sure yet": to come back to, not to send."""
        return self.tag == "draft" and bool(self.words)

    @property
    def begun(self) -> bool:
        return self.how in BEGUN


@dataclass(slots=True)
class SectionStanding:
    section: questions.Section
    standings: list[Standing]
    tag: str
    words: str = ""
    icon: str = ""
    hint: str = ""

    @property
    def stone(self) -> str:
        """How the stepping stone is drawn: done, talk or open."""
        if all(standing.settled for standing in self.standings):
            return "done"
        return "talk" if any(standing.begun for standing in self.standings) else "open"


@dataclass(frozen=True)
class Board:
    """The whole plan for one parent."""

    sections: list[SectionStanding]
    waiting: list[Standing] = field(default_factory=list)  # the other parent's suggestions, in the plan's order
    drafts: list[Standing] = field(default_factory=list)  # one's own, and ready to be read again and sent
    agreed_count: int = 0
    question_count: int = 0


def stand(
    clause: ClauseRow | None,
    drafted: str | None,
    asked: questions.Question,
    *,
    me: Party,
    them: Party | None,
) -> Standing:
    """How one question stands for `me`. What waits for me comes first; `drafted` is the kind of my draft, if any."""
    name = them.name if them else ""
    if clause and clause.open_by not in {None, me.pk}:
        return Standing(asked, How.READY, "you", hint=_("%(name)s has made a suggestion") % {"name": name})
    if drafted == "not_sure":
        return Standing(asked, How.NOT_SURE, "draft", _("Not sure yet"), hint=_("Your own mark. Only you can see it"))
    if drafted:
        return Standing(asked, How.DRAFT, "draft", hint=_("You have a draft. Only you can see it"))
    if clause and clause.open_by:
        if them is None:
            return Standing(asked, How.ALONE, "plain", _("In your plan"), "tick")
        return Standing(asked, How.SENT, "plain", _("With %(name)s") % {"name": name}, hint=_("You made a suggestion"))
    if clause and clause.aside == Clause.Aside.HELP:
        return Standing(asked, How.HELP, "help", hint=_("Marked: we need help with this"))
    if clause and clause.aside == Clause.Aside.COURT:
        return Standing(asked, How.COURT, "help", _("A court may need to decide"), "plan")
    if clause and clause.agreed_kind == "not_needed":
        return Standing(asked, How.NOT_NEEDED, "plain", _("Not needed"), hint=_("You both said this is not needed"))
    if clause and clause.agreed_kind:
        return Standing(asked, How.AGREED, "agreed", hint=_("Settled for now") if clause.rests else "")
    return Standing(asked, How.NOT_STARTED, words=_("Not started yet"))


def board(clauses: Iterable[ClauseRow], drafted: dict[str, str], *, me: Party, them: Party | None) -> Board:
    """Every section in order, and what waits for this parent. `drafted` maps a question to the kind of my draft."""
    by_question = {clause.question: clause for clause in clauses}
    sections, waiting, mine = [], [], []
    untouched = _("Not started yet")  # said up to seventy times
    for section in questions.sections():
        standings = [
            stand(by_question.get(asked.key), drafted.get(asked.key), asked, me=me, them=them)
            if asked.key in by_question or asked.key in drafted
            else Standing(asked, How.NOT_STARTED, words=untouched)
            for asked in section.questions
        ]
        waiting += [standing for standing in standings if standing.how == How.READY]
        mine += [standing for standing in standings if standing.tag == "draft" and not standing.unsure]
        sections.append(_section(section, standings, them))
    kinds = [clause.agreed_kind for clause in by_question.values() if clause.agreed_kind]
    not_needed = kinds.count("not_needed")
    return Board(
        sections=sections,
        waiting=waiting,
        drafts=mine,
        agreed_count=len(kinds) - not_needed,
        question_count=len(questions.by_key()) - not_needed,
    )


def _section(section: questions.Section, standings: list[Standing], them: Party | None) -> SectionStanding:
    ready = [standing for standing in standings if standing.tag == "you"]
    if len(ready) == 1:
        hint = _("%(name)s has made a suggestion about: %(topic)s") % {
            "name": them.name if them else "",
            "topic": ready[0].asked.short,
        }
        return SectionStanding(section, standings, "you", hint=hint)
    if ready:
        hint = ngettext(
            "%(name)s has made %(count)d suggestion", "%(name)s has made %(count)d suggestions", len(ready)
        ) % {"name": them.name if them else "", "count": len(ready)}
        return SectionStanding(section, standings, "you", hint=hint)
    settled = [standing for standing in standings if standing.settled]
    agreed = [standing for standing in settled if standing.how == How.AGREED]
    if len(settled) == len(standings):
        if not agreed:
            return SectionStanding(
                section, standings, "plain", _("Not needed"), hint=_("You both said this is not needed")
            )
        hint = ngettext("%(count)d question agreed", "All %(count)d questions agreed", len(agreed)) % {
            "count": len(agreed)
        }
        return SectionStanding(section, standings, "agreed", hint=hint)
    drafts = [standing for standing in standings if standing.tag == "draft" and not standing.unsure]
    unsure = [standing for standing in standings if standing.unsure]
    sent = [standing for standing in standings if standing.how == How.SENT]
    helped = [standing for standing in standings if standing.tag == "help"]
    alone = [standing for standing in standings if standing.how == How.ALONE]
    if sent:
        hint = ngettext("You made %(count)d suggestion", "You made %(count)d suggestions", len(sent)) % {
            "count": len(sent)
        }
        return SectionStanding(section, standings, "plain", sent[0].words, hint=hint)
    if drafts:
        hint = ngettext(
            "You have %(count)d draft. Only you can see it",
            "You have %(count)d drafts. Only you can see them",
            len(drafts),
        ) % {"count": len(drafts)}
        return SectionStanding(section, standings, "draft", hint=hint)
    if helped:
        hint = ngettext("%(count)d question set aside", "%(count)d questions set aside", len(helped)) % {
            "count": len(helped)
        }
        return SectionStanding(section, standings, "help", helped[0].words, helped[0].icon, hint=hint)
    if alone:
        hint = _("%(count)d of %(all)d questions in your plan") % {"count": len(alone), "all": len(standings)}
        return SectionStanding(section, standings, "plain", _("Begun"), hint=hint)
    if unsure and not settled:
        hint = ngettext(
            "You marked %(count)d question. Only you can see it",
            "You marked %(count)d questions. Only you can see them",
            len(unsure),
        ) % {"count": len(unsure)}
        return SectionStanding(section, standings, "draft", unsure[0].words, hint=hint)
    if settled:
        hint = _("%(count)d of %(all)d questions agreed") % {"count": len(agreed), "all": len(standings)}
        return SectionStanding(section, standings, "plain", _("Begun"), hint=hint)
    return SectionStanding(section, standings, "plain", _("Not started yet"), hint=section.summary)
