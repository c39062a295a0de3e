"""Staff refer, place, record who came, and return that somebody took part; and never see what a parent wrote."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse

from hub import clock, sheets
from hub.models import AccessRecord
from programmes import lanes
from programmes.actions import booking, certifying, consenting, referring, returning
from programmes.admin.filters import of_status
from programmes.models import (
    Answer,
    Attendance,
    Booking,
    Case,
    Certificate,
    Consent,
    Enrolment,
    KeepApart,
    Meeting,
    Needs,
    Party,
    Referral,
    Return,
    Taking,
    Workshop,
)
from tests.accounts.test_closing import sure
from tests.programmes import cases

CANARY = "CANARY7Q"
REFER = {
    "case_reference": "zw 26-p00001",
    "court": "The Family Court at Leeds",
    "name": "Amara Okafor",
    "email": "amara@example.com",
    "programme": "planning-together",
    "route": "court",
    "ordered_on": "2026-11-02",
    "suitable_on": "2026-11-10",
}


@pytest.fixture
def stella(staff, settings):
    settings.HUB_STAFF_SECOND_STEP = False
    staff.is_superuser = True
    staff.save()
    return staff


@pytest.fixture
def desk(stella, signed_in):
    return signed_in(stella)


@pytest.fixture
def finn(person):
    """A facilitator: staff who may only view workshops."""
    made = person("Finn", kind="staff", is_staff=True)
    found = Permission.objects.filter(content_type__app_label="programmes", codename="view_workshop")
    made.user_permissions.set(found)
    return made


def at(name: str, *where) -> str:
    return reverse(f"admin:programmes_{name}", args=where)


def began(workshop: Workshop, ago: timedelta = timedelta(hours=3)) -> Workshop:
    """As if this workshop had begun some hours ago."""
    then = clock.now() - ago
    Workshop.objects.filter(pk=workshop.pk).update(starts_at=then)
    workshop.sittings.update(starts_at=then, ends_at=then + timedelta(hours=2, minutes=30))
    workshop.refresh_from_db()
    return workshop


def placed(person, **more) -> tuple[Referral, Workshop, Booking]:
    now = clock.now()
    referral = cases.joined(person, at=now, **more)
    workshop = cases.workshop_for(referral, starts_at=now + timedelta(days=30))
    return referral, workshop, booking.book(referral, workshop, at=now)


def learned(referral: Referral) -> None:
    """As if every part that counts were finished."""
    now = clock.now()
    taking = Taking.objects.create(
        person=referral.party.person, programme=referral.programme, started_at=now, last_at=now, finished_at=now
    )
    certifying.after_learning(taking, now)
    referral.refresh_from_db()


def completed(person) -> Referral:
    referral, workshop, place = placed(person)
    learned(referral)
    began(workshop)
    place.refresh_from_db()
    booking.record_attendance(place, Attendance.Came.WHOLE, at=clock.now())
    referral.refresh_from_db()
    return referral


def held(referral: Referral) -> int:
    """The place or turn they have, as a page of staff names it."""
    return referral.bookings.get(state__in=["booked", "waiting"]).pk


def acts(about: str) -> list[str]:
    return list(AccessRecord.objects.filter(about=about).order_by("at", "pk").values_list("what", flat=True))


# ---------------------------------------------------------------- referrals


def test_a_referral_is_made_and_its_link_sent(desk, stella):
    answer = desk.post(at("referral_add"), REFER)
    assert answer.status_code == 302
    referral = Referral.objects.get()
    assert (referral.party.case.reference, referral.party.email) == ("ZW26P00001", "amara@example.com")
    assert referral.made_by == stella
    page = desk.get(at("referral_change", referral.pk)).content.decode()
    assert "Made, no link sent" in page and "Send the link" in page
    desk.post(at("referral_send", referral.pk))
    referral.refresh_from_db()
    assert referral.link_number == 1 and referral.secret_hash
    page = desk.get(at("referral_change", referral.pk)).content.decode()
    assert "Send a new link" in page and referral.token() not in page
    assert acts(f"referral:{referral.pk}") == ["make referral", "read referral", "send link", "read referral"]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"case_reference": "---"}, "Use letters and digits, 40 of them at most."),
        ({"name": ""}, "Enter their name."),
        ({"email": "not an address"}, "Enter an email address such as"),
        ({"ordered_on": "yesterday"}, "Enter a real day"),
        ({"suitable_on": "2999-01-01"}, "This day has not come yet."),
        ({"programme": "getting-it-right"}, "Select a valid choice"),
    ],
)
def test_a_mistake_is_told_and_nothing_typed_is_lost(desk, told, said):
    answer = desk.post(at("referral_add"), REFER | told | {"court": "A court typed here"})
    body = answer.content.decode()
    assert answer.status_code == 422 and said in body and "A court typed here" in body
    assert not Referral.objects.exists()


def beside(answer, field: str) -> list[str]:
    """What is said beside a field of a form."""
    return answer.context_data["form"].errors[field]


def workshop_of_two() -> Workshop:
    found = cases.workshop(clock.now() + timedelta(days=30))
    cases.fill(found, 2)
    return found


def test_what_stands_in_the_way_is_said_in_plain_words(desk):
    desk.post(at("referral_add"), REFER)
    again = desk.post(at("referral_add"), REFER)
    assert beside(again, "programme") == ["This person has an open referral to this programme already."]
    other = desk.post(at("referral_add"), REFER | {"name": "Somebody Else"})
    assert "Two people need two addresses" in beside(other, "email")[0] and other.status_code == 422
    full = desk.post(at("workshop_arrange", workshop_of_two().pk), {"joining": "", "capacity": "1", "facilitator": ""})
    assert beside(full, "capacity") == ["More people than that have a place already."]
    enrolled = desk.post(at("enrolment_add"), {"case_reference": "ZW26P00001", "basis": "rule_16_4"})
    assert "Two people of this case need an open" in beside(enrolled, "case_reference")[0]
    Referral.objects.update(suitable_on=None)
    referral = Referral.objects.get(party__email="amara@example.com")
    said = desk.post(at("referral_send", referral.pk), follow=True).content.decode()
    assert "Say first on what day suitability was looked at." in said
    desk.post(at("referral_suitable", referral.pk), {"suitable_on": "2026-11-12"})
    assert desk.post(at("referral_send", referral.pk), follow=True).content.decode().count("A link is on its way") == 1


def test_lists_are_searched_and_narrowed_by_status(desk, amara, ben):
    placed(amara)
    cases.refer("ben@example.com", "ZW26P00001", at=clock.now())
    cases.joined(cases.parent("Carys"), "ZW26P00002", at=clock.now())
    done = completed(cases.parent("Dev"))
    for term, found in (("ZW26P00001", 3), ("zw 26-p00002", 1), ("ben@example", 1), ("Dev", 1), ("nobody", 0)):
        assert desk.get(at("referral_changelist"), {"q": term}).context["cl"].result_count == found, term
    now = clock.now()
    for status in referring.Status:
        listed = set(desk.get(at("referral_changelist"), {"status": str(status)}).context["cl"].result_list)
        assert listed == {each for each in Referral.objects.all() if referring.status(each, now) == status}, status
    assert of_status(Referral.objects.all(), referring.Status.COMPLETE, now).get() == done
    assert desk.get(at("referral_changelist"), {"party__email__startswith": "b"}).status_code in {302, 400}


def test_withdrawing_takes_a_check(desk, amara):
    referral, workshop, _place = placed(amara)
    assert "Withdraw this referral?" in desk.get(at("referral_withdraw", referral.pk)).content.decode()
    referral.refresh_from_db()
    assert referral.ended_at is None
    desk.post(at("referral_withdraw", referral.pk))
    referral.refresh_from_db()
    workshop.refresh_from_db()
    assert referral.outcome == Referral.Ended.WITHDRAWN and workshop.taken == 0
    assert "withdraw referral" in acts(f"referral:{referral.pk}")


def test_a_pair_is_named_after_a_check(desk, amara, ben):
    one = cases.joined(amara, "ZW26P00001", at=clock.now())
    cases.joined(ben, "ZW26P00009", at=clock.now())
    told = {"case_reference": "ZW26P00009", "email": "ben@example.com"}
    nobody = desk.post(at("referral_apart", one.pk), told | {"email": "who@example.com"}).content.decode()
    assert "Nobody in that case has this address here." in nobody
    check = desk.post(at("referral_apart", one.pk), told).content.decode()
    assert "Keep these two apart?" in check and not KeepApart.objects.exists()
    desk.post(at("referral_apart", one.pk), told | {"confirmed": "yes"})
    assert KeepApart.objects.count() == 1 and "keep apart" in acts(f"referral:{one.pk}")
    same = desk.post(
        at("referral_apart", one.pk),
        {"case_reference": "ZW26P00001", "email": "amara@example.com", "confirmed": "yes"},
        follow=True,
    )
    assert "People of one case are kept apart already." in same.content.decode()


def test_a_pair_is_taken_back_after_a_check_and_with_a_reason(desk, stella, amara, ben):
    one, _workshop, _place = placed(amara)
    other = cases.joined(ben, "ZW26P00009", at=clock.now())
    pair = referring.keep_apart(one.party, other.party, at=clock.now())
    where = at("referral_unpair", one.pk, pair.pk)
    assert where in desk.get(at("referral_change", one.pk)).content.decode()
    check = desk.get(where).content.decode()
    assert "may be offered the same workshop, and may meet there" in check and "ZW26P00009, Ben" in check
    nothing = desk.post(where, {"reason": " "})
    assert nothing.status_code == 422 and "Say why in one sentence." in nothing.content.decode()
    early = desk.post(where, {"reason": "Asked for by both."}, follow=True).content.decode()
    assert "One of them has a place or a turn in a session to come." in early and KeepApart.objects.exists()
    booking.give_up(one, clock.now(), by_staff=True)
    done = desk.post(where, {"reason": "Asked for by both."}, follow=True).content.decode()
    assert "The pair is taken back." in done and not KeepApart.objects.exists()
    for each in (one, other):
        written = AccessRecord.objects.get(what="no longer apart", about=f"referral:{each.pk}")
        assert (written.person, written.reason) == (stella, "Asked for by both.")
    assert "Pair to keep apart taken back" in done
    assert desk.post(where, {"reason": "Again."}).status_code == 302


def test_only_whoever_may_takes_a_pair_back(desk, staff, amara, ben, signed_in):
    one, other = cases.joined(amara, at=clock.now()), cases.joined(ben, "ZW26P00009", at=clock.now())
    pair = referring.keep_apart(one.party, other.party, at=clock.now())
    staff.is_superuser = False
    staff.save()
    some = Permission.objects.filter(
        content_type__app_label="programmes", codename__in=["view_referral", "view_keepapart", "add_keepapart"]
    )
    staff.user_permissions.set(some)
    client, where = signed_in(staff), at("referral_unpair", one.pk, pair.pk)
    assert where not in client.get(at("referral_change", one.pk)).content.decode()
    assert client.post(where, {"reason": "Why not."}).status_code == 403 and KeepApart.objects.exists()


def test_reading_needs_is_written_down(desk, stella, amara):
    referral = cases.joined(amara, at=clock.now())
    Needs.objects.create(referral=referral, bsl=True, interpreter="Polish", changed_at=clock.now())
    said = desk.get(at("referral_needs", referral.pk)).content.decode()
    assert "British Sign Language" in said and "Interpreter: Polish" in said
    assert AccessRecord.objects.get(what="read needs").person == stella


# ---------------------------------------------------------------- placing


def test_staff_are_offered_only_what_may_be_offered(desk, amara, ben):
    now = clock.now()
    hers, his = cases.joined(amara, at=now), cases.joined(ben, at=now)
    for_her = cases.workshop_for(hers, starts_at=now + timedelta(days=20), not_for=(his,))
    for_him = cases.workshop_for(his, starts_at=now + timedelta(days=21), not_for=(hers,))
    page = desk.get(at("referral_place", hers.pk)).content.decode()
    assert f'value="{for_her.pk}"' in page and f'value="{for_him.pk}"' not in page
    refused = desk.post(at("referral_place", hers.pk), {"workshop": str(for_him.pk)}).content.decode()
    assert "Choose one of these." in refused and not Booking.objects.exists()
    desk.post(at("referral_place", hers.pk), {"workshop": str(for_her.pk)})
    assert Booking.objects.get().workshop == for_her
    another = cases.workshop_for(hers, starts_at=now + timedelta(hours=30), not_for=(his,))
    desk.post(at("referral_place", hers.pk), {"workshop": str(another.pk), "seen": str(held(hers))})
    assert Booking.objects.get(state="booked").workshop == another
    assert "Give up their place?" in desk.get(at("referral_give_up", hers.pk)).content.decode()
    desk.post(at("referral_give_up", hers.pk), {"seen": str(held(hers))})
    assert not Booking.objects.filter(state="booked").exists()
    done = [act for act in acts(f"referral:{hers.pk}") if act != "read referral"]
    assert done == ["place in workshop", "place in workshop", "give up place"]


# ---------------------------------------------------------------- workshops

ONE = {"way": "online", "capacity": "6", "day": "2030-07-10", "begins": "18:00", "ends": "20:30"}


def test_times_are_of_here_and_kept_in_utc(desk):
    assert desk.post(at("workshop_add"), ONE).status_code == 302
    made = Workshop.objects.get()
    assert made.starts_at == datetime(2030, 7, 10, 17, tzinfo=UTC) and made.when == "evening"
    assert [(s.starts_at.hour, s.ends_at.hour) for s in made.sittings.all()] == [(17, 19)]
    halves = {"day": "2030-12-04", "begins": "18:00", "ends": "19:15"}
    halves |= {"day_2": "2030-12-11", "begins_2": "18:00", "ends_2": "19:15"}
    said = desk.post(at("workshop_add"), ONE | halves, follow=True).content.decode()
    assert "Saved. Parents can choose it now." in said and "Second half" in said
    assert Workshop.objects.last().starts_at == datetime(2030, 12, 4, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"ends": "17:00"}, "It ends before it begins."),
        ({"day": "2020-07-10"}, "This time is past."),
        ({"begins": "nine"}, "Enter a time on the 24-hour clock"),
        ({"way": "in_person"}, "Say in which town it is."),
        ({"day_2": "2030-07-17"}, "Fill this in too, or leave the second half empty."),
        ({"day_2": "2030-07-10", "begins_2": "19:00", "ends_2": "20:00"}, "before the first one ends"),
        ({"day": "2030-03-31", "begins": "01:30", "ends": "04:00"}, "The clocks go forward then"),
        ({"capacity": "7"}, "Select a valid choice"),
    ],
)
def test_a_workshop_that_cannot_be_is_refused(desk, told, said):
    answer = desk.post(at("workshop_add"), ONE | told)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not Workshop.objects.exists()


def test_another_length_is_a_warning_and_not_an_error(desk):
    said = desk.post(at("workshop_add"), ONE | {"ends": "19:00"}, follow=True).content.decode()
    assert "two and a half hours are usual" in said and Workshop.objects.count() == 1


def test_calling_off_says_how_many_will_be_told(desk, amara):
    _referral, workshop, place = placed(amara)
    check = desk.get(at("workshop_call_off", workshop.pk)).content.decode()
    assert "1 person will be told." in check and Workshop.objects.get(pk=workshop.pk).cancelled_at is None
    desk.post(at("workshop_call_off", workshop.pk))
    place.refresh_from_db()
    assert place.state == Booking.State.CALLED_OFF
    assert "call off workshop" in acts(f"workshop:{workshop.reference}")


def test_who_came_is_recorded_once_it_has_begun(desk, amara):
    referral, workshop, place = placed(amara)
    told = {f"b{place.pk}-came": "whole"}
    assert "Save who came" not in desk.get(at("workshop_change", workshop.pk)).content.decode()
    early = desk.post(at("workshop_attendance", workshop.pk), told, follow=True).content.decode()
    assert "once the workshop has begun" in early and not Attendance.objects.exists()
    began(workshop)
    assert "Save who came" in desk.get(at("workshop_change", workshop.pk)).content.decode()
    desk.post(at("workshop_attendance", workshop.pk), told)
    found = Attendance.objects.get()
    assert found.came == "whole" and found.counts
    desk.post(at("workshop_attendance", workshop.pk), told)
    assert acts(f"referral:{referral.pk}").count("record attendance") == 1
    desk.post(at("workshop_attendance", workshop.pk), {f"b{place.pk}-came": "late"})
    referral.refresh_from_db()
    assert not Attendance.objects.get().counts and referral.attended_at is None
    desk.post(at("workshop_attendance", workshop.pk), {f"b{place.pk}-came": "late", f"b{place.pk}-counts": "on"})
    assert Attendance.objects.get().counts
    desk.post(at("workshop_attendance", workshop.pk), {f"b{place.pk}-came": "absent", f"b{place.pk}-counts": "on"})
    assert not Attendance.objects.get().counts


def drawn(page: str) -> dict[str, str]:
    """The fields of a page as a browser would send them back."""
    fields = re.findall(r'<input type="hidden" name="(b\d+-seen)" value="([^"]*)"', page)
    chosen = re.findall(r'<select name="(b\d+-came)".*?</select>', page, re.DOTALL)
    found = dict(fields)
    for name in chosen:
        select = page[page.index(f'<select name="{name}"') :]
        marked = re.search(r'<option value="(\w*)" selected>', select[: select.index("</select>")])
        found[name] = marked[1] if marked else ""
    return found


def test_an_old_page_does_not_undo_what_a_colleague_recorded(desk, stella, amara, ben):
    _hers, workshop, place = placed(amara)
    his = cases.joined(ben, "ZW26P00088", at=clock.now())
    while not lanes.may_be_offered(workshop.reference, referring.places_of(his.party)):
        his = cases.strangers(1)[0]
    other = booking.book(his, workshop, at=clock.now())
    began(workshop)
    address = at("workshop_change", workshop.pk)
    booking.record_attendance(place, "whole", by=stella)
    old = drawn(desk.get(address).content.decode())
    assert old[f"b{place.pk}-came"] == "whole" and old[f"b{other.pk}-came"] == ""
    booking.record_attendance(place, "absent", by=stella)
    desk.post(at("workshop_attendance", workshop.pk), old | {f"b{other.pk}-came": "whole"})
    assert (Attendance.objects.get(booking=place).came, Attendance.objects.get(booking=other).came) == (
        "absent",
        "whole",
    )
    said = desk.post(at("workshop_attendance", workshop.pk), old | {f"b{place.pk}-came": "late"}, follow=True)
    assert "A colleague has recorded something else since you looked." in said.content.decode()
    assert Attendance.objects.get(booking=place).came == "absent"
    page = desk.get(address).content.decode()
    assert "Not recorded" not in page
    desk.post(at("workshop_attendance", workshop.pk), drawn(page) | {f"b{place.pk}-came": "late"})
    assert Attendance.objects.get(booking=place).came == "late"


def test_a_facilitator_sees_and_records_their_own_sessions_alone(amara, ben, finn, signed_in, settings):
    settings.HUB_STAFF_SECOND_STEP = False
    _hers, own, place = placed(amara)
    _his, other, others_place = placed(ben, case="ZW26P00077")
    Workshop.objects.filter(pk=own.pk).update(facilitator=finn)
    Needs.objects.create(referral=place.referral, breaks=True, changed_at=clock.now())
    for each in (own, other):
        began(each)
    client = signed_in(finn)
    assert [each.pk for each in client.get(at("workshop_changelist")).context["cl"].result_list] == [own.pk]
    page = client.get(at("workshop_change", own.pk)).content.decode()
    assert "More breaks" in page and "Amara" in page and "ZW26P00001" not in page
    assert "Amara" in client.get(at("workshop_register", own.pk)).content.decode()
    for name in ("workshop_change", "workshop_register", "workshop_attendance"):
        assert client.get(at(name, other.pk)).status_code == 403, name
    told = {f"b{others_place.pk}-came": "whole", f"b{place.pk}-came": "whole"}
    assert client.post(at("workshop_attendance", other.pk), told).status_code == 403
    client.post(at("workshop_attendance", own.pk), told)
    assert list(Attendance.objects.values_list("booking", flat=True)) == [place.pk]
    for name in ("workshop_call_off", "workshop_arrange"):
        assert client.post(at(name, own.pk)).status_code == 403
    assert client.get(at("workshop_add")).status_code == 403
    assert client.get(at("referral_changelist")).status_code == 403


def test_places_and_facilitator_can_change_and_times_cannot(desk, finn, amara):
    _referral, workshop, _place = placed(amara)
    told = {"joining": "Ring the bell.", "capacity": "4", "facilitator": str(finn.pk), "starts_at": "2020-01-01"}
    desk.post(at("workshop_arrange", workshop.pk), told)
    before = workshop.starts_at
    workshop.refresh_from_db()
    assert (workshop.joining, workshop.capacity, workshop.facilitator, workshop.starts_at) == (
        "Ring the bell.",
        4,
        finn,
        before,
    )


def test_a_workshop_and_an_enrolment_tell_who_changed_what(desk, stella, finn, signed_in, amara, ben):
    _referral, workshop, _place = placed(amara)
    Workshop.objects.filter(pk=workshop.pk).update(facilitator=finn)
    desk.post(at("workshop_arrange", workshop.pk), {"joining": "Ring.", "capacity": "6", "facilitator": str(finn.pk)})
    desk.post(at("workshop_call_off", workshop.pk))
    page = desk.get(at("workshop_change", workshop.pk)).content.decode()
    for said in ("Places, facilitator or how to get there changed", "Called off"):
        assert re.search(rf": {said} \({stella.email}\)", page), said
    assert "History" not in signed_in(finn).get(at("workshop_change", workshop.pk)).content.decode()
    for each in (amara, ben):
        cases.joined(each, "ZW26P00066", at=clock.now(), programme=consenting.PROGRAMME)
    desk.post(at("enrolment_add"), {"case_reference": "ZW26P00066", "basis": "rule_16_4"})
    page = desk.get(at("enrolment_change", Enrolment.objects.get().pk)).content.decode()
    assert f": Enrolled ({stella.email})" in page


def test_two_who_change_different_things_of_a_workshop_at_once_both_do(desk, finn, amara):
    _referral, workshop, _place = placed(amara)
    as_drawn = {"initial-joining": "", "initial-capacity": "6", "initial-facilitator": ""}
    assert all(f'name="{name}"' in desk.get(at("workshop_arrange", workshop.pk)).content.decode() for name in as_drawn)
    old = as_drawn | {"joining": "", "capacity": "6", "facilitator": ""}
    desk.post(at("workshop_arrange", workshop.pk), old | {"joining": "Ring the bell."})
    desk.post(at("workshop_arrange", workshop.pk), old | {"facilitator": str(finn.pk)})
    desk.post(at("workshop_arrange", workshop.pk), old | {"capacity": "5"})
    workshop.refresh_from_db()
    assert (workshop.joining, workshop.facilitator, workshop.capacity) == ("Ring the bell.", finn, 5)


# ---------------------------------------------------------------- back to the court


def test_only_what_is_complete_goes_back(desk, amara):
    referral, _workshop, _place = placed(amara)
    said = desk.post(at("referral_return", referral.pk), follow=True).content.decode()
    assert "There is nothing to return before the programme is complete." in said and not Return.objects.exists()


def test_a_return_holds_the_facts_and_nothing_else_and_is_kept(desk, stella, amara):
    referral = completed(amara)
    certificate = Certificate.objects.get(person=amara)
    Needs.objects.create(referral=referral, other=f"{CANARY} need", changed_at=clock.now())
    check = desk.get(at("referral_return", referral.pk)).content.decode()
    assert "This is all that goes back." in check and str(certificate) in check and not Return.objects.exists()
    desk.post(at("referral_return", referral.pk))
    made = Return.objects.get()
    today = clock.now().date()
    assert set(made.facts) == {
        "case_reference",
        "name",
        "programme",
        "learning_finished_on",
        "attended_on",
        "certificate",
    }
    assert made.facts["case_reference"] == "ZW26P00001" and made.facts["certificate"] == str(certificate)
    assert abs(date.fromisoformat(made.facts["learning_finished_on"]) - today) <= timedelta(days=1)
    sure(desk)
    first = desk.get(at("return_pdf", made.pk))
    assert first.content[:5] == b"%PDF-" and first.headers["Content-Disposition"].startswith("attachment")
    from hub import files

    files.place_of(made.sha256).unlink()
    assert desk.get(at("return_pdf", made.pk)).content == first.content
    sheet = desk.get(at("return_csv", made.pk)).content.decode("utf-8-sig")
    assert next(csv.DictReader(io.StringIO(sheet)))["name"] == "Amara"
    assert CANARY not in sheet and CANARY not in check
    told = acts(f"referral:{referral.pk}")
    assert told.count("make return") == 1 and told.count("download return") == 3
    for verb in ("delete", "add"):
        where = [made.pk] if verb == "delete" else []
        assert desk.post(at(f"return_{verb}", *where), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("name", ["=1+1", "+44", "-2", "@SUM(A1)", "\t=1", " =1", "\r=cmd"])
def test_no_cell_is_taken_for_a_formula(name):
    assert sheets.safe_cell(name).startswith("'")
    made = Return(facts={"name": name, "attended_on": []})
    row = list(csv.reader(io.StringIO(returning.as_csv(made), newline="")))[1]
    assert row[0] == f"'{name}"
    assert sheets.safe_cell("Amara O’Neill-Smith") == "Amara O’Neill-Smith"


# ---------------------------------------------------------------- Positive co-Parenting


def test_a_case_is_enrolled_begun_and_ended(desk, amara, ben):
    now = clock.now()
    hers = cases.joined(amara, at=now, programme=consenting.PROGRAMME)
    early = desk.post(at("enrolment_add"), {"case_reference": "ZW26P00001", "basis": "rule_16_4"}).content.decode()
    assert "Two people of this case need an open referral" in early
    his = cases.joined(ben, at=now, programme=consenting.PROGRAMME)
    desk.post(at("enrolment_add"), {"case_reference": "zw26-p00001", "basis": "rule_16_4"})
    enrolment = Enrolment.objects.get()
    page = desk.get(at("enrolment_change", enrolment.pk)).content.decode()
    assert page.count("Nothing yet") == 2 and "Begin the twelve weeks" not in page
    consenting.say(enrolment, hers, Consent.Said.YES, clock.now())
    told = {"begins_on": "2030-01-07"}
    desk.post(at("enrolment_begin", enrolment.pk), told)
    enrolment.refresh_from_db()
    assert enrolment.begins_on is None
    consenting.say(enrolment, his, Consent.Said.YES, clock.now())
    assert "Begin the twelve weeks" in desk.get(at("enrolment_change", enrolment.pk)).content.decode()
    desk.post(at("enrolment_begin", enrolment.pk), told)
    enrolment.refresh_from_db()
    assert (enrolment.begins_on, enrolment.ends_on) == (date(2030, 1, 7), date(2030, 4, 1))
    for whom in (f"parent-{hers.pk}", f"parent-{his.pk}", "child", "joint"):
        desk.post(at("enrolment_meeting", enrolment.pk), {"whom": whom, "day": "2030-07-08", "begins": "10:00"})
    assert Meeting.objects.filter(starts_at=datetime(2030, 7, 8, 9, tzinfo=UTC)).count() == 4
    meeting = Meeting.objects.first()
    desk.post(at("enrolment_attended", enrolment.pk), {"meeting": meeting.pk, "attended": "yes"})
    meeting.refresh_from_db()
    assert meeting.attended is None  # still to come
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=clock.now() - timedelta(hours=2))
    desk.post(at("enrolment_attended", enrolment.pk), {"meeting": meeting.pk, "attended": "yes"})
    meeting.refresh_from_db()
    assert meeting.attended is True
    assert "End the programme" in desk.get(at("enrolment_end", enrolment.pk)).content.decode()
    desk.post(at("enrolment_end", enrolment.pk))
    enrolment.refresh_from_db()
    assert enrolment.ended_at
    assert {"enrol", "read enrolment", "begin programme", "set meeting", "record meeting", "end programme"} <= set(
        acts(f"enrolment:{enrolment.pk}")
    )


# ---------------------------------------------------------------- what staff never see


@pytest.fixture
def whispered(amara, ben, stella):
    """A parent who is everywhere, with a canary in each thing they wrote."""
    referral = completed(amara)
    taking = Taking.objects.get(person=amara)
    for kind, words in (
        ("reflection", {"text": f"{CANARY} reflection"}),
        ("pledge", {"boxes": [f"{CANARY} promise"]}),
        ("rewriter", {"message": f"{CANARY} message", "own": True, "text": f"{CANARY} rewritten"}),
    ):
        Answer.objects.create(taking=taking, part="p", step=kind, kind=kind, words=words, at=clock.now())
    returning.make(referral, by=stella, at=clock.now())
    cases.refer("ben@example.com", at=clock.now())
    return referral


def ours() -> list:
    return [model for model in admin.site._registry if model._meta.app_label == "programmes"]


def test_what_a_parent_wrote_or_how_they_walk_is_not_registered():
    assert not {Answer, Taking, Needs, Consent, Party, Case} & set(ours())
    assert {model.__name__ for model in ours()} == {"Chapter", "Referral", "Return", "Workshop", "Enrolment", "Import"}


def test_no_staff_page_shows_a_word_a_parent_wrote(whispered, desk):
    pages = [reverse("admin:index"), reverse("admin:app_list", args=["programmes"])]
    for model in ours():
        name = model._meta.model_name
        pages += [at(f"{name}_changelist"), f"{at(f'{name}_changelist')}?q={CANARY}", at(f"{name}_changelist") + "?e=1"]
        pages += [at(f"{name}_change", row.pk) for row in model.objects.all()[:60]]
        pages += [at(f"{name}_history", row.pk) for row in model.objects.all()[:3]]
    for name in ("needs", "place", "apart", "withdraw", "return", "give_up", "suitable"):
        pages.append(at(f"referral_{name}", whispered.pk))
    pages += [at("return_csv", Return.objects.get().pk), at("workshop_register", Workshop.objects.get().pk)]
    for name in ("answer", "taking", "seen", "consent", "party"):
        assert desk.get(f"/staff/programmes/{name}/").status_code == 404
    sure(desk)
    for page in pages:
        answer = desk.get(page, follow=True)
        assert answer.status_code == 200, page
        assert not re.search(rf"{CANARY} (reflection|promise|message|rewritten)", answer.content.decode()), page
    assert len(pages) > 40


def test_an_error_page_never_shows_a_word_a_parent_wrote(whispered, desk, settings):
    """Not even the page that developers read, with the insides of the row in it."""
    from django.views.debug import ExceptionReporter

    answer = Answer.objects.first()
    assert CANARY not in f"{answer} {answer!r}"
    try:
        raise RuntimeError(f"something about {answer!r}")
    except RuntimeError as error:
        report = ExceptionReporter(None, type(error), error, error.__traceback__).get_traceback_text()
    assert CANARY not in report


def test_nothing_is_deleted_or_changed_through_the_lists(whispered, desk):
    for model in ours():
        row, name = model.objects.first(), model._meta.model_name
        if row is None:
            continue
        assert desk.post(at(f"{name}_delete", row.pk), {"post": "yes"}).status_code == 403
        desk.post(at(f"{name}_changelist"), {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"})
        assert model.objects.filter(pk=row.pk).exists()


def test_each_page_asks_for_its_own_permission(whispered, staff, signed_in, client, amara):
    staff.is_superuser = False
    staff.save()
    for model in ours():
        name = model._meta.model_name
        for visitor in (signed_in(staff), signed_in(amara), client):
            assert visitor.get(at(f"{name}_changelist")).status_code != 200
    found = Permission.objects.filter(content_type__app_label="programmes", codename="view_referral")
    staff.user_permissions.set(found)
    looking = signed_in(staff)
    assert looking.get(at("referral_change", whispered.pk)).status_code == 200
    for name in ("send", "suitable", "withdraw", "apart", "needs", "place", "give_up", "return"):
        assert looking.post(at(f"referral_{name}", whispered.pk)).status_code == 403, name
    assert looking.post(at("referral_add"), REFER).status_code == 403
    assert looking.get(at("return_pdf", Return.objects.get().pk)).status_code == 403


@pytest.mark.parametrize("name", ["referral", "workshop", "return", "enrolment"])
def test_lists_cost_the_same_for_few_and_for_many(name, stella, desk, django_assert_max_num_queries):
    now = clock.now()
    for number in range(12):
        person = cases.parent()
        referral = cases.joined(person, f"ZW26Q{number:05d}", at=now)
        workshop = cases.workshop_for(referral, starts_at=now + timedelta(days=30))
        booking.book(referral, workshop, at=now)
        referring.send_link(cases.refer(f"other{number}@example.com", f"ZW26Q{number:05d}", at=now), at=now)
        Return.objects.create(referral=referral, facts={}, made_by=stella, made_at=now)
        Enrolment.objects.create(case=referral.party.case, basis="rule_16_4", made_at=now)
    assert apps.get_model("programmes", name).objects.count() in {12, 24}
    desk.get(reverse("admin:index"))  # a session begins once
    with django_assert_max_num_queries(12):
        assert desk.get(at(f"{name}_changelist")).status_code == 200


# ---------------------------------------------------------------- in a browser


def test_from_the_referral_to_the_return(
    transactional_db, stella, amara, open_browser, javascript, axe, no_sideways_scroll
):
    desk = open_browser(stella, javascript=javascript)

    def fine():
        axe(desk)
        no_sideways_scroll(desk)

    desk.goto(at("referral_add"))
    fine()
    desk.get_by_label("Case reference").fill("ZW26P00001")
    desk.locator("#id_court").fill("The Family Court at Leeds")
    desk.get_by_label("Name on the court papers").fill("Amara Okafor")
    desk.get_by_label("Email address").fill("amara@example.com")
    desk.get_by_label("Programme").select_option("planning-together")
    desk.get_by_label("Date of the order").fill("2026-11-02")
    desk.get_by_role("button", name="Make the referral").click()
    desk.get_by_role("link", name="Set the day").click()
    fine()
    desk.get_by_label("Suitability was looked at on").fill("2026-11-10")
    desk.get_by_role("button", name="Save").click()
    desk.get_by_role("button", name="Send the link").click()
    assert desk.get_by_text("A link is on its way").is_visible()
    fine()
    referral = Referral.objects.get()
    referring.join(referring.find(referral.token()), amara, clock.now())

    desk.goto(at("workshop_add"))
    fine()
    desk.get_by_label("Day", exact=True).fill("2030-07-10")
    desk.get_by_label("Begins", exact=True).fill("18:00")
    desk.get_by_label("Ends", exact=True).fill("20:30")
    desk.get_by_role("button", name="Save").click()
    workshop = Workshop.objects.get()
    cases.workshop_for(referral, starts_at=clock.now() + timedelta(days=9))
    desk.goto(at("referral_place", referral.pk))
    fine()
    desk.get_by_role("radio").first.check()
    desk.get_by_role("button", name="Save").click()
    place = Booking.objects.get()
    learned(referral)
    workshop = began(place.workshop)
    desk.goto(at("workshop_change", workshop.pk))
    fine()
    desk.get_by_label("Who came").select_option("whole")
    desk.get_by_role("button", name="Save who came").click()
    assert desk.get_by_text("Recorded for 1 person.").is_visible()
    desk.get_by_role("link", name="Register to print").click()
    fine()
    assert Certificate.objects.filter(person=amara).exists()
    desk.goto(at("referral_change", referral.pk))
    desk.get_by_role("link", name="Return to the court or adviser").click()
    fine()
    desk.get_by_role("button", name="Make the return").click()
    assert desk.get_by_text("The return is made.").is_visible()
    fine()
    made = Return.objects.get()
    desk.goto(at("return_change", made.pk))
    fine()
    with desk.expect_download() as got:
        desk.get_by_role("link", name="Download as PDF").click()
    assert got.value.suggested_filename == f"return-{made.pk}.pdf"


def test_the_other_pages_can_be_read_by_everybody(
    transactional_db, stella, amara, ben, open_browser, axe, no_sideways_scroll
):
    now = clock.now()
    done, (open_one, workshop, _place) = completed(amara), placed(ben, case="ZW26P00009")
    Needs.objects.create(referral=open_one, bsl=True, interpreter="Polish", changed_at=now)
    pair = referring.keep_apart(done.party, open_one.party, at=now)
    both = [cases.joined(each, "ZW26P00050", at=now, programme=consenting.PROGRAMME) for each in (amara, ben)]
    enrolment = consenting.enrol(both[0].party.case, "rule_16_4", stella, now)
    for each in both:
        consenting.say(enrolment, each, Consent.Said.YES, now)
    consenting.begin(enrolment, now.date(), stella, now)
    consenting.set_meeting(enrolment, "joint", now - timedelta(hours=2), stella, now)
    desk = open_browser(stella)
    for address in (
        at("referral_change", done.pk),
        at("referral_apart", open_one.pk),
        at("referral_unpair", open_one.pk, pair.pk),
        at("referral_needs", open_one.pk),
        at("referral_withdraw", open_one.pk),
        at("referral_give_up", open_one.pk),
        at("workshop_change", workshop.pk),
        at("workshop_arrange", workshop.pk),
        at("workshop_call_off", workshop.pk),
        at("enrolment_add"),
        at("enrolment_change", enrolment.pk),
        at("enrolment_end", enrolment.pk),
    ):
        assert desk.goto(address).status == 200
        axe(desk)
        no_sideways_scroll(desk)
