"""One parent closes their account: everything both agreed stays whole for the other, who gets what any leaving gives.

Trust T21. Each with the account erased by the worker, and with a legal hold that keeps it: nobody can tell.
"""

import io
import re
import subprocess
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from accounts import tasks
from accounts.models import User
from accounts.rights import closing, packing
from hub import clock, files, mail, own_data
from hub.models import LegalHold, Notice, OutgoingMail
from parenting_plan import actions, drawing, states, verifying
from parenting_plan.models import Clause, Draft, Grant, Party, Plan, PlanErased, PlanEvent, PlanEventBody
from tests.parenting_plan import family, pages
from tests.parenting_plan.family import HANDOVERS, HOLIDAYS, OVERNIGHTS, SPECIAL_DAYS, WEEK
from tests.parenting_plan.pages import said, url
from tests.parenting_plan.test_races import pair

__all__ = ["pair"]

ROUTINES = "living-and-childcare/routines"
AGREED = ("We hand over at the school gate on Fridays at 3:30 pm.", "Monday to Wednesday with one, then the other.")


@pytest.fixture(params=[False, True], ids=["free", "held"])
def held(request):
    """Whether a legal hold is on the account that is closed."""
    return request.param


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.HUB_FILES = tmp_path


@pytest.fixture
def two(person):
    """The parent who closes, and the one who stays: names and addresses that stand in nobody's words."""
    return person("Quillamara"), person("Benvolio")


def hold(person) -> None:
    LegalHold.objects.create(
        kind="person", number=person.pk, name=f"person {person.pk}", reason="A court asks.", placed_at=clock.now()
    )


def close(person, *, at=None, held=False) -> None:
    """Closes the account, and the worker comes by."""
    if held:
        hold(person)
    assert closing.close(person, at=at)
    tasks.erase_closed()
    assert User.objects.filter(pk=person.pk).exists() == held


def lived(starter, joiner) -> Plan:
    """Shared, with two parts agreed and every other state of a part; drafts and a solicitor of each."""
    long_ago = clock.now() - timedelta(days=10)
    plan = family.share(family.start(starter, at=long_ago), joiner, at=long_ago)
    family.live_a_while(plan, starter, joiner)
    before, now = clock.now() - timedelta(days=3), clock.now()
    family.settle(plan, starter, joiner, ROUTINES, AGREED[1], at=before)
    for each in (starter, joiner):
        family.draft(plan, each, OVERNIGHTS, "DRAFT of my own.")
        actions.grant(plan=plan, by=family.party(plan, each), email=f"solicitor-of-{each.pk}@example.com", at=now)
    plan.refresh_from_db()
    return plan


def names(person) -> list[str]:
    """What must stand nowhere any more. Taken before the account is closed."""
    return [person.first_name, person.email, f"closed-{person.pk}", "closed.invalid"]


def words_of(content: bytes, tmp_path) -> str:
    (tmp_path / "plan.pdf").write_bytes(content)
    told = subprocess.run(["pdftotext", tmp_path / "plan.pdf", "-"], capture_output=True, text=True, check=True)
    return " ".join(told.stdout.split())


def verdict(code: str) -> str:
    cache.clear()
    return re.search(r"<h1[^>]*>([^<]*)</h1>", Client().post("/verify/", {"code": code}).content.decode())[1]


def is_whole(plan: Plan) -> None:
    assert list(verifying.walk([plan.pk], verifying.Count())) == []


def agreed_words(plan: Plan) -> dict[str, dict]:
    agreed = Clause.objects.filter(plan=plan, agreed__isnull=False).select_related("agreed")
    return {part.question: part.agreed.value for part in agreed}


