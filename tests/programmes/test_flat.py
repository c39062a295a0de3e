"""A hundred thousand people and fifty programmes cost a page or a reminder no more than a thousand people do.

Nothing is timed, for a busy machine would lie: every question a page asks is asked again of the planner, which says how
many rows it looked at and how many blocks of the database it read.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import User
from hub import clock
from hub.models import Notice
from programmes import library, telling
from programmes.actions import booking, learning
from programmes.models import (
    Answer,
    Booking,
    Case,
    Chapter,
    Claim,
    Edition,
    Enrolment,
    Party,
    Referral,
    Return,
    Sitting,
    Taking,
    Workshop,
)
from tests.costs import FEW, HIGH, MANY, copies, cost_of, dearer, got
from tests.programmes import cases
from tests.programmes.pages import signed, url

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.timeout(300)]

PROGRAMMES = 50
# How far referrals are. Not "joined": it leaves out whoever has a place, and so reads all who are under way; nor
# "attended", without e-learning: here nobody is, and the planner, who expects very many, reads 80 blocks to find that.
STATUSES = ("made", "link_sent", "link_run_out", "learning_done", "booked", "complete", "withdrawn")
DAY = timedelta(days=1)
GROWS = {User, Case, Party, Referral, Taking, Answer, Workshop, Sitting, Booking, Claim, Notice, Enrolment, Return}


class Country:
    """One person of each kind to copy, and as many like them as wanted: each sent, learning, booked, told."""

    def __init__(self):
        self.now = clock.now()
        self.to_copy = cases.parent("Template")
        self.referral = cases.joined(self.to_copy, "TEMPLATE", at=self.now - 90 * DAY)
        self.session = cases.workshop_for(self.referral, starts_at=self.now - 60 * DAY)
        self.place = booking.book(self.referral, self.session, at=self.now - 80 * DAY)
        self.taking = learning.begin(self.to_copy, library.programme(cases.PLANNING), self.now - 90 * DAY)
        self.answer = Answer.objects.create(
            taking=self.taking, part="p", step="s", kind="reflection", words={"text": "words"}, at=self.now
        )
        self.notice = Notice.objects.create(person=self.to_copy, key="x", kind="programmes/booked", address="/")
        self.enrolment = Enrolment.objects.create(
            case=self.referral.party.case, basis="rule_16_4", made_at=self.now - 90 * DAY, ended_at=self.now
        )
        self.made = Return.objects.create(referral=self.referral, facts={}, made_at=self.now - 50 * DAY)
        self.people = 0

    def grow(self, to: int) -> None:
        """So many people, of whom each second one has finished; sessions of the past with six of them in each."""
        n = f"{self.people + 1}, {to}"
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")  # what points where is right by itself
        copies(self.to_copy, n, email="'many' || n || '@example.com'")
        copies(self.referral.party.case, n, reference="'MANY' || n")
        copies(
            self.referral.party, n, case_id=f"{HIGH} + n", person_id=f"{HIGH} + n", email="'m' || n || '@example.com'"
        )
        done = "CASE WHEN mod(n, 2) = 0 THEN t.joined_at END"
        copies(
            self.referral,
            n,
            party_id=f"{HIGH} + n",
            made_at="t.made_at - n * interval '1 minute'",
            learned_at=done,
            attended_at=done,
            learning_due_on="t.learning_due_on - mod(n, 300)",
        )
        copies(
            self.taking,
            n,
            person_id=f"{HIGH} + n",
            programme=f"'programme-' || mod(n, {PROGRAMMES})",
        )
        copies(self.answer, n, taking_id=f"{HIGH} + n")
        earlier = "t.made_at - n * interval '1 minute'"
        copies(self.enrolment, n, case_id=f"{HIGH} + n", made_at=earlier)
        copies(self.made, n, referral_id=f"{HIGH} + n", made_at=earlier)
        copies(self.notice, n, person_id=f"{HIGH} + n")
        sessions = f"{self.people // 6 + 1}, {to // 6}"
        before = "- n * interval '3 minutes'"
        copies(self.session, sessions, reference="'m' || n", starts_at=f"t.starts_at {before}")
        copies(
            self.session.sittings.get(),
            sessions,
            workshop_id=f"{HIGH} + n",
            starts_at=f"t.starts_at {before}",
            ends_at=f"t.ends_at {before}",
        )
        places = {"workshop_id": f"{HIGH} + (n + 5) / 6"}
        copies(self.place, n, referral_id=f"{HIGH} + n", submit_key="NULL", **places)
        copies(self.place.claims.get(), n, booking_id=f"{HIGH} + n", group="'case:' || n", **places)
        self.people = to
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = origin")
            cursor.execute("ANALYZE")


def a_full_catalogue() -> None:
    """Programmes like the first one, with a cover and a part each, until there are fifty."""
    there = len(library.programmes())
    like = library.programme("getting-it-right")
    for number in range(PROGRAMMES - there):
        slug = f"programme-{number}"
        for part in ("", like.parts[0].slug):
            words = Edition.objects.get(pk=like.editions[part]).words
            chapter = Chapter.objects.create(programme=slug, slug=part, order=bool(part))
            words = words | ({} if part else {"slug": slug, "order": 50 + number})
            edition = Edition.objects.create(
                chapter=chapter, number=1, words=words, source="file", made_at=clock.now(), published_at=clock.now()
            )
            Chapter.objects.filter(pk=chapter.pk).update(current=edition)


@pytest.fixture
def looks(amara, staff, settings) -> dict[str, Callable[[], object]]:
    """Every page and finder of which it is asked, for one parent who is in the middle of it and one of the staff."""
    settings.HUB_STAFF_SECOND_STEP = False
    staff.is_superuser = True
    staff.save()
    now = clock.now()
    mine = cases.joined(amara, at=now - 8 * DAY)
    for number in range(30):
        cases.workshop(now + (4 + number) * DAY)
    for number, other in enumerate(cases.strangers(6)):
        session = cases.workshop_for(other, starts_at=now + timedelta(hours=20 + 30 * number), capacity=1)
        booking.book(other, session, at=now - 30 * DAY)
    waits, full = cases.strangers(1)[0], None
    while full is None:
        session = cases.workshop_for(waits, starts_at=now + 2 * DAY, capacity=1)
        cases.fill(session)
        booking.wait(waits, session, now - 3 * DAY)
        full = session
    planning = library.programme(cases.PLANNING)
    taking = learning.begin(amara, planning, now)
    for part in planning.parts[:3]:
        for step, screen in part.places:
            where = (taking, part.slug, step.slug, screen.slug)
            if screen.kind == "reflection":
                learning.answer(*where, screen.kind, {"text": "Words"}, planning.editions[part.slug], now)
            else:
                learning.see(*where, planning.editions[part.slug], now)
    a_full_catalogue()
    client, desk = signed(amara), signed(staff)
    part = planning.parts[0]
    step, screen = part.places[0]
    where = [planning.slug, part.slug, step.slug, *([screen.slug] if screen.slug else [])]
    evening = now.replace(hour=20)
    assert mine.pk
    pages = {
        "courses": url("landing"),
        "cover": url("cover", planning.slug),
        "step": url("screen" if screen.slug else "step", *where),
        "my words": url("my_words"),
        "workshop": url("workshop"),
        "one session": url("workshop_session", booking.offered(mine, now).choices[0].workshop.reference),
    }
    Case.objects.filter(pk=mine.party.case_id).update(reference="ZW26FLAT01")
    asked = {
        "referral": [
            "",
            *[f"?status={each}" for each in STATUSES],
            *["?due=soon", "?due=past", f"?to={cases.PLANNING}", "?to=positive-co-parenting"],
            *["?p=3", "?status=complete&p=2", "?q=zw26 flat", "?q=amara", "?q=amara@", "?q=nobody here"],
        ],
        "workshop": [
            "",
            *[f"?time={each}" for each in ("coming", "week", "past", "open", "off")],
            "?way__exact=in_person",
            "?when__exact=evening",
        ],
        "enrolment": ["", "?stage=asked", "?stage=begun", "?stage=ended", "?basis__exact=rule_16_4", "?q=ZW26FLAT"],
        "return": ["", "?q=ZW26FLAT01"],
    }
    lists = {
        f"{name}s{how}": reverse(f"admin:programmes_{name}_changelist") + how for name in asked for how in asked[name]
    }
    return {
        **{name: got(client, address) for name, address in pages.items()},
        **{f"staff: {name}": got(desk, address) for name, address in lists.items()},
        "finder: workshops coming up": lambda: telling._coming_up(now),
        "finder: e-learning due": lambda: telling._learning_due(evening),
        "finder: waited in vain": lambda: telling._waited_in_vain(now),
    }


def test_a_hundred_thousand_cost_what_a_thousand_cost(looks):
    """Rows looked at within 10 %, blocks too but for the deeper indexes; no table that grows is read whole.

    An index of many is up to two steps deeper, and what it finds lies apart: three blocks for each way down it.
    """
    country = Country()
    country.grow(FEW)
    few = {name: cost_of(act) for name, act in looks.items()}
    country.grow(MANY)
    assert Referral.objects.count() > MANY and len(library.programmes()) == PROGRAMMES
    many = {name: cost_of(act) for name, act in looks.items()}
    grows = {model._meta.db_table for model in GROWS}
    wrong = []
    for name, cost in many.items():
        print(f"{name:30} {few[name]}\n{'':30} {cost}")
        wrong += [f"{name}: {said}" for said in dearer(few[name], cost, grows, of_staff=name.startswith("staff: "))]
    assert not wrong, "\n".join(wrong)
