"""The words of a plan: to staff only for a stated reason, for a short time, one plan, one person, and on record."""

import logging
import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from accounts import conflicts
from hub import audit, clock
from hub.logs import Line
from hub.models import AccessRecord
from parenting_plan.actions import opening as openings
from parenting_plan.actions.safeguarding import OwnCase
from parenting_plan.admin import plans
from parenting_plan.models import Invitation, StaffOpening
from tests.parenting_plan import family
from tests.parenting_plan.test_safeguarding import give

SEEN = ["agreed words of both", "suggested words", "a note that was sent"]
NEVER = ["a draft of Ben", "the note of a draft", "words of one parent alone", "born in 2016"]
ASK = {"case_reference": "ZW26P00123", "reason": "A report says that this plan holds threats."}


@pytest.fixture
def full(plan, amara, ben):
    family.settle(plan, amara, ben, family.HANDOVERS, SEEN[0])
    family.suggest(plan, ben, family.OVERNIGHTS, SEEN[1], note=SEEN[2])
    family.draft(plan, ben, family.HOLIDAYS, NEVER[0], note=NEVER[1])
    return plan


@pytest.fixture
def lead(staff, settings):
    settings.HUB_STAFF_SECOND_STEP = False
    return give(staff, "view_plan", "open_plan_words")


@pytest.fixture
def desk(lead, signed_in):
    return signed_in(lead)


def page(name, plan, *more) -> str:
    return reverse(f"admin:parenting_plan_plan_{name}", args=[plan.pk, *more])


def words_of(plan) -> list[str]:
    return [page("words", plan), page("part", plan, *family.OVERNIGHTS.split("/"))]


def glass(desk, plan, **more):
    answer = desk.post(page("open", plan), ASK | more)
    assert answer.status_code == 302 and answer.headers["Location"] == page("words", plan)


def test_without_an_opening_the_words_are_nowhere(full, desk):
    for address in [*words_of(full), page("change", full), page("open", full)]:
        said = desk.get(address, follow=True).content.decode()
        assert not [each for each in SEEN + NEVER if each in said], address
    assert desk.get(words_of(full)[0]).headers["Location"] == page("open", full)
    assert not AccessRecord.objects.filter(what=openings.READ).exists()


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"reason": "because I must"}, {"case_reference": ""}])
def test_it_takes_a_reason_in_a_sentence_and_a_case(full, desk, wrong):
    assert desk.post(page("open", full), ASK | wrong).status_code == 422
    assert not StaffOpening.objects.exists()


def test_a_case_that_names_nothing_is_refused(full, desk):
    assert desk.post(page("open", full), ASK | {"case_reference": "---"}).status_code == 422


def test_each_page_is_one_record_with_the_reason_and_shows_what_both_parents_see(full, lead, desk):
    glass(desk, full)
    agreed, part = (desk.get(address) for address in words_of(full))
    assert SEEN[0] in agreed.content.decode() and SEEN[1] not in agreed.content.decode()
    assert SEEN[1] in part.content.decode() and SEEN[2] in part.content.decode()
    kept = AccessRecord.objects.filter(about=f"plan:{full.reference}").order_by("pk")
    assert list(kept.values_list("what", flat=True)) == ["open words of plan", openings.READ, openings.READ]
    assert {each.reason for each in kept} == {f"ZW26P00123: {ASK['reason']}"} and {each.person for each in kept} == {
        lead
    }
    for answer in (agreed, part):
        said = answer.content.decode()
        assert "no-store" in answer.headers["Cache-Control"]
        assert "are open to you until" in said and "Close now" in said and 'class="staff-words"' in said
        assert not [each for each in NEVER if each in said] and "example.com" not in re.sub("staff@|stella@", "", said)
        assert "2016" not in said and "pdf" not in said.casefold()


def test_it_ends_by_itself(full, lead, desk, settings):
    glass(desk, full)
    opening = StaffOpening.objects.get()
    assert opening.ends_at - opening.opened_at == settings.PLAN_OPENING == timedelta(minutes=30)
    assert openings.standing(plan=full, by=lead, at=opening.ends_at - timedelta(seconds=1)) == opening
    assert openings.standing(plan=full, by=lead, at=opening.ends_at) is None


