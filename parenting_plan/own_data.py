"""What the hub holds of somebody in their plans: to be copied, and what closing their account does to it (T21, T22).

A copy has what its reader sees on the pages of a plan, and nothing of what the other parent keeps to themselves or
staff do: no address, draft, report, grant, gate or pause of theirs, no count and no number that would tell of one.
"""

from collections.abc import Iterator
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub import holds, own_data
from hub import words as say
from hub.own_data import Fate, Section, Told
from parenting_plan import actions, ending, own_history
from parenting_plan.actions.turn import NotShared
from parenting_plan.models import (
    Draft,
    Grant,
    Invitation,
    Opening,
    Party,
    Plan,
    PlanEvent,
    Role,
    SafetyReport,
)
from parenting_plan.own_history import Mine, in_order, plans_of, title_of
from parenting_plan.templatetags.plan import in_words

own_data.call_mails(
    {
        "parenting_plan/confirm_joiner": gettext_lazy("Somebody used your code"),
        "parenting_plan/invited": gettext_lazy("Somebody asked you to work on a plan"),
        "parenting_plan/professional_access": gettext_lazy("Somebody lets you read a plan"),
    }
)


@own_data.copies
def copy(person, at: datetime) -> Iterator[Section]:
    """A fixed number of queries, however many plans and words there are."""
    mine = plans_of(person)
    if mine:
        yield from own_data.section(
            "plans",
            _("Your plans"),
            _("If the other parent is in a plan, they see these facts too, but not what you told us about courts."),
            _facts(mine),
        )
        yield from own_history.of(mine, at)
        yield from own_data.section(
            "plans_drafts", _("Your drafts"), _("Words you have not sent. Nobody but you sees them."), _drafts(mine)
        )
        yield from own_data.section(
            "plans_shown_to",
            _("Whom you asked to join, and whom you let read"),
            _("The other parent is not told whom you let read a plan, or when they read it."),
            [*_invitations(mine), *_grants(mine, at)],
        )
        yield from own_data.section(
            "plans_told_us",
            _("What you told our staff"),
            _("You and our staff see it. The other parent is not told."),
            _reports(mine),
        )
    yield from own_data.section(
        "plans_you_may_read",
        _("Plans that a parent lets you read"),
        _("They see when you read or downloaded the plan."),
        _held(person, at),
    )


def _facts(mine: list[Mine]) -> Iterator[Told]:
    answers: dict[int, list[PlanEvent]] = {}
    told_us = PlanEvent.objects.filter(plan__in=[each.plan for each in mine], kind__in=["started", "orders"])
    for event in told_us.select_related("body").order_by("plan", "seq"):
        answers.setdefault(event.plan_id, []).append(event)
    for each in mine:
        plan, me = each.plan, each.me
        told = Told(each.title).say("plan", _("Reference"), plan.reference)
        told.say("you_are", _("You are"), str(me.get_role_display()))
        told.say("since", _("Since"), me.joined_at)
        if each.them:
            told.say("other_parent", _("The other parent"), each.them.name)
        for child in each.children:
            born = date_format(date(child.born_year, child.born_month, 1), "F Y")
            value = {"first_name": child.first_name, "born": born}
            told.add("children", _("Child, and month of birth"), value, f"{child.first_name}, {born}")
        if plan.order_in_force:
            words = str(Plan.Orders(plan.orders).label)
            told.say("court_order", _("What the plan says about courts"), words)
        for event in answers.get(plan.pk, []):
            # only what this parent said: the answer of the other one is theirs
            if event.role == me.role and (said := _said_of_courts(event)):
                label = own_data.when(_("What you told us about courts"), event.at)
                told.add("you_told_us_about_courts", label, {"said": said, "at": event.at}, said)
        told.say("shared", _("The plan is shared"), bool(each.them and plan.still_shared))
        yield told.say("you_left_at", _("You stopped sharing it"), me.left_at)


