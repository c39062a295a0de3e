"""Draw the pages that the proxy shows when it cannot ask the hub, or need not. hub/deploy/nginx.conf names them."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management.base import BaseCommand
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

PAGES = ("400", "413", "429", "503")


class Command(BaseCommand):
    help = "Draws the proxy’s own pages into a folder, each whole in one file, with this place’s name and addresses."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        dressed = {"sheet": mark_safe(sheet())}  # noqa: S308 - our own file
        for name in PAGES:
            said = {"title": f"{name}.html#title", "words": f"{name}.html#words"}
            put(folder / f"{name}.html", render_to_string("hub/alone.html", dressed | said))
        put(folder / "exit.html", way_out())


def sheet() -> str:
    """Our style sheet with whole addresses: it stands in the page, so that there is nothing more to fetch."""
    text = Path(str(finders.find("hub.css"))).read_text("utf-8")
    return re.sub(r'url\("(fonts/[^"]+)"\)', lambda found: f'url("{static(found[1])}")', text)


def way_out() -> str:
    """What "Exit this page" leads to when the hub cannot answer: on to the same place, and not a word about us."""
    return format_html(
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="referrer" content="no-referrer">'
        '<meta http-equiv="refresh" content="0; url={1}"><title>{0}</title><p><a href="{1}">{0}</a></p></html>',
        _("Weather"),
        settings.HUB_EXIT_ADDRESS,
    )


def put(path: Path, words: str) -> None:
    """Whole or not at all: the proxy may be reading."""
    new = path.with_suffix(".new")
    new.write_text(words, "utf-8")
    new.replace(path)
