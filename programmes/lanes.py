"""Which workshops somebody is ever offered, so that the people of one case never meet and never learn of each other.

Each workshop belongs, for each group of people who must be kept apart (a case, or a pair named by staff), to one lane
of that group: worked out from a key of the server's, the same for ever, and not from what anybody has booked. A party
is offered the workshops of their own lane alone. So what one party sees cannot depend on what another does, and two of
a group are never offered the same session. The database says the second half again (models.Claim).
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Place:
    """Where somebody stands in one group: the group's name, their lane, and how many lanes it has."""

    group: str
    lane: int
    lanes: int


def lane_of(workshop: str, group: str, lanes: int) -> int:
    """The lane of this group that the workshop with this reference belongs to.

    The highest of one keyed number for each lane wins, so that a new lane takes its share from each of the others and
    moves nothing between them.
    """

    def weight(lane: int) -> bytes:
        words = f"lane:{group}:{workshop}:{lane}".encode()
        return hmac.new(settings.SECRET_KEY.encode(), words, hashlib.sha256).digest()

    return max(range(max(lanes, 2)), key=weight)


def may_be_offered(workshop: str, places: Iterable[Place]) -> bool:
    """Whether somebody who stands in these places is offered this workshop, in every group they belong to."""
    return all(lane_of(workshop, place.group, place.lanes) == place.lane for place in places)
