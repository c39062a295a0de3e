"""A member of staff finds, opens and changes nothing of a case they have a part in; and learns nothing of it."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import conflicts
from accounts.models import User
from hub import clock
from hub.models import AccessRecord, OutgoingMail
from programmes import at_desk, own_cases
from programmes.actions import booking, consenting, referring
from programmes.models import Attendance, Enrolment, KeepApart, Referral, Return, Workshop
from tests.programmes import cases
from tests.programmes.test_admin_cases import REFER, at, began

CASE = "ZW26P00OI1"
FACTS = {
    "case_reference": CASE,
    "name": "Amara",
    "programme": "",
    "learning_finished_on": "2026-11-02",
    "attended_on": [],
    "certificate": "",
}


@pytest.fixture
def desk(staff, settings, signed_in):
    settings.HUB_STAFF_SECOND_STEP = False
    staff.is_superuser = True
    staff.save()
    return signed_in(staff)


@pytest.fixture
def family(amara, ben, desk):
    """Two parents of one case, each with a place; an enrolment, a return and a pair kept apart."""
    now = clock.now()
    hers, his = (cases.joined(each, CASE, at=now) for each in (amara, ben))
    other = cases.strangers(1)[0]
    session = cases.workshop_for(hers, other, starts_at=now + timedelta(days=30), not_for=(his,))
    for each in (hers, other):
        booking.book(each, session, at=now)
    referring.keep_apart(other.party, cases.strangers(1)[0].party, at=now)
    pair = KeepApart.objects.get()
    both = [cases.joined(each, CASE, at=now, programme=consenting.PROGRAMME) for each in (amara, ben)]
    enrolment = consenting.enrol(both[0].party.case, "rule_16_4", None, now)
    made = Return.objects.create(referral=hers, facts=FACTS, made_at=now)
    return {
        "hers": hers,
        "his": his,
        "other": other,
        "session": session,
        "enrolment": enrolment,
        "return": made,
        "pair": pair,
    }


def by_address(staff, family):
    family["his"].party.email = staff.email
    family["his"].party.save()


def by_account(staff, family):
    family["his"].party.person = staff
    family["his"].party.save()


def by_their_word(staff, family):
    conflicts.declare(person=staff, about=f"case:{CASE.lower()}", by=staff)


def by_another_address(staff, family):
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=staff, email="Home@Example.com", verified=False)
    family["his"].party.email = "home@example.com"
    family["his"].party.save()


HOW = [by_address, by_account, by_their_word, by_another_address]


@pytest.mark.parametrize("part", HOW, ids=lambda how: how.__name__)
def test_the_one_function_knows(part, staff, family):
    assert own_cases.of(staff) == frozenset()
    part(staff, family)
    assert own_cases.of(staff) == {family["his"].party.case_id}
    assert own_cases.is_own(staff, CASE, "somebody@example.com")
    assert not own_cases.is_own(staff, "ZW26P77777", "somebody@example.com")


def addresses(family) -> list[tuple[str, str]]:
    """Every address of staff that names a row of this family, from the resolver; and the same of no row."""
    from django.contrib import admin

    found = []
    rows = {"referral": family["hers"].pk, "enrolment": family["enrolment"].pk, "return": family["return"].pk}
    for model, desk in admin.site._registry.items():
        if model._meta.app_label == "programmes" and model._meta.model_name in rows:
            for each in desk.get_urls():
                needed = set(each.pattern.converters)
                if not each.name or not needed:
                    continue
                pk, name = rows[model._meta.model_name], f"admin:{each.name}"
                pair = (reverse(name, kwargs=dict.fromkeys(needed, number)) for number in (pk, 99_999_999))
                found.append(tuple(pair))
    return found


def test_every_address_of_a_row_is_as_if_there_were_none(staff, family, desk):
    theirs = addresses(family)
    assert len(theirs) >= 20
    open_to_them = [each for each, _nobody in theirs if desk.get(each).status_code == 200]
    assert len(open_to_them) > 10
    by_address(staff, family)
    before = {model: list(model.objects.order_by("pk").values()) for model in (Referral, Return, Enrolment)}
    reads = AccessRecord.objects.filter(what="refused own case").count()
    for address, nobody in theirs:
        for method in (desk.get, desk.post):
            answer, of_nobody = method(address), method(nobody)
            assert answer.status_code in {302, 403, 404} and answer.status_code == of_nobody.status_code, address
            if answer.status_code == 302:  # Django's own addresses lead on, whatever there is
                assert re.sub(r"\d+", "N", answer.url) == re.sub(r"\d+", "N", of_nobody.url), address
            assert "Amara" not in answer.content.decode() and CASE not in answer.content.decode()
    assert before == {model: list(model.objects.order_by("pk").values()) for model in (Referral, Return, Enrolment)}
    assert AccessRecord.objects.filter(what="refused own case", person=staff).count() > reads
    assert not AccessRecord.objects.filter(
        what__startswith="read", about=f"referral:{family['hers'].pk}", at__gt=clock.now()
    )


@pytest.mark.parametrize("part", HOW, ids=lambda how: how.__name__)
def test_lists_and_searches_leave_it_out(part, staff, family, desk):
    lists = {name: at(f"{name}_changelist") for name in ("referral", "enrolment", "return")}
    shown = {name: len(desk.get(address).context["cl"].result_list) for name, address in lists.items()}
    assert shown["enrolment"] == shown["return"] == 1
    part(staff, family)
    for name, address in lists.items():
        rows = desk.get(address).context["cl"].result_list
        assert len(rows) == {"referral": shown["referral"] - 4}.get(name, 0), name
        for query in (CASE, "amara", "amara@example.com"):
            assert not desk.get(address, {"q": query}).context["cl"].result_list
    assert desk.get(lists["referral"], {"q": family["other"].party.name}).context["cl"].result_list


def test_no_seat_of_it_is_seen_counted_or_recorded(staff, family, desk):
    session = family["session"]
    page = desk.get(at("workshop_change", session.pk)).content.decode()
    assert "Amara" in page and "2 of 6" in page
    by_address(staff, family)
    for address in ("workshop_change", "workshop_register", "workshop_call_off"):
        text = desk.get(at(address, session.pk)).content.decode()
        assert "Amara" not in text and CASE not in text, address
    assert "1 of 6" in desk.get(at("workshop_change", session.pk)).content.decode()
    assert "1 of 6" in desk.get(at("workshop_changelist")).content.decode()
    assert "1 person will be told" in desk.get(at("workshop_call_off", session.pk)).content.decode()
    began(session)
    hers = family["hers"].bookings.get()
    other = family["other"].bookings.get()
    told = {f"b{hers.pk}-came": "whole", f"b{other.pk}-came": "whole"}
    desk.post(at("workshop_attendance", session.pk), told)
    assert list(Attendance.objects.values_list("booking", flat=True)) == [other.pk]


def test_the_page_to_place_somebody_says_no_number_that_a_hidden_seat_would_change(staff, family, desk):
    """Two of a case of their own more or less in a session: what is said of it stays the same, until it is full."""
    by_address(staff, family)
    session, (asks,) = family["session"], cases.strangers(1)
    while session.pk not in shown_to(asks):
        (asks,) = cases.strangers(1)
    address = at("referral_place", asks.pk)

    def said():
        found = re.search(rf'value="{session.pk}"[^>]*>([^<]*)<', desk.get(address).content.decode())
        return " ".join(found[1].split())

    with_hers = said()
    booking.give_up(family["hers"], by_staff=True)
    assert said() == with_hers and with_hers.endswith("(a place is free)")
    cases.fill(session)
    assert said().endswith("(full: waiting list)")


def test_nothing_is_made_in_it(staff, family, desk):
    by_address(staff, family)
    before = Referral.objects.count()
    answer = desk.post(at("referral_add"), REFER | {"case_reference": CASE, "email": "new@example.com"})
    assert answer.status_code == 422 and "You have a part in this case yourself" in answer.content.decode()
    answer = desk.post(at("referral_add"), REFER | {"case_reference": "ZW26P99999", "email": staff.email.upper()})
    assert answer.status_code == 422
    assert Referral.objects.count() == before
    assert AccessRecord.objects.filter(what="refused own case", about=f"case:{CASE}").exists()
    told = {"case_reference": CASE, "email": "amara@example.com", "confirmed": "yes"}
    answer = desk.post(at("referral_apart", family["other"].pk), told)
    assert "Nobody in that case has this address here" in answer.content.decode() and KeepApart.objects.count() == 1
    Enrolment.objects.update(ended_at=clock.now())
    answer = desk.post(at("enrolment_add"), {"case_reference": CASE, "basis": "rule_16_4"})
    assert "No case has this reference here" in answer.content.decode() and Enrolment.objects.count() == 1


def test_a_colleague_goes_on_as_before(person, family, staff, signed_in):
    by_address(staff, family)
    colleague = person("Colin", kind="staff", is_staff=True, is_superuser=True)
    assert signed_in(colleague).get(at("referral_change", family["hers"].pk)).status_code == 200
    assert User.objects.count() and Workshop.objects.count()


# ---------------------------------------------------------------- leading a session


@pytest.fixture
def led(staff, family):
    """What `staff` would lead: for each of the two parents a session with a place free, which they could be offered."""
    later = clock.now() + timedelta(days=40)
    booking.give_up(family["hers"], by_staff=True)
    return {whose: cases.workshop_for(family[whose], starts_at=later) for whose in ("hers", "his")}


def shown_to(referral) -> list[int]:
    return [choice.workshop.pk for choice in booking.offered(referral).choices]


@pytest.mark.parametrize("part", HOW, ids=lambda how: how.__name__)
@pytest.mark.parametrize("whose", ["hers", "his"])
def test_nobody_of_a_case_is_offered_a_session_led_by_somebody_with_a_part_in_it(staff, family, led, part, whose):
    """Neither the one nor the other: also not as a move, not in the line, and not by staff."""
    part(staff, family)
    session, referral = led[whose], family[whose]
    referral.refresh_from_db()
    elsewhere = cases.workshop_for(referral, starts_at=clock.now() + timedelta(days=41))
    assert session.pk in shown_to(referral)
    Workshop.objects.filter(pk=session.pk).update(facilitator=staff)
    assert session.pk not in shown_to(referral) and elsewhere.pk in shown_to(referral)
    tries = [
        lambda: booking.book(referral, session),
        lambda: booking.wait(referral, session),
        lambda: booking.put(referral, session, seen=None, by=staff),
    ]
    for each in tries:
        with pytest.raises(booking.NotOffered):
            each()
    booking.book(referral, elsewhere)
    with pytest.raises(booking.NotOffered):
        booking.move(referral, session)
    assert cases.booked(session) == set() and cases.booked(elsewhere) == {referral.pk}
    Workshop.objects.filter(pk=session.pk).update(facilitator=None)
    assert session.pk in shown_to(referral)


def test_others_are_offered_the_sessions_of_that_facilitator(staff, family, led):
    by_account(staff, family)
    session = cases.workshop_for(family["other"], starts_at=clock.now() + timedelta(days=42), facilitator=staff)
    assert session.pk in shown_to(family["other"])


def test_the_page_says_of_such_a_session_what_it_says_of_any_that_is_not_there(staff, family, led, amara, signed_in):
    """Byte for byte: their list, and the answer to an address typed by hand."""
    by_their_word(staff, family)
    client, session = signed_in(amara), led["hers"]
    pages = [reverse("programmes:workshop")]

    def look():
        return [re.sub(r"(csrfmiddlewaretoken|nonce)[^>]*", "", client.get(page).content.decode()) for page in pages]

    open_to_her = look()
    Workshop.objects.filter(pk=session.pk).update(facilitator=staff)
    led_by_staff = look()
    Workshop.objects.filter(pk=session.pk).update(facilitator=None, cancelled_at=clock.now())
    assert led_by_staff == look() != open_to_her


@pytest.mark.parametrize("state", ["booked", "waiting"])
def test_nobody_comes_to_lead_a_session_in_which_somebody_of_their_own_case_is(staff, family, led, desk, state):
    by_address(staff, family)
    session = led["hers"]
    if state == "waiting":
        cases.fill(session)
    booking.wait(family["hers"], session)
    assert family["hers"].bookings.get(workshop=session).state == state
    before, lines = Workshop.objects.filter(pk=session.pk).values().get(), AccessRecord.objects.count()
    told = {"joining": "Ring twice.", "capacity": "6", "facilitator": str(staff.pk)}
    other = User.objects.create_user("sam@example.com", "Sam", None, kind="staff", is_staff=True)
    answer = desk.post(at("workshop_arrange", session.pk), told)
    assert answer.status_code == 422
    assert "This person cannot lead this workshop. Choose somebody else." in answer.content.decode()
    assert Workshop.objects.filter(pk=session.pk).values().get() == before
    assert not AccessRecord.objects.filter(what="change workshop").exists() and AccessRecord.objects.count() >= lines
    assert desk.post(at("workshop_arrange", session.pk), told | {"facilitator": str(other.pk)}).status_code == 302
    assert Workshop.objects.get(pk=session.pk).facilitator == other
    assert family["hers"].bookings.get(workshop=session).state == state


def test_a_place_that_comes_free_goes_by_somebody_whose_case_the_facilitator_named_since(staff, family, led):
    session = led["hers"]
    holder = cases.fill(session)[0]
    booking.wait(family["hers"], session)
    Workshop.objects.filter(pk=session.pk).update(facilitator=staff)
    by_their_word(staff, family)
    next_in_line = cases.waiting(session)
    booking.give_up(holder, by_staff=True)
    assert next_in_line.bookings.get(workshop=session).state == "booked"
    assert family["hers"].bookings.get(workshop=session).state == "waiting"


def test_a_facilitator_who_comes_between_the_look_and_the_booking(staff, family, led, monkeypatch):
    """The session was looked at before it is held: who leads it is asked again once it is."""
    by_account(staff, family)
    session, really = led["hers"], booking.places.hold_workshops

    def hold(*pks):
        Workshop.objects.filter(pk=session.pk).update(facilitator=staff)
        return really(*pks)

    monkeypatch.setattr(booking.places, "hold_workshops", hold)
    with pytest.raises(booking.NotOffered):
        booking.book(family["hers"], session)
    assert cases.booked(session) == set()


# ---------------------------------------------------------------- a case that was named after somebody was booked


@pytest.fixture
def of_role(person, signed_in, settings):
    """of_role("Flo", "Facilitator"): a member of staff with this role, and their browser."""
    settings.HUB_STAFF_SECOND_STEP = False

    def make(name: str, role: str):
        made = person(name, kind="staff", is_staff=True)
        made.groups.add(Group.objects.get(name=role))
        return made, signed_in(made)

    return make


MUST = "somebody else must lead"


def noted(browser, session) -> tuple[list[tuple[str, str]], bool, bool]:
    """What this member of staff is told of it: on the first page, in the list behind it, and on the workshop's page."""
    lines = re.findall(rf"(\d+)</span> <span[^>]*>([^<]*{MUST})<", browser.get("/staff/").content.decode())
    listed = browser.get(at("workshop_changelist"), {"time": "lead"})
    rows = [row.pk for row in listed.context["cl"].result_list] if listed.status_code == 200 else []
    page = browser.get(at("workshop_change", session.pk)).content.decode()
    return lines, session.pk in rows, "Somebody else must lead this workshop." in page


