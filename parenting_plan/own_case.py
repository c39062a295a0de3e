"""Plans that a member of staff has to do with themselves: for them these are not there, on any page of staff."""

from allauth.account.models import EmailAddress
from django.db.models.functions import Lower

from accounts import conflicts
from accounts.models import Conflict, User
from parenting_plan.models import Invitation, Party, Plan


def own_plans(person: User) -> set[int]:
    """Keys of the plans this person is a parent of, was ever invited to, or said they have to do with.

    An address of theirs counts like themselves, proved or not. Asked for once in a request.
    """
    if not hasattr(person, "_own_plans"):
        addresses = {person.email, *EmailAddress.objects.filter(user=person).values_list("email", flat=True)}
        marks = [Invitation.mark_of(address) for address in addresses]
        named = Conflict.objects.filter(person=person, taken_back_at=None).values_list(Lower("about"))
        parties = Party.objects.order_by()
        found = (
            parties.filter(user=person)
            .values_list("plan_id")
            .union(
                parties.filter(user__email__in=addresses).values_list("plan_id"),
                parties.filter(user__emailaddress__email__in=addresses).values_list("plan_id"),
                Invitation.objects.order_by().filter(mark__in=marks).values_list("plan_id"),
                Plan.objects.filter(reference__in=named).values_list("pk"),
            )
        )
        person._own_plans = {pk for (pk,) in found}  # type: ignore[attr-defined]  # kept with the person of a request
    return person._own_plans  # type: ignore[attr-defined]


@conflicts.finds_people
def _people(person: User) -> set[int]:
    """Everybody who is or was a parent of one of them. (A solicitor may read many plans, and is left out.)"""
    person.__dict__.pop("_own_plans", None)
    parties = Party.objects.filter(plan__in=own_plans(person), user__isnull=False).order_by()
    return set(parties.values_list("user_id", flat=True))


def is_own(person: User, plan: Plan, *abouts: str) -> bool:
    """Whether this person may not open or decide anything about this plan. Asked anew, whatever was asked before.

    `abouts` are further references, such as "case:...". Raises conflicts.NotAReference for one that names nothing.
    """
    person.__dict__.pop("_own_plans", None)
    return plan.pk in own_plans(person) or conflicts.has(person, f"plan:{plan.reference}", *abouts)
