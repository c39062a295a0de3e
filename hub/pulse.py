"""When each part of the hub last did its work: one row for each, so that any process can tell how all of them are."""

from typing import Any

from django.db.models import F

from hub import clock
from hub.models import Pulse


def mark(name: str, *, good: bool = True, **facts: Any) -> None:
    """This part has just done its work. `facts` are counts and names of ours, never anything about a person."""
    Pulse.objects.update_or_create(name=name, defaults={"at": clock.now(), "good": good, "facts": facts})


def spent(name: str, seconds: float) -> None:
    """This part has done one more piece of work and took so long for it. Call it outside a transaction: the row is
    everybody's."""
    Pulse.objects.get_or_create(name=name, defaults={"at": clock.now()})
    Pulse.objects.filter(name=name).update(at=clock.now(), count=F("count") + 1, seconds=F("seconds") + seconds)


def of(name: str) -> Pulse | None:
    """What this part last said, or None when it never did."""
    return Pulse.objects.filter(name=name).first()


def held(name: str) -> dict[str, Any]:
    """The facts of this part, with its row held until the transaction ends: two of a kind take turns."""
    Pulse.objects.get_or_create(name=name, defaults={"at": clock.now(), "good": False})
    return Pulse.objects.select_for_update().get(name=name).facts
