"""The on-screen mailbox: in development each mail becomes a file that a page shows. Impossible when DEBUG is off."""

import os
import re
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.base import BaseEmailBackend
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from hub.http import page

SHOWN = 200
OUTSIDE = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; "
    "sandbox"
)
"""The policy of a mail's HTML part alone: inline styles, because mail has no others, and nothing else at all."""


def wanted() -> bool:
    """Whether this machine may show its mail on screen."""
    return settings.DEBUG and settings.EMAIL_BACKEND == "hub.mailbox.Backend"


def folder() -> Path:
    return Path(settings.VAR) / "mailbox"


class Backend(BaseEmailBackend):
    """Keeps each message as a file, byte for byte as a mail server would get it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not settings.DEBUG:
            raise ImproperlyConfigured("hub.mailbox.Backend shows every mail to anybody. Set HUB_EMAIL_BACKEND.")

    def send_messages(self, email_messages) -> int:
        folder().mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{time.time_ns():020d}-{uuid.uuid4().hex[:8]}"
            half = folder() / f"{name}.half"
            half.write_bytes(message.message().as_bytes(linesep="\r\n"))
            os.replace(half, folder() / f"{name}.eml")
        return len(email_messages)


@dataclass(frozen=True)
class Kept:
    """One mail of the mailbox."""

    id: str
    message: EmailMessage

    @property
    def kept_at(self) -> datetime:
        return datetime.fromtimestamp(int(self.id[:20]) / 1e9, UTC)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def reader(self) -> str:
        return str(self.message["To"] or "")

    @property
    def sender(self) -> str:
        return str(self.message["From"] or "")

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body(preferencelist=(kind,))
        return part.get_content() if part is not None else ""


def kept(name: str) -> Kept:
    """The mail with this id. Raises FileNotFoundError when there is none."""
    if not re.fullmatch(r"\d{20}-[0-9a-f]{8}", name):
        raise FileNotFoundError(name)
    return Kept(name, message_from_bytes((folder() / f"{name}.eml").read_bytes(), policy=default))


def newest() -> list[Kept]:
    """What came, newest first."""
    return [kept(path.stem) for path in sorted(folder().glob("*.eml"), reverse=True)[:SHOWN]]


# ---------------------------------------------------------------- pages


def for_development(view):
    """The page is not there at all unless this machine shows its mail."""

    @require_safe
    def only_here(request: HttpRequest, **kwargs) -> HttpResponse:
        if not wanted():
            raise Http404
        try:
            return view(request, **kwargs)
        except FileNotFoundError as error:
            raise Http404 from error

    return only_here


@for_development
def mailbox(request: HttpRequest) -> HttpResponse:
    return page(request, "hub/mailbox.html", {"mails": newest()})


@for_development
def mailbox_mail(request: HttpRequest, mail: str) -> HttpResponse:
    return page(request, "hub/mailbox_mail.html", {"mail": kept(mail)})


@for_development
def mailbox_html(request: HttpRequest, mail: str) -> HttpResponse:
    """The HTML part as a page of its own, without scripts, pictures, forms or our cookies' origin."""
    response = HttpResponse(kept(mail).html)
    response.headers["Content-Security-Policy"] = OUTSIDE
    return response
