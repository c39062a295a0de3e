"""What is told about a plan and to whom: where each mail leads, and whether it is still wanted as it leaves."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hub import mail, notices
from hub.models import OutgoingMail
from parenting_plan import ending
from parenting_plan.models import Grant, Invitation, Party, Plan

TO_PARENTS = (
    "suggestion", "counter", "agreed", "withdrawn", "set_aside", "rest_over", "nudge", "joined", "left",
)  # fmt: skip
notices.call(
    {
        "suggestion": _("A new suggestion for you to read"),
        "counter": _("An answer with different words"),
        "agreed": _("A part has been agreed"),
        "withdrawn": _("A suggestion was taken back"),
        "set_aside": _("A part was set aside"),
        "rest_over": _("You can suggest a change to a part again"),
        "nudge": _("Something is still here for you, when you are ready"),
        "joined": _("Your plan now has two parents"),
        "left": _("A plan is no longer shared"),
        "report_answered": _("A short message for you"),
        "ending": _("Something you began will be cleared away soon, unless you keep it"),
    }
)
DECLINED = (Invitation.Outcome.DECLINED, Invitation.Outcome.UNKNOWN, Invitation.Outcome.UNSAFE)


def address_of(plan: Plan) -> str:
    return reverse("parenting_plan:overview", args=[plan.reference])


def address_of_part(plan: Plan, question: str) -> str:
    return reverse("parenting_plan:question", args=[plan.reference, *question.split("/")])


def address_for_professionals() -> str:
    return reverse("parenting_plan:professional")


def _a_parent_still_wants_it(letter: OutgoingMail) -> bool:
    """Still a parent of the plan, the news still true, and not yet told of it by a mail that left in the meantime.

    Once a plan has ended or is paused nothing but that is news.

    All these mails say the same neutral words, so one mail covers every cause that was there when it left.
    """
    party = (
        Party.objects.filter(
            plan_id=letter.facts.get("plan"),
            user_id=letter.person_id,
            confirmed_at__isnull=False,
            left_at=None,
        )
        .select_related("plan")
        .first()
    )
    if party is None or party.plan.still_shared == letter.kind.endswith("/left"):
        return False
    if letter.kind.endswith("/nudge") and not party.plan.clauses.waiting_for(party).exists():
        return False
    return not OutgoingMail.objects.filter(
        person_id=letter.person_id,
        state=OutgoingMail.State.SENT,
        kind__in=[f"parenting_plan/{kind}" for kind in TO_PARENTS],
        facts__plan=letter.facts.get("plan"),
        sent_at__gte=letter.created_at,
    ).exists()


for kind in TO_PARENTS:
    mail.asked_again(kind)(_a_parent_still_wants_it)


@mail.asked_again("ending")
def _the_plan_still_goes(letter: OutgoingMail) -> bool:
    """Still theirs alone, and nothing was done in it since."""
    party = Party.objects.filter(
        plan_id=letter.facts.get("plan"), user_id=letter.person_id, left_at=None
    ).select_related("plan")
    return any(ending.goes_at(each.plan) for each in party)


@mail.asked_again("report_answered")
def _they_are_still_here(letter: OutgoingMail) -> bool:
    """Whoever left the plan may still be answered: they told us something, and their account is theirs."""
    return Party.objects.filter(plan_id=letter.facts.get("plan"), user_id=letter.person_id).exists()


@mail.asked_again("confirm_joiner")
def _somebody_waits_to_be_confirmed(letter: OutgoingMail) -> bool:
    waits = Party.objects.filter(plan_id=letter.facts.get("plan"), role="b", confirmed_at=None)
    return waits.filter(plan__ended_at=None, plan__paused_at=None).exists()


@mail.asked_again("invited", alert=False)
def _the_invitation_stands(letter: OutgoingMail) -> bool:
    """Open, and its reader has not said no to this inviter before. The inviter is not told when they have."""
    invitation = (
        Invitation.objects.filter(pk=letter.facts.get("invitation"), outcome="").select_related("plan", "by").first()
    )
    if invitation is None or not invitation.plan.may_be_shared or not invitation.plan.still_shared:
        return False
    return not Invitation.objects.filter(
        by__user_id=invitation.by.user_id, mark=invitation.mark, outcome__in=DECLINED
    ).exists()


@mail.link_when_sent("invited")
def _link_of_an_invitation(letter: OutgoingMail) -> str:
    """The one-time link, worked out as the mail leaves, so that it never stands in the database."""
    invitation = Invitation.objects.get(pk=letter.facts["invitation"])
    return reverse("parenting_plan:open_invitation", args=[invitation.token()])


@mail.asked_again("professional_access", alert=False)
def _the_grant_stands(letter: OutgoingMail) -> bool:
    """Not taken back, and not to the address of a parent of that plan, for whom it opens nothing."""
    granted = Grant.objects.filter(pk=letter.facts.get("grant")).first()
    if granted is None:
        return False
    same = Grant.objects.filter(plan=granted.plan_id, by=granted.by_id, email=granted.email, revoked_at=None)
    return same.exists() and not Party.objects.filter(plan=granted.plan_id, user__email=granted.email).exists()


def due_at(party: Party, plan_id: int, at):
    """When to mail this parent of this plan: now, or a quarter of an hour after the mail before. One mail a burst."""
    last = (
        OutgoingMail.objects.filter(
            person_id=party.user_id,
            state=OutgoingMail.State.SENT,
            kind__in=[f"parenting_plan/{kind}" for kind in TO_PARENTS],
            facts__plan=plan_id,
            sent_at__gt=at - settings.PLAN_MAIL_GAP,
        )
        .order_by("-sent_at")
        .values_list("sent_at", flat=True)
        .first()
    )
    return last + settings.PLAN_MAIL_GAP if last else None
