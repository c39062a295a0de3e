"""What the frame of every page needs. Touches the session only when the browser brought one."""

from dataclasses import dataclass, replace
from functools import cache

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Place:
    url: str
    word: str
    icon: str
    current: bool


def person_of(request):
    """The signed-in person, or None. A visitor without a session cookie costs no query and gets no cookie."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not hasattr(request, "user"):
        return None
    return request.user if request.user.is_authenticated else None


def places(request, person) -> tuple[Place, ...]:
    """The main places for this kind of person, the one they are in marked."""
    if person is None:
        return ()
    doors = _doors(person.kind, get_language())
    return tuple(replace(door, current=request.path.startswith(door.url)) for door in doors)


@cache
def _doors(kind: str, language: str | None) -> tuple[Place, ...]:
    if kind == "professional":
        doors = [("parenting_plan:professional", _("Plans"), "plan")]
    else:
        doors = [("home", _("Home"), "home"), ("parenting_plan:list", _("Plan"), "plan")]
    if kind == "parent":
        doors += [("goals:list", _("Goals"), "goal"), ("programmes:landing", _("Learn"), "learn")]
    doors += [("help", _("Help"), "heart")]
    return tuple(Place(reverse(name), word, icon, current=False) for name, word, icon in doors)


def frame(request) -> dict:
    person = person_of(request)
    return {
        "hub_name": settings.HUB_NAME,
        "plan_name": settings.HUB_PLAN_NAME,
        "support_email": settings.HUB_SUPPORT_EMAIL,
        "person": person,
        "signed_in": person is not None,
        "nav": places(request, person),
        "has_errors": False,
    }
