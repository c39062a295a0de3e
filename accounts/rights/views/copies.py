"""The pages on which somebody sees what we hold about them, asks for a copy of it, and saves it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.private import has_just_proved, to_the_question
from accounts.rights import copying
from hub import clock
from hub.http import page, to_save
from hub.words import at_home


@login_required
@require_safe
def your_data(request: HttpRequest) -> HttpResponse:
    """What we hold, in a few lines, and the ways to everything one can ask for. No private word is on it."""
    context = {"standing": copying.standing(request.user, clock.now())}  # type: ignore[arg-type]
    return page(request, "accounts/your_data.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_copy(request: HttpRequest) -> HttpResponse:
    """A page that says what comes, then a worker makes it. For whoever has just proved who they are."""
    person = request.user
    if person.is_staff or person.kind == person.Kind.STAFF:  # type: ignore[union-attr]
        return redirect("accounts:your_data")
    if not has_just_proved(request):
        return to_the_question(request, _("Sign in again to get your copy. It is only for you."))
    if request.method != "POST":
        there = copying.standing(person, clock.now())  # type: ignore[arg-type]
        if there.is_being_made or there.is_ready:
            return redirect("accounts:your_data")
        return page(request, "accounts/ask_copy.html")
    try:
        copying.ask(person)  # type: ignore[arg-type]
    except copying.EnoughForToday:
        messages.info(request, _("You have had several copies today. You can ask for another one tomorrow."))
    except copying.NotThisWay:
        messages.info(request, _("This account cannot have a copy this way. Write to us, and we help."))
    return redirect("accounts:your_data")


@login_required
@require_GET
def save_copy(request: HttpRequest) -> HttpResponse:
    """The zip, for its person alone, who has just proved who they are. Nobody names a copy: there is only their own."""
    now = clock.now()
    there = copying.standing(request.user, now)  # type: ignore[arg-type]
    if not there.is_ready or there.copy is None:
        messages.info(request, _("That copy is not here any more. You can ask for a new one."))
        return redirect("accounts:your_data")
    if not has_just_proved(request):
        return to_the_question(request, _("Sign in again to get your copy. It is only for you."))
    content = copying.content_of(there.copy)
    if content is None:
        copying.file_is_lost(there.copy, now)
        messages.info(request, _("That copy is not here any more. You can ask for a new one."))
        return redirect("accounts:your_data")
    copying.saved(there.copy, now)
    day = at_home(there.copy.ready_at).strftime("%Y-%m-%d")  # type: ignore[arg-type]
    return to_save(HttpResponse(content, content_type="application/zip"), f"your-data-{day}.zip")
