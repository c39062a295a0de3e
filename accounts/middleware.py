"""When a session was last used, for its own person's eyes only."""

from allauth.usersessions.models import UserSession
from django.core.cache import cache

LOOK_AGAIN_AFTER = 300


class SessionsSeen:
    """Note the use of a session, at most every five minutes: reading a page must not cost a write each time."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        key = request.session.session_key
        if key and request.user.is_authenticated and cache.get(f"session-seen:{key}") is None:
            cache.set(f"session-seen:{key}", 1, LOOK_AGAIN_AFTER)
            UserSession.objects.create_from_request(request)
        return self.get_response(request)
