"""What time ends: a plan goes when the record says so and not a day before, whole, once, and nothing else with it."""

import threading
import time
from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from hub import clock, files, holds, mail, retention
from hub.models import AccessRecord, LegalHold, Notice, OutgoingMail
from hub.retention import months_before
from parenting_plan import actions, anchors, at_home, drawing, emails, ending, telling, verifying
from parenting_plan.actions import safeguarding
from parenting_plan.actions.erasing import erase_plans
from parenting_plan.actions.turn import write_event
from parenting_plan.models import (
    Child,
    Draft,
    Grant,
    Invitation,
    Issued,
    Opening,
    Party,
    Plan,
    PlanErased,
    PlanEventBody,
    Proposal,
    ReportNote,
    SafetyReport,
    StaffOpening,
)
from parenting_plan.own_case import own_plans
from tests.parenting_plan import family, many
from tests.parenting_plan.family import HANDOVERS, WEEK

DAY = timedelta(days=1)
OLD = [("Anya", 1990, 5), ("Finn", 1994, 9)]
ALONE, GROWN_UP = "parenting_plan.alone", "parenting_plan.grown_up"


@pytest.fixture
def now(db):
    return clock.now()


@pytest.fixture
def long_ago(now):
    return months_before(now, 12) - DAY


def night(*keys, at=None):
    """One night of retention, and that nothing went wrong in it."""
    done = retention.run(at=at, only=keys or (ALONE, GROWN_UP, f"{ALONE}_unseen", f"{GROWN_UP}_unseen"))
    assert done.failed == []
    return done.counts


def tell(plan, at):
    """As the worker did thirty days ago."""
    Plan.objects.filter(pk=plan.pk).update(end_told_at=at - 31 * DAY)


def faults(*plans) -> list[str]:
    return [str(fault) for fault in verifying.walk([plan.pk for plan in plans], verifying.Count())]


def draw(plan, folder, settings, content=b"A drawing.") -> Issued:
    """A kept drawing of this plan; what stands in it is nothing to these tests."""
    settings.HUB_FILES = folder / "files"
    row, _ = drawing.reading(Plan.objects.get(pk=plan.pk))
    row.drawn_at, row.pages, row.sha256 = row.made_at, 2, files.keep(content)
    row.save()
    return row


def is_erased(plan) -> bool:
    return PlanErased.objects.filter(plan=plan).exists()


@pytest.fixture
def forgotten(amara, long_ago, now):
    """Amara's plan: nobody joined, nothing was done in it for a year, and she was told a month ago."""
    plan = family.start(amara, at=long_ago)
    family.suggest(plan, amara, HANDOVERS, "At the gate.", note="Because of the bus.", at=long_ago)
    tell(plan, now)
    return plan


@pytest.fixture
def grown(amara, ben, long_ago):
    """A plan of two parents whose children are over thirty, with something of everything in it."""
    plan = family.share(family.start(amara, children=OLD, at=long_ago), ben, at=long_ago)
    family.live_a_while(plan, amara, ben)
    family.draft(plan, ben, family.OVERNIGHTS, "A draft.")
    return plan


# ---------------------------------------------------------------- what goes and what stays


