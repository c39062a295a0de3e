"""The pieces of the design say in words what they draw."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template

TEMPLATES = Path(settings.HOUSE) / "templates"


def drawn(source: str, **context) -> str:
    return Template("{% load hub govuk %}" + source).render(Context(context))


@pytest.mark.parametrize("name", ["500.html", "503.html", "busy.html"])
def test_a_broken_house_still_has_a_calm_page_and_a_way_out(name):
    html = get_template(name).render()
    assert settings.HUB_NAME in html
    assert "data-exit" in html
    assert "Childline" in html


def test_stepping_stones_say_the_same_in_words():
    html = drawn("{% stones statuses 'Priya' 'Callum' %}", statuses=["done", "talk", "open", "open"])
    assert "1 agreed or not needed" in html
    assert "1 begun" in html
    assert "2 not started" in html
    assert html.count('class="done"') == 3  # once wide, once narrow, once in the key
    assert drawn("{% stones statuses 'Priya' %}", statuses=["open"])


def test_a_suggestion_shows_words_as_words():
    html = drawn("{% offer role='b' name='Callum' text=text note=text %}", text="<b>& so on\n\nnext")
    assert "&lt;b&gt;&amp; so on" in html
    assert "<b>" not in html
    assert "Callum suggests" in html
    assert "A note from Callum" in html


def test_changes_are_said_aloud_too():
    html = drawn("{% diff pieces %}", pieces=[("same", "at "), ("removed", "five"), ("added", "<four>")])
    text = re.sub(r"<[^>]+>", "", html)
    assert "removed: five (end of removed)" in text
    assert "added: &lt;four&gt; (end of added)" in text


def test_an_icon_that_is_not_there_is_a_mistake():
    with pytest.raises(Exception, match="No picture"):
        drawn("{% icon '../../secret' %}")


def test_no_page_carries_a_style_or_script_of_its_own():
    """But for mails, papers, a copy of somebody's data, which is a file they take away, and the page that the proxy
    keeps, which is dressed without the hub.
    """
    found = []
    for file in TEMPLATES.rglob("*.html"):
        if {"email", "pdf", "copy", "alone.html"} & set(file.relative_to(TEMPLATES).parts):
            continue
        html = file.read_text("utf-8")
        if re.search(r"<style|\sstyle=|<script(?![^>]*(?:\ssrc=|application/json))|\son[a-z]+=\"|javascript:", html):
            found.append(str(file.relative_to(TEMPLATES)))
    assert not found


def test_the_stylesheet_names_only_files_that_are_there():
    for sheet in ("hub.css", "pdf.css"):
        css = (Path(settings.HOUSE) / "static" / sheet).read_text("utf-8")
        for name in re.findall(r"url\([\"']?(?!data:)([^\"')]+)", css):
            assert (Path(settings.HOUSE) / "static" / name).is_file(), name
        assert "sourceMappingURL" not in css
