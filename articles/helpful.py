"""“Was this helpful?”: a count of yes and no for each edition and month, and nothing about anybody."""

from dataclasses import dataclass
from datetime import date

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest

from articles.beside import Helped
from articles.models import Article, Edition
from hub import clock
from hub.words import at_home


def is_from_our_page(request: HttpRequest) -> bool:
    """Whether the browser says that this form was sent from a page of ours.

    There is no session here and so no token to compare. Every browser names where a POST comes from: in
    Sec-Fetch-Site, else in Origin, else (old ones) in Referer, which our pages send to ourselves alone.
    """
    ours = f"{request.scheme}://{request.get_host()}"
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    if origin := request.headers.get("Origin"):
        return origin == ours
    return request.headers.get("Referer", "").startswith(ours + "/")


def may_count(request: HttpRequest, slug: str) -> bool:
    """False when this address has just answered for this article: two presses are one answer.

    The cache forgets the address within a minute; which answer it gave is not in it.
    """
    address = get_adapter(request).get_client_ip(request)
    return bool(ratelimit.consume(request, action="helpful_once", key=f"{address} {slug}"))


def count(slug: str, *, yes: bool) -> None:
    """One more answer about the edition that people see now. None when there is no such article."""
    edition = Edition.objects.filter(pk__in=Article.objects.filter(slug=slug).values("current")).first()
    if edition is None:
        return
    month = at_home(clock.now()).date().replace(day=1)
    row = Helped.objects.filter(edition=edition, month=month, yes=yes)
    if row.update(count=F("count") + 1):
        return
    try:
        with transaction.atomic():
            Helped.objects.create(edition=edition, month=month, yes=yes, count=1)
    except IntegrityError:  # somebody else was the first of the month at the same moment
        row.update(count=F("count") + 1)


@dataclass(frozen=True)
class Month:
    """What people said of one edition in one month."""

    edition: int
    month: date
    yes: int
    no: int


def told(slug: str) -> list[Month]:
    """What people said of this article, newest month first. For staff. One query."""
    rows = Helped.objects.filter(edition__article__slug=slug).values_list("edition__number", "month", "yes", "count")
    found: dict[tuple[date, int], dict[bool, int]] = {}
    for number, month, yes, many in rows:
        found.setdefault((month, number), {})[yes] = many
    return [
        Month(number, month, answers.get(True, 0), answers.get(False, 0))
        for (month, number), answers in sorted(found.items(), reverse=True)
    ]
