"""Redis as a cache that may be gone: a page must not fail because something remembered for speed is not there."""

import logging
from copy import copy
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

# What each word answers while Redis cannot be reached: as if nothing had been remembered, and nothing were in the way.
WITHOUT: dict[str, Any] = {
    "add": True,
    "get": None,
    "set": None,
    "touch": False,
    "delete": False,
    "get_many": {},
    "set_many": [],
    "delete_many": None,
    "has_key": False,
    "incr": 1,
    "clear": False,
}


class Forgiving(RedisCache):
    """Django's Redis cache, but a fault of Redis is logged and answered as an empty cache would.

    Sessions are in the database too, so people stay signed in; limits on tries do not count meanwhile.
    """

    def is_there(self) -> bool:
        """Whether Redis answers now."""
        try:
            return bool(self._cache.get_client().ping())
        except (RedisError, OSError):
            return False


def _forgiving(name: str) -> Any:
    word = getattr(RedisCache, name)

    def asked(self: Forgiving, *args: Any, **kwargs: Any) -> Any:
        try:
            return word(self, *args, **kwargs)
        except (RedisError, OSError):
            log.warning("the cache cannot be reached", extra={"kind": name})
            if name == "get":
                return kwargs.get("default", args[1] if len(args) > 1 else None)
            return copy(WITHOUT[name])

    asked.__name__, asked.__doc__ = name, word.__doc__
    return asked


for _name in WITHOUT:
    setattr(Forgiving, _name, _forgiving(_name))
