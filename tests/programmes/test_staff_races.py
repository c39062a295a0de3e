"""Two members of staff, or one and a parent, at the same moment: one is done, the other is told; nothing is lost.

The requests are those of the real pages, each in a thread with a connection of its own.
"""

import os
from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.urls import reverse

from hub import clock
from hub.models import AccessRecord
from programmes.actions import booking, referring
from programmes.models import Attendance, Booking, Referral, Workshop
from tests.programmes import cases
from tests.programmes.test_admin_cases import at, began
from tests.programmes.test_booking_races import Crowd

TRIES = int(os.environ.get("HUB_RACES", "4"))
MOVED = "Their place has changed since you looked"


@pytest.fixture
def pair():
    made = Crowd(2, calm=referring.Refused)
    yield made
    made.end()


@pytest.fixture
def desks(person, signed_in, settings):
    """Two coordinators, signed in."""
    settings.HUB_STAFF_SECOND_STEP = False
    people = [person(name, kind="staff", is_staff=True, is_superuser=True) for name in ("Cleo", "Carl")]
    found = [signed_in(each) for each in people]
    for each in found:
        each.get(reverse("admin:index"))
    return found


def told(answer) -> str:
    """What this answer says, without what an earlier one said and nobody has read yet."""
    return " ".join(str(each) for each in get_messages(answer.wsgi_request)._queued_messages)


def soon(referral: Referral, days: int = 30, **more) -> Workshop:
    return cases.workshop_for(referral, starts_at=clock.now() + timedelta(days=days), **more)


def placed() -> tuple[Referral, Booking]:
    mine = cases.joined(cases.parent(), f"ZW26R{Referral.objects.count():05d}", at=clock.now())
    return mine, booking.book(mine, soon(mine), at=clock.now())


def here(referral: Referral) -> Booking | None:
    return referral.bookings.filter(state__in=["booked", "waiting"]).first()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(120)
def test_two_coordinators_who_move_one_person_move_them_once(pair, desks):
    for _ in range(TRIES):
        mine, was = placed()
        there = [soon(mine), soon(mine)]
        came = pair.race(
            *[
                lambda desk=desk, to=to, mine=mine, was=was: desk.post(
                    at("referral_place", mine.pk), {"workshop": to.pk, "seen": was.pk}
                )
                for desk, to in zip(desks, there, strict=True)
            ]
        )
        said = [told(answer) for answer in came]
        assert sum(MOVED in each for each in said) == 1 and sum("Saved." in each for each in said) == 1
        winner = next(place for place, each in enumerate(said) if "Saved." in each)
        assert here(mine).workshop == there[winner]
        assert mine.bookings.filter(state="moved").count() == 1 and cases.faults() == []
        assert AccessRecord.objects.filter(what="place in workshop", about=f"referral:{mine.pk}").count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(120)
def test_a_coordinator_against_the_parent_who_moves_themselves(pair, desks):
    for _ in range(TRIES):
        mine, was = placed()
        by_staff, by_parent = soon(mine), soon(mine)
        came = pair.race(
            lambda mine=mine, to=by_staff, was=was: desks[0].post(
                at("referral_place", mine.pk), {"workshop": to.pk, "seen": was.pk}
            ),
            lambda mine=mine, to=by_parent: booking.move(mine, to, clock.now()),
        )
        assert isinstance(came[1], Booking) and len(mine.bookings.filter(state__in=["booked", "waiting"])) == 1
        # the parent went last, or staff were told that they had been first: a parent's own choice is never undone
        assert here(mine).workshop == by_parent and cases.faults() == []
        assert (MOVED in told(came[0])) == (mine.bookings.filter(state="moved").count() == 1)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(120)
def test_moving_somebody_into_a_session_that_is_just_called_off(pair, desks):
    """They keep the place they had, or got the new one and are told that it is off."""
    for _ in range(TRIES):
        mine, was = placed()
        there = soon(mine)
        pair.race(
            lambda mine=mine, to=there, was=was: desks[0].post(
                at("referral_place", mine.pk), {"workshop": to.pk, "seen": was.pk}
            ),
            lambda there=there: desks[1].post(at("workshop_call_off", there.pk)),
        )
        there.refresh_from_db()
        assert there.cancelled_at is not None and not there.bookings.filter(state__in=["booked", "waiting"]).exists()
        was_moved = there.bookings.filter(state="called_off").exists()
        assert (here(mine) == was) != was_moved
        assert cases.told(mine.party.person, "called_off") == ((1, 1) if was_moved else (0, 0))
        assert cases.faults() == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(120)
