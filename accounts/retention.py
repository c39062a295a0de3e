"""What goes here when its time is over: accounts that never began, invitations of staff, requests about data.

Closed accounts have their rule beside what closing does.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts import conflicts
from accounts.models import Conflict, DataCopy, DataRequest, DataRequestNote, StaffInvitation, User
from accounts.rights import closing  # noqa: F401  its rule
from hub import holds, retention
from hub.kernel_retention import rows_of
from hub.retention import Rule, months_before

UNCONFIRMED = timedelta(days=7)
ADDRESS = timedelta(days=90)
A_YEAR = 12  # months
THREE_YEARS = 36

# By these names other apps point at somebody with what is not theirs alone; nobody who has any of it is erased as if
# they had never begun. (What hangs on nobody but them goes with the account.)
ELSEWHERE = ("parties", "case_parties", "takings", "goals", "workshops", "certificates", "data_requests", "data_copies")


def never_began(at: datetime):
    """Whoever signed up, never showed that the address is theirs, and so never was inside."""
    people = User.objects.filter(
        kind__in=[User.Kind.PARENT, User.Kind.PROFESSIONAL],
        last_login=None,
        closed_at=None,
        joined_at__lte=at - UNCONFIRMED,
        is_superuser=False,
    )
    proved = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    return people.filter(~Exists(proved), **{f"{name}__isnull": True for name in ELSEWHERE})


def erase_people(keys: Sequence[Any], _at: datetime) -> int:
    """Each table is emptied by one order. Whoever never was inside has nothing that hangs on anything of theirs."""
    theirs: list[tuple[Any, str]] = [
        (relation.related_model, relation.field.name)
        for relation in User._meta.related_objects
        if relation.on_delete is models.CASCADE
    ]
    for field in User._meta.many_to_many:
        theirs.append((field.remote_field.through, field.m2m_field_name()))
    for model, name in [*theirs, (User, "pk")]:
        rows = model._base_manager.filter(**{f"{name}__in": keys})
        rows._raw_delete(rows.db)
    return len(keys)


def erase_requests(keys: Sequence[Any], _at: datetime) -> int:
    DataRequestNote.objects.filter(request__in=keys).delete()
    return DataRequest.objects.filter(pk__in=keys).delete()[1]["accounts.DataRequest"]


def requests_to_erase(at: datetime):
    """The database keeps each note for three years from its own day, also one that was written after the end."""
    ended = months_before(at, THREE_YEARS)
    younger = DataRequestNote.objects.filter(request=OuterRef("pk"), at__gt=ended)
    return DataRequest.objects.filter(~Exists(younger), ended_at__lte=ended)


def forget_addresses(keys: Sequence[Any], _at: datetime) -> int:
    return DataRequest.objects.filter(pk__in=keys).update(email="")


retention.rule(
    Rule(
        key="accounts.never_began",
        what=_("Accounts whose email address was never confirmed"),
        term=_("7 days after somebody signed up"),
        due=never_began,
        erase=erase_people,
        holds={"person": "pk"},
    )
)
retention.rule(
    Rule(
        key="accounts.staff_invitations",
        what=_("Invitations to work here"),
        term=_("12 months after they ran out, whether or not they were used"),
        due=lambda at: StaffInvitation.objects.filter(expires_at__lte=months_before(at, A_YEAR)),
        erase=rows_of(StaffInvitation),
        holds={"person": "person"},
    )
)
retention.rule(
    Rule(
        key="accounts.own_cases",
        what=_("Cases that a member of staff had to do with, once that was taken back"),
        term=_("as long as lines about who did what"),
        due=lambda at: Conflict.objects.filter(taken_back_at__lte=at - timedelta(days=settings.HUB_AUDIT_DAYS)),
        erase=rows_of(Conflict),
        holds={"person": "person"},
    )
)
retention.rule(
    Rule(
        key="accounts.copies",
        what=_("That a copy of somebody’s data was made (its file lives for a day)"),
        term=_("12 months after the file went"),
        due=lambda at: DataCopy.objects.filter(gone_at__lte=months_before(at, A_YEAR)),
        erase=rows_of(DataCopy),
        holds={"person": "person"},
    )
)
retention.rule(
    Rule(
        key="accounts.request_addresses",
        what=_("Email addresses to answer to, in requests about data"),
        term=_("90 days after the request was closed"),
        due=lambda at: DataRequest.objects.filter(ended_at__lte=at - ADDRESS).exclude(email=""),
        erase=forget_addresses,
        holds={"person": "person"},
    )
)
retention.rule(
    Rule(
        key="accounts.requests",
        what=_("Requests about data, with what was written about them"),
        term=_("3 years after they were closed"),
        due=requests_to_erase,
        erase=erase_requests,
        holds={"person": "person"},
    )
)


@holds.finder("person")
def find(text: str) -> holds.Found | None:
    """By the number staff see in the record, or by a whole email address that is theirs: the one they sign in with, or
    another they have proved. They are called by their number only.
    """
    text = text.replace("\0", "").strip()
    if text.lower().startswith("person"):
        text = text[len("person") :].strip()
    if text.isdecimal():
        found = User.objects.filter(pk=int(text)) if len(text) < 19 else User.objects.none()
    else:
        address = User.objects.normal_email(text)
        found = User.objects.filter(email=address)
        if not found.exists():
            found = User.objects.filter(emailaddress__email__iexact=address, emailaddress__verified=True)
    pk = found.order_by("pk").values_list("pk", flat=True).first()
    return None if pk is None else (pk, f"person {pk}")


@holds.names("person")
def name_of(number: int, before: datetime) -> str | None:
    return f"person {number}" if User.objects.filter(pk=number, joined_at__lt=before).exists() else None


holds.own("person")(conflicts.whom)


@holds.lines("person")
def lines(number: int) -> list[str]:
    requests = DataRequest.objects.filter(person=number).order_by().values_list("pk", flat=True)
    return [f"user:{number}", f"person:person {number}"] + [f"request:{pk}" for pk in requests]
