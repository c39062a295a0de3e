"""What the hub holds of the person themself: their account, how they come in, what they were told and asked for."""

from collections.abc import Iterator
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.devices import device_words
from accounts.models import DataCopy, DataRequest, DataRequestNote, User
from accounts.rights.asking import TOLD_THEM
from hub import notices, own_data
from hub import words as say
from hub.models import Notice, OutgoingMail
from hub.own_data import Fate, Section, Told

own_data.call_mails(
    {
        "accounts/account_closed": gettext_lazy("Your account is closed"),
        "accounts/choose_password": gettext_lazy("A link to choose a password"),
        "accounts/confirm_email": gettext_lazy("A code to show that an address is yours"),
        "accounts/confirm_sign_up": gettext_lazy("A code to show that an address is yours"),
        "accounts/data_copy_ready": gettext_lazy("A copy of your data is ready"),
        "accounts/email_changed": gettext_lazy("Your email address was changed"),
        "accounts/have_account": gettext_lazy("You have an account already"),
        "accounts/no_account": gettext_lazy("There is no account for this address"),
        "accounts/password_changed": gettext_lazy("Your password was changed"),
        "accounts/please_confirm": gettext_lazy("A link to show that an address is yours"),
        "accounts/reset_code": gettext_lazy("A code to choose a new password"),
        "accounts/second_step_changed": gettext_lazy("Your second step was changed"),
        "accounts/sign_in_code": gettext_lazy("A code to sign in"),
    }
)
STEPS = {
    Authenticator.Type.TOTP: gettext_lazy("An app for codes"),
    Authenticator.Type.WEBAUTHN: gettext_lazy("A passkey"),
    Authenticator.Type.RECOVERY_CODES: gettext_lazy("Spare codes"),
}
OUTCOMES: dict[str, own_data.Said] = {
    DataRequest.Outcome.GIVEN: gettext_lazy("A copy was made for you"),
    DataRequest.Outcome.CLOSED: gettext_lazy("Your account was closed"),
    DataRequest.Outcome.PART: gettext_lazy("Some of it was erased. We told you why the rest is kept"),
    DataRequest.Outcome.PUT_RIGHT: gettext_lazy("It was put right"),
    DataRequest.Outcome.REFUSED: gettext_lazy("We could not do it, and told you why"),
    DataRequest.Outcome.UPHELD: gettext_lazy("We were wrong, and told you what we did about it"),
    DataRequest.Outcome.NO_FAULT: gettext_lazy("We found nothing wrong, and told you why"),
    DataRequest.Outcome.WITHDRAWN: gettext_lazy("You took it back"),
    DataRequest.Outcome.NOT_THEM: gettext_lazy("We could not tell that it was you"),
}


@own_data.copies
def copy(person: User, at: datetime) -> Iterator[Section]:
    """Never a secret, nor the address of a device, nor anything that staff wrote for themselves. Seven queries."""
    addresses = list(EmailAddress.objects.filter(user=person).order_by("-primary", "pk"))
    yield from own_data.section(
        "account",
        _("Your account"),
        _("What you told us about yourself, and what you chose. The other parent sees your first name only."),
        _account(person, addresses),
    )
    yield from own_data.section(
        "account_emails",
        _("Emails we sent you"),
        _("What each was about, and when it left. The emails themselves say very little."),
        _mails(person, addresses),
    )
    yield from own_data.section(
        "account_news", _("Your news"), _("The lines that stood on your home page. Only you see them."), _news(person)
    )
    yield from own_data.section(
        "account_requests",
        _("What you asked us about your data"),
        _("Copies, and questions to our staff. Staff see the questions."),
        _requests(person),
    )
    yield from own_data.section(
        "account_signed_in",
        _("Where you are signed in"),
        _("The phones and computers that can open your account. Only you see them."),
        _sessions(person),
    )


