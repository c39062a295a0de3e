"""Which workshops somebody is ever offered, so that the people of one case never meet and never learn of each other.

Each workshop belongs, for each group of people who must be kept apart (a case, or a pair named by staff), to one lane
of that group: worked out from a salt that the group got when it was made, the same for ever, and not from what anybody
has booked. A party is offered the workshops of their own lane alone. So what one party sees cannot depend on what
another does, and two of a group are never offered the same session. The database says the second half again
(models.Claim).
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Place:
    """Where somebody stands in one group: its name (for the claims), their lane, how many there are, and its salt."""

    group: str
    lane: int
    lanes: int
    salt: bytes = field(repr=False)


def lane_of(workshop: str, place: Place) -> int:
    """The lane of this place's group that the workshop with this reference belongs to.

    The highest of one keyed number for each lane wins, so that a new lane takes its share from each of the others and
    moves nothing between them.
    """

    def weight(lane: int) -> bytes:
        return hmac.digest(place.salt, f"lane:{workshop}:{lane}".encode(), "sha256")

    return max(range(max(place.lanes, 2)), key=weight)


def may_be_offered(workshop: str, places: Iterable[Place]) -> bool:
    """Whether somebody who stands in these places is offered this workshop, in every group they belong to."""
    return all(lane_of(workshop, place) == place.lane for place in places)