def test_a_page_after_the_end_shows_nothing(full, desk, settings):
    settings.PLAN_OPENING = timedelta(microseconds=1)
    glass(desk, full)
    for address in words_of(full):
        said = desk.get(address, follow=True).content.decode()
        assert not [each for each in SEEN if each in said] and "are open to you" not in said
    assert not AccessRecord.objects.filter(what=openings.READ).exists()


def test_close_now_closes_it_now(full, desk):
    glass(desk, full)
    assert "are open to you until" in desk.get(page("change", full)).content.decode(), (
        "the banner is there all the time"
    )
    assert desk.post(page("close", full)).status_code == 302
    assert desk.get(words_of(full)[0]).headers["Location"] == page("open", full)
    assert "are open to you until" not in desk.get(page("change", full)).content.decode()
    assert AccessRecord.objects.filter(what="close words of plan").count() == 1


def test_it_is_one_plan_and_one_person(full, amara, stranger, person, desk, signed_in):
    other = family.share(family.start(stranger), person("Otto"))
    glass(desk, full)
    assert desk.get(page("words", other)).headers["Location"] == page("open", other)
    cora = signed_in(give(person("Cora", kind="staff", is_staff=True), "view_plan", "open_plan_words"))
    assert cora.get(words_of(full)[0]).headers["Location"] == page("open", full)


def test_only_its_permission_opens_it(full, staff, settings, signed_in):
    settings.HUB_STAFF_SECOND_STEP = False
    client = signed_in(
        give(staff, "view_plan", "change_plan", "pause_plan", "triage_safetyreport", "view_staffopening")
    )
    for address in [*words_of(full), page("open", full), page("close", full)]:
        assert client.get(address).status_code == 403 and client.post(address, ASK).status_code == 403
    assert not StaffOpening.objects.exists()


@pytest.mark.parametrize("how", ["parent", "address", "invited", "plan", "case"])
def test_nobody_opens_a_case_of_their_own(how, full, amara, lead, desk):
    from allauth.account.models import EmailAddress

    if how == "parent":
        full.parties.filter(user=amara).update(user=lead)
    elif how == "address":
        EmailAddress.objects.filter(user=lead).delete()
        EmailAddress.objects.filter(user=amara).update(user=lead)
        EmailAddress.objects.create(user=amara, email=lead.email, verified=True, primary=True)
    elif how == "invited":
        full.invitations.update(email=lead.email, mark=Invitation.mark_of(lead.email))
    else:
        about = f"plan:{full.reference}" if how == "plan" else "case:zw26-p00123"
        conflicts.declare(person=lead, about=about, by=lead)
    answer = desk.post(page("open", full), ASK)
    assert answer.status_code == (422 if how == "case" else 404) and not StaffOpening.objects.exists()
    with pytest.raises(OwnCase):
        openings.open_words(plan=full, by=lead, **ASK)
    if how != "case":
        assert desk.get(page("change", full)).status_code == 404
        listed = desk.get(reverse("admin:parenting_plan_plan_changelist")).content.decode()
        assert full.reference not in listed


def test_an_opening_ends_when_it_turns_out_to_be_their_own_case(full, lead, desk):
    glass(desk, full)
    conflicts.declare(person=lead, about=f"plan:{full.reference}", by=lead)
    assert desk.get(words_of(full)[0]).status_code == 404


def test_without_the_record_no_words(full, desk, monkeypatch):
    glass(desk, full)

    def broken(**told):
        raise DatabaseError("no room")

    monkeypatch.setattr(audit, "record", broken)
    desk.raise_request_exception = False
    for address in words_of(full):
        answer = desk.get(address)
        assert answer.status_code == 500 and not [each for each in SEEN if each in answer.content.decode()]


def test_no_record_no_opening(full, lead, monkeypatch):
    def broken(**told):
        raise DatabaseError("no room")

    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(DatabaseError):
        openings.open_words(plan=full, by=lead, **ASK)
    assert not StaffOpening.objects.exists()


def test_what_one_parent_wrote_alone_is_not_there(amara, desk):
    alone = family.start(amara)
    family.suggest(alone, amara, family.OVERNIGHTS, NEVER[2])
    glass(desk, alone)
    for address in words_of(alone):
        said = desk.get(address, follow=True).content.decode()
        assert NEVER[2] not in said and "Only one parent is in this plan." in said


