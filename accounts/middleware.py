"""How long a session lasts: an hour after its last use, twelve at most; and when that was, for its own person."""

import time

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.core.cache import cache

LOOK_AGAIN_AFTER = 300
BEGAN = "began_at"


class SessionsSeen:
    """Note the use of a session, at most every five minutes: reading a page must not cost a write each time."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        key = request.session.session_key
        if key and request.user.is_authenticated and cache.get(f"session-seen:{key}") is None:
            cache.set(f"session-seen:{key}", 1, LOOK_AGAIN_AFTER)
            UserSession.objects.create_from_request(request)
            now = time.time()
            if now - request.session.setdefault(BEGAN, now) > settings.HUB_SESSION_LONGEST_SECONDS:
                logout(request)
            else:
                request.session.modified = True  # in use: it lasts another hour from now
        return self.get_response(request)
