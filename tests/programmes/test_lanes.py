"""The lanes that keep the people of a case apart without any of them being able to tell."""

from collections import Counter

import pytest

from programmes import lanes
from programmes.lanes import Place

WORKSHOPS = [f"w{number:05d}" for number in range(4000)]
SALT = bytes(range(32))


def place(lane=0, lanes=2, group="case:1", salt=SALT) -> Place:
    return Place(group, lane, lanes, salt)


@pytest.mark.parametrize("lanes_", [2, 3, 4])
def test_every_workshop_is_in_exactly_one_lane_of_a_group(lanes_):
    for workshop in WORKSHOPS[:500]:
        offered = [lanes.may_be_offered(workshop, [place(lane, lanes_)]) for lane in range(lanes_)]
        assert offered.count(True) == 1


@pytest.mark.parametrize("lanes_", [2, 3, 4])
def test_each_lane_gets_its_share(lanes_):
    shares = Counter(lanes.lane_of(workshop, place(lanes=lanes_)) for workshop in WORKSHOPS)
    assert set(shares) == set(range(lanes_))
    assert all(abs(share - len(WORKSHOPS) / lanes_) < 200 for share in shares.values())


def test_a_new_lane_takes_workshops_over_and_moves_none_between_the_others():
    for workshop in WORKSHOPS:
        before, after = (lanes.lane_of(workshop, place(lanes=number)) for number in (2, 3))
        assert after in {before, 2}


def test_one_party_alone_has_two_lanes_already():
    """So that the offer to the first does not change on the day the second is referred."""
    for workshop in WORKSHOPS[:500]:
        assert lanes.lane_of(workshop, place(lanes=1)) == lanes.lane_of(workshop, place(lanes=2))


def test_the_lanes_stay_the_same_for_ever(settings):
    """Whatever becomes of the server's key: a change would be an offer that another's booking could refuse."""
    before = [lanes.lane_of(workshop, place()) for workshop in WORKSHOPS[:40]]
    assert "".join(map(str, before)) == "1110110010000110100101101101001001001001"
    settings.SECRET_KEY = "another"
    assert [lanes.lane_of(workshop, place()) for workshop in WORKSHOPS[:40]] == before


def test_groups_know_nothing_of_each_other():
    """The lane in one group does not help to guess the lane in another."""
    other = place(salt=bytes(32))
    same = sum(lanes.lane_of(workshop, place()) == lanes.lane_of(workshop, other) for workshop in WORKSHOPS)
    assert abs(same - len(WORKSHOPS) / 2) < 200


def test_somebody_in_two_groups_is_offered_what_both_allow():
    both = [place(0), place(1, group="pair:7", salt=bytes(32))]
    offered = {workshop for workshop in WORKSHOPS if lanes.may_be_offered(workshop, both)}
    assert offered == {
        workshop for workshop in WORKSHOPS if all(lanes.may_be_offered(workshop, [each]) for each in both)
    }
    assert len(WORKSHOPS) / 5 < len(offered) < len(WORKSHOPS) / 3


def test_a_salt_does_not_show_in_an_error():
    assert "salt" not in repr(place())
