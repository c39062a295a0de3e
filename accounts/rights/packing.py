"""The files of a copy of somebody's data, in one zip: for people a page and a PDF, for programs JSON.

All of them are drawn from the same sections. Nothing is in them but what the sections say and when they were made.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils.html import escape

from hub.own_data import Entry, Section
from hub.words import at_home

FORM, VERSION = "hub own data", 1
NAME = "your-data"
# Of one PDF, well below what hub.pdf draws: a longer copy has several, so that no drawing takes long or much memory.
LETTERS_OF_A_PDF = 200_000
LINES_OF_A_PDF = 2_500
TAGS = 80  # letters that stand around each fact in the page


@dataclass(frozen=True)
class Volume:
    """One PDF of a copy: its number, how many there are, and what stands in it."""

    number: int
    of: int
    sections: list[Section]


def pack(sections: list[Section], at: datetime) -> bytes:
    """The zip. Every file in it is whole by itself; a PDF that would be long is several.

    Raises what hub.pdf raises for a fact that is longer than any honest one.
    """
    from hub import pdf  # drawing is heavy: only a process that draws loads it

    told = {"sections": sections, "at": at, "hub_name": settings.HUB_NAME, "support_email": settings.HUB_SUPPORT_EMAIL}
    content: dict[str, bytes] = {
        f"{NAME}.html": render_to_string("accounts/copy/page.html", told).encode(),
        f"{NAME}.json": as_json(sections, at).encode(),
    }
    volumes = list(_volumes(sections))
    for number, each in enumerate(volumes, start=1):
        volume = Volume(number, len(volumes), each)
        name = f"{NAME}.pdf" if volume.of == 1 else f"{NAME}-{number}.pdf"
        content[name] = pdf.draw("accounts/copy/paper.html", told | {"sections": each, "volume": volume}).content
    content["README.txt"] = render_to_string("accounts/copy/readme.txt", told | {"pdfs": len(volumes)}).encode()
    return _zipped(content, at)


def as_json(sections: list[Section], at: datetime) -> str:
    """What is held, for a program: each section by its key, with plain values and times in UTC."""
    told: dict[str, Any] = {
        "format": FORM,
        "version": VERSION,
        "made_at": at.astimezone(UTC).isoformat(),
        "sections": {
            section.key: {"title": section.title, "about": section.about, "data": section.data} for section in sections
        },
    }
    return json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2) + "\n"


def _zipped(content: dict[str, bytes], at: datetime) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name in sorted(content):
            told = zipfile.ZipInfo(name, at_home(at).timetuple()[:6])
            told.compress_type = zipfile.ZIP_DEFLATED
            told.external_attr = 0o600 << 16
            bundle.writestr(told, content[name])
    return made.getvalue()


# ---------------------------------------------------------------- long copies


def _volumes(sections: list[Section]) -> Iterator[list[Section]]:
    """The sections in order, in as many lots as one PDF each can hold. A section or an entry may go on in the next."""
    lot: list[Section] = []
    letters = lines = 0
    for section in sections:
        lot.append(replace(section, entries=[]))
        for entry in section.entries:
            for part in _parts(entry):
                more_letters, more_lines = _weight(part)
                if letters and (letters + more_letters > LETTERS_OF_A_PDF or lines + more_lines > LINES_OF_A_PDF):
                    yield lot
                    lot, letters, lines = [replace(section, entries=[])], 0, 0
                lot[-1].entries.append(part)
                letters, lines = letters + more_letters, lines + more_lines
    yield lot


def _parts(entry: Entry) -> Iterator[Entry]:
    """The entry, or several of its name that one PDF can hold each."""
    facts: list = []
    for fact in entry.facts:
        letters, lines = _weight(Entry(entry.title, [*facts, fact]))
        if facts and (letters > LETTERS_OF_A_PDF // 2 or lines > LINES_OF_A_PDF // 2):
            yield Entry(entry.title, facts)
            facts = []
        facts.append(fact)
    yield Entry(entry.title, facts)


def _weight(entry: Entry) -> tuple[int, int]:
    """Letters and lines of this entry on the page, about."""
    words = [str(words) for fact in entry.facts for words in fact]
    letters = sum(len(escape(each)) for each in words) + TAGS * (len(entry.facts) + 1)
    return letters, 1 + len(entry.facts) + sum(each.count("\n") for each in words)