NOTHING = ([], False, False)
TOLD = ([("1", "workshop that somebody else must lead")], True, True)


@pytest.mark.parametrize("state", ["booked", "waiting"])
@pytest.mark.parametrize("part", HOW, ids=lambda how: how.__name__)
def test_a_session_is_shown_to_coordinators_when_its_facilitator_has_a_part_since(family, of_role, part, state):
    flo, her = of_role("Flo", "Facilitator")
    _cora, coordinator = of_role("Cora", "Programme coordinator")
    session = family["session"]
    if state == "waiting":
        booking.give_up(family["hers"], by_staff=True)
        cases.fill(session)
        booking.wait(family["hers"], session)
    Workshop.objects.filter(pk=session.pk).update(facilitator=flo)
    assert noted(coordinator, session) == noted(her, session) == NOTHING
    before = list(session.bookings.order_by("pk").values())
    part(flo, family)
    assert noted(coordinator, session) == TOLD
    assert noted(her, session) == NOTHING
    assert list(session.bookings.order_by("pk").values()) == before  # nobody loses a place, nor a turn
    page = coordinator.get(at("workshop_change", session.pk)).content.decode()
    note = page[page.index("staff-note") :].partition("</p>")[0]
    assert "Amara" not in note and CASE not in note and "part" not in note
    other, _browser = of_role("Olu", "Facilitator")
    told = {"joining": "", "capacity": "6", "facilitator": str(other.pk)}
    assert coordinator.post(at("workshop_arrange", session.pk), told).status_code == 302
    assert noted(coordinator, session) == NOTHING
    assert list(session.bookings.order_by("pk").values()) == before


