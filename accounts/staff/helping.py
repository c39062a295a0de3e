"""What helpdesk does for somebody who cannot sign in. Each act has a reason and one line on record.

An address is its owner's to change, and a mail of ours opens nothing by itself: it leads to the page on which they ask
for a code. Staff are not helped here: see accounts.staff.actions.
"""

import uuid

from allauth.account.models import EmailAddress
from django.db import transaction
from django.urls import reverse

from accounts import conflicts
from accounts.models import User
from accounts.staff.actions import NothingNew, end_sessions
from hub import audit, mail


def people():
    """Whom helpdesk may help: parents and professionals. Nobody who works here, nor holds any power; and no account
    that is closed for good, which nobody brings back.
    """
    return User.objects.exclude(kind=User.Kind.STAFF).filter(is_staff=False, is_superuser=False, closed_at=None)


def find(address: str, *, by: User) -> User | None:
    """The one person with exactly this address. What was typed is not kept; that somebody searched is.

    Nobody whom this member of staff has to do with themselves: as if there were no such account.
    """
    found = people().filter(email=User.objects.normal_email(address)).first()
    own = found is not None and is_own(found, by)
    about = f"user:{found.pk}" if found else "nobody"
    audit.record(person=by, what="refused own case" if own else "search person", about=about)
    return None if own else found


def is_own(person: User, by: User) -> bool:
    """Whether this member of staff may not help them: somebody of a plan or case of theirs, or they themselves."""
    return person.pk in conflicts.whom(by) or person.email in conflicts.addresses(by)


def is_verified(person: User) -> bool:
    return EmailAddress.objects.filter(user=person, email=person.email, verified=True).exists()


def ask_to_confirm(person: User, *, by: User, reason: str) -> None:
    """Ask them to sign in: they are then sent a new code. Raises NothingNew when the address is confirmed."""
    if is_verified(person):
        raise NothingNew
    _write(person, "accounts/please_confirm", "account_login", "send confirmation mail", by, reason)


def send_password_link(person: User, *, by: User, reason: str) -> None:
    """A link to the page on which they choose a new password with a code from a second mail."""
    _write(person, "accounts/choose_password", "account_reset_password", "send password link", by, reason)


def _write(person: User, kind: str, door: str, what: str, by: User, reason: str) -> None:
    with transaction.atomic():
        mail.put(kind=kind, key=f"accounts:{uuid.uuid4()}", to=person.email, facts={"path": reverse(door)})
        audit.record(person=by, what=what, about=f"user:{person.pk}", reason=reason)


def sign_out_everywhere(person: User, *, by: User, reason: str) -> None:
    with transaction.atomic():
        end_sessions(person)
        audit.record(person=by, what="end sessions", about=f"user:{person.pk}", reason=reason)


def close(person: User, *, by: User, reason: str) -> None:
    """Nobody signs in with this account any more; what is in it stays. Raises NothingNew."""
    _set_active(person, False, "close account", by, reason)


def open_again(person: User, *, by: User, reason: str) -> None:
    """Let them sign in again. No old session comes back. Raises NothingNew."""
    _set_active(person, True, "open account again", by, reason)


def _set_active(person: User, active: bool, what: str, by: User, reason: str) -> None:
    with transaction.atomic():
        if not people().filter(pk=person.pk, is_active=not active).update(is_active=active):
            raise NothingNew
        end_sessions(person)
        audit.record(person=by, what=what, about=f"user:{person.pk}", reason=reason)
