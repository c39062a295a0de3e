"""Outgoing mail: put in the outbox by an action, sent from there by the relay, at least once and under one Message-ID.

The rows are the truth. A broker, a worker or a mail server that fails delays a mail and loses none: a sender killed
between the server's "250" and our mark repeats the mail under the same Message-ID, and a mailbox shows it once.
"""

import hashlib
import logging
import random
import re
import smtplib
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from hub import clock
from hub.bell import ring_on_commit
from hub.models import OutgoingMail

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)  # longer than a task may live, so that no living sender loses its mail
TRIES = 12
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)
ROUND_SECONDS = 8  # no mail is begun later than this in a round: with EMAIL_TIMEOUT it ends before the soft limit

ALERTS: set[str] = set()
"""The kinds a person may switch off (`wants_alerts`). `asked_again` adds to it."""

SECRETS = {"path", "code"}
"""Facts that open a door: forgotten as soon as the mail has left or is not wanted any more."""

_questions: dict[str, Callable[[OutgoingMail], bool]] = {}
_links: dict[str, Callable[[OutgoingMail], str]] = {}


class Unsendable(Exception):
    """This mail can never be sent as it stands: its address or its link is not one."""


# ---------------------------------------------------------------- putting


def put(
    *, kind: str, key: str, person=None, to: str = "", facts: dict | None = None, due_at: datetime | None = None
) -> OutgoingMail:
    """Writes one mail into the caller's transaction and rings the relay when it commits.

    `kind` names the templates: "parenting_plan/suggestion" is templates/parenting_plan/email/suggestion.txt and .html.
    `key` names the cause and the reader: a second put of the same key writes nothing and returns the first row.
    The reader is either a `person` or, when they have no account yet, the address `to`.
    `facts` holds ids and paths of ours, never names or plan words. A person's link leads to the door alone, for the
    address of a plan would tell what is in it; an address gets `facts["path"]`; `link_when_sent` comes before both.
    Raises ValueError when the reader, the kind or the path is not one.
    """
    if (person is None) == (to == ""):
        raise ValueError("A mail has one reader: a person or an address.")
    facts = facts or {}
    if to:
        _check_address(to)
    if not re.fullmatch(r"[a-z_]+/[a-z_]+", kind):
        raise ValueError("A kind of mail is written app/name.")
    _link(facts.get("path", "/"))
    now = clock.now()  # for created_at too: it is compared with sent_at, and web machines' clocks differ
    mail, new = OutgoingMail.objects.get_or_create(
        key=key,
        defaults={"kind": kind, "person": person, "to": to, "facts": facts, "due_at": due_at or now, "created_at": now},
    )
    if new:
        ring()
    return mail


def asked_again(kind: str, *, alert: bool = True):
    """Registers the function the relay asks just before it sends: is this mail still wanted?

    A short kind ("suggestion") belongs to the app of the function's module. With `alert` the kind is one that a person
    may switch off. A function that raises keeps the mail waiting: better late than to somebody who left.
    """

    def remember(function: Callable[[OutgoingMail], bool]):
        name = _full(kind, function)
        _questions[name] = function
        if alert:
            ALERTS.add(name)
        return function

    return remember


def link_when_sent(kind: str):
    """Registers the function that says, as the mail leaves, which path of ours its link leads to.

    For a one-time link: it then never stands in the outbox. Every copy of a mail asks again.
    """

    def remember(function: Callable[[OutgoingMail], str]):
        _links[_full(kind, function)] = function
        return function

    return remember


def _full(kind: str, function: Callable) -> str:
    return kind if "/" in kind else f"{function.__module__.split('.')[0]}/{kind}"


def still_wanted(mail: OutgoingMail) -> bool:
    """Whether this mail may go now: the reader is here and wants alerts, and the app that put it still says yes."""
    if mail.person is not None:
        if not mail.person.is_active:
            return False
        if mail.kind in ALERTS and not mail.person.wants_alerts:
            return False
    question = _questions.get(mail.kind)
    return question is None or bool(question(mail))


def ring() -> None:
    """Rings for the relay once this transaction commits. Never breaks or slows a request."""
    ring_on_commit("hub.tasks.relay_mail")


# ---------------------------------------------------------------- building


