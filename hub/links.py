"""Kernel: do the addresses of other sites that courses and articles name still answer?

Asked politely: each site is asked one thing at a time, with a rest between, first for the head of a page and only then
for the page. What an answer means is told in four words: it is there, moved, gone, or to be looked at by hand.
"""

import re
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any
from urllib.parse import urldefrag, urlsplit

ADDRESS = re.compile(r"https://[^\s<>\"”’]+")
AT_ONCE = 8  # sites, never two pages of one
GONE = {404, 410}


class State(Enum):
    THERE = "is there"
    MOVED = "has moved for good"
    LOOK = "look at it by hand"
    GONE = "is gone"
    SILENT = "does not answer"


@dataclass(frozen=True)
class Answer:
    """What became of one address. `said` is for people: a number, where it moved to, why nothing came."""

    address: str
    state: State
    said: str = ""


def addresses_in(words: Any) -> Iterator[str]:
    """Every https address that stands anywhere in these words, in their fields or in their text."""
    if isinstance(words, str):
        for found in ADDRESS.findall(words):
            yield _without_ending(found)
    elif isinstance(words, dict):
        for value in words.values():
            yield from addresses_in(value)
    elif isinstance(words, list):
        for value in words:
            yield from addresses_in(value)


def _without_ending(address: str) -> str:
    """The address without what ends the sentence or the link around it; its own pairs of brackets stay."""
    while address[-1] in ".,;:!?*" or (address[-1] == ")" and address.count("(") < address.count(")")):
        address = address[:-1]
    return address


def ask_all(addresses: Iterable[str], *, name: str, seconds: float = 15, rest: float = 1) -> dict[str, Answer]:
    """What became of each address. `name` says who asks; `rest` is how long a site is left alone between two pages.

    A site that does not answer is not asked for its other pages.
    """
    by_site: dict[str, list[str]] = {}
    for address in dict.fromkeys(addresses):
        by_site.setdefault(urlsplit(address).netloc.lower(), []).append(address)
    trusted = ssl.create_default_context()

    def ask_site(those: list[str]) -> list[Answer]:
        found: list[Answer] = []
        for address in those:
            if found and found[-1].state is State.SILENT:
                found.append(replace(found[-1], address=address))
                continue
            if found:
                time.sleep(rest)  # be polite: a command asks here, never a page, and never twice at once of one site
            found.append(ask(address, name=name, seconds=seconds, trusted=trusted))
        return found

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return {answer.address: answer for found in pool.map(ask_site, by_site.values()) for answer in found}


def ask(address: str, *, name: str, seconds: float = 15, trusted: ssl.SSLContext | None = None) -> Answer:
    """Ask for the head of the page; many sites answer that wrongly, so anything but a yes is asked again in full."""
    answer = _ask("HEAD", address, name, seconds, trusted)
    if answer.state in {State.THERE, State.MOVED, State.SILENT}:
        return answer
    return _ask("GET", address, name, seconds, trusted)


class _Followed(urllib.request.HTTPRedirectHandler):
    """Goes where it is sent, and remembers whether every step of the way was for good."""

    def __init__(self) -> None:
        self.for_good = True

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        self.for_good = self.for_good and code in {301, 308}
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _ask(method: str, address: str, name: str, seconds: float, trusted: ssl.SSLContext | None) -> Answer:
    way = _Followed()
    opener = urllib.request.build_opener(way, urllib.request.HTTPSHandler(context=trusted))
    request = urllib.request.Request(urldefrag(address).url, method=method, headers={"User-Agent": name})  # noqa: S310
    try:
        with opener.open(request, timeout=seconds) as response:
            response.read(1)
            end = response.geturl()
    except urllib.error.HTTPError as error:
        error.close()
        return Answer(address, State.GONE if error.code in GONE else State.LOOK, f"it answers {error.code}")
    except (OSError, ValueError) as error:
        return _no_answer(address, error)
    if way.for_good and end.rstrip("/") != request.full_url.rstrip("/"):
        return Answer(address, State.MOVED, f"to {end}")
    return Answer(address, State.THERE)


def _no_answer(address: str, error: Exception) -> Answer:
    """Why nothing came. A site whose certificate is wrong was there."""
    reason = getattr(error, "reason", error)
    if isinstance(reason, ssl.SSLError):
        return Answer(
            address, State.LOOK, f"its certificate is not right: {getattr(reason, 'verify_message', '') or reason}"
        )
    if isinstance(reason, TimeoutError):
        return Answer(address, State.SILENT, "no answer in time")
    if isinstance(reason, socket.gaierror):
        return Answer(address, State.SILENT, "nobody knows this name")
    return Answer(address, State.SILENT, str(reason))
