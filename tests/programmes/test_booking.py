"""Places in workshops: taken, waited for, moved, given up, called off, and who came."""

from datetime import timedelta

import pytest

from programmes import lanes, telling
from programmes.actions import booking, referring
from programmes.models import Attendance, Booking, Claim
from tests.programmes import cases
from tests.programmes.cases import LATER, NOON

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def mine(amara):
    return cases.joined(amara)


@pytest.fixture
def theirs(mine, ben):
    """The other party of the same case."""
    return cases.joined(ben)


def test_a_place_is_booked(mine, amara):
    session = cases.workshop_for(mine)
    made = booking.book(mine, session, "key-1", NOON)
    assert (made.state, made.placed_at) == ("booked", NOON)
    session.refresh_from_db()
    assert session.taken == 1
    assert set(made.claims.values_list("group", flat=True)) == {f"case:{mine.party.case_id}"}
    assert cases.told(amara, "booked") == (1, 0)
    offer = booking.offered(mine, NOON)
    assert (offer.state, offer.booking, offer.may_change) == ("booked", made, True)
    assert cases.faults() == []
