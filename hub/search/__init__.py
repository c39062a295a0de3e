"""Kernel: search over what anybody may read. Nobody's query is kept: it is in no log, no session and no table.

An app says in its `searching` module what can be found (`register`); the index is brought up to date when content is
loaded or an edition is published (`refresh`); `find` answers.
"""

from hub.search.finding import Answer, Found, find
from hub.search.index import KINDS, Findable, Room, rebuild, refresh, register, rooms, without_markup

__all__ = [
    "KINDS", "Answer", "Findable", "Found", "Room", "find", "rebuild", "refresh", "register", "rooms",
    "without_markup",
]  # fmt: skip
