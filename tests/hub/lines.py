"""A helpline of a test, with its first edition published; `out` of view when it says so."""

from hub import clock, editions, helplines
from hub.helplines import Edition, Line


def a_helpline(title: str, *, out: bool = False, **words) -> Line:
    at = clock.now()
    told = {"number": "0800 123 456", "who_for": "Anybody.", "need": "family", "order": 500, "checked_on": "2026-11-01"}
    work = helplines.unsaved(title)
    work.withdrawn = out
    work.save()
    words = {"title": title, "check_again_on": "2027-11-01", **told, **words}
    edition = editions.add_edition(work, words, source=Edition.Source.STAFF, at=at)
    editions.publish(edition, at=at)
    return helplines.read_edition(edition)  # type: ignore[arg-type]
