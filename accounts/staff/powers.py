"""What staff may do, as last known, so that a change which no page and no model made is seen (trust T7, T14).

Signals tell of changes made through the models (accounts.staff.signins). `QuerySet.update` and typed SQL send none: so
the worker compares what stands in the tables with what was known, and each difference becomes a line on record. What
came and went again between two looks is not seen, nor is a change by somebody who alters what was known as well.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from hub import audit, clock
from hub.models import Pulse

OUTSIDE = "change powers outside the pages"
FIELDS = ("is_active", "is_staff", "is_superuser", "kind")
PULSE = "powers"  # its facts: `known`, by the number of the account; `differed_at`, when a difference was found last

Known = dict[str, list[str]]


def compare(at: datetime | None = None) -> int:
    """Write down each account whose powers are not as they were known; how many. The first time only looks."""
    at = at or clock.now()
    with transaction.atomic():
        pulse, is_first = Pulse.objects.select_for_update().get_or_create(name=PULSE, defaults={"at": at})
        known, found = _known(pulse), in_the_tables()
        differ = [] if is_first else sorted({*known, *found}, key=int)
        differ = [pk for pk in differ if set(known.get(pk, ())) != set(found.get(pk, ()))]
        for pk in differ:
            told = _in_words(known.get(pk, ()), found.get(pk, ()))
            audit.record(person=None, what=OUTSIDE, about=f"user:{pk}", reason=told)
        pulse.at, pulse.facts["known"] = at, found
        if differ:
            pulse.facts["differed_at"] = at.isoformat()
        pulse.save(update_fields=["at", "facts"])
    return len(differ)


def follow(pk: int, *, before: Iterable[str] = (), after: Iterable[str] = ()) -> None:
    """A change that has its own line: what it took away and gave is no surprise in the next comparison.

    Only what it changed. What somebody did to the same account by SQL before is found all the same.
    """
    with transaction.atomic():
        pulse = Pulse.objects.select_for_update().filter(name=PULSE).first()
        if pulse is None:
            return
        known, taken, given = _known(pulse), set(before) - set(after), set(after) - set(before)
        known[str(pk)] = sorted(({*known.get(str(pk), ())} - taken) | given)
        pulse.facts["known"] = {each: powers for each, powers in known.items() if powers}
        pulse.save(update_fields=["facts"])


def forget(pk: int) -> None:
    """The account is gone."""
    with transaction.atomic():
        pulse = Pulse.objects.select_for_update().filter(name=PULSE).first()
        if pulse is not None and _known(pulse).pop(str(pk), None):
            pulse.save(update_fields=["facts"])


def _known(pulse: Pulse) -> Known:
    return pulse.facts.setdefault("known", {})


def of_account(row: Mapping[str, Any] | None) -> list[str]:
    """What these columns (FIELDS) allow, by names of ours. Nothing for parents and professionals, open or closed."""
    if row is None:
        return []
    found = [name for name in ("is_staff", "is_superuser") if row[name]]
    found += ["kind: staff"] if row["kind"] == User.Kind.STAFF else []
    return found + (["stopped"] if found and not row["is_active"] else [])


def of_group(name: str) -> str:
    return f"role: {name}"


def of_permission(codename: str) -> str:
    return f"permission: {codename}"


def in_the_tables() -> Known:
    """Everybody who has any power now. Three queries."""
    found = defaultdict(list)
    rows = User.objects.filter(Q(is_staff=True) | Q(is_superuser=True) | Q(kind=User.Kind.STAFF))
    for row in rows.values("pk", *FIELDS):
        found[str(row["pk"])] += of_account(row)
    for pk, name in User.groups.through.objects.values_list("user", "group__name"):
        found[str(pk)].append(of_group(name))
    for pk, name in User.user_permissions.through.objects.values_list("user", "permission__codename"):
        found[str(pk)].append(of_permission(name))
    return {pk: sorted(powers) for pk, powers in found.items()}


def _in_words(before: Iterable[str], after: Iterable[str]) -> str:
    gone, new = sorted(set(before) - set(after)), sorted(set(after) - set(before))
    return ", ".join([f"+ {each}" for each in new] + [f"- {each}" for each in gone])[:500]