# ---------------------------------------------------------------- the other parent
@pytest.mark.parametrize("leaver", ["starter", "joiner"])
def test_everything_agreed_stays_whole_for_the_other(two, leaver, held, person, signed_in, tmp_path):
    gone, here = two
    plan = lived(gone, here) if leaver == "starter" else lived(here, gone)
    sol = person("Sol", kind="professional", email=f"solicitor-of-{here.pk}@example.com")
    before, agreed, events = drawing.issue(plan), agreed_words(plan), PlanEvent.objects.count()
    old = files.read(before.sha256)
    assert gone.first_name in words_of(old, tmp_path)
    forbidden, client = names(gone), signed_in(here)
    close(gone, held=held)
    cache.clear()

    assert agreed_words(plan) == agreed and PlanEvent.objects.count() == events + 1
    seen = pages.everything_the_other_sees(client, plan, HANDOVERS, WEEK, OVERNIGHTS, HOLIDAYS, SPECIAL_DAYS, ROUTINES)
    for name in ("overview", "agreed", "sharing", "professionals", "report"):
        assert seen[url(name, plan)].startswith("200"), name
    for question in (HANDOVERS, ROUTINES):
        assert seen[url("story", plan, question)].startswith("200")
    for words in AGREED:
        assert words in seen[url("agreed", plan)]
    assert "the other parent" in seen[url("agreed", plan)].lower()
    told = [*seen.values(), *history(client, plan)]

    drawing.draw_what_is_due()
    file = client.get(url("pdf", plan))
    paper = words_of(file.content, tmp_path)
    code = re.search(r"\w{4}-\w{4}-\w{4}-\w{4}", paper)[0]
    assert all(words in paper for words in AGREED)
    assert (verdict(code), verdict(before.code)) == ("Genuine and current", "Genuine but superseded")
    assert files.read(before.sha256) == old
    told.append(paper)

    for address in (f"/professional/{plan.reference}/", "/professional/"):
        told.append(said(signed_in(sol).get(address)))
    on_paper = signed_in(sol).get(f"/professional/{plan.reference}/plan.pdf")
    assert on_paper.content == file.content and AGREED[0] in told[-2]

    copy = packing.as_json(own_data.copy_of(here, clock.now()), clock.now())
    assert all(words in copy for words in AGREED) and "DRAFT of my own." in copy
    told.append(copy)
    for each in told:
        assert not [name for name in forbidden if name in each]

    is_whole(plan)
    call_command("verify_record", plan=plan.reference, stdout=io.StringIO())
    assert set(Draft.objects.filter(party__plan=plan).values_list("party__user", flat=True)) == {here.pk}
    assert set(Grant.objects.filter(plan=plan, revoked_at=None).values_list("by__user", flat=True)) == {here.pk}


def history(client: Client, plan: Plan) -> list[str]:
    answers = [client.get(url("story", plan, question)) for question in (HANDOVERS, WEEK, HOLIDAYS, ROUTINES)]
    assert {answer.status_code for answer in answers} == {200}
    return [said(answer) for answer in answers]


def got(plan: Plan, reader, leaving, smtp) -> list:
    """What reaches the reader while somebody leaves this way: news, mails as they were sent, the rows behind them."""
    found, cursor = [], clock.now()
    with transaction.atomic():
        leaving(cursor)
        found.append(list(Notice.objects.filter(person=reader).values_list("key", "kind", "address", "created_at")))
        rows = OutgoingMail.objects.filter(person=reader)
        found.append(list(rows.values_list("key", "kind", "facts", "state", "due_at")))
        smtp.mails.clear()
        mail.relay(at=cursor + timedelta(hours=1))
        found.append(
            [
                [
                    letter["Subject"],
                    letter["From"],
                    *(letter.get_body([form]).get_content() for form in ("plain", "html")),
                ]
                for letter in smtp.to(reader.email)
            ]
        )
        found.append(list(Plan.objects.filter(pk=plan.pk).values_list("ended_at", "paused_at", "event_count")))
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db(transaction=True)
def test_the_other_gets_what_any_leaving_gives_and_nothing_more(two, smtp, monkeypatch):
    gone, here = two
    plan = lived(gone, here)
    Notice.objects.all().delete()
    OutgoingMail.objects.all().delete()
    still, next_event = clock.now(), iter_of_events()
    monkeypatch.setattr(clock, "now", lambda: still)
    leaver = family.party(plan, gone)
    plain = got(plan, here, lambda at: (next_event(), actions.leave(plan=plan, by=leaver, at=at)), smtp)
    news, rows, letters, _plan = plain
    assert (len(news), len(rows), len(letters)) == (1, 1, 1)
    assert news[0][1] == "left" and not [name for name in names(gone) if name in str(plain)]
    for kept in (False, True):
        closed = got(plan, here, lambda at, kept=kept: (next_event(), close(gone, at=at, held=kept)), smtp)
        assert closed == plain