def test_the_facilitator_does_not_see_that_person_any_more(family, of_role):
    """Nor in the register, nor in a number; and records nothing of them."""
    flo, her = of_role("Flo", "Facilitator")
    session, reads = family["session"], ("workshop_change", "workshop_register")
    Workshop.objects.filter(pk=session.pk).update(facilitator=flo)
    assert all("Amara" in her.get(at(address, session.pk)).content.decode() for address in reads)
    assert "2 of 6" in her.get(at("workshop_changelist")).content.decode()
    conflicts.declare(person=flo, about=CASE, by=flo)
    for address in reads:
        text = her.get(at(address, session.pk)).content.decode()
        assert "Amara" not in text and CASE not in text and family["other"].party.name in text
    assert "1 of 6" in her.get(at("workshop_changelist")).content.decode()
    began(session)
    hers, other = (family[whose].bookings.get() for whose in ("hers", "other"))
    text = her.get(at("workshop_change", session.pk)).content.decode()
    assert "Amara" not in text and f"b{hers.pk}-" not in text
    her.post(at("workshop_attendance", session.pk), {f"b{each.pk}-came": "whole" for each in (hers, other)})
    assert list(Attendance.objects.values_list("booking", flat=True)) == [other.pk]
    assert "recorded who came" not in her.get("/staff/").content.decode()


