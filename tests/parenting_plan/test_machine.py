"""Two parents try every order of moves; a small model says what must come, and the promises hold after each.

The model knows nothing of the hub's own rules. HYPOTHESIS_PROFILE=deep tries 2,000 families of 60 steps each; the
default is small. HYPOTHESIS_EXAMPLES and --hypothesis-seed cut the deep run into pieces. Planted faults at the end show
that the machine finds what it is there to find.
"""

import os
import random
from collections import Counter
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import product
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from hub.models import Notice, OutgoingMail
from parenting_plan import actions, emails, record, states, telling, verifying
from parenting_plan.actions import negotiation
from parenting_plan.actions import turn as turning
from parenting_plan.models import Clause, Draft, Plan, PlanEvent, PlanEventBody, Proposal, SafetyReport
from tests.parenting_plan import family

MOVES = ("commit", "counter", "agree", "withdraw", "set_aside")
PARTS = (family.HANDOVERS, family.WEEK, family.TRAVEL)
REST = timedelta(hours=24)
TICK = timedelta(microseconds=1)
CALM = {
    "suppress_health_check": list(HealthCheck),
    "deadline": None,
    "database": None,
    "print_blob": False,
}
settings.register_profile("default", max_examples=60, stateful_step_count=30, derandomize=True, **CALM)
settings.register_profile(
    "deep", max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "2000")), stateful_step_count=60, **CALM
)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "default")
BEGINNINGS = [
    datetime(2026, 10, 24, 17, 30, tzinfo=UTC),  # the clocks go back in the night
    datetime(2027, 3, 27, 17, 30, tzinfo=UTC),  # the clocks go forward
    datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
    datetime(2028, 2, 28, 23, 59, 59, 999999, tzinfo=UTC),
]


# ---------------------------------------------------------------- the model


@dataclass
class Part:
    """What a question must look like."""

    state: str = "empty"
    version: int = 0
    sent: int = 0  # how many suggestions there have been
    open_by: str = ""
    open_value: dict | None = None
    agreed_value: dict | None = None
    agreed_number: int | None = None
    agreed_by: str = ""
    proposed_by: str = ""
    rests_until: datetime | None = None
    rest_told: bool = True

    def may_not(self, move: str, who: str, *, alone: bool, at: datetime) -> type | None:
        """Why this parent may not make this move now; None when they may."""
        if self.rests_until and at < self.rests_until:
            return states.AtRest
        if move == "commit":
            return states.NotNow if self.open_by and not alone else None
        if move == "set_aside":
            return states.NotYours if self.open_by == who else None
        if not self.open_by:
            return states.NotNow
        mine = self.open_by == who
        return states.NotYours if mine != (move == "withdraw") else None

    def moves(self, move: str, who: str, value: dict, at: datetime) -> None:
        """What the move must do."""
        self.version += 1
        words = bool(self.agreed_value)
        if move in {"commit", "counter"}:
            self.sent += 1
            self.open_by, self.open_value = who, value
            self.state = "changing" if words else "suggested"
            return
        if move == "agree":
            self.agreed_value, self.agreed_number = self.open_value, self.sent
            self.agreed_by, self.proposed_by = who, self.open_by
            self.rests_until, self.rest_told = at + REST, False
            self.state = "agreed"
        elif move == "withdraw":
            self.state = "agreed" if words else "empty"
        else:
            self.state = "set_aside"
        self.open_by, self.open_value = "", None


@dataclass
class Form:
    """A page as one parent saw it."""

    part: str
    who: str
    version: int
    digest: str
    value: dict | None


