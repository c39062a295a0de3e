"""Everything somebody wrote in their courses: to read again, to take away, to delete. Theirs alone."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.private import private
from hub import clock
from hub.http import page, to_save
from programmes import written
from programmes.actions import learning

NAME = "notes"  # neutral: a list of downloads on a shared machine tells nothing


def parents_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Signed in as a parent. For anybody else these pages do not exist. Every one is private, and may ask again."""

    @wraps(view)
    @login_required
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_parent:  # type: ignore[union-attr]
            raise Http404
        return private(view)(request, *args, **kwargs)

    return wrapped


@require_safe
@parents_only
def my_words(request: HttpRequest) -> HttpResponse:
    found = written.of(request.user)
    return page(request, "programmes/notes.html", {"courses": written.by_course_and_part(found), "count": len(found)})


@require_safe
@parents_only
def as_text(request: HttpRequest) -> HttpResponse:
    told = written.as_text(written.of(request.user), clock.now())
    return to_save(HttpResponse(told, content_type="text/plain; charset=utf-8"), f"{NAME}.txt")


@require_safe
@parents_only
def as_json(request: HttpRequest) -> HttpResponse:
    told = written.as_data(written.of(request.user), clock.now())
    return to_save(JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 2}), f"{NAME}.json")


@require_http_methods(["GET", "HEAD", "POST"])
@parents_only
def delete_one(request: HttpRequest, pk: int) -> HttpResponse:
    """A check page, then gone at once. Sent twice, the second time says that it is gone already."""
    found = next(iter(written.of(request.user, pk=pk)), None)
    if request.method == "POST":
        if found:
            learning.forget(found.answer)
            messages.success(request, _("Those words are deleted. Your place in the course stays."))
        else:
            messages.info(request, _("Those words are not here any more."))
        return redirect("programmes:my_words")
    if found is None:
        raise Http404
    return page(request, "programmes/delete_one.html", {"each": found})


@require_http_methods(["GET", "HEAD", "POST"])
@parents_only
def delete_all(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        learning.forget_all(request.user)
        messages.success(request, _("Everything you wrote is deleted. Your place in each course stays."))
        return redirect("programmes:my_words")
    count = len(written.of(request.user))
    if not count:
        return redirect("programmes:my_words")
    return page(request, "programmes/delete_all.html", {"count": count})
