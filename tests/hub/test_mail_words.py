"""Every email of the house, read by a machine: nothing in it names, shows, fetches or tracks anything."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings as hub_settings
from django.template.loader import get_template

from hub import mail
from hub.models import OutgoingMail

TEMPLATES = Path(hub_settings.HOUSE) / "templates"
KINDS = sorted(
    f"{path.parts[-3]}/{path.stem}" for path in TEMPLATES.glob("*/email/*.txt") if path.stem not in {"base", "news"}
)
OURS = [kind for kind in KINDS if kind.startswith("parenting_plan/")]
TO_NOBODY_YET = {"parenting_plan/invited", "parenting_plan/professional_access"}
NEVER = re.compile(
    r"child|custody|contact|abuse|separat|ex-partner|court|cafcass|agree|solicitor|amara|ben\b|money|school",
    re.IGNORECASE,
)
MAY_SAY = {
    "html",
    "head",
    "meta",
    "title",
    "body",
    "main",
    "h1",
    "h2",
    "p",
    "a",
    "div",
    "strong",
    "br",
    "span",
    "ul",
    "ol",
    "li",
}


class Page(HTMLParser):
    """The words, addresses and elements of a mail's HTML part."""

    def __init__(self, text: str):
        super().__init__()
        self.words, self.addresses, self.elements, self.attributes, self.language = [], [], [], [], ""
        self._in_title = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self._in_title = tag == "title"
        for name, value in attrs:
            self.attributes.append((tag, name, value))
            if name == "href":
                self.addresses.append(value)
            if tag == "html" and name == "lang":
                self.language = value

    def handle_endtag(self, tag):
        self._in_title = False

    def handle_data(self, text):
        if not self._in_title:
            self.words += text.split()


@pytest.fixture
def made(amara, settings):
    """made(kind): the message as it would leave, at an address that can be told from any other."""
    settings.HUB_ADDRESS = "https://hub.example"

    def make(kind: str):
        reader = (
            {"to": "ben@example.com"}
            if kind in TO_NOBODY_YET or not kind.startswith("parenting_plan/")
            else {"person": amara}
        )
        letter = OutgoingMail(kind=kind, key=kind, facts={"path": "/a/way/in/"}, **reader)
        kept = mail._links.pop(kind, None)  # an invitation's own link needs an invitation
        try:
            return mail.build(letter)
        finally:
            if kept:
                mail._links[kind] = kept

    return make


def html_of(message) -> str:
    return message.alternatives[0][0]


@pytest.mark.parametrize("kind", OURS)
def test_text_and_html_say_the_same_words_and_lead_to_the_same_places(made, kind):
    message = made(kind)
    page = Page(html_of(message))
    addresses = re.findall(r"https?://\S+", message.body)
    words = re.sub(r":\n*https?://\S+", "", message.body).split()
    assert words == page.words
    assert addresses == page.addresses


@pytest.mark.parametrize("kind", OURS)
def test_a_mail_is_short_calm_and_neutral(made, kind):
    message = made(kind)
    words = re.sub(r"https?://\S+", "", message.body)
    assert len(words.split()) <= 60
    assert not NEVER.search(words), NEVER.search(words)
    assert message.subject == hub_settings.HUB_MAIL_SUBJECT
    assert not re.search(r"[!{}<>]|&#|&amp;", message.body)
    assert max(len(sentence.split()) for sentence in re.split(r"[.:?]\s", words)) <= 25


@pytest.mark.parametrize("kind", OURS)
def test_a_mail_leads_only_to_us_and_once(made, kind):
    page = Page(html_of(made(kind)))
    assert all(address.startswith("https://hub.example/") for address in page.addresses)
    assert len(page.addresses) == (1 if kind in TO_NOBODY_YET else 2)
    assert not any("?" in address or "#" in address for address in page.addresses)


@pytest.mark.parametrize("kind", OURS)
def test_a_mail_shows_and_fetches_nothing(made, kind):
    html = html_of(made(kind))
    page = Page(html)
    assert set(page.elements) <= MAY_SAY
    assert {name for _, name, _ in page.attributes} <= {"href", "style", "lang", "charset", "name", "content"}
    assert not re.search(r"url\(|@import|src=|data:|https?://(?!hub\.example/)", html)
    assert len(made(kind).attachments) == 0


@pytest.mark.parametrize("kind", OURS)
def test_a_mail_can_be_read_by_everybody(made, kind):
    html = html_of(made(kind))
    page = Page(html)
    assert page.language.casefold() == "en-gb"
    sizes = [float(size) for size in re.findall(r"(?:font-size:|font:)(\d+)px", html)]
    assert sizes
    assert min(sizes) >= 16
    assert page.elements.count("h1") == 1
    assert page.elements.count("main") == 1
    assert "table" not in page.elements


def test_whatever_happened_in_a_plan_its_mail_says_the_same(made):
    """Somebody who sees the mailbox cannot tell a suggestion from an agreement or from a parent who left."""
    kinds = ["suggestion", "counter", "agreed", "withdrawn", "set_aside", "rest_over", "nudge", "joined", "left"]
    for one, other in pairwise(made(f"parenting_plan/{kind}") for kind in kinds):
        assert (one.body, html_of(one)) == (other.body, html_of(other))


@pytest.mark.parametrize("kind", KINDS)
def test_every_mail_has_both_halves(kind):
    app, name = kind.split("/")
    for half in ("txt", "html"):
        assert get_template(f"{app}/email/{name}.{half}")


@pytest.mark.parametrize("kind", OURS)
def test_every_mail_about_a_plan_is_asked_again_before_it_leaves(kind):
    assert kind in mail._questions
    assert (kind in mail.ALERTS) == (kind not in TO_NOBODY_YET)