@dataclass
class Seen:
    """Which commands were tried where. One for all examples of a run."""

    pairs: Counter = field(default_factory=Counter)

    PART_STATES = ("empty", "suggested", "agreed, at rest", "agreed", "changing", "set_aside")
    PART_MOVES = ("draft", "commit", "several", "counter", "agree", "withdraw", "set_aside", "old form", "other words")
    PLAN_STATES = ("alone", "shared", "paused", "ended")
    PLAN_MOVES = ("join", "leave", "pause", "resume", "grant", "revoke", "report", "beat", "replay")

    def share(self) -> float:
        every = {*product(self.PART_STATES, self.PART_MOVES), *product(self.PLAN_STATES, self.PLAN_MOVES)}
        return len(every & set(self.pairs)) / len(every)

    def missed(self) -> list:
        every = [*product(self.PART_STATES, self.PART_MOVES), *product(self.PLAN_STATES, self.PLAN_MOVES)]
        return [pair for pair in every if pair not in self.pairs]


class Family(RuleBasedStateMachine):
    """Amara is a, Ben is b; they and the solicitor are made once, before any example."""

    people: SimpleNamespace
    seen: Seen

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.pages: dict[tuple[str, str], Form] = {}
        self.requests: list = []
        self.parts = {key: Part() for key in PARTS}
        self.drafts: dict[tuple[str, str], str] = {}
        self.grants: dict[str, datetime] = {}
        self.news = Counter()
        self.joined = self.paused = self.ended = False
        self.left: set[str] = set()
        self.count = self.tokens = self.reports = self.granted = 0
        self.trail = ""

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize(luck=st.integers(0, 2**64))
    def begin(self, luck):
        """A family somewhere on its way, brought there by the real moves."""
        self.trail = f"{luck}"
        pick = random.Random(self.trail)
        at, first = pick.choice(BEGINNINGS), pick.choice("ab")
        condition = pick.choice(["shared"] * 5 + ["alone", "alone", "paused", "ended"])
        scene = [pick.choice(Seen.PART_STATES) for _ in PARTS]
        note(f"{condition}, {first} first, {scene}, {at}")
        self.at = at
        self.plan = family.start(self.people.a, at=at)
        self.count = 1
        if condition == "alone":
            first, scene = "a", ["suggested" if "e" in state else "empty" for state in scene]
        else:
            self.join()
        second = "b" if first == "a" else "a"
        wanted = dict(zip(PARTS, scene, strict=True))
        for states_now, wait in (({"agreed", "changing"}, True), ({"agreed, at rest"}, False)):
            for key, state in wanted.items():
                if state in states_now:
                    self.move("commit", self.look(key, first))
                    self.move("agree", self.look(key, second))
            if wait:
                self.at += REST
        for key, who in product(PARTS, "ab"):
            if self.here(who):
                self.pages[key, who] = self.look(key, who)
                if pick.random() < 0.4:
                    self.draft(key, who)
        for key, state in wanted.items():
            if state in {"suggested", "changing"}:
                self.move("commit", self.look(key, second if state == "changing" else first))
            if state == "set_aside":
                self.move("set_aside", self.look(key, second))
        if condition == "paused":
            self.stop_for_now()
        if condition == "ended":
            self.leave(second)

    # ------------------------------------------------------------ asking

    def party(self, who: str):
        return self.plan.parties.select_related("user").filter(role=who).first()

    def may_write(self, who: str) -> bool:
        return not (self.paused or self.ended or who in self.left)

    def here(self, who: str) -> bool:
        return who == "a" or self.joined

    def token(self) -> str:
        self.tokens += 1
        return f"word-{self.tokens}-"

    def look(self, part: str, who: str) -> Form:
        row = family.part(self.plan, part)
        open_one = row.open if row else None
        return Form(
            part,
            who,
            row.version if row else 0,
            open_one.what_was_shown() if open_one else "",
            open_one and open_one.value,
        )

    def where(self, part: str) -> str:
        held = self.parts[part]
        resting = held.rests_until and self.at < held.rests_until
        return "agreed, at rest" if resting else held.state

    @property
    def condition(self) -> str:
        return "ended" if self.ended else "paused" if self.paused else "shared" if self.joined else "alone"

    def everything(self) -> tuple:
        """All that anybody could tell apart about the plan."""
        return (
            Plan.objects.filter(pk=self.plan.pk).values_list().get(),
            list(Clause.objects.filter(plan=self.plan).order_by("pk").values_list()),
            list(
                Proposal.objects.filter(clause__plan=self.plan).order_by("pk").values_list("pk", "ending", "ended_at")
            ),
            list(Draft.objects.filter(party__plan=self.plan).order_by("pk").values_list()),
            list(Notice.objects.order_by("pk").values_list("pk", flat=True)),
            OutgoingMail.objects.count(),
            PlanEvent.objects.count(),
            SafetyReport.objects.count(),
        )

    # ------------------------------------------------------------ doing

    def do(self, call, *, refusal: type | None, exactly: bool = True):
        """Make the call; it must be refused for this reason and leave no trace, or be accepted."""
        before = self.everything() if refusal else None
        given, why = None, None
        try:
            given = call()
        except states.Refused as refused:
            why = refused
        if why:
            assert refusal, f"refused: {why.reason}"
            assert not exactly or type(why) is refusal, f"{type(why).__name__}, not {refusal.__name__}"
            assert self.everything() == before, "a refusal left a trace"
            return None
        assert refusal is None, f"accepted, where {refusal.__name__} was due"
        return given

    def ask(self, move: str, form: Form, value: dict, *, submit_key: str):
        words = {"value": value} if move in {"commit", "counter"} else {}
        more = {"aside": "help"} if move == "set_aside" else {}
        seen = (
            {} if move in {"commit", "withdraw"} else {"digest": form.digest or ("" if move != "set_aside" else None)}
        )
        by = self.party(form.who)
        return lambda: getattr(actions, move)(
            plan=self.plan, question=form.part, by=by, version=form.version, submit_key=submit_key, at=self.at,
            **words, **more, **seen,
        )  # fmt: skip

    def move(self, move: str, form: Form, *, stale: bool = False, wrong: bool = False):
        """One move from one form: what the model says must happen does."""
        held, who = self.parts[form.part], form.who
        if not self.here(who):
            return
        value = family.words(self.token())
        refusal = None if self.may_write(who) else actions.NotShared
        refusal = refusal or held.may_not(move, who, alone=not self.joined, at=self.at)
        old = form.version != held.version
        refusal = refusal or (actions.Stale if old or wrong else None)
        shown = form.value
        request = self.ask(move, form, value, submit_key=f"key-{self.tokens}")
        if self.do(request, refusal=refusal, exactly=not stale) is None:
            return
        self.requests.append(request)
        back = held.open_value
        held.moves(move, who, value, self.at)
        if move == "agree":
            assert record.canonical(held.agreed_value) == record.canonical(shown), "agreed to what was not shown"
        if move == "withdraw":
            self.drafts.setdefault((who, form.part), back["text"])
        elif move != "set_aside":
            self.drafts.pop((who, form.part), None)
        self.count += 1
        self.tell(who)

    def tell(self, who: str):
        other = "b" if who == "a" else "a"
        if self.here(other) and other not in self.left:
            self.news[other] += 1

    # ------------------------------------------------------------ one rule, so that everything is tried about as often

    @rule(luck=st.integers(0, 2**64))
    def something_happens(self, luck):
        self.trail += f" {luck}"  # Hypothesis likes some numbers; with all that went before, each step is another
        pick = random.Random(self.trail)
        part, who, dice = pick.choice(PARTS), pick.choice("ab"), pick.random()
        resting = [held.rests_until for held in self.parts.values() if held.rests_until and self.at < held.rests_until]
        if dice < 0.06:
            self.at += timedelta(hours=pick.choice([0.5, 5, 23, 24, 25]))
            note(f"now it is {self.at}")
        elif dice < 0.12 and resting:
            self.come_to_the_edge(pick.random() < 0.5, who)
        elif dice < 0.2 and any(held.open_by for held in self.parts.values()):
            self.answer_what_waits(pick)
        elif dice < 0.7:
            move = pick.choice(Seen.PART_MOVES)
            note(f"{who}: {move}, {part}, which is {self.where(part)}")
            named = {"several": "commit_several", "other words": "agree_to_other_words"}
            if move == "old form":
                self.use_an_old_page(part, who, pick.choice(MOVES))
            else:
                getattr(self, named.get(move, move))(part, who)
        else:
            move = pick.choice(Seen.PLAN_MOVES)
            if move in {"leave", "pause", "join"} and pick.random() < 0.6:
                return  # less often: they change what all later steps can show
            note(f"{who}: {move}, the plan is {self.condition}")
            more = {"replay": [pick], "join": [], "pause": [], "resume": [], "beat": []}.get(move, [who])
            getattr(self, move)(*more)

    # ------------------------------------------------------------ moves of the negotiation

    def commit(self, part, who):
        self.seen.pairs[self.where(part), "commit"] += 1
        self.move("commit", self.look(part, who))

    def counter(self, part, who):
        self.seen.pairs[self.where(part), "counter"] += 1
        self.move("counter", self.look(part, who))

    def agree(self, part, who):
        self.seen.pairs[self.where(part), "agree"] += 1
        self.move("agree", self.look(part, who))

    def answer_what_waits(self, pick):
        """Mostly by whom it is for, so that families get further than by chance."""
        key = pick.choice([key for key, part in self.parts.items() if part.open_by])
        author = self.parts[key].open_by
        who = author if pick.random() < 0.2 else ("b" if author == "a" else "a")
        self.seen.pairs[self.where(key), "agree"] += 1
        self.move("agree", self.look(key, who))

    def withdraw(self, part, who):
        self.seen.pairs[self.where(part), "withdraw"] += 1
        self.move("withdraw", self.look(part, who))

    def set_aside(self, part, who):
        self.seen.pairs[self.where(part), "set_aside"] += 1
        self.move("set_aside", self.look(part, who))

    def agree_to_other_words(self, part, who):
        """The page is of today, the words are not the ones in it."""
        self.seen.pairs[self.where(part), "other words"] += 1
        form = self.look(part, who)
        form.digest = record.digest(self.token())
        self.move("agree", form, wrong=True)

    def draft(self, part, who):
        if not self.here(who):
            return
        self.seen.pairs[self.where(part), "draft"] += 1
        text, party = self.token(), self.party(who)
        refusal = None if self.may_write(who) else actions.NotShared
        if self.where(part) == "agreed, at rest":
            refusal = refusal or states.AtRest
        saved = self.do(
            lambda: actions.save_draft(party=party, question=part, value=family.words(text), at=self.at),
            refusal=refusal,
        )
        if saved:
            self.drafts[who, part] = text

    def commit_several(self, part, who):
        if not self.here(who):
            return
        mine = {part: None} | {key: text for (by, key), text in self.drafts.items() if by == who}
        for key in mine:
            self.seen.pairs[self.where(key), "several"] += 1
        kept = {draft.question: draft.version for draft in Draft.objects.filter(party__plan=self.plan, party__role=who)}
        chosen = {key: (self.parts[key].version, kept.get(key, 0)) for key in mine}
        by, key_of_form = self.party(who), self.token()
        refusal = None if self.may_write(who) else actions.NotShared

        def request():
            return actions.commit_drafts(plan=self.plan, by=by, chosen=chosen, submit_key=key_of_form, at=self.at)

        given = self.do(request, refusal=refusal)
        if given is None:
            return
        sent, refused = given
        for key, text in mine.items():
            held = self.parts[key]
            why = held.may_not("commit", who, alone=not self.joined, at=self.at) if text else actions.Stale
            assert type(refused.get(key)) is (why or type(None))
            if why is None:
                held.moves("commit", who, family.words(text), self.at)
                del self.drafts[who, key]
                self.count += 1
                self.tell(who)
        assert len(sent) == len(mine) - len(refused)
        if sent:
            self.requests.append(request)

    # ------------------------------------------------------------ old pages, and time

    def use_an_old_page(self, part, who, move):
        """A page that was opened a while ago; the first time, it is only opened."""
        if not self.here(who):
            return
        form = self.pages.setdefault((part, who), self.look(part, who))
        self.seen.pairs[self.where(part), "old form"] += 1
        self.move(move, form, stale=True)

    def replay(self, pick):
        """The very same request again, whatever happened since: the same answer, never a second effect."""
        if not self.requests:
            return
        self.seen.pairs[self.condition, "replay"] += 1
        before = self.everything()
        try:
            pick.choice(self.requests)()
        except actions.AlreadyDone:
            pass
        except states.Refused as refusal:
            raise AssertionError("a form that did its work was refused when it came again") from refusal
        assert self.everything() == before, "a replay had a second effect"

    def come_to_the_edge(self, early, who):
        key, held = min(
            ((key, part) for key, part in self.parts.items() if part.rests_until and self.at < part.rests_until),
            key=lambda pair: pair[1].rests_until,
        )
        self.at = held.rests_until - (TICK if early else timedelta())
        self.commit(key, who)

    def beat(self):
        self.seen.pairs[self.condition, "beat"] += 1
        telling.tell_what_is_due(self.at)
        for part in self.parts.values():
            if not self.paused and not part.rest_told and part.rests_until <= self.at:
                part.rest_told = True
                if not self.ended:
                    self.news.update("ab")

    # ------------------------------------------------------------ the plan as a whole

    def join(self):
        self.seen.pairs[self.condition, "join"] += 1
        refusal = None if self.may_write("a") else actions.NotShared
        refusal = refusal or (actions.CannotInvite if self.joined else None)
        a, ben = self.party("a"), self.people.b
        invitation = self.do(
            lambda: actions.invite_by_email(plan=self.plan, by=a, email=ben.email, at=self.at), refusal=refusal
        )
        if invitation:
            assert actions.join(invitation=invitation, user=ben, has_verified=True, at=self.at)
            self.joined = True
            self.count += 2
            self.tell("b")

    def leave(self, who):
        if not self.here(who):
            return
        self.seen.pairs[self.condition, "leave"] += 1
        actions.leave(plan=self.plan, by=self.party(who), at=self.at)
        if who in self.left:
            return
        shared = self.may_write(who)
        self.left.add(who)
        self.ended = True
        self.count += 1
        self.grants.pop(who, None)
        self.drafts = {key: text for key, text in self.drafts.items() if key[0] != who}
        if shared:
            self.tell(who)

    def pause(self):
        self.seen.pairs[self.condition, "pause"] += 1
        self.stop_for_now()

    def stop_for_now(self):
        """Both hear what they would hear had the other left."""
        actions.pause(plan=self.plan, at=self.at)
        self.count += not self.paused
        if not self.paused and not self.ended and self.joined:
            self.news.update("ab")
        self.paused = True

    def resume(self):
        self.seen.pairs[self.condition, "resume"] += 1
        actions.resume(plan=self.plan, at=self.at)
        self.count += self.paused
        self.paused = False

    def grant(self, who):
        if not self.here(who) or self.granted >= 8:
            return
        self.seen.pairs[self.condition, "grant"] += 1
        by = self.party(who)
        refusal = actions.NotShared if who in self.left else None
        given = self.do(
            lambda: actions.grant(plan=self.plan, by=by, email=self.people.solicitor.email, at=self.at), refusal=refusal
        )
        if given:
            self.granted += 1
            self.grants[who] = self.at + timedelta(days=30)

    def revoke(self, who):
        self.seen.pairs[self.condition, "revoke"] += 1
        for granted in self.plan.grants.filter(by__role=who):
            actions.revoke(granted=granted, by=granted.by, at=self.at)
        self.grants.pop(who, None)

    def report(self, who):
        if self.here(who):
            self.seen.pairs[self.condition, "report"] += 1
            actions.report(kind="words", words="This worries me.", party=self.party(who), at=self.at)
            self.reports += 1

    # ------------------------------------------------------------ what must hold after each step

    @invariant()
    def every_part_is_as_the_model_says(self):
        """I1 to I6: one state each; agreed words are those shown; two different people; nothing moves while at rest."""
        rows = {row.question: row for row in Clause.objects.filter(plan=self.plan).with_words()}
        assert set(rows) <= set(PARTS)
        for key, part in self.parts.items():
            row = rows.get(key)
            if row is None:
                assert part == Part()
                continue
            assert (row.state, row.version) == (part.state, part.version)
            assert (row.open.by.role, row.open.number) == (part.open_by, part.sent) if row.open else not part.open_by
            assert (row.open and row.open.value) == part.open_value
            assert (row.rests_until, row.rest_told) == (part.rests_until, part.rest_told)
            assert (row.agreed and row.agreed.number) == part.agreed_number
            if row.agreed:
                assert record.canonical(row.agreed.value) == record.canonical(part.agreed_value)
                assert (row.agreed.by.role, row.agreed_by.role) == (part.proposed_by, part.agreed_by)
                assert part.proposed_by != part.agreed_by, "agreed to their own words"

    @invariant()
    def a_draft_is_nowhere_but_with_its_author(self):
        """I7."""
        kept = {
            (draft.party.role, draft.question): draft.value["text"]
            for draft in Draft.objects.filter(party__plan=self.plan).select_related("party")
        }
        assert kept == self.drafts
        sent = list(Proposal.objects.filter(clause__plan=self.plan).values_list("value", "note"))
        shown = {value["text"] for value, _ in sent}
        shared = repr(
            [
                [note for _, note in sent],
                list(PlanEventBody.objects.filter(event__plan=self.plan).values_list("words", flat=True)),
                list(Notice.objects.values_list("address", "key")),
                list(OutgoingMail.objects.values_list("facts", "key")),
            ]
        )
        for text in self.drafts.values():
            assert text in shown or text not in shared, "a draft was shown"
        assert not any(note for _, note in sent), "somebody's words stand in a note nobody wrote"

    @invariant()
    def the_record_holds_every_accepted_command_and_agrees_with_the_tables(self):
        """I8, I9, I13."""
        count = verifying.Count()
        assert [str(fault) for fault in verifying.walk([self.plan.pk], count)] == []
        assert count.events == self.count

    @invariant()
    def everybody_was_told_exactly_once(self):
        """I11, I12."""
        told = Counter(Notice.objects.exclude(kind="nudge").values_list("person", flat=True))
        nudged = Counter(Notice.objects.filter(kind="nudge").values_list("person", flat=True))
        kinds = [f"parenting_plan/{kind}" for kind in emails.TO_PARENTS]
        letters = Counter(OutgoingMail.objects.filter(kind__in=kinds).values_list("person", flat=True))
        for who, person in (("a", self.people.a), ("b", self.people.b)):
            assert told[person.pk] == self.news[who], f"news of {who}"
            assert letters[person.pk] == told[person.pk] + nudged[person.pk]

    @invariant()
    def access_that_was_taken_back_is_gone(self):
        """I14."""
        if not self.granted:
            return
        reads = Plan.objects.granted_to(self.people.solicitor, self.at).exists()
        assert reads == any(self.at < until for until in self.grants.values())


