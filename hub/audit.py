"""The record of who opened or did what: staff reads, staff acts and security events, for auditors.

A line is written in the transaction of what it tells. One that cannot be written refuses the read or the act: the
fault is raised, and nobody may catch it to go on.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.conf import settings

from hub import clock
from hub.models import AccessRecord

# Changes of what staff may do, as the database saw them: see accounts.staff.powers.
BEHIND = "change powers outside the pages"  # no page told of it
SEEN = "powers changed by a page, as the database saw"  # a page did; shown to whoever asks for it


def record(*, person, what: str, about: str, reason: str = "") -> AccessRecord:
    """Writes one line: `what` is a verb of ours ("read plan"), `about` names the thing by its reference.

    None of them may hold a parent's words; `reason` is what a member of staff gave. `person` is None when nobody is
    signed in. The roles are kept as they were then. A line stays for HUB_AUDIT_DAYS.
    """
    at = clock.now()
    return AccessRecord.objects.create(
        at=at,
        person=person,
        role=role_of(person),
        what=what,
        about=about,
        reason=reason,
        kept_until=at + timedelta(days=settings.HUB_AUDIT_DAYS),
    )


def record_many(*, person, what: str, abouts: Iterable[str] | Mapping[str, str], reason: str = "") -> None:
    """The same line for each of very many things, as `record` writes one. A mapping gives each its own reason."""
    at = clock.now()
    same = {"at": at, "person": person, "role": role_of(person), "what": what}
    kept_until = at + timedelta(days=settings.HUB_AUDIT_DAYS)
    told = abouts.items() if isinstance(abouts, Mapping) else ((about, reason) for about in abouts)
    AccessRecord.objects.bulk_create(
        [AccessRecord(**same, about=about, reason=why, kept_until=kept_until) for about, why in told], batch_size=1_000
    )


def role_of(person) -> str:
    """The roles of staff by their names, asked for once in a request; the kind of anybody else."""
    if person is None:
        return "nobody"
    if not person.is_staff:
        return person.kind
    if not hasattr(person, "_roles_on_record"):
        person._roles_on_record = ", ".join(person.groups.order_by("name").values_list("name", flat=True))[:200]
    return person._roles_on_record or ("superuser" if person.is_superuser else "staff")
