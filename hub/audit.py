"""The record of who opened what: staff reads and security events, for auditors."""

from hub import clock
from hub.models import AccessRecord


def record(*, person, what: str, about: str, reason: str = "") -> AccessRecord:
    """Writes one line: `what` is a verb of ours ("read plan"), `about` names the thing by its reference.

    Neither may hold a parent's words. `person` is None when nobody is signed in. The role is kept as it was then.
    """
    return AccessRecord.objects.create(
        at=clock.now(),
        person=person,
        role=getattr(person, "kind", "") or "nobody",
        what=what,
        about=about,
        reason=reason,
    )
