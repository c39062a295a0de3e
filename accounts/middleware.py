"""How long a session lasts: an hour after its last use, half an hour for staff, twelve hours at most for everybody;
and when it was last used, for its own person."""

import time

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.core.cache import cache

LOOK_AGAIN_AFTER = 300
BEGAN = "began_at"
USED = "used_at"  # by staff, at most five minutes ago when it is in use


class SessionsSeen:
    """Note the use of a session, at most every five minutes: reading a page must not cost a write each time."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        key = request.session.session_key
        if key and request.user.is_authenticated:
            if request.user.is_staff and self.rested_too_long(request.session):
                logout(request)
            elif cache.get(f"session-seen:{key}") is None:
                self.note(request, key)
        return self.get_response(request)

    def rested_too_long(self, session) -> bool:
        return time.time() - session.get(USED, time.time()) > settings.HUB_STAFF_SESSION_SECONDS

    def note(self, request, key: str) -> None:
        cache.set(f"session-seen:{key}", 1, LOOK_AGAIN_AFTER)
        UserSession.objects.create_from_request(request)
        now = time.time()
        if now - request.session.setdefault(BEGAN, now) > settings.HUB_SESSION_LONGEST_SECONDS:
            logout(request)
            return
        request.session.modified = True  # in use: it lasts another hour from now
        if request.user.is_staff:
            request.session[USED] = now
