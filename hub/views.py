"""The front door: the start page, the signed-in home, help, the way out, and the pages a service owes its readers."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles import outside as library
from goals import at_home as goals_at_home
from hub import at_home, clock, helplines, notices
from hub.context import person_of
from hub.http import own_words, page, public
from hub.models import Notice
from parenting_plan import at_home as plans_at_home
from programmes import under_way
from programmes.views import around as course_pages

# Pages of words that search engines may show; courses and articles say for themselves which of theirs.
FOUND_BY_SEARCH = ("start", "help", "how_it_works", "solicitors", "about")


@require_safe
@public
def start(request: HttpRequest) -> HttpResponse:
    if person_of(request):
        return redirect("home")
    return page(request, "hub/start.html", {"change": example_of_a_change()})


def example_of_a_change() -> list[tuple[str, str]]:
    """What step two of the start page shows: words sent back with a difference, as `{% diff %}` draws them."""
    return [
        ("same", _("We hand over at the school gate on Wednesdays and Fridays at ")),
        ("removed", _("3 pm")),
        ("same", " "),
        ("added", _("3:30 pm, with a bag packed the night before")),
        ("same", _(".")),
    ]


@require_safe
@public
def help_page(request: HttpRequest) -> HttpResponse:
    return page(request, "hub/help.html", {"groups": helplines.by_need()})


def plain(template: str, *facts: str):
    """A view for a page of words. `facts` names settings its words tell of, so that page and house cannot differ."""

    @require_safe
    @public
    def words_page(request: HttpRequest) -> HttpResponse:
        return page(request, template, {fact.lower(): getattr(settings, fact) for fact in facts})

    return words_page


@require_safe
@public
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read. Pages that only people should find say "noindex" themselves."""
    closed = ["exit/", "accounts/", "account/", "plan/", "professional/", "invitation", "join/", "staff/"]
    closed += ["learn/my-words/", "learn/workshop/", "referral/"]
    lines = ["User-agent: *", *(f"Disallow: /{place}" for place in closed)]
    lines += [f"Sitemap: {settings.HUB_ADDRESS}{reverse('sitemap')}"]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@require_safe
@public
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page that search engines may show, and when it was last new, where a day is known."""
    found: list[tuple[str, date | None]] = [(reverse(name), None) for name in FOUND_BY_SEARCH]
    found += [*course_pages.pages(), *library.pages()]
    response = render(request, "hub/sitemap.xml", {"pages": found, "hub_address": settings.HUB_ADDRESS})
    response.headers["Content-Type"] = "application/xml; charset=utf-8"
    return response


@require_safe
@public
def security(request: HttpRequest) -> HttpResponse:
    """Where to tell us of a weakness (RFC 9116)."""
    ends = (timezone.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: mailto:{settings.HUB_SUPPORT_EMAIL}",
        f"Expires: {ends}",
        "Preferred-Languages: en",
        f"Canonical: {settings.HUB_ADDRESS}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    if request.user.is_professional:  # type: ignore[union-attr]  # signed in, so not anonymous
        return redirect("parenting_plan:professional")
    return page(request, "hub/home.html", at_home_of(request.user))


def at_home_of(person) -> dict[str, Any]:
    """What the apps know of this parent, one look each, and the order of what is next; nothing for staff."""
    if not person.is_parent:
        return {"plans": None}
    plans, courses, own_goals = plans_at_home.of(person), under_way.of(person), goals_at_home.of(person)
    first, others = at_home.in_order([*plans.steps(), *courses.steps(), *own_goals.steps()])
    return {"plans": plans, "courses": courses, "goals": own_goals, "first": first, "others": others}


@require_POST
@login_required
def put_away(request: HttpRequest, mark: str) -> HttpResponse:
    """Tidy one line of news away. Nobody else's list can be reached, and nobody is told."""
    theirs = Notice.objects.filter(person=request.user)
    notice = next((each for each in theirs if constant_time_compare(notices.mark_of(each.pk), mark)), None)
    if notice is None:
        raise Http404
    if notice.put_away_at is None:
        notice.put_away_at = clock.now()
        notice.save(update_fields=["put_away_at"])
    if request.htmx:  # type: ignore[attr-defined]
        return page(request, "hub/home.html", fragment="news")
    return redirect("home")


@require_safe
def exit_page(request: HttpRequest) -> HttpResponse:
    """Leave now: end the session here on the server, then go to the weather. Works as a plain link."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        logout(request)
    response = HttpResponseRedirect(settings.HUB_EXIT_ADDRESS)
    # For a browser that does not go on by itself. Nothing on it says where somebody was.
    response.content = format_html(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>{0}</title><p><a href="{1}">{0}</a></p></html>',
        _("Weather"),
        settings.HUB_EXIT_ADDRESS,
    )
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was opened too long ago, in another session, or by somebody else's page.

    Words are given back only to our own page: another site's would put its words into a page of ours.
    """
    sender = request.headers.get("Origin", "")
    ours = sender in {"", f"{request.scheme}://{request.get_host()}"}
    return render(request, "403_csrf.html", {"own_words": own_words(request) if ours else []}, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django sends everything here that it could not read: what was too large is told apart."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return render(request, "400.html", status=400)


def too_large(request: HttpRequest) -> HttpResponse:
    return render(request, "413.html", status=413)
