"""Legal holds: what is held stays, two people place one and two end it, and no parent can tell."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import conflicts
from hub import clock, holds, retention
from hub.models import AccessRecord, LegalHold, Notice
from tests.programmes import cases
from tests.racing import at_once

PLACE = "/staff/hub/legalhold/place/"
LIST = "/staff/hub/legalhold/"


@pytest.fixture
def crew(person, settings):
    settings.HUB_STAFF_SECOND_STEP = False

    def make(name: str, role: str = "Safeguarding lead"):
        made = person(name, kind="staff", is_staff=True)
        made.groups.set(Group.objects.filter(name=role))
        return made

    return make


@pytest.fixture
def two(crew):
    return crew("Sana"), crew("Hugh", "Helpdesk")


def placed(by, person) -> LegalHold:
    return holds.place(kind="person", text=str(person.pk), reason="Letter of a court.", by=by)


def page(hold: LegalHold, act: str = "") -> str:
    return reverse("admin:hub_legalhold_act", args=[hold.pk, act]) if act else f"{LIST}{hold.pk}/change/"


def send(client, hold: LegalHold, act: str, **more) -> str:
    """What a person sees who looks at a step and takes it."""
    asked = client.get(page(hold, act))
    seen = asked.context_data["seen"]
    return client.post(page(hold, act), {"seen": seen, **more}, follow=True).content.decode()


# ---------------------------------------------------------------- finding


@pytest.mark.django_db
@pytest.mark.parametrize("written", ["amara@example.com", " AMARA@example.com ", "{pk}", "person {pk}"])
def test_a_person_is_found_by_address_or_number_and_called_by_number(two, amara, written):
    hold = holds.place(kind="person", text=written.format(pk=amara.pk), reason="A court.", by=two[0])
    assert (hold.number, hold.name) == (amara.pk, f"person {amara.pk}")


@pytest.mark.django_db
@pytest.mark.parametrize("written", ["zw 26-p00001", "ZW26P00001", "Zw26 P00001"])
def test_a_case_is_found_however_its_number_is_written(two, amara, written):
    case = cases.refer(amara.email).party.case
    hold = holds.place(kind="case", text=written, reason="A court.", by=two[0])
    assert (hold.number, hold.name) == (case.pk, "ZW26P00001")


NOTHING = ["", " ", "nobody@example.com", "amara", "amara@", "%", "9" * 30, "0", "-1", "person", "١٢", "\x00"]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", LegalHold.Kind.values)
@pytest.mark.parametrize("written", NOTHING, ids=range(len(NOTHING)))
def test_what_is_not_there_is_not_held(two, amara, kind, written):
    with pytest.raises(holds.NotFound):
        holds.place(kind=kind, text=written, reason="A court.", by=two[0])


# ---------------------------------------------------------------- two people


@pytest.mark.django_db
def test_two_people_place_a_hold_and_two_end_it(two, amara):
    one, other = two
    hold = placed(one, amara)
    assert holds.stands("person", amara.pk) and holds.numbers("person") == [amara.pk]
    with pytest.raises(holds.SamePerson):
        holds.confirm(hold, by=one)
    holds.confirm(hold, by=other)
    with pytest.raises(holds.NothingToDo):
        holds.confirm(hold, by=other)
    holds.ask_to_end(hold, reason="It is over.", by=one)
    hold.refresh_from_db()
    with pytest.raises(holds.SamePerson):
        holds.release(hold, by=one)
    assert holds.stands("person", amara.pk)
    holds.release(hold, by=other)
    assert not holds.stands("person", amara.pk)
    told = AccessRecord.objects.filter(about__contains=f"hold:{hold.pk}").order_by("pk").values_list("what", "person")
    assert list(told) == [
        ("place legal hold", one.pk),
        ("confirm legal hold", other.pk),
        ("ask to end legal hold", one.pk),
        ("end legal hold", other.pk),
    ]


@pytest.mark.django_db
def test_the_end_is_agreed_for_the_reason_that_was_read(two, amara):
    hold = placed(two[0], amara)
    holds.ask_to_end(hold, reason="The case is over.", by=two[0])
    hold.refresh_from_db()
    holds.keep_on(hold, by=two[0])
    holds.ask_to_end(hold, reason="No reason at all.", by=two[0])
    with pytest.raises(holds.NothingToDo):
        holds.release(hold, by=two[1])
    assert holds.stands("person", amara.pk)


@pytest.mark.django_db
def test_one_hold_at_a_time_and_a_new_one_after_the_end(two, amara):
    hold = placed(two[0], amara)
    with pytest.raises(holds.HeldAlready):
        placed(two[1], amara)
    holds.ask_to_end(hold, reason="It is over.", by=two[0])
    hold.refresh_from_db()
    holds.release(hold, by=two[1])
    assert placed(two[1], amara).pk != hold.pk


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["reason = 'x'", "number = 1", "placed_by_id = 1", "name = 'x'"])
def test_the_database_keeps_what_was_placed(two, amara, change):
    hold = placed(two[0], amara)
    for order in (f"UPDATE hub_legalhold SET {change} WHERE id = {hold.pk}", "DELETE FROM hub_legalhold"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(order)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "alone",
    ["confirmed_by_id = placed_by_id, confirmed_at = now()", "released_by_id = ending_by_id, released_at = now()"],
)
def test_the_database_wants_two_people(two, amara, alone):
    hold = placed(two[0], amara)
    holds.ask_to_end(hold, reason="It is over.", by=two[0])
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE hub_legalhold SET {alone} WHERE id = {hold.pk}")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["place", "confirm", "end"])
def test_two_at_the_same_moment_are_one(crew, amara, act):
    first, *others = [crew(name) for name in ("Sana", "Hugh", "Ida")]
    hold = placed(first, amara) if act != "place" else None
    if act == "end":
        holds.ask_to_end(hold, reason="It is over.", by=first)
        hold.refresh_from_db()
    does = {"place": lambda by: placed(by, amara), "confirm": lambda by: holds.confirm(hold, by=by)}.get(
        act, lambda by: holds.release(hold, by=by)
    )
    came = at_once(*[lambda by=by: does(by) for by in others], calm=holds.Refused)
    late = [type(each).__name__ for each in came if isinstance(each, holds.Refused)]
    assert late == ["HeldAlready" if act == "place" else "NothingToDo"]


# ---------------------------------------------------------------- what is held, and what nobody can tell


@pytest.mark.django_db
def test_what_was_due_goes_in_the_night_after_the_end(two, amara):
    Notice.objects.create(person=amara, key="x", kind="x", address="/", created_at=clock.now() - timedelta(days=1_000))
    hold = placed(two[0], amara)
    assert retention.run().total == 0 and Notice.objects.exists()
    holds.ask_to_end(hold, reason="It is over.", by=two[0])
    assert retention.run().total == 0
    hold.refresh_from_db()
    holds.release(hold, by=two[1])
    assert retention.run().counts == {"hub.news": 1}


@pytest.mark.django_db
def test_whoever_is_held_sees_the_same(two, amara, signed_in):
    client = signed_in(amara)

    def look() -> list[tuple[int, int]]:
        answers = [client.get(reverse(name)) for name in ("home", "accounts:settings", "accounts:your_data")]
        return [(each.status_code, len(each.content)) for each in answers]

    look()
    before = look()
    placed(two[0], amara)
    assert look() == before


# ---------------------------------------------------------------- pages


@pytest.mark.django_db
def test_from_the_first_look_to_the_end_on_the_pages(two, amara, signed_in):
    one, other = (signed_in(each) for each in two)
    typed = {"kind": "person", "text": "amara@example.com", "reason": "Letter of a court."}
    asked = one.post(PLACE, typed).content.decode()
    assert f"person {amara.pk}" in asked and not LegalHold.objects.exists()
    shown = one.post(PLACE, typed | {"confirmed": "yes"}, follow=True).content.decode()
    hold = LegalHold.objects.get()
    assert "It is kept from now on." in shown and "Somebody else must take the next one" in shown
    assert "amara@" not in shown and "Amara" not in shown
    assert "Somebody else must do this" in send(one, hold, "confirm")
    assert "The hold is confirmed." in send(other, hold, "confirm")
    assert "Somebody else must agree." in send(other, hold, "ask-to-end", reason="The case is over.")
    assert "Somebody else must do this" in send(other, hold, "end")
    assert "The hold stands." in send(one, hold, "keep-on")
    send(other, hold, "ask-to-end", reason="The case is over.")
    assert "The case is over." in one.get(page(hold, "end")).content.decode()
    assert "The hold has ended." in send(one, hold, "end")
    ended = one.get(page(hold)).content.decode()
    for said in ("Placed", "Confirmed", "Asked to end", "Ended", "hugh@example.com", "Letter of a court."):
        assert said in ended
    assert "/do/" not in ended


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["confirm", "ask-to-end", "end", "keep-on"])
def test_a_step_is_about_what_was_seen(two, amara, signed_in, act):
    """Somebody did something between the look and the press."""
    hold, client = placed(two[0], amara), signed_in(two[1])
    if act in {"end", "keep-on"}:
        holds.ask_to_end(hold, reason="It is over.", by=two[0])
    seen = client.get(page(hold, act)).context_data["seen"]
    hold.refresh_from_db()
    if hold.ending_at:
        holds.keep_on(hold, by=two[0])
    holds.ask_to_end(hold, reason="Another reason.", by=two[0])
    was = LegalHold.objects.values().get()
    answer = client.post(page(hold, act), {"seen": seen, "reason": "Mine."}, follow=True).content.decode()
    assert "Somebody did something meanwhile." in answer and LegalHold.objects.values().get() == was


@pytest.mark.django_db
@pytest.mark.parametrize("missing", ["kind", "text", "reason"])
def test_nothing_is_placed_without_saying_which_and_why(two, amara, signed_in, missing):
    typed = {"kind": "person", "text": str(amara.pk), "reason": "A court.", "confirmed": "yes"} | {missing: ""}
    assert signed_in(two[0]).post(PLACE, typed).status_code == 422 and not LegalHold.objects.exists()


@pytest.mark.django_db
def test_looking_for_somebody_to_hold_is_on_record_found_or_not(two, amara, signed_in):
    client = signed_in(two[0])
    for typed in ("amara@example.com", "nobody@example.com"):
        client.post(PLACE, {"kind": "person", "text": typed, "reason": "A court."})
    told = AccessRecord.objects.filter(what="look for legal hold").order_by("pk").values_list("about", flat=True)
    assert list(told) == [f"person:person {amara.pk}", "person:nothing"]


@pytest.mark.django_db
def test_an_auditor_sees_all_and_changes_nothing(crew, two, amara, signed_in):
    hold, client = placed(two[0], amara), signed_in(crew("Ada", "Auditor"))
    shown = client.get(page(hold))
    assert shown.status_code == 200 and not shown.context_data["acts"]
    assert hold.name in client.get(LIST).content.decode()
    assert client.get(PLACE).status_code == client.get(page(hold, "confirm")).status_code == 403
    assert client.post(page(hold, "confirm"), {"seen": "x"}).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["themselves", "a case of theirs", "a case they named"])
def test_a_hold_on_what_they_have_a_part_in_is_not_there_for_them(two, amara, signed_in, part):
    one, other = two
    if part == "themselves":
        hold, typed = placed(one, other), {"kind": "person", "text": str(other.pk)}
    else:
        cases.refer(other.email if part == "a case of theirs" else amara.email)
        hold = holds.place(kind="case", text="ZW26P00001", reason="A court.", by=one)
        typed = {"kind": "case", "text": "ZW26P00001"}
    if part == "a case they named":
        conflicts.declare(person=other, about="zw26-p00001", by=other)
    client = signed_in(other)
    assert client.get(page(hold)).status_code == client.get(page(hold, "confirm")).status_code == 404
    assert client.post(page(hold, "confirm"), {"seen": "x"}).status_code == 404
    assert hold.name not in client.get(LIST).content.decode()
    assert "legal hold that needs" not in client.get("/staff/").content.decode()
    answer = client.post(PLACE, typed | {"reason": "A court.", "confirmed": "yes"}).content.decode()
    assert "There is nothing of this name." in answer
    assert AccessRecord.objects.filter(what="refused own case", person=other).count() == 4


@pytest.mark.django_db
def test_the_first_page_tells_whoever_can_be_the_second_person(two, amara, ben, signed_in):
    def told(client) -> bool:
        return f"{LIST}?state=you" in client.get("/staff/").content.decode()

    one, other = (signed_in(each) for each in two)
    hold = placed(two[0], amara)
    assert (told(one), told(other)) == (False, True)
    holds.confirm(hold, by=two[1])
    assert (told(one), told(other)) == (False, False)
    holds.ask_to_end(hold, reason="It is over.", by=two[1])
    assert (told(one), told(other)) == (True, False)


@pytest.mark.django_db
def test_what_may_not_be_kept_is_said_in_words_and_numbers(crew, amara, signed_in):
    ago = clock.now() - timedelta(days=1_000)
    Notice.objects.bulk_create(
        [Notice(person=amara, key=str(each), kind="x", address="/", created_at=ago) for each in range(1_002)]
    )
    client = signed_in(crew("Hal", "Helpdesk"))
    address = reverse("admin:hub_pulse_retention")
    with CaptureQueriesContext(connection) as asked:
        shown = client.get(address)
    rows = {row["key"]: row for row in shown.context_data["rows"]}
    assert set(rows) == {each.key for each in retention.rules()}
    assert all(str(row["what"]) and str(row["term"]) for row in rows.values())
    assert rows["hub.news"]["due"] == "more than 1000" and "There was no run yet." in shown.content.decode()
    assert len(asked) <= 4 * len(rows)
    retention.run()
    after = client.get(address)
    assert {row["due"] for row in after.context_data["rows"]} == {"0"} and "The last run was" in after.content.decode()
    assert f'href="{address}"' in client.get("/staff/hub/pulse/").content.decode()