def run(amara, ben, solicitor, *, wanted=None) -> Seen:
    seen = Seen()
    machine = type("Family", (Family,), {"people": SimpleNamespace(a=amara, b=ben, solicitor=solicitor), "seen": seen})
    run_state_machine_as_test(machine, settings=wanted or settings.get_profile(PROFILE))
    return seen


@pytest.fixture(autouse=True)
def no_daily_limit(settings):
    settings.PLAN_COMMITS_PER_DAY = 10_000


@pytest.mark.slow
@pytest.mark.timeout(90 * 60 if PROFILE == "deep" else 300)
def test_whatever_two_parents_do_in_whatever_order_the_promises_hold(amara, ben, solicitor, capsys):
    seen = run(amara, ben, solicitor)
    with capsys.disabled():
        tried = sum(seen.pairs.values())
        print(
            f"\nThe machine: {tried} commands, {seen.share():.1%} of the pairs of state and move, not {seen.missed()}"
        )
    assert seen.share() >= (0.95 if PROFILE == "deep" else 0.85)


# ---------------------------------------------------------------- planted faults


def skip_version(patch):
    same = negotiation._same_as_seen

    def only_digest(part, *, version, digest=None):
        same(part, version=part.version, digest=digest)

    patch(negotiation, "_same_as_seen", only_digest)