def iter_of_events():
    """Numbers of events go on though what took them was rolled back: the same one is given each time."""
    from django.db import connection

    last = PlanEvent.objects.order_by("-pk").values_list("pk", flat=True)[0]

    def set_back():
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(pg_get_serial_sequence('parenting_plan_planevent', 'id'), %s)", [last])

    return set_back


def test_a_legal_hold_changes_no_byte_for_the_other(two, signed_in, monkeypatch):
    gone, here = two
    plan = lived(gone, here)
    still, found, last = clock.now(), [], iter_of_events()
    monkeypatch.setattr(clock, "now", lambda: still)
    monkeypatch.setattr(drawing, "code", lambda letters: "ABCDEFGHJKMNPQRSTVWX"[:letters])
    for kept in (False, True):
        with transaction.atomic():
            cache.clear()
            last()
            close(gone, held=kept)
            client = signed_in(here)
            seen = pages.everything_the_other_sees(client, plan, HANDOVERS, WEEK, OVERNIGHTS, HOLIDAYS)
            found.append({address: re.sub(r"/news/\w+/", "/news/", page) for address, page in seen.items()})
            found[-1]["pdf"] = client.get(url("pdf", plan)).content
            transaction.set_rollback(True)
    assert found[0] == found[1]


# ---------------------------------------------------------------- alone
def test_a_plan_of_theirs_alone_is_gone_at_once(amara, ben, django_capture_on_commit_callbacks):
    plan = family.start(amara)
    family.suggest(plan, amara, HANDOVERS, "CANARY alone.")
    family.draft(plan, amara, WEEK, "CANARY draft.")
    drawn = drawing.issue(plan)
    actions.invite_by_email(plan=plan, by=family.party(plan, amara), email=ben.email)
    with django_capture_on_commit_callbacks(execute=True):
        close(amara)
    assert PlanErased.objects.get().plan_id == plan.pk
    assert not PlanEventBody.objects.filter(event__plan=plan).exists()
    assert "CANARY" not in str(list(Clause.objects.filter(plan=plan).values_list("proposals__value", flat=True)))
    assert not Draft.objects.exists() and not Party.objects.filter(user__isnull=False).exists()
    is_whole(plan)
    assert files.read(drawn.sha256) is None


def test_a_plan_of_theirs_alone_that_is_held_keeps_its_words_for_staff(amara):
    plan = family.start(amara)
    family.suggest(plan, amara, HANDOVERS, "Words.")
    close(amara, held=True)
    assert PlanEventBody.objects.filter(event__plan=plan).exists()
    assert not PlanErased.objects.exists()


# ---------------------------------------------------------------- whatever state it is in
def still_shared(plan, starter, joiner):
    """With a part agreed and at rest, one changing, suggestions and answers that wait, and parts set aside."""


def paused(plan, starter, joiner):
    actions.pause(plan=plan)


def protected(plan, starter, joiner):
    actions.change_orders(plan=plan, by=family.party(plan, starter), orders="protective")


def left_before(plan, starter, joiner):
    actions.leave(plan=plan, by=family.party(plan, starter))


STATES = [still_shared, paused, protected, left_before]


