"""A copy of everything the hub holds about somebody: asked for, made by a worker, kept for a day, theirs alone.

What is in it is said by each app in its `own_data`. It lies locked on the disk, in a folder that no backup copies.
Whoever asks, only the person themself can save it.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from accounts.models import DataCopy, User
from accounts.rights import packing
from accounts.secrets import lock_bytes, unlock_bytes
from hub import audit, clock, files, mail, notices, own_data, pulse
from hub.bell import ring_on_commit
from hub.models import Notice

log = logging.getLogger(__name__)

LIFE = timedelta(hours=24)  # from the moment it is ready
A_DAY = timedelta(hours=24)
MOST_A_DAY = 3
TRIES = 3
LEASE = timedelta(minutes=10)  # longer than the task that makes one may live
WAIT = timedelta(minutes=1)  # after a try that failed, times their number
TOLD = timedelta(days=30)  # that one could not be made
MAIL, READY, FAILED = "accounts/data_copy_ready", "data_copy_ready", "data_copy_failed"
PULSE = "data copies"


class Refused(Exception):
    """No copy can be asked for as things stand."""


class NotThisWay(Refused):
    """Staff ask for theirs another way; a closed account has none."""


class EnoughForToday(Refused):
    """There were MOST_A_DAY within a day."""


@dataclass(frozen=True)
class Standing:
    """How it is about somebody's copy: at most one of these is true, or there is none to speak of."""

    copy: DataCopy | None = None
    is_being_made: bool = False
    is_ready: bool = False
    has_failed: bool = False


def standing(person: User, at: datetime) -> Standing:
    """Of the newest copy. One query."""
    copy = DataCopy.objects.filter(person=person).order_by("-pk").first()
    if copy is None:
        return Standing()
    if copy.gone_at:
        return Standing(copy, has_failed=copy.ready_at is None and copy.gone_at > at - TOLD)
    if copy.ready_at is None:
        return Standing(copy, is_being_made=True)
    return Standing(copy, is_ready=bool(copy.expires_at and copy.expires_at > at))


# ---------------------------------------------------------------- asking


def ask(person: User, *, by: User | None = None, at: datetime | None = None) -> DataCopy:
    """Ask for a copy; `by` is of the staff when they do it for somebody. Two at once are one: the copy that is being
    made, or is there, is the answer. Raises NotThisWay and EnoughForToday.
    """
    with transaction.atomic():
        held = User.objects.select_for_update(no_key=True).get(pk=person.pk)  # two of them take turns
        if held.kind == User.Kind.STAFF or held.is_staff or not held.is_active or held.closed_at:
            raise NotThisWay
        at = at or clock.now()
        for old in DataCopy.objects.filter(person=held, gone_at=None, expires_at__lte=at):
            _forget(old, at)
        there = DataCopy.objects.filter(person=held, gone_at=None).first()
        if there is not None:
            return there
        if DataCopy.objects.filter(person=held, asked_at__gt=at - A_DAY).count() >= MOST_A_DAY:
            raise EnoughForToday
        copy = DataCopy.objects.create(person=held, asked_at=at, by=by)
        audit.record(person=by or held, what="ask for copy of data", about=_about(copy))
        ring_on_commit("accounts.tasks.make_copies")
    return copy


def _about(copy: DataCopy) -> str:
    return f"user:{copy.person_id} copy:{copy.pk}"


# ---------------------------------------------------------------- making


def make_what_is_due() -> bool:
    """Make the copy that has waited longest; tells whether there are more. Safe to run twice, and at the same moment.

    A try that fails, or whose worker is killed, is made up for later; the third is the last.
    """
    copy = _take()
    if copy is None:
        return False
    try:
        _make(copy)
    except Exception:
        log.exception("a copy of somebody's data could not be made")
        again = clock.now() + WAIT * copy.tries
        DataCopy.objects.filter(pk=copy.pk, ready_at=None, tries=copy.tries).update(leased_until=again)
    return _due(clock.now()).exists()


