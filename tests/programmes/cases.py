"""Cases, referrals and workshops, made by the real actions. `at` is a time, or NOON."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from allauth.account.models import EmailAddress

from accounts.models import User
from hub.models import Notice, OutgoingMail
from programmes import lanes
from programmes.actions import booking, referring
from programmes.models import Booking, Case, Party, Referral, Sitting, Workshop
from programmes.models.workshops import new_reference

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=30)  # when workshops are, unless it matters
PLANNING = "planning-together"

_numbers = count(1)


def parent(name: str = "") -> User:
    """A parent whose address is verified, made quickly: they cannot type a password."""
    name = name or f"Parent{next(_numbers)}"
    user = User(email=f"{name.casefold()}@example.com", first_name=name, password="!")
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def refer(email: str, case: str = "ZW26P00001", **more) -> Referral:
    """Staff refer whoever has this address."""
    facts = {
        "court": "The Family Court at Leeds",
        "name": email.partition("@")[0].title(),
        "programme": PLANNING,
        "route": "court",
        "ordered_on": date(2026, 11, 16),
        "suitable_on": date(2026, 11, 18),
        "at": NOON,
    }
    return referring.refer(case_reference=case, email=email, **facts | more)


def join(referral: Referral, person: User, at: datetime = NOON) -> Referral:
    """Send the link and use it."""
    referring.send_link(referral, at=at)
    return referring.join(referring.find(referral.token(), at), person, at)


def joined(person: User, case: str = "ZW26P00001", at: datetime = NOON, **more) -> Referral:
    """This person referred and joined."""
    return join(refer(person.email, case, at=at, **more), person, at)


def workshop(starts_at: datetime = LATER, *, halves: bool = False, reference: str = "", **more) -> Workshop:
    """A session of two and a half hours, or of two evening halves a week apart."""
    facts = {"way": "online", "when": "day", "starts_at": starts_at, "reference": reference or new_reference()}
    made = Workshop.objects.create(**facts | more)
    length = timedelta(minutes=75 if halves else 150)
    for week in range(2 if halves else 1):
        begins = starts_at + timedelta(weeks=week)
        Sitting.objects.create(workshop=made, starts_at=begins, ends_at=begins + length)
    return made


def workshop_for(*referrals: Referral, starts_at: datetime = LATER, not_for: tuple = (), **more) -> Workshop:
    """A workshop that each of these people is offered, and none of `not_for`."""
    wanted = [referring.places_of(referral.party) for referral in referrals]
    unwanted = [referring.places_of(referral.party) for referral in not_for]
    while True:
        reference = new_reference()
        if all(lanes.may_be_offered(reference, places) for places in wanted) and not any(
            lanes.may_be_offered(reference, places) for places in unwanted
        ):
            return workshop(starts_at, reference=reference, **more)


def strangers(number: int, prefix: str = "X") -> list[Referral]:
    """People who have joined, each of a case of their own."""
    return [joined(parent(), f"{prefix}{next(_numbers)}") for _ in range(number)]


def crowd(number: int, *, of_a_case: int = 1) -> list[Referral]:
    """Many people who have joined, so many of each case; written straight into the tables."""
    names = [f"Crowd{next(_numbers)}" for _ in range(number)]
    people = User.objects.bulk_create([User(email=f"{name.casefold()}@example.com", first_name=name) for name in names])
    made = Case.objects.bulk_create(
        [Case(reference=name.upper(), made_at=NOON) for name in names[: number // of_a_case]], batch_size=2000
    )
    parties = Party.objects.bulk_create(
        [
            Party(
                case=made[at // of_a_case],
                lane=at % of_a_case,
                name=person.first_name,
                email=person.email,
                person=person,
            )
            for at, person in enumerate(people)
        ],
        batch_size=2000,
    )
    facts = {"programme": PLANNING, "route": "court", "ordered_on": NOON.date(), "made_at": NOON, "joined_at": NOON}
    return Referral.objects.bulk_create([Referral(party=party, **facts) for party in parties], batch_size=2000)


def fill(session: Workshop, number: int | None = None) -> list[Referral]:
    """Other people take the places of this session; all that are left, unless a number is given."""
    session.refresh_from_db()
    wanted = session.capacity - session.taken if number is None else number
    found: list[Referral] = []
    while len(found) < wanted:
        (other,) = strangers(1)
        if lanes.may_be_offered(session.reference, referring.places_of(other.party)):
            booking.book(other, session, at=NOON)
            found.append(other)
    return found


def waiting(session: Workshop) -> Referral:
    """Somebody else stands in line for this session."""
    while True:
        (other,) = strangers(1)
        if lanes.may_be_offered(session.reference, referring.places_of(other.party)):
            booking.wait(other, session, at=NOON)
            return other


def booked(session: Workshop) -> set[int]:
    """The referrals that have a place."""
    rows = Booking.objects.filter(workshop=session, state=Booking.State.BOOKED)
    return set(rows.values_list("referral", flat=True))


def told(person: User, kind: str) -> tuple[int, int]:
    """How many mails and how many notices of this kind a person has got."""
    mails = OutgoingMail.objects.filter(person=person, kind=f"programmes/{kind}").count()
    return mails, Notice.objects.filter(person=person, kind=f"programmes/{kind}").count()


def faults() -> list[str]:
    """What is wrong with any workshop as it stands, by the tables alone."""
    found = []
    for session in Workshop.objects.prefetch_related("bookings__referral__party", "claims"):
        here = [each for each in session.bookings.all() if each.state == Booking.State.BOOKED]
        if session.taken != len(here):
            found.append(f"{session.pk}: {len(here)} booked, {session.taken} counted")
        if len(here) > min(session.capacity, 6):
            found.append(f"{session.pk}: {len(here)} people for {session.capacity} places")
        cases = [each.referral.party.case_id for each in here]
        if len(cases) != len(set(cases)):
            found.append(f"{session.pk}: two of a case")
        people = [each.referral.party.person_id for each in here]
        if len(people) != len(set(people)):
            found.append(f"{session.pk}: somebody twice")
        claimed = {claim.booking_id for claim in session.claims.all()}
        if claimed != {each.pk for each in here}:
            found.append(f"{session.pk}: claims and places differ")
    return found