def build(mail: OutgoingMail) -> EmailMultiAlternatives:
    """The message, text first. The subject is constant; every copy has the same Message-ID.

    Raises Unsendable for an address or link that is not one, and whatever a broken template raises.
    """
    address = mail.person.email if mail.person else mail.to
    try:
        _check_address(address)
        link = _link(_path(mail))
    except (ValueError, KeyError) as error:
        raise Unsendable("There is no address or no link.") from error
    sender_name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    context = {
        "facts": mail.facts,
        "hub_name": settings.HUB_NAME,
        "hub_address": settings.HUB_ADDRESS,
        "sender_name": sender_name,
        "subject": settings.HUB_MAIL_SUBJECT,
        "link": link,
        "settings_link": settings.HUB_ADDRESS + reverse("accounts:settings") if mail.person else "",
        "language": settings.LANGUAGE_CODE,
    }
    app, name = mail.kind.split("/")
    with translation.override(settings.LANGUAGE_CODE):
        text = render_to_string(f"{app}/email/{name}.txt", context)
        html = render_to_string(f"{app}/email/{name}.html", context)
    message = EmailMultiAlternatives(
        subject=settings.HUB_MAIL_SUBJECT,
        body=_paragraphs(text),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
        headers={"Message-ID": message_id(mail, sender), "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(html, "text/html")
    for value in (message.subject, message.from_email, *message.extra_headers.values()):
        _check_header(value)
    return message


def message_id(mail: OutgoingMail, sender: str = "") -> str:
    """The same for every copy of this mail, and telling nothing about it."""
    sender = sender or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return f"<{hashlib.sha256(mail.pk.bytes).hexdigest()[:32]}@{sender.rpartition('@')[2]}>"


def _check_address(address: str):
    _check_header(address)
    try:
        validate_email(address)
    except ValidationError as error:
        raise ValueError("This is not an email address.") from error


def _check_header(value: str):
    # Django refuses only CR and LF. Python folds on a few more and then pushes the real headers into the body.
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for letter in str(value)):
        raise ValueError("A header may not hold a control character.")


def _path(mail: OutgoingMail) -> str:
    if mail.kind in _links:
        return _links[mail.kind](mail)
    return reverse(settings.LOGIN_REDIRECT_URL) if mail.person else mail.facts["path"]


def _link(path: str) -> str:
    if not re.fullmatch(r"/(?![/\\])[\x21-\x7e]*", path):
        raise ValueError("A mail links to a path of the hub.")
    return settings.HUB_ADDRESS + path


def _paragraphs(text: str) -> str:
    """The text with the gaps that template tags leave closed to one empty line."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.splitlines())).strip() + "\n"


# ---------------------------------------------------------------- sending


@dataclass
class Round:
    """What one round of the relay did. `more` says that mail was still due when it stopped for time or limit."""

    sent: int = 0
    dropped: int = 0
    refused: int = 0
    put_off: int = 0
    dead: int = 0
    more: bool = False


def relay(*, at: datetime | None = None, limit: int = 500, lease: timedelta = LEASE) -> Round:
    """Sends the mail that is due, one at a time. May run twice, overlap with itself and be killed at any moment.

    Call it outside a transaction. `at` is the moment it takes for now; without it, the database's clock. Ends early
    when the server failed two mails in a row, for then the fault is the server's: no mail's tries are used up in vain.
    """
    done, began, faults = Round(), time.monotonic(), 0
    outlet = get_connection()
    try:
        for _ in range(limit):
            if faults == 2:
                return done
            if time.monotonic() - began > ROUND_SECONDS:
                break
            mail = claim(at=at or clock.now(), lease=lease)
            if mail is None:
                return done
            try:
                outcome = _send(mail, outlet, at)
            except SoftTimeLimitExceeded as error:
                _put_off(mail, error, at or clock.now())
                done.put_off += 1
                return done
            faults = faults + 1 if outcome == "server" else 0
            outcome = "put_off" if outcome == "server" else outcome
            setattr(done, outcome, getattr(done, outcome) + 1)
    finally:
        _close(outlet)
    done.more = due(at or clock.now()).exists()
    return done


def due(at: datetime):
    """Mail that should leave now and that no relay is holding."""
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    return OutgoingMail.objects.filter(free, state=OutgoingMail.State.WAITING, due_at__lte=at)


def claim(*, at: datetime, lease: timedelta = LEASE) -> OutgoingMail | None:
    """Takes the next due mail for this relay alone until the lease ends, and counts the try. None when nothing is due.

    The try is counted before sending, so that a mail which kills its sender is given up like any other.
    """
    while True:
        with transaction.atomic():
            mail = due(at).select_for_update(skip_locked=True).order_by("due_at", "created_at").first()
            if mail is None:
                return None
            seen = OutgoingMail.objects.filter(pk=mail.pk, state=mail.state, tries=mail.tries)
            mail.tries += 1
            mail.leased_until = at + lease
            won = seen.update(tries=mail.tries, leased_until=mail.leased_until)
        if won:
            return mail


def _send(mail: OutgoingMail, outlet, at: datetime | None) -> str:
    """One mail that we hold: the name of the count it belongs to, or "server" when the server itself failed."""
    if mail.tries > TRIES:  # its last try never came back to say how it went
        return _finish(mail, OutgoingMail.State.DEAD, at, fault=mail.last_fault or "no answer")
    try:
        if not still_wanted(mail):
            return _finish(mail, OutgoingMail.State.DROPPED, at)
        message = build(mail)
    except SoftTimeLimitExceeded:
        raise
    except Unsendable:
        return _finish(mail, OutgoingMail.State.REFUSED, at, fault="not an address or link")
    except Exception as error:  # noqa: BLE001  a broken template or question must not stop anybody else's mail
        return _put_off(mail, error, at)
    try:
        outlet.send_messages([message])
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # noqa: BLE001  whatever a backend raises, the mail stays ours to send
        _close(outlet)
        if refused_for_good(error):
            return _finish(mail, OutgoingMail.State.REFUSED, at, fault=name_of(error))
        outcome = _put_off(mail, error, at)
        return "server" if outcome == "put_off" and is_the_servers(error) else outcome
    return _finish(mail, OutgoingMail.State.SENT, at)


def _close(outlet):
    try:
        outlet.close()
    except OSError:
        log.info("the mail server hung up first")


def _finish(mail: OutgoingMail, state: str, at: datetime | None, fault: str = "") -> str:
    now = at or clock.now()
    changes: dict[str, Any] = {"state": state, "leased_until": None, "last_fault": fault}
    if state == OutgoingMail.State.SENT:
        changes |= {"sent_at": now}
    if state in {OutgoingMail.State.SENT, OutgoingMail.State.DROPPED}:
        changes |= {"facts": {name: value for name, value in mail.facts.items() if name not in SECRETS}}
    rows = OutgoingMail.objects.filter(pk=mail.pk, state=OutgoingMail.State.WAITING)
    if (
        state != OutgoingMail.State.SENT
    ):  # what was sent is sent, whoever holds it; anything else is the holder's to say
        rows = rows.filter(tries=mail.tries)
    rows.update(**changes)
    if state in {OutgoingMail.State.DEAD, OutgoingMail.State.REFUSED}:
        level = logging.ERROR if state == OutgoingMail.State.DEAD else logging.WARNING
        log.log(
            level, "a mail will not be tried again", extra={"kind": mail.kind, "mail": str(mail.pk), "fault": fault}
        )
    return str(state)


def _put_off(mail: OutgoingMail, error: Exception, at: datetime | None) -> str:
    fault = name_of(error)
    if mail.tries >= TRIES:
        return _finish(mail, OutgoingMail.State.DEAD, at, fault=fault)
    now = at or clock.now()
    OutgoingMail.objects.filter(pk=mail.pk, state=OutgoingMail.State.WAITING, tries=mail.tries).update(
        due_at=now + wait_after(mail.tries), leased_until=None, last_fault=fault
    )
    log.warning("a mail will be tried again", extra={"kind": mail.kind, "mail": str(mail.pk), "fault": fault})
    return "put_off"


def wait_after(tries: int) -> timedelta:
    """How long to wait after this many tries: twice as long each time, a quarter more or less, at most six hours."""
    return _wait(tries) * random.uniform(0.75, 1.25)


def _wait(tries: int) -> timedelta:
    return min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT)


def waited(tries: int) -> timedelta:
    """How far so many tries have put a mail off."""
    return sum((_wait(each) for each in range(1, tries + 1)), timedelta())


# ---------------------------------------------------------------- what went wrong


def refused_for_good(error: Exception) -> bool:
    """The server said no to this reader or this message, and would say it again (5xx)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def is_the_servers(error: Exception) -> bool:
    """The server did not work at all, so that the next mail would fare no better."""
    if isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError):
        return False
    return isinstance(error, OSError)  # every fault of smtplib, sockets and TLS is one


def name_of(error: Exception) -> str:
    """The fault without its words, which may hold an address: "550 5.1.1 SMTPRecipientsRefused"."""
    answer = (
        next(iter(error.recipients.values()))
        if isinstance(error, smtplib.SMTPRecipientsRefused)
        else ((error.smtp_code, error.smtp_error) if isinstance(error, smtplib.SMTPResponseException) else None)
    )
    if answer is None:
        return type(error).__name__
    code, said = answer
    said = said.decode("ascii", "replace") if isinstance(said, bytes) else str(said)
    detail = re.match(r"\s*([245]\.\d{1,3}\.\d{1,3})\b", said)
    return " ".join(filter(None, [str(code), detail and detail[1], type(error).__name__]))
