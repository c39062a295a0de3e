"""The agreed plan as a file: drawn when its words change, kept by its content, found again by its code."""

import hashlib
import logging
import time
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from hub import clock, files, helplines
from hub.bell import ring_on_commit
from hub.codes import PRINTED_LETTERS, code, in_fours, tidy_code
from hub.pulse import spent
from parenting_plan import summary
from parenting_plan.models import Issued, Plan

log = logging.getLogger(__name__)

TEMPLATE = "parenting_plan/pdf/agreed_plan.html"
KNOWN_SECONDS = 24 * 60 * 60
MOST_NEAR = 10_000
_near: dict[str, str] = {}  # what this process knows of the same; nothing but hashes
# Events after which a reader of the agreed plan may read something else. The last four: while one parent works alone.
WORDS_CHANGE = ("started", "joined", "agreed", "orders", "children", "suggestion", "rewritten", "withdrawn")


@dataclass(frozen=True)
class Found:
    """What a code stands for: nothing here says whose plan it is."""

    current: bool
    agreed: bool
    made_at: datetime
    pages: int  # 0: it was never drawn, and its words have changed since
    over: bool = False  # the time of the plan is over: its words are not here any more


def reading(plan: Plan, at: datetime | None = None) -> tuple[Issued, dict]:
    """The plan as it stands, with its code, and the context that its page and its PDF are both drawn from.

    The same words keep the same code and the same "made on" for ever. It is the moment the words came to be so, not the
    moment somebody first looked: that would be a read receipt.
    """
    at = at or clock.now()
    now = summary.agreed_plan(plan, made_at=at)
    came_to_be = plan.events.filter(kind__in=WORDS_CHANGE[:4] if now.other else WORDS_CHANGE).order_by("-seq")
    if now.other:  # a protective order changes no word; its hour would tell the other parent who stopped the sharing
        came_to_be = came_to_be.exclude(kind="orders", body__words__orders=Plan.Orders.PROTECTIVE)
    at = came_to_be.values_list("at", flat=True).first() or at
    issued, _ = Issued.objects.get_or_create(
        plan=plan,
        fingerprint=now.fingerprint,
        defaults={"code": code(PRINTED_LETTERS), "agreed": now.proposed_by is None, "made_at": at},
    )
    return issued, {
        "plan": replace(now, made_at=issued.made_at),
        "code": in_fours(issued.code),
        "verify_address": settings.HUB_ADDRESS + reverse("parenting_plan:verify"),
        "helplines": helplines.shown(),
        "hub_name": settings.HUB_NAME,
        "plan_name": settings.HUB_PLAN_NAME,
    }


def issue(plan: Plan, at: datetime | None = None) -> Issued:
    """The drawing of the plan as it stands; drawn now if it is not there yet. The same words, the same file.

    Raises files.NoRoom when the file cannot be kept; then the plan is as it was, and another try may succeed.
    """
    at = at or clock.now()
    issued, context = reading(plan, at)
    if issued.drawn_at and files.read(issued.sha256) is not None:
        return issued
    from hub import pdf  # drawing is heavy: only a process that draws loads it

    begun = time.perf_counter()
    drawn = pdf.draw(TEMPLATE, context)
    transaction.on_commit(partial(spent, "pdf", time.perf_counter() - begun), robust=True)
    files.keep(drawn.content)
    issued.drawn_at, issued.pages, issued.sha256 = at, drawn.pages, drawn.sha256
    issued.save(update_fields=["drawn_at", "pages", "sha256"])
    return issued


def file_of(plan: Plan) -> bytes | None:
    """The PDF of the plan as it stands, for somebody who waits: a read when it is kept, drawn now when it is not.

    None when a kept file cannot be read. Raises files.NoRoom as `issue` does. What stands is known by the count of the
    plan's events and by the names on it, so that a kept file costs no comparing of words.
    """
    names = [party.name for party in plan.people() if party.confirmed_at]
    stands = repr(
        [plan.reference, plan.event_count, names, settings.HUB_PLAN_NAME, settings.HUB_NAME, settings.HUB_ADDRESS]
    )
    mark = "drawing:" + hashlib.sha256(stands.encode()).hexdigest()
    sha256 = _near.get(mark) or cache.get(mark)
    content = files.read(sha256) if sha256 else None
    if content is None:
        sha256 = issue(plan).sha256
        content = files.read(sha256)
        cache.set(mark, sha256, KNOWN_SECONDS)
    if len(_near) >= MOST_NEAR:
        _near.clear()
    _near[mark] = sha256
    return content


def draw_what_is_due(at: datetime | None = None) -> None:
    """Draw every plan whose words changed since its last drawing. One that fails stays due and stops no other."""
    for plan_id in list(Plan.objects.filter(pdf_due=True).order_by("pk").values_list("pk", flat=True)[:20]):
        with transaction.atomic():
            plan = Plan.objects.hold(plan_id)
            plan.pdf_due = False  # set again by whoever changes words while this one is drawn
            plan.save(update_fields=["pdf_due"])
        try:
            issue(plan, at)
        except Exception:
            Plan.objects.filter(pk=plan_id).update(pdf_due=True)
            log.exception("a plan could not be drawn")


def draw_with_new_name(person, **kwargs) -> None:
    """The name stands in every plan of this parent: draw them soon.

    Drawn on the first download instead, how long a download takes would tell whether somebody had made one.
    """
    plans = Plan.objects.filter(parties__user=person)
    if person.closed_at:
        plans = plans.filter(events__kind="joined")  # what was theirs alone is erased, not drawn
    plans.update(pdf_due=True)
    ring_on_commit("parenting_plan.tasks.draw_what_is_due")


def look_up(written: str) -> Found | None:
    """What a code printed on a plan stands for, or None. Spaces, dashes and look-alike letters are forgiven.

    What was only read as a page is drawn now, so that the answer does not tell whether somebody has the file.
    """
    issued = Issued.objects.filter(code=tidy_code(written)).select_related("plan").first()
    if issued is None:
        return None
    if issued.plan.put_away_at:  # erased, or held by staff, which nobody may tell
        return Found(current=False, agreed=issued.agreed, made_at=issued.made_at, pages=issued.pages, over=True)
    now = summary.agreed_plan(issued.plan, made_at=issued.made_at)
    current = now.fingerprint == issued.fingerprint
    if current and not issued.drawn_at:
        try:
            issued = issue(issued.plan)
        except files.NoRoom:
            log.warning("a plan could not be drawn")
    return Found(current=current, agreed=issued.agreed, made_at=issued.made_at, pages=issued.pages)
