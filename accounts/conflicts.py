"""Cases a member of staff has to do with themselves, and so may not open, read or decide (trust T14).

Whoever reads a plan or works on a case asks `has` first. A plan is named by its reference and a case by its number, as
they are written anywhere: "plan:k3v9...", "case:DEMO-26-0001". Naming one never says whether there is such a thing.

Whoever works on something of one person, and not of a plan or case, asks `whom` instead.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import Conflict, User
from hub import audit, clock
from hub.codes import tidy_code

LONGEST = 40

Finder = Callable[[User], Iterable[int]]
_FINDERS: list[Finder] = []


class NotAReference(Exception):
    """Nothing is left of it once spaces and dashes are gone, or too much."""


class OwnConflict(Exception):
    """Nobody takes back what stands about themselves."""


def normal(about: str) -> str:
    """The one form in which references are compared: capitals and digits, look-alike letters read as one.

    Raises NotAReference.
    """
    return tidy_code(tidied(about))


def tidied(about: str) -> str:
    """A reference as its own capitals and digits, as people know it again. Raises NotAReference."""
    written = unicodedata.normalize("NFKC", about).rpartition(":")[2]
    found = re.sub(r"[^A-Z0-9]", "", written.upper())
    if not 1 <= len(found) <= LONGEST:
        raise NotAReference
    return found


def has(person: User, *abouts: str) -> bool:
    """Whether this member of staff has to do with any of these: plan references, case numbers, or both.

    Raises NotAReference for one that names nothing: who cannot ask may not go on.
    """
    asked = {normal(about) for about in abouts}
    return bool(asked) and Conflict.objects.filter(person=person, about__in=asked, taken_back_at=None).exists()


def finds_people(function: Finder) -> Finder:
    """Registers how an app finds everybody in the plans or cases this member of staff has to do with, as keys of
    people. Two queries at most.
    """
    _FINDERS.append(function)
    return function


def whom(person: User) -> set[int]:
    """The keys of everybody this member of staff has to do with, and their own.

    A second account of theirs is not among them: whoever asks compares addresses too.
    """
    return {person.pk, *(pk for finder in _FINDERS for pk in finder(person))}


def addresses(person: User) -> set[str]:
    """Every address that is theirs, proved or not, in the one form addresses are kept in."""
    more = EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    return {User.objects.normal_email(each) for each in (person.email, *more)}


def declare(*, person: User, about: str, by: User, at: datetime | None = None) -> Conflict:
    """Keep this member of staff away from a plan or case from now on. Saying it twice changes nothing.

    Raises NotAReference.
    """
    told = {"written": tidied(about), "by": by, "declared_at": at or clock.now()}
    with transaction.atomic():
        conflict, new = Conflict.objects.get_or_create(
            person=person, about=normal(about), taken_back_at=None, defaults=told
        )
        if new:
            audit.record(person=by, what="name own case", about=f"user:{person.pk} conflict:{conflict.pk}")
    return conflict


def take_back(conflict: Conflict, *, by: User, reason: str, at: datetime | None = None) -> None:
    """Let them work on it again. The row stays, for auditors. Raises OwnConflict."""
    if conflict.person_id == by.pk:
        raise OwnConflict
    with transaction.atomic():
        held = Conflict.objects.select_for_update().get(pk=conflict.pk)
        if held.taken_back_at is None:
            held.taken_back_at, held.taken_back_by, held.reason = at or clock.now(), by, reason
            held.save(update_fields=["taken_back_at", "taken_back_by", "reason"])
            about = f"user:{held.person_id} conflict:{held.pk}"
            audit.record(person=by, what="take own case back", about=about, reason=reason)