def test_the_parent_notices_nothing(family, of_role, amara, signed_in):
    flo, _browser = of_role("Flo", "Facilitator")
    Workshop.objects.filter(pk=family["session"].pk).update(facilitator=flo)
    client = signed_in(amara)

    def look():
        pages = (client.get(reverse(name)) for name in ("programmes:workshop", "home"))
        return [re.sub(r"(csrfmiddlewaretoken|nonce)[^>]*", "", page.content.decode()) for page in pages]

    before, mail = look(), OutgoingMail.objects.count()
    conflicts.declare(person=flo, about=CASE, by=flo)
    assert look() == before and OutgoingMail.objects.count() == mail


def test_a_person_sent_in_two_cases_counts_in_both(family, of_role, amara):
    """Booked for one case, and the facilitator has a part in the other."""
    cases.joined(amara, "ZW26P00077", at=clock.now(), programme=consenting.PROGRAMME)
    flo, her = of_role("Flo", "Facilitator")
    _cora, coordinator = of_role("Cora", "Programme coordinator")
    Workshop.objects.filter(pk=family["session"].pk).update(facilitator=flo)
    conflicts.declare(person=flo, about="ZW26P00077", by=flo)
    assert noted(coordinator, family["session"]) == TOLD
    assert noted(her, family["session"]) == NOTHING


