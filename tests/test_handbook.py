"""What the handbook names is there: commands and their options, settings, pages, buttons, lines in the log."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.management import get_commands, load_command_class

from tests.test_deploy import READ

HOUSE = Path(__file__).resolve().parent.parent
HANDBOOK, README = ((HOUSE / name).read_text() for name in ("HANDBOOK.md", "README.md"))
DAYS = HANDBOOK.split("## The first day", 1)[1].split("## Before the first parent", 1)[0].replace("\n", " ")
SPANS = re.findall(r"`([^`]+)`", HANDBOOK + README)
TYPED = sorted({span.split("manage.py ", 1)[1] for span in SPANS if "manage.py " in span})
OURS = ("hub", "accounts", "parenting_plan", "programmes", "goals", "articles", "templates")


def words_of_the_program() -> str:
    """Everything that may be shown or logged, as it is written in the house, with its spaces made one."""
    files = [file for folder in OURS for kind in ("*.py", "*.html") for file in (HOUSE / folder).rglob(kind)]
    return " ".join(" ".join(file.read_text() for file in files).split())


@pytest.mark.parametrize("typed", TYPED)
def test_every_command_is_there_with_its_options(typed):
    name, *words = typed.replace("[", " ").replace("]", " ").replace(",", " ").split()
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    options = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert options <= set(parser._option_string_actions)


def test_every_setting_is_one():
    named = {name for span in SPANS for name in re.findall(r"\bHUB_[A-Z_]+", span)}
    of_compose = {"HUB_POSTGRES_PASSWORD", "HUB_OWNER_PASSWORD", "HUB_APP_PASSWORD", "HUB_CERTIFICATE"}
    assert {name.removesuffix("_FILE") for name in named} <= READ | of_compose


def test_every_page_is_on_the_first_staff_page_under_that_name(staff, signed_in, settings):
    settings.HUB_STAFF_SECOND_STEP = False
    staff.groups.set(Group.objects.all())
    links = re.findall(r"<a [^>]*>\s*([^<]+?)\s*</a>", signed_in(staff).get("/staff/").content.decode())
    named = {name for name in re.findall(r"\*\*([^*]+)\*\*", DAYS) if not name.endswith(".")}
    buttons = {"Pause", "complains", "cases they have to do with"}
    assert len(named) > 10 and named - buttons <= set(links)
    assert "Cases I have to do with" in links


def test_every_button_filter_and_line_is_written_so():
    there = words_of_the_program()
    named = set(re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", DAYS)) | set(re.findall(r"“([^”]+)”", DAYS)) - {"well"}
    assert (
        len(named) > 10 and {name for name in named if f'"{name}"' not in there and f">{name}<" not in there} == set()
    )