def _account(person: User, addresses: list[EmailAddress]) -> Iterator[Told]:
    told = Told(_("You"))
    told.say("first_name", _("First name"), person.first_name)
    told.say("email", _("Email address"), person.email)
    for each in addresses:
        if each.email != person.email:
            told.add("other_emails", _("Another email address"), each.email)
    told.say("kind", _("You use the hub as"), person.get_kind_display())
    told.say("joined_at", _("You joined on"), person.joined_at)
    told.say("wants_emails", _("We email you when something is ready"), person.wants_alerts)
    told.say("asked_again", _("We ask again before private pages"), person.asks_again)
    yield told
    for step in Authenticator.objects.filter(user=person).order_by("pk"):
        kind = STEPS.get(Authenticator.Type(step.type), step.type)
        second = Told(_("A second step when you sign in"))
        second.say("second_step", _("Kind"), str(kind))
        if step.type == Authenticator.Type.WEBAUTHN:
            second.say("name", _("The name you gave it"), step.data.get("name"))
        yield second.say("since", _("Since"), step.created_at).say("last_used_at", _("Last used"), step.last_used_at)


def _mails(person: User, addresses: list[EmailAddress]) -> list[Told]:
    """Those that left: to the account, or to an address that is shown to be theirs."""
    theirs = [each.email for each in addresses if each.verified]
    sent = OutgoingMail.objects.filter(Q(person=person) | Q(to__in=theirs), state=OutgoingMail.State.SENT)
    told = Told(_("The newest first"))
    for kind, sent_at in sent.order_by("-sent_at").values_list("kind", "sent_at"):
        told.add("emails", say.when(sent_at), {"about": mail_words(kind), "sent_at": sent_at}, mail_words(kind))
    return [told] if told.data else []


def mail_words(kind: str) -> str:
    """What this kind of mail is about."""
    words = own_data.mails.get(kind) or notices.words.get(kind) or notices.words.get(kind.partition("/")[2])
    return str(words or _("An email from us"))


def _news(person: User) -> list[Told]:
    told = Told(_("The newest first"))
    for kind, told_at in Notice.objects.filter(person=person).values_list("kind", "created_at"):
        if words := str(notices.words.get(kind, "")):
            told.add("news", say.when(told_at), {"news": words, "told_at": told_at}, words)
    return [told] if told.data else []


def _requests(person: User) -> Iterator[Told]:
    for made in DataCopy.objects.filter(person=person):
        told = Told(_("A copy of your data"), "asked_for").say("asked_at", _("Asked for"), made.asked_at)
        told.say("started_by_staff", _("Our staff started it for you"), made.by_id is not None)
        yield told.say("ready_at", _("Ready"), made.ready_at).say("saved_at", _("You saved it"), made.saved_at)
    answers = Prefetch("notes", DataRequestNote.objects.filter(what__in=TOLD_THEM).order_by("at", "pk"), "answers")
    for asked in DataRequest.objects.filter(person=person).order_by("-received_at", "-pk").prefetch_related(answers):
        told = Told(str(asked.get_kind_display()), "asked_for").say("words", _("What you asked"), asked.words)
        told.say("asked_at", _("Asked"), asked.received_at)
        told.say("how", _("How you asked"), str(asked.get_way_display()))
        told.say("answer_by", _("We answer by"), asked.due_on).say("answered_at", _("Ended"), asked.ended_at)
        told.say("outcome", _("What came of it"), str(OUTCOMES.get(asked.outcome, "")))
        yield told.say("answers", _("What we answered"), [note.words for note in asked.answers if note.words])


def _sessions(person: User) -> Iterator[Told]:
    for session in UserSession.objects.filter(user=person).order_by("-last_seen_at", "-pk"):
        told = Told(device_words(session.user_agent), "device").say("since", _("Since"), session.created_at)
        yield told.say("last_used_at", _("Last used"), session.last_seen_at)


@own_data.tells
def fate(person: User) -> Fate:
    goes = [
        _("Your account: your name, your email address, your password and where you are signed in."),
        _("Your news, and the list of emails we sent you."),
    ]
    stays = []
    if DataRequest.objects.filter(person=person).exists():
        stays.append(_("What you asked us about your data, and our answer. The law wants us to be able to show it."))
    return Fate(tuple(goes), tuple(stays))