def test_the_database_keeps_each_opening(full, desk):
    glass(desk, full)
    rows = StaffOpening.objects.all()
    for change in (
        lambda: rows.update(reason="Another reason."),
        lambda: rows.update(ends_at=clock.now() + timedelta(days=9)),
        lambda: rows._raw_delete(rows.db),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_auditors_see_who_why_how_long_and_how_much_and_no_word(full, desk, person, signed_in):
    glass(desk, full)
    for address in words_of(full):
        desk.get(address)
    auditor = signed_in(give(person("Aud", kind="staff", is_staff=True), "view_staffopening"))
    table = reverse("admin:parenting_plan_staffopening_changelist")
    one = reverse("admin:parenting_plan_staffopening_change", args=[StaffOpening.objects.get().pk])
    for address in (table, one):
        said = auditor.get(address).content.decode()
        assert "ZW26P00123" in said and ASK["reason"] in said and "stella@example.com" in said
        assert full.reference in said and not [each for each in SEEN + NEVER if each in said]
    assert '<td class="field-pages">2</td>' in auditor.get(table).content.decode()
    assert auditor.get(words_of(full)[0]).status_code == 403 and desk.get(table).status_code == 403
    assert auditor.post(one, {"reason": "other"}).status_code in {200, 403, 405}
    assert StaffOpening.objects.get().reason == ASK["reason"]


def test_a_fault_while_words_are_open_shows_none(full, desk, settings, monkeypatch):
    """Production's error page and production's log lines, with a fault that carries the words themselves."""

    def broken(request, template, title, **context):
        raise ValueError(f"{context['suggestions'][0].value} {SEEN[1]}")

    glass(desk, full)
    monkeypatch.setattr(plans.PlanAdmin, "page", staticmethod(broken))
    lines, handler = [], logging.Handler(logging.DEBUG)
    handler.setFormatter(Line())
    handler.emit = lambda record: lines.append(handler.format(record))
    logging.getLogger().addHandler(handler)
    settings.DEBUG = False
    desk.raise_request_exception = False
    try:
        answer = desk.get(words_of(full)[1])
    finally:
        logging.getLogger().removeHandler(handler)
    assert answer.status_code == 500 and lines
    assert SEEN[1] not in answer.content.decode() and not [line for line in lines if SEEN[1] in line]


def test_how_much_is_sent_is_counted_without_reading_it(full, desk):
    said = desk.get(page("change", full)).content.decode()
    assert re.search(r"The parent who joined</th><td>1</td><td>1</td>", said)
    assert AccessRecord.objects.filter(what="look at plan", about=f"plan:{full.reference}").count() == 1


def test_many_openings_cost_no_more(full, desk, lead, person, signed_in, django_assert_max_num_queries):
    now = clock.now()
    for number in range(60):
        StaffOpening.objects.create(
            plan=full, by=lead, case_reference="X", reason=f"Reason {number}", opened_at=now, ends_at=now + timedelta(1)
        )
    auditor = signed_in(give(person("Aud", kind="staff", is_staff=True), "view_staffopening"))
    auditor.get(reverse("admin:index"))
    with django_assert_max_num_queries(12):
        assert auditor.get(reverse("admin:parenting_plan_staffopening_changelist")).status_code == 200


def test_the_pages_are_accessible_fit_a_phone_and_print_no_words(full, lead, open_browser, axe, no_sideways_scroll):
    lead = give(lead, "view_plan", "open_plan_words", "pause_plan", "view_staffopening")
    window = open_browser(lead)
    assert window.goto(page("open", full)).status == 200
    axe(window)
    no_sideways_scroll(window)
    openings.open_words(plan=full, by=lead, **ASK)
    one = reverse("admin:parenting_plan_staffopening_change", args=[StaffOpening.objects.get().pk])
    for address in [
        *words_of(full),
        page("change", full),
        one,
        reverse("admin:parenting_plan_staffopening_changelist"),
    ]:
        assert window.goto(address).status == 200
        axe(window)
        if "staffopening/?" not in address and not address.endswith("staffopening/"):
            no_sideways_scroll(window)
    window.goto(words_of(full)[1])
    assert window.get_by_text(SEEN[1]).is_visible()
    window.emulate_media(media="print")
    assert not window.get_by_text(SEEN[1]).is_visible()