def skip_digest(patch):
    same = negotiation._same_as_seen
    patch(negotiation, "_same_as_seen", lambda part, *, version, digest=None: same(part, version=version))


def skip_rest(patch):
    patch(states, "at_rest", lambda rests_until, at: False)


def local_time_rest(patch):
    whole = negotiation.turn

    @contextmanager
    def local(*args, **more):
        with whole(*args, **more) as now:
            now.at = now.at.astimezone(ZoneInfo("Europe/London"))
            yield now

    patch(negotiation, "turn", local)


def author_may_agree(patch):
    moves = dict(states.MOVES)
    for state in states.OPEN:
        moves[state, states.Move.AGREE] = states.Step(states.Who.EITHER, states.State.AGREED)
    patch(states, "MOVES", moves)


def wrong_previous(patch):
    write = turning.write_event

    def wrong(plan, **more):
        plan.head = record.digest(plan.event_count)
        return write(plan, **more)

    patch(turning, "write_event", wrong)


def forgets_notice(patch):
    patch(turning.Turn, "tell", lambda self, person_of, event, address: None)


def two_notices(patch):
    whole = turning.tell

    def twice(party, *, key, **more):
        whole(party, key=key, **more)
        whole(party, key=f"{key}:again", **more)

    patch(turning, "tell", twice)