@pytest.mark.parametrize("leaver", ["starter", "joiner"])
@pytest.mark.parametrize("state", STATES, ids=[state.__name__ for state in STATES])
def test_every_agreed_word_is_readable_whatever_state_the_plan_is_in(lively, amara, ben, state, leaver, signed_in):
    plan = lively
    state(plan, amara, ben)
    gone, here = (amara, ben) if leaver == "starter" else (ben, amara)
    agreed, before = agreed_words(plan), list(PlanEvent.objects.order_by("seq").values_list("hash", flat=True))
    has_left = family.party(plan, gone).left_at is not None
    told = Notice.objects.filter(person=here).count()
    was_shared = Plan.objects.get(pk=plan.pk).still_shared
    close(gone)
    assert agreed_words(plan) == agreed
    after = list(PlanEvent.objects.order_by("seq").values_list("hash", flat=True))
    assert after[: len(before)] == before and len(after) == len(before) + (not has_left)
    assert Notice.objects.filter(person=here).count() == told + was_shared
    client = signed_in(here)
    shown = [said(client.get(url("agreed", plan))), str(drawing.reading(plan)[1]["plan"])]
    texts = {question: value["text"] for question, value in agreed.items() if value["kind"] == "words"}
    assert len(texts) == 2 and all(text in page for text in texts.values() for page in shown)
    for question, text in texts.items():
        assert text in said(client.get(url("story", plan, question)))
    held = Plan.objects.get(pk=plan.pk)
    assert not held.still_shared
    assert held.parties.get(user=None).left_at is not None
    is_whole(plan)


def test_both_close_and_the_record_is_whole_still(plan, amara, ben):
    family.settle(plan, amara, ben, HANDOVERS, AGREED[0])
    code = drawing.issue(plan).code
    close(amara)
    close(ben)
    assert agreed_words(plan)[HANDOVERS]["text"] == AGREED[0]
    is_whole(plan)
    assert verdict(code) == "Genuine but superseded"


def waits(amara, ben) -> tuple[Plan, str]:
    """Ben has joined Amara's plan with a code; she has not said yet that it is him."""
    plan = family.start(amara)
    family.suggest(plan, amara, HANDOVERS, "CANARY alone.")
    invitation, code = actions.invite_by_code(plan=plan, by=family.party(plan, amara))
    actions.join(invitation=invitation, user=ben, has_verified=True)
    return plan, code


def test_who_waits_to_be_confirmed_closes_and_nobody_has_joined(amara, ben, stranger, signed_in):
    plan, _code = waits(amara, ben)
    events = PlanEvent.objects.count()
    close(ben)
    assert [party.user for party in plan.parties.all()] == [amara]
    assert PlanEvent.objects.count() == events
    assert signed_in(amara).get(url("confirm", plan)).status_code == 302
    family.share(plan, stranger)  # she may ask again
    is_whole(plan)


def test_the_inviter_closes_while_somebody_waits_and_every_word_is_gone(amara, ben, signed_in):
    plan, _code = waits(amara, ben)
    close(amara)
    assert PlanErased.objects.get().plan_id == plan.pk
    assert signed_in(ben).get(url("overview", plan)).status_code == 404
    assert "CANARY" not in said(signed_in(ben).get("/home/"))
    is_whole(plan)


# ---------------------------------------------------------------- at the same moment
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_at_once_never_wait_for_each_other_for_ever(person, pair):
    """One closes while the other writes; then both close, with two plans between them."""
    for number in range(4):
        one, other = person(f"One{number}"), person(f"Other{number}")
        plan = family.share(family.start(one), other)
        came = pair.race(
            lambda one=one: closing.close(one),
            lambda plan=plan, other=other: family.suggest(plan, other, WEEK, "Weekly."),
        )
        assert came[0] is True
        assert not isinstance(came[1], Exception) or isinstance(came[1], states.Refused), came[1]
        third, fourth = person(f"Third{number}"), person(f"Fourth{number}")
        plans = [family.share(family.start(third), fourth), family.share(family.start(fourth), third)]
        assert pair.race(lambda who=third: closing.close(who), lambda who=fourth: closing.close(who)) == [True, True]
        for each in (plan, *plans):
            is_whole(each)
            assert Plan.objects.get(pk=each.pk).ended_at
