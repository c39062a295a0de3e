"""The hub, beside the least that Django can do on the same stack."""

from django.http import HttpResponse
from django.urls import path

from hub.urls import *  # noqa: F403  the names of the error pages come along
from hub.urls import urlpatterns as hub_urls

BODY = "<!doctype html><title>Bare</title>" + "<p>Two thousand characters.</p>" * 64


def bare(request):
    """Reads the session and the person, and answers 2 KB."""
    return HttpResponse(f"{BODY}<p>{request.user.pk} {len(request.session.keys())}</p>")


def still(request):
    """Answers 2 KB and asks for nothing."""
    return HttpResponse(BODY)


urlpatterns = [path("bench/bare/", bare), path("bench/still/", still), *hub_urls]