def _due(at: datetime):
    waits = Q(leased_until=None) | Q(leased_until__lte=at)
    return DataCopy.objects.filter(waits, ready_at=None, gone_at=None).order_by("pk")


def _take() -> DataCopy | None:
    """The next copy to make, ours for the time of a lease. Those that were tried often enough are given up."""
    with transaction.atomic():
        at = clock.now()
        for copy in _due(at).select_for_update(skip_locked=True, of=("self",)).select_related("person"):
            if copy.tries < TRIES:
                copy.tries, copy.leased_until = copy.tries + 1, at + LEASE
                copy.save(update_fields=["tries", "leased_until"])
                return copy
            _give_up(copy, at)
    return None


def _make(copy: DataCopy) -> None:
    at = clock.now()
    content = packing.pack(own_data.copy_of(copy.person, at), at)
    sha256 = files.keep(lock_bytes(content), passing=True)  # never the same bytes twice: no other copy has this file
    with transaction.atomic():
        at = clock.now()
        held = DataCopy.objects.select_for_update().filter(pk=copy.pk, ready_at=None, gone_at=None).first()
        if held is None:  # the account was closed meanwhile, or somebody else was faster
            transaction.on_commit(partial(files.forget, sha256, passing=True))
            return
        held.ready_at, held.expires_at, held.leased_until = at, at + LIFE, None
        held.sha256, held.size = sha256, len(content)
        held.save()
        audit.record(person=copy.person, what="make copy of data", about=_about(copy))
        mail.put(kind=MAIL, key=f"data-copy:{copy.pk}", person=copy.person, facts={"copy": copy.pk})
        _tell(copy, READY, at)
    pulse.mark(PULSE)


def _tell(copy: DataCopy, kind: str, at: datetime) -> None:
    key = f"data-copy:{copy.pk}"
    notices.tell(person=copy.person, key=key, kind=kind, address=reverse("accounts:your_data"), at=at)


def _give_up(copy: DataCopy, at: datetime) -> None:
    copy.gone_at, copy.leased_until = at, None
    copy.save(update_fields=["gone_at", "leased_until"])
    _tell(copy, FAILED, at)
    transaction.on_commit(partial(pulse.mark, PULSE, good=False), robust=True)


# ---------------------------------------------------------------- saving


def content_of(copy: DataCopy) -> bytes | None:
    """The zip; None when the file is gone or was altered."""
    locked = files.read(copy.sha256, passing=True)
    try:
        return None if locked is None else unlock_bytes(locked)
    except InvalidToken:
        return None


def saved(copy: DataCopy, at: datetime | None = None) -> None:
    """It is on its way to the person: a line on record each time, and when it was first."""
    with transaction.atomic():
        DataCopy.objects.filter(pk=copy.pk, saved_at=None).update(saved_at=at or clock.now())
        audit.record(person=copy.person, what="save copy of data", about=_about(copy))


# ---------------------------------------------------------------- forgetting


def forget_what_is_old(at: datetime | None = None) -> None:
    """Copies whose day is over, and files that were left behind. Safe to run twice. The rows go by retention."""
    at = at or clock.now()
    with transaction.atomic():
        over = DataCopy.objects.filter(gone_at=None, expires_at__lte=at)
        for copy in over.select_for_update(skip_locked=True):
            _forget(copy, at)
    files.forget_passing(LIFE + timedelta(hours=1))


def _forget(copy: DataCopy, at: datetime) -> None:
    """In the caller's transaction; the file goes after it."""
    DataCopy.objects.filter(pk=copy.pk).update(gone_at=at)
    Notice.objects.filter(person=copy.person_id, key=f"data-copy:{copy.pk}").delete()
    transaction.on_commit(partial(files.forget, copy.sha256, passing=True), robust=True)


def file_is_lost(copy: DataCopy, at: datetime | None = None) -> None:
    """The row says that it is ready, and the file is not there: a backup was brought back, or a disk broke."""
    with transaction.atomic():
        _forget(copy, at or clock.now())
