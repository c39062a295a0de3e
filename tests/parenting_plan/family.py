"""Amara, Ben and their plan, made by the real actions. `by` is always a person; `at` a time, or now."""

from datetime import datetime, timedelta

from hub import clock
from parenting_plan import actions
from parenting_plan.models import Clause, Party, Plan, Role

CHILDREN = [("Anya", 2016, 5), ("Finn", 2019, 9)]
HANDOVERS = "living-and-childcare/handovers"
WEEK = "living-and-childcare/weekly-pattern"
OVERNIGHTS = "living-and-childcare/overnights"
HOLIDAYS = "living-and-childcare/holidays"
SPECIAL_DAYS = "living-and-childcare/special-days"
TRAVEL = "living-and-childcare/travel"


def words(text: str) -> dict:
    """A value of a suggestion, from plain words."""
    return {"kind": "words", "text": text}


def party(plan: Plan, person) -> Party:
    """This person as a parent of the plan."""
    return plan.parties.select_related("user").get(user=person)


def other(plan: Plan, person) -> Party:
    """The other parent."""
    return plan.parties.select_related("user").exclude(user=person).get()


def part(plan: Plan, question: str) -> Clause | None:
    """One question of the plan as it stands now, or None while nobody wrote about it."""
    return plan.clauses.with_words().filter(question=question).first()


def version(plan: Plan, question: str) -> int:
    found = part(plan, question)
    return found.version if found else 0


def start(by, *, children=CHILDREN, at: datetime | None = None, **more) -> Plan:
    """A plan that only this parent sees."""
    return actions.start(by=by, children=children, at=at, **more)


def share(plan: Plan, joiner, *, at: datetime | None = None) -> Plan:
    """Invite the joiner by email and have them join."""
    inviter = plan.parties.select_related("user").get(role=Role.A)
    actions.invite_by_email(plan=plan, by=inviter, email=joiner.email, at=at)
    invitation = actions.find_invitation(plan.invitations.get(outcome="").token(), at or clock.now())
    actions.join(invitation=invitation, user=joiner, has_verified=True, at=at)
    plan.refresh_from_db()
    return plan


def suggest(plan: Plan, by, question: str, text: str | dict, *, note: str = "", at: datetime | None = None):
    """Send a suggestion: a first one, a change, or other words in answer to the other parent's."""
    value = text if isinstance(text, dict) else words(text)
    me, here = party(plan, by), part(plan, question)
    if here and here.open and here.open.by_id != me.pk:
        return actions.counter(
            plan=plan, question=question, by=me, value=value, note=note, version=here.version,
            digest=here.open.what_was_shown(), at=at,
        )  # fmt: skip
    return actions.commit(
        plan=plan, question=question, by=me, value=value, note=note, version=version(plan, question), at=at
    )


def agree(plan: Plan, by, question: str, *, at: datetime | None = None):
    """Agree to the suggestion that is open."""
    here = part(plan, question)
    return actions.agree(
        plan=plan, question=question, by=party(plan, by), version=here.version, digest=here.open.what_was_shown(), at=at
    )


def settle(plan: Plan, by, agreeing, question: str, text: str | dict, *, at: datetime | None = None):
    """One parent suggests, the other agrees."""
    suggest(plan, by, question, text, at=at)
    return agree(plan, agreeing, question, at=at)


def set_aside(plan: Plan, by, question: str, aside: str = "help", *, at: datetime | None = None):
    """Say that this part needs help, or the court."""
    here = part(plan, question)
    digest = here.open.what_was_shown() if here and here.open else None
    return actions.set_aside(
        plan=plan,
        question=question,
        by=party(plan, by),
        aside=aside,
        version=version(plan, question),
        digest=digest,
        at=at,
    )


def draft(plan: Plan, by, question: str, text: str | dict, *, note: str = "", at: datetime | None = None):
    """Keep words for oneself."""
    value = text if isinstance(text, dict) else words(text)
    return actions.save_draft(party=party(plan, by), question=question, value=value, note=note, at=at)


def live_a_while(plan: Plan, amara, ben) -> Plan:
    """Bring a shared plan to an interesting moment, every state of a part in it.

    HANDOVERS: agreed five days ago, and a change by Ben is open. WEEK: agreed an hour ago, at rest. OVERNIGHTS: Ben's
    suggestion waits for Amara. HOLIDAYS: Amara's counter waits for Ben. SPECIAL_DAYS: set aside. TRAVEL: not needed.
    """
    now = clock.now()
    long_ago, lately = now - timedelta(days=5), now - timedelta(hours=1)
    settle(plan, amara, ben, HANDOVERS, "We hand over at the school gate on Fridays at 3:30 pm.", at=long_ago)
    settle(plan, ben, amara, TRAVEL, {"kind": "not_needed"}, at=long_ago)
    settle(plan, ben, amara, WEEK, "Monday to Wednesday with Amara, Thursday and Friday with Ben.", at=lately)
    suggest(
        plan, ben, HANDOVERS, "We hand over at the library on Fridays at 4 pm.", note="The gate is crowded.", at=lately
    )
    suggest(plan, ben, OVERNIGHTS, "Every other weekend with Ben.", at=lately)
    suggest(plan, ben, HOLIDAYS, "Half of each holiday with each of us.", at=long_ago)
    suggest(plan, amara, HOLIDAYS, "Alternate weeks in the summer holidays.", at=lately)
    set_aside(plan, amara, SPECIAL_DAYS, at=lately)
    plan.refresh_from_db()
    return plan