def test_every_word_goes_and_the_fact_stays(
    grown, amara, ben, solicitor, staff, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.HUB_ANCHORS, settings.HUB_ANCHOR_KEY = tmp_path, "a7" * 32
    me = family.party(grown, amara)
    granted = actions.grant(plan=grown, by=me, email=solicitor.email)
    actions.note_opening(granted=granted, what="read")
    open_one = Proposal.objects.get(clause__plan=grown, clause__question=HANDOVERS, ending="")
    told = actions.report(kind="words", party=me, about=open_one, words="It frightens me.", may_answer=True)
    safeguarding.close(report=told, outcome="help", by=staff, version=0, why="Called back.")
    drawn = draw(grown, tmp_path, settings)
    anchors.write()
    before = Plan.objects.get(pk=grown.pk)
    kept = PlanEventBody.objects.filter(event__plan=grown).count(), Proposal.objects.filter(clause__plan=grown).count()

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        Plan.objects.hold(grown.pk)
        assert erase_plans([grown.pk], "grown_up") == 1

    for nothing in (
        PlanEventBody.objects.filter(event__plan=grown), Child.objects.filter(plan=grown), Draft.objects.all(),
        Grant.objects.all(), Opening.objects.all(), Invitation.objects.all(), Notice.objects.all(),
        OutgoingMail.objects.all(), Party.objects.filter(plan=grown, user__isnull=False),
        Proposal.objects.filter(clause__plan=grown).exclude(value={"kind": "erased"}, note=""),
    ):  # fmt: skip
        assert not nothing.exists(), nothing.model
    assert files.read(drawn.sha256) is None
    after = Plan.objects.get(pk=grown.pk)
    assert (after.event_count, after.head) == (before.event_count, before.head)
    assert (after.erased.why, after.erased.events, after.erased.suggestions) == ("grown_up", *kept)
    told.refresh_from_db()
    assert (told.words, told.answer, told.outcome) == ("", "", "help")
    assert told.notes.get().words == "Called back."
    line = AccessRecord.objects.get(what="erase plan")
    said = f"grown_up; {kept[0]} events, {kept[1]} suggestions"
    assert (line.about, line.reason, line.person) == (f"plan:{grown.reference}", said, None)
    row = Issued.objects.get(pk=drawn.pk)
    assert (row.code, row.sha256, row.pages, row.drawn_at) == (drawn.code, drawn.sha256, drawn.pages, drawn.drawn_at)
    call_command("verify_record")  # anchors and all
    assert faults(grown) == []


def test_what_belongs_to_other_plans_stays(
    grown, plan_of_others, amara, settings, tmp_path, django_capture_on_commit_callbacks
):
    draw(grown, tmp_path, settings)
    theirs = draw(plan_of_others, tmp_path, settings)  # the same bytes
    before = (Child.objects.filter(plan=plan_of_others).count(), Draft.objects.count(), Invitation.objects.count())
    notices, letters = Notice.objects.count(), OutgoingMail.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        erase_plans([grown.pk], "grown_up")
    assert files.read(theirs.sha256) is not None
    assert (Child.objects.count(), Draft.objects.count(), Invitation.objects.count()) == (before[0], 1, 1)
    here = emails.address_of(plan_of_others)
    assert 0 < Notice.objects.count() == Notice.objects.filter(address__startswith=here).count() < notices
    left = OutgoingMail.objects.all()
    assert 0 < left.count() < letters
    assert all(each.facts.get("plan") == plan_of_others.pk or each.kind.endswith("invited") for each in left)
    assert faults(plan_of_others) == []
    assert family.suggest(plan_of_others, amara, WEEK, "Still ours.")


@pytest.fixture
def plan_of_others(amara, stranger):
    """Amara's other plan, with a younger child."""
    plan = family.share(family.start(amara, children=[("Kit", 2020, 1)]), stranger)
    family.suggest(plan, stranger, HANDOVERS, "At the library.")
    family.draft(plan, amara, HANDOVERS, "Mine.")
    return plan


def test_an_erased_plan_is_there_for_nobody_and_its_code_has_an_answer(grown, amara, ben, signed_in, client):
    code = drawing.reading(Plan.objects.get(pk=grown.pk))[0].code
    here = emails.address_of(grown)
    assert signed_in(amara).get(here).status_code == 200
    erase_plans([grown.pk], "grown_up")
    for person in (amara, ben):
        assert signed_in(person).get(here).status_code == 404
        assert at_home.of(person).rows == ()
    told = client.post("/verify/", {"code": code}).content.decode()
    assert "Genuine, and erased since" in told
    assert "Its words have been erased here" in told


def test_nobody_writes_into_an_erased_plan(grown, amara, long_ago):
    me = family.party(grown, amara)
    erase_plans([grown.pk], "grown_up")
    actions.pause(plan=grown)
    for late in (
        lambda: actions.leave(plan=grown, by=me),
        lambda: actions.save_draft(party=me, question=WEEK, value=family.words("x")),
        lambda: actions.commit(plan=grown, question=WEEK, by=me, value=family.words("x"), version=0),
    ):
        with pytest.raises(actions.NotShared):
            late()
    assert faults(grown) == []


def test_erasing_too_early_erases_nothing(grown, plan_of_others):
    with pytest.raises(IntegrityError), transaction.atomic():
        erase_plans([grown.pk, plan_of_others.pk], "grown_up")
    assert PlanErased.objects.count() == 0
    assert Child.objects.filter(plan=grown).count() == 2
    assert faults(grown, plan_of_others) == []


# ---------------------------------------------------------------- a plan that nobody joined


def test_a_plan_of_one_parent_goes_after_a_year_and_a_month_of_notice(forgotten, solo):
    assert night() == {ALONE: 1}
    assert is_erased(forgotten)
    assert not is_erased(solo)
    assert night() == {}


def write_lately(plan, amara, now):
    family.suggest(plan, amara, WEEK, "Weekly.", at=now - 360 * DAY)


def draft_lately(plan, amara, now):
    family.draft(plan, amara, WEEK, "Weekly.", at=now - 360 * DAY)


def invite_lately(plan, amara, now):
    at = now - 375 * DAY
    actions.invite_by_email(plan=plan, by=family.party(plan, amara), email="b@example.com", at=at)


def let_read_lately(plan, amara, now):
    actions.grant(plan=plan, by=family.party(plan, amara), email="s@example.com", at=now - 390 * DAY)


def be_told_too_late(plan, amara, now):
    Plan.objects.filter(pk=plan.pk).update(end_told_at=now - 29 * DAY)


def never_be_told(plan, amara, now):
    Plan.objects.filter(pk=plan.pk).update(end_told_at=None)


def be_told_of_an_earlier_silence(plan, amara, now):
    Plan.objects.filter(pk=plan.pk).update(end_told_at=now - 380 * DAY)


def be_paused(plan, amara, now):
    Plan.objects.filter(pk=plan.pk).update(paused_at=now)


def be_looked_into(plan, amara, now):
    SafetyReport.objects.create(kind="unsafe", plan=plan, created_at=now)


def have_been_joined(plan, amara, now):
    held = Plan.objects.hold(plan.pk)
    write_event(held, kind="joined", role="b", at=now - 400 * DAY)


KEEPS_ALONE = [
    write_lately, draft_lately, invite_lately, let_read_lately, be_told_too_late, never_be_told,
    be_told_of_an_earlier_silence, be_paused, be_looked_into, have_been_joined,
]  # fmt: skip


@pytest.mark.parametrize("keep", KEEPS_ALONE, ids=lambda keep: keep.__name__)
def test_what_keeps_a_plan_of_one_parent(forgotten, amara, now, keep):
    keep(forgotten, amara, now)
    night(ALONE)
    assert not is_erased(forgotten)


def test_a_plan_its_one_parent_left_goes_in_the_next_night(solo, amara):
    family.suggest(solo, amara, HANDOVERS, "At the gate.")
    assert night() == {}
    actions.leave(plan=solo, by=family.party(solo, amara))
    assert night() == {ALONE: 1}
    assert faults(solo) == []


def test_a_shared_plan_stays_when_both_have_left(plan, amara, ben):
    for person in (amara, ben):
        actions.leave(plan=plan, by=family.party(plan, person))
    assert night() == {}


# ---------------------------------------------------------------- a plan of grown-up children


def born(now, years, months=0):
    month = now.month - 1 - months
    return ("Anya", now.year - years + month // 12, month % 12 + 1)


@pytest.mark.parametrize(
    ("children", "goes"),
    [
        ([(25, 1)], True),
        ([(25, 0)], False),  # the month of the birthday does not count
        ([(25, -1)], False),
        ([(40, 0), (25, 1)], True),
        ([(40, 0), (24, 0)], False),
    ],
    ids=str,
)
def test_a_plan_stays_until_the_youngest_child_is_grown_up(amara, ben, now, children, goes):
    plan = family.share(family.start(amara, children=[born(now, *each) for each in children]), ben)
    night()
    assert is_erased(plan) == goes


def test_a_later_age_can_be_set_and_no_earlier_one(amara, ben, now, settings):
    plan = family.share(family.start(amara, children=[born(now, 28)]), ben)
    settings.PLAN_AGE = 30
    assert night() == {}
    settings.PLAN_AGE = 18
    younger = family.share(family.start(amara, children=[born(now, 20)]), ben)
    assert night() == {GROWN_UP: 1}
    assert (is_erased(plan), is_erased(younger)) == (True, False)
    assert [each.id for each in run_checks()] == ["parenting_plan.E001"]


def test_children_made_older_in_the_table_do_not_end_a_plan(plan, elsewhere_plan, grown):
    """The record says when they were born. Such a plan keeps no other from going."""
    Child.objects.exclude(plan=grown).update(born_year=1980)
    assert night() == {GROWN_UP: 1}
    assert not is_erased(plan)
    with pytest.raises(IntegrityError), transaction.atomic():
        erase_plans([plan.pk], "grown_up")


# ---------------------------------------------------------------- held by staff


@pytest.fixture
def holders(person):
    return [person(name, kind="staff", is_staff=True) for name in ("Ines", "Jo")]


def let_go(hold, holders):
    holds.ask_to_end(hold, reason="Done.", by=holders[0])
    hold.refresh_from_db()
    holds.release(hold, by=holders[1])


@pytest.mark.parametrize("kind", ["plan", "person"])
def test_a_held_plan_stays_for_staff_and_looks_erased_to_everybody_else(
    forgotten, grown, amara, ben, holders, signed_in, client, kind
):
    code = drawing.reading(Plan.objects.get(pk=grown.pk))[0].code
    told = {"kind": kind, "name": "x", "reason": "Court", "placed_by": holders[0], "placed_at": clock.now()}
    numbers = [forgotten.pk, grown.pk] if kind == "plan" else [amara.pk]
    held = [LegalHold.objects.create(number=number, **told) for number in numbers]
    due = {each.rule.key: (each.count, each.held) for each in retention.look()}
    assert (due[ALONE], due[GROWN_UP]) == ((0, 1), (0, 1))
    assert night() == {f"{ALONE}_unseen": 1, f"{GROWN_UP}_unseen": 1}
    assert Child.objects.filter(plan__in=[forgotten, grown]).count() == 4
    unseen = _looks(grown, code, amara, ben, signed_in, client)
    for each in held:
        let_go(each, holders)
    assert night() == {ALONE: 1, GROWN_UP: 1}
    assert _looks(grown, code, amara, ben, signed_in, client) == unseen
    assert Child.objects.count() == 0


def _looks(plan, code, *who):
    amara, ben, signed_in, client = who
    pages = [signed_in(each).get(emails.address_of(plan)).status_code for each in (amara, ben)]
    return [
        *pages,
        at_home.of(amara).rows,
        at_home.of(ben).rows,
        "erased since" in client.post("/verify/", {"code": code}).content.decode(),
    ]


def test_a_report_nobody_closed_keeps_a_plan_and_its_parent_cannot_tell(solo, amara, signed_in, staff):
    told = SafetyReport.objects.create(kind="unsafe", plan=solo, created_at=clock.now(), words="He wrote to me.")
    actions.leave(plan=solo, by=family.party(solo, amara))
    assert night() == {f"{ALONE}_unseen": 1}
    assert signed_in(amara).get(emails.address_of(solo)).status_code == 404
    told.refresh_from_db()
    assert told.words
    safeguarding.close(report=told, outcome="help", by=staff, version=0)
    assert night() == {ALONE: 1}


@pytest.mark.parametrize("written", ["{}", "plan:{}", " {} ", "PLAN: {}"])
def test_staff_name_a_plan_in_any_letters(solo, holders, written):
    reference = solo.reference
    for spelt in (reference, reference.upper(), "-".join(reference), reference.replace("0", "o").replace("1", "l")):
        assert holds._FINDERS["plan"](written.format(spelt)) == (solo.pk, reference)
    assert holds._FINDERS["plan"]("no such plan") is None
    assert holds._FINDERS["plan"]("!") is None


# ---------------------------------------------------------------- its one parent is told


@pytest.fixture
def nearly(amara, now):
    """Nothing was done in it for eleven months and a bit."""
    return family.start(amara, at=months_before(now, 12) + 29 * DAY)


def told_of(plan) -> tuple[int, int]:
    return Notice.objects.filter(kind="ending").count(), OutgoingMail.objects.filter(
        kind="parenting_plan/ending"
    ).count()


def test_the_parent_is_told_once_thirty_days_before(nearly, plan, amara, now):
    telling.tell_what_is_due(now - 2 * DAY)
    assert told_of(nearly) == (0, 0)
    for late in (0, 1, 20, 200):
        telling.tell_what_is_due(now + late * DAY)
        assert told_of(nearly) == (1, 1)
    notice = Notice.objects.get(kind="ending")
    assert (notice.person, notice.address) == (amara, emails.address_of(nearly))


def test_a_worker_that_was_away_gives_the_month_all_the_same(amara, long_ago, now):
    """A plan that should have gone long ago goes no sooner than thirty days after its parent was told."""
    plan = family.start(amara, at=long_ago - 200 * DAY)
    telling.tell_what_is_due(now)
    assert night(at=now + 29 * DAY) == {}
    assert night(at=now + 30 * DAY) == {ALONE: 1}
    assert is_erased(plan)


@pytest.mark.parametrize("how", ["a draft", "words", "the button"])
def test_whatever_is_done_in_it_keeps_it_and_takes_the_mail_back(nearly, amara, now, how, signed_in):
    telling.tell_what_is_due(now)
    letter = OutgoingMail.objects.get(kind="parenting_plan/ending")
    assert mail.still_wanted(letter)
    here = emails.address_of(nearly)
    client = signed_in(amara)
    assert "Do you want to keep this plan?" in client.get(here).content.decode()
    if how == "a draft":
        family.draft(nearly, amara, WEEK, "Perhaps.")
    elif how == "words":
        family.suggest(nearly, amara, WEEK, "Weekly.")
    else:
        assert "Your plan stays here." in client.post(f"{here}keep/", follow=True).content.decode()
    assert not mail.still_wanted(letter)
    assert "Do you want to keep this plan?" not in client.get(here).content.decode()
    telling.tell_what_is_due(now + DAY)
    assert night(at=now + 300 * DAY) == {}
    assert told_of(nearly) == (1, 1)
    telling.tell_what_is_due(now + 340 * DAY)  # the next silence
    assert told_of(nearly) == (2, 2)


def test_the_page_and_the_night_mean_the_same_day(nearly, now):
    telling.tell_what_is_due(now)
    day = ending.goes_at(Plan.objects.get(pk=nearly.pk))
    assert day == now + 30 * DAY  # the later of the two: a year of silence, and a month of notice
    early = day - timedelta(seconds=1)
    assert not ending.over_alone(early).exists()
    Plan.objects.filter(pk=nearly.pk).update(last_alone_at=now - 400 * DAY)
    assert ending.goes_at(Plan.objects.get(pk=nearly.pk)) == day


def test_a_shared_plan_is_never_told_to_go_and_keeping_it_changes_nothing(plan, amara, signed_in, now):
    before = PlanEventBody.objects.count()
    telling.tell_what_is_due(now + 2000 * DAY)
    assert told_of(plan) == (0, 0)
    assert signed_in(amara).post(f"{emails.address_of(plan)}keep/").status_code == 302
    plan.refresh_from_db()
    assert (plan.last_alone_at, PlanEventBody.objects.count()) == (None, before)


# ---------------------------------------------------------------- addresses, access, what staff did


def test_the_address_of_an_invitation_goes_and_a_no_stays_a_no(solo, amara, now):
    me, at = family.party(solo, amara), now - 100 * DAY
    asked = actions.invite_by_email(plan=solo, by=me, email="ben@example.com", at=at)
    actions.answer_invitation(invitation=asked, outcome="declined", at=at + DAY)
    young = actions.invite_by_email(plan=solo, by=me, email="b@example.com", at=now - 95 * DAY)
    assert night("parenting_plan.invitation_addresses") == {"parenting_plan.invitation_addresses": 1}
    asked.refresh_from_db()
    young.refresh_from_db()
    assert (asked.email, bytes(asked.salt), asked.outcome) == ("", b"", "declined")
    assert (young.email, bool(young.salt)) == ("b@example.com", True)
    assert solo.invitations.count() == 2  # as many may still be asked as before
    with pytest.raises(actions.InvitationGone):
        actions.find_invitation(asked.token(), now)
    again = actions.invite_by_email(plan=solo, by=me, email="ben@example.com")
    letter = OutgoingMail.objects.get(key=f"invitation:{again.pk}")
    assert not mail.still_wanted(letter)


def test_whoever_was_ever_invited_has_to_do_with_the_plan_though_the_address_is_gone(solo, amara, staff, now):
    me = family.party(solo, amara)
    actions.invite_by_email(plan=solo, by=me, email=staff.email, at=now - 200 * DAY)
    night("parenting_plan.invitation_addresses")
    assert Invitation.objects.get().email == ""
    assert own_plans(staff) == {solo.pk}


def test_access_that_is_over_goes_after_a_year_with_its_openings(plan, amara, now):
    me = family.party(plan, amara)
    dates = {"run out": now - 400 * DAY, "taken back": now - 380 * DAY, "of this year": now - 300 * DAY}
    given = {
        name: actions.grant(plan=plan, by=me, email=f"{n}@example.com", at=at)
        for n, (name, at) in enumerate(dates.items())
    }
    for each in given.values():
        actions.note_opening(granted=each, what="read")
    actions.revoke(granted=given["taken back"], by=me, at=now - 370 * DAY)
    held = actions.grant(plan=plan, by=me, email="x@example.com", at=now)
    assert night("parenting_plan.grants") == {"parenting_plan.grants": 2}
    assert set(Grant.objects.values_list("pk", flat=True)) == {given["of this year"].pk, held.pk}
    assert Opening.objects.get().grant == given["of this year"]


def test_what_staff_did_stays_six_and_seven_years(plan, grown, staff, now):
    """The database keeps each row so long by itself; see hub.keeping."""
    six, seven = months_before(now, 72), months_before(now, 84)
    about = {"kind": "safety", "state": "done", "outcome": "help", "created_at": six - 9 * DAY}
    nobodys, newer, of_plan, of_erased = (
        SafetyReport.objects.create(**about, plan=of) for of in (None, None, plan, grown)
    )
    for report in (nobodys, newer, of_plan, of_erased):
        ReportNote.objects.create(report=report, by=staff, at=six - DAY, what="close")
    for report in (newer, of_erased):
        ReportNote.objects.create(report=report, by=staff, at=six + DAY, what="note on")
    for at in (seven - DAY, seven + DAY):
        StaffOpening.objects.create(plan=plan, by=staff, case_reference="C", reason="R", opened_at=at, ends_at=at + DAY)
    erase_plans([grown.pk], "grown_up")
    keys = [f"parenting_plan.{name}" for name in ("reports", "report_notes", "staff_openings")]
    assert night(*keys) == dict.fromkeys(keys, 1)
    assert not SafetyReport.objects.filter(pk=nobodys.pk).exists()
    assert [each.notes.count() for each in (newer, of_plan, of_erased)] == [2, 1, 1]
    assert StaffOpening.objects.get().opened_at == seven + DAY


# ---------------------------------------------------------------- many


@pytest.mark.django_db
def test_an_index_finds_what_is_due_among_many():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO parenting_plan_plan (reference, orders, created_at, event_count, head, pdf_due)"
            " SELECT 'p' || i, 'none', now(), 0, '', false FROM generate_series(1, 3000) i;"
            "INSERT INTO parenting_plan_child (plan_id, first_name, born_year, born_month)"
            " SELECT id, 'x', 2015, 1 FROM parenting_plan_plan;"
            "INSERT INTO parenting_plan_safetyreport (plan_id, kind, words, created_at, state, outcome)"
            " SELECT id, 'safety', '', now() - interval '9 years', 'done', 'help' FROM parenting_plan_plan;"
        )
    many.make(500, parts=1)  # with a record, as every plan has; and the database counts its rows
    at = clock.now()
    led_by = {
        ALONE: "plans_of_one_parent",
        GROWN_UP: "children_by_age",
        "parenting_plan.reports": "reports_without_a_plan",
    }
    told = {each.key: each.free(each.due(at)).explain() for each in retention.rules() if each.key in led_by}
    assert {key: index in told[key] for key, index in led_by.items()} == dict.fromkeys(led_by, True), told
    assert "plans_of_one_parent" in ending.to_tell(at).explain()


@pytest.mark.django_db
def test_a_quarter_of_all_plans_erased_and_every_record_verifies():
    """Trust test 13: the chains stand, and no word can be got back."""
    old, others = many.make(60, parts=3, children=OLD), many.make(180, parts=3)
    secret = many.WORDS[:40]
    assert night() == {GROWN_UP: 60}
    count = verifying.Count()
    assert list(verifying.walk([plan.pk for plan in [*old, *others]], count)) == []
    assert (count.plans, count.events, count.erased) == (240, 240 * 8, 60 * 8)
    with connection.cursor() as cursor:
        for table in ("planeventbody", "proposal", "child"):
            cursor.execute(f"SELECT count(*) FROM parenting_plan_{table} t WHERE t::text LIKE %s", [f"%{secret}%"])
            assert cursor.fetchone()[0] == {"planeventbody": 180 * 3, "proposal": 180 * 3, "child": 0}[table]


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.django_db(transaction=True)
def test_a_thousand_plans_go_and_stop_no_parent(person):
    """While they go, a parent writes in another plan and never waits a fifth of a second for a row. (How long a batch
    is, tests/hub/test_retention.py measures.)
    """
    many.make(1_000, parts=2, children=OLD)
    amara, ben = person("Amara"), person("Ben")
    plan = family.share(family.start(amara), ben)
    stop, waits = threading.Event(), []

    def act():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '200ms'")
            number = 0
            while not stop.wait(0.005):  # two threads of one process: the other one must get on
                number += 1
                begun = time.monotonic()
                try:
                    family.draft(plan, amara, WEEK, f"Draft {number}.")
                    family.suggest(plan, (amara, ben)[number % 2], HANDOVERS, f"Words {number}.")
                    waits.append(time.monotonic() - begun)
                except Exception as error:  # noqa: BLE001  the test looks at it
                    waits.append(error)
        finally:
            connection.close()

    parent = threading.Thread(target=act)
    parent.start()
    begun = time.monotonic()
    done = retention.run(only=[GROWN_UP])
    took = time.monotonic() - begun
    stop.set()
    parent.join(20)
    assert (done.counts, done.failed, done.more) == ({GROWN_UP: 1_000}, [], False)
    assert took < 30
    assert waits
    assert not [each for each in waits if isinstance(each, Exception)]
    assert PlanErased.objects.count() == 1_000
    assert AccessRecord.objects.filter(what="erase plan").count() == 1_000


@pytest.mark.django_db
def test_fifty_plans_are_erased_with_as_many_queries_as_two():
    plans = [plan.pk for plan in many.make(52, parts=2, children=OLD)]
    with CaptureQueriesContext(connection) as two:
        erase_plans(plans[:2], "grown_up")
    with CaptureQueriesContext(connection) as fifty:
        erase_plans(plans[2:], "grown_up")
    assert len(fifty) == len(two) <= 25