def test_whoever_has_a_part_is_not_told_that_one_of_theirs_is_there(family, of_role):
    """Neither a coordinator who leads the session, nor another who has a part in the same case."""
    cora, coordinator = of_role("Cora", "Programme coordinator")
    mia, friend = of_role("Mia", "Programme coordinator")
    _dee, colleague = of_role("Dee", "Programme coordinator")
    session = family["session"]
    Workshop.objects.filter(pk=session.pk).update(facilitator=cora)
    for each in (cora, mia):
        conflicts.declare(person=each, about=CASE, by=each)
    assert noted(coordinator, session) == noted(friend, session) == NOTHING
    assert noted(colleague, session) == TOLD


def test_what_is_over_or_called_off_or_taken_back_needs_nobody(family, of_role, staff):
    flo, _browser = of_role("Flo", "Facilitator")
    _cora, coordinator = of_role("Cora", "Programme coordinator")
    session = family["session"]
    Workshop.objects.filter(pk=session.pk).update(facilitator=flo)
    named = conflicts.declare(person=flo, about=CASE, by=flo)
    assert noted(coordinator, session) == TOLD
    rows, now = Workshop.objects.filter(pk=session.pk), clock.now()
    for changed in ({"cancelled_at": now}, {"starts_at": now - timedelta(days=1)}):
        was = rows.values(*changed).get()
        rows.update(**changed)
        assert noted(coordinator, session) == NOTHING
        rows.update(**was)
    assert noted(coordinator, session) == TOLD
    conflicts.take_back(named, by=staff, reason="Another family of that number.")
    assert noted(coordinator, session) == NOTHING


def test_looking_for_such_sessions_takes_as_many_queries_however_many_there_are(family, of_role, rf):
    """One question more for all that lead; one for their cases; and the count itself."""
    _cora, _browser = of_role("Cora", "Programme coordinator")
    request = rf.get("/staff/")
    asked = []
    for number in (0, 1, 3):
        for _more in range(number):
            leader, _browser = of_role(f"Flo{User.objects.count()}", "Facilitator")
            session = cases.workshop_for(family["hers"], starts_at=clock.now() + timedelta(days=50), facilitator=None)
            Workshop.objects.filter(pk=session.pk).update(facilitator=leader)
            (other,) = cases.fill(session, 1)
            conflicts.declare(person=leader, about=other.party.case.reference, by=leader)
        request.user = User.objects.get(pk=_cora.pk)
        with CaptureQueriesContext(connection) as context:
            [task] = at_desk.to_be_led_by_others(request)
        asked.append((task.count, len(context)))
    assert [count for count, _queries in asked] == [0, 1, 4]
    assert asked[1][1] == asked[2][1] <= 6