def other_words_agreed(patch):
    whole = negotiation._land

    def land(part, state):
        if state == states.State.AGREED:
            part.agreed = part.proposals.order_by("number").first()
        whole(part, state)

    patch(negotiation, "_land", land)


def draft_shown(patch):
    whole = negotiation._send

    def send(part, now, *, value, note, state):
        theirs = Draft.objects.filter(party__plan=now.plan, question=part.question).exclude(party=now.party).first()
        return whole(part, now, value=value, note=theirs.value["text"] if theirs else note, state=state)

    patch(negotiation, "_send", send)


def event_missing(patch):
    whole = turning.Turn.write

    def write(self, kind, **more):
        if kind == "set_aside":
            return PlanEvent.objects.filter(plan=self.plan).latest("seq")
        return whole(self, kind, **more)

    patch(turning.Turn, "write", write)


def refusal_leaves_a_trace(patch):
    patch(turning, "transaction", SimpleNamespace(atomic=nullcontext))


def forgets_the_key(patch):
    patch(turning, "check_key", lambda key: None)
    whole = turning.turn

    def turn(*args, submit_key=None, **more):
        return whole(*args, **more)

    patch(negotiation, "turn", turn)
    written = turning.Turn.write
    patch(turning.Turn, "write", lambda self, kind, *, submit_key=None, **more: written(self, kind, **more))


def writes_though_paused(patch):
    patch(Plan, "still_shared", True)


def tells_of_rest_again(patch):
    patch(telling, "tell", lambda party, *, key, at, **more: turning.tell(party, key=f"{key}:{at}", at=at, **more))
    save = Clause.save
    forgets = {"rest_told"}
    patch(
        Clause, "save", lambda row, **more: None if forgets & set(more.get("update_fields", [])) else save(row, **more)
    )


FAULTS = [
    skip_version, skip_digest, skip_rest, local_time_rest, author_may_agree, wrong_previous, forgets_notice,
    two_notices, other_words_agreed, draft_shown, event_missing, refusal_leaves_a_trace, forgets_the_key,
    writes_though_paused, tells_of_rest_again,
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_the_machine_finds_a_planted_fault(fault, amara, ben, solicitor, monkeypatch):
    fault(monkeypatch.setattr)
    wanted = settings(
        max_examples=400, stateful_step_count=50, phases=[Phase.generate], report_multiple_bugs=False,
        derandomize=True, **CALM,
    )  # fmt: skip
    with pytest.raises((AssertionError, IntegrityError)):
        run(amara, ben, solicitor, wanted=wanted)