def _said_of_courts(event: PlanEvent) -> str:
    orders = event.body.words.get("orders", "") if hasattr(event, "body") else ""
    return str(Plan.Orders(orders).label) if orders in Plan.Orders.values else ""


def _drafts(mine: list[Mine]) -> Iterator[Told]:
    by_me = {each.me.pk: each for each in mine}
    drafts = Draft.objects.filter(party__in=by_me)
    for each, draft in in_order(mine, ((by_me[draft.party_id], draft) for draft in drafts)):
        told = Told(title_of(draft.question), "part").say("plan", _("Plan"), each.here, each.title)
        told.say("kind", _("Marked"), "" if draft.value["kind"] == "words" else in_words(draft.value))
        told.say("words", _("Your words"), draft.value.get("text", "")).say("note", _("Your note"), draft.note)
        yield told.say("saved_at", _("Saved"), draft.saved_at)


def _invitations(mine: list[Mine]) -> Iterator[Told]:
    """As the inviter sees them: joined, or not. The address they wrote to stands on no page, and not here."""
    by_me = {each.me.pk: each for each in mine}
    for invitation in Invitation.objects.filter(by__in=by_me).order_by("-created_at", "-pk"):
        each = by_me[invitation.by_id]
        told = Told(_("You asked the other parent to join")).say("plan", _("Plan"), each.here, each.title)
        told.say("how", _("How"), str(invitation.get_way_display())).say("at", _("When"), invitation.created_at)
        joined = invitation.outcome == Invitation.Outcome.JOINED
        yield told.say("what_came_of_it", _("What came of it"), _("Joined") if joined else _("Not joined"))


def _grants(mine: list[Mine], at: datetime) -> Iterator[Told]:
    by_me = {each.me.pk: each for each in mine}
    rows = Grant.objects.filter(by__in=by_me).prefetch_related("openings").order_by("-created_at", "-pk")
    for granted in rows:
        each = by_me[granted.by_id]
        told = Told(_("You let somebody read the agreed plan")).say("plan", _("Plan"), each.here, each.title)
        told.say("who", _("Who"), granted.email).say("since", _("Since"), granted.created_at)
        told.say("until", _("Until"), granted.revoked_at or granted.expires_at)
        for opening in granted.openings.all():
            words = str(opening.get_what_display())
            told.add("openings", say.when(opening.at), {"what": words, "at": opening.at}, words)
        yield told


def _reports(mine: list[Mine]) -> Iterator[Told]:
    """What they wrote, and the short answer where one was given. Never what staff made of it."""
    by_me = {each.me.pk: each for each in mine}
    rows = SafetyReport.objects.filter(by__in=by_me).select_related("about__clause").order_by("-created_at", "-pk")
    for report in rows:
        each = by_me[report.by_id or 0]
        told = Told(str(report.get_kind_display()), "about").say("plan", _("Plan"), each.here, each.title)
        if report.about:
            told.say("part", _("About words in this part"), title_of(report.about.clause.question))
        told.say("words", _("What you wrote"), report.words).say("at", _("When"), report.created_at)
        told.say("answer_is_safe", _("You said that a short answer here is safe"), report.may_answer)
        yield told.say("answer", _("Our answer"), str(report.get_answer_display()) if report.answer else "")


def _held(person, at: datetime) -> Iterator[Told]:
    """For a professional: what they may read now, and when they did."""
    for granted in Grant.objects.held_by(person, at).select_related("plan").prefetch_related("openings"):
        told = Told(_("A plan")).say("plan", _("Reference"), granted.plan.reference)
        told.say("until", _("Until"), granted.expires_at)
        for opening in granted.openings.all():
            words = str(Opening.What(opening.what).label)
            told.add("openings", say.when(opening.at), {"what": words, "at": opening.at}, words)
        yield told


# ---------------------------------------------------------------- closing the account