def test_everybody_is_told_when_a_session_is_called_off_while_people_book_and_wait(desks):
    for _ in range(max(1, TRIES // 2)):
        people = cases.strangers(6)
        session = cases.workshop_for(*people, starts_at=clock.now() + timedelta(days=30), capacity=4)
        for mine in people[:2]:
            booking.book(mine, session, at=clock.now())
        crowd = Crowd(5, calm=referring.Refused)
        try:
            crowd.race(
                lambda session=session: desks[0].post(at("workshop_call_off", session.pk)),
                *[lambda mine=mine, session=session: booking.wait(mine, session, clock.now()) for mine in people[2:]],
            )
        finally:
            crowd.end()
        for mine in people:
            states = list(mine.bookings.values_list("state", flat=True))
            assert states in ([], ["called_off"])
            assert cases.told(mine.party.person, "called_off") == ((1, 1) if states else (0, 0))
        assert cases.faults() == []


# ---------------------------------------------------------------- an old page


@pytest.mark.django_db
def test_an_old_page_gives_up_and_moves_nothing(desks):
    mine, was = placed()
    there = soon(mine)
    booking.move(mine, there, clock.now())
    for name, more in (("place", {"workshop": soon(mine).pk}), ("give_up", {}), ("place", {"workshop": there.pk})):
        for seen in ({"seen": was.pk}, {}, {"seen": "x"}):
            answer = desks[0].post(at(f"referral_{name}", mine.pk), more | seen)
            assert MOVED in told(answer) and here(mine).workshop == there
    assert not AccessRecord.objects.filter(what__in=["place in workshop", "give up place"]).exists()


@pytest.mark.django_db
def test_staff_are_told_when_the_place_they_chose_became_a_turn(desks):
    (mine,) = cases.strangers(1)
    session = soon(mine, capacity=1)
    other = next(each for each in iter(lambda: cases.strangers(1)[0], None) if offered(each, session))
    booking.book(other, session, at=clock.now())
    answer = desks[0].post(at("referral_place", mine.pk), {"workshop": session.pk})
    assert "they are on its waiting list" in told(answer) and here(mine).state == "waiting"


def offered(referral: Referral, session: Workshop) -> bool:
    return any(each.workshop == session for each in booking.offered(referral, clock.now()).choices)


# ---------------------------------------------------------------- a facilitator's own addresses


@pytest.mark.django_db
def test_no_address_of_another_facilitators_session_opens(person, signed_in, settings):
    """Every address of a workshop, from the resolver: refused, and nothing of it is in the words."""
    settings.HUB_STAFF_SECOND_STEP = False
    finn, other = (person(name, kind="staff", is_staff=True) for name in ("Finn", "Olga"))
    may = Permission.objects.get(content_type__app_label="programmes", codename="view_workshop")
    finn.user_permissions.add(may)
    mine, place = placed()
    session = place.workshop
    Workshop.objects.filter(pk=session.pk).update(facilitator=other, town="Canarytown", joining="Canary Lane")
    desk = next(each for model, each in admin.site._registry.items() if model is Workshop)
    names = [(each.name, list(each.pattern.converters)) for each in desk.get_urls() if each.name]
    addresses = [reverse(f"admin:{name}", kwargs=dict.fromkeys(found, session.pk)) for name, found in names if found]
    assert len(addresses) >= 8
    client = signed_in(finn)
    for begun in (False, True):
        if begun:
            began(session)
        for address in addresses:
            for method in (client.get, client.post, client.put, client.head):
                answer = method(address, {f"b{place.pk}-came": "whole", f"b{place.pk}-counts": "on"})
                if answer.status_code == 302:  # Django's own page of changes leads to the page itself, which refuses
                    assert answer.url == reverse("admin:programmes_workshop_change", args=[session.pk]), address
                else:
                    assert answer.status_code in {403, 404, 405}, (address, answer.status_code)
                text = answer.content.decode()
                assert not any(word in text for word in ("Canary", mine.party.name, session.reference)), address
    assert not Attendance.objects.exists()
    for page in ("?q=Canary", "?time=past", "?facilitator__id__exact=1", "?town__startswith=C", "?e=1", ""):
        answer = client.get(at("workshop_changelist") + page, follow=True)
        if "__" in page:
            assert answer.status_code == 400 and "Canary" not in answer.content.decode()
            continue
        assert "Canary" not in answer.content.decode().replace("?q=Canary", "").replace('value="Canary"', ""), page
        assert str(session.pk) not in [str(row.pk) for row in answer.context["cl"].result_list]
    assert referring.status(mine) == "booked"