@own_data.tells
def fate(person) -> Fate:
    """One query."""
    joined = PlanEvent.objects.filter(plan=OuterRef("plan"), kind="joined")
    mine = Party.objects.filter(user=person, confirmed_at__isnull=False).values_list(
        Exists(joined),
        Exists(Draft.objects.filter(party=OuterRef("pk"))),
        Exists(Grant.objects.filter(by=OuterRef("pk"))),
        Exists(SafetyReport.objects.filter(by=OuterRef("pk"))),
        Exists(SafetyReport.objects.not_closed().filter(by=OuterRef("pk"))),
    )
    rows = list(mine)
    shared = any(row[0] for row in rows)
    goes, stays = [], []
    if any(row[1] for row in rows):
        goes.append(_("Your drafts."))
    if any(not row[0] for row in rows):
        goes.append(_("A plan that nobody joined, with every word in it."))
    if any(row[2] for row in rows):
        goes.append(_("What you let a solicitor or somebody else read. They cannot read it any more."))
    if shared:
        stays.append(
            _(
                "What you and the other parent wrote in a plan you share. Your name is taken off it: it says “the other"
                " parent”. It is kept until the youngest child is %(age)d."
            )
            % {"age": settings.PLAN_AGE}
        )
    if any(row[0] and row[3] for row in rows):
        stays.append(_("What you told our staff about safety. Only our staff can read it."))
    if any(not row[0] and row[4] for row in rows):
        stays.append(
            _(
                "What you told our staff about safety and they still look into, with the plan it is about. Only our"
                " staff can read it. It goes when they have finished."
            )
        )
    return Fate(tuple(goes), tuple(stays))


@own_data.on_closing
def close(person, at: datetime) -> None:
    """They leave every plan, as anybody may: the other parent gets what any leaving gives. Nothing of theirs is open.

    A plan of theirs alone is out of sight from now on, whether it is erased soon or kept for staff. Plans are held in
    the order of their numbers, so that two who close at once do not wait for each other.
    """
    for party in Party.objects.filter(user=person, left_at=None).select_related("plan", "user").order_by("plan_id"):
        if not party.confirmed_at:
            _take_back(party, at)
            continue
        try:
            actions.leave(plan=party.plan, by=party, at=at)
        except NotShared:  # another tab was faster
            pass
    alone = _alone(person).filter(put_away_at=None).order_by("pk").select_for_update(of=("self",), no_key=True)
    Plan.objects.filter(pk__in=list(alone.values_list("pk", flat=True))).update(put_away_at=at)


def _alone(person):
    """Plans of theirs that nobody joined."""
    started = Party.objects.filter(user=person, role=Role.A).values("plan")
    return Plan.objects.filter(pk__in=started, erased=None).exclude(events__kind="joined")


def _take_back(party: Party, at: datetime) -> None:
    """They joined with a code, and nobody has said yet that it is them. For the inviter, nobody has joined."""
    with transaction.atomic():
        plan = Plan.objects.hold(party.plan_id)
        held = Party.objects.filter(pk=party.pk).first()
        if held is None:
            return
        if held.confirmed_at:
            actions.leave(plan=plan, by=held, at=at)
            return
        used = plan.invitations.filter(joined=held)
        used.update(outcome=Invitation.Outcome.REPLACED, joined=None, answered_at=at)
        held.delete()


@own_data.on_erasing
def erase(person) -> dict[str, int]:
    """A plan that nobody joined goes with its only parent, unless it is held or staff work on a report about it: then
    it goes in the night after that has ended.

    What two parents share, and what was told to staff, stays with the role in place of the name.
    """
    from parenting_plan.actions.erasing import erase_plans

    alone = _alone(person).exclude(pk__in=holds.numbers("plan")).exclude(ending.worked_on())
    free = alone.order_by("pk").select_for_update(of=("self",))
    keys = list(free.values_list("pk", flat=True))
    return {"plans nobody joined": erase_plans(keys, "alone")} if keys else {}
