"""The code printed on a plan: three answers, no name, no cookie, ten tries a minute."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from hub.codes import code, in_fours
from parenting_plan import drawing
from parenting_plan.models import Issued
from tests.parenting_plan import family

VERIFY = "/verify/"
NAMES = ("Amara", "Ben", "Anya", "Finn")


@pytest.fixture
def issued(lively) -> Issued:
    return drawing.issue(lively)


def heading(answer) -> str:
    return re.search(r"<h1[^>]*>([^<]*)</h1>", answer.content.decode())[1]


def ask(written: str, client: Client | None = None, **more):
    return (client or Client()).post(VERIFY, {"code": written}, **more)


def test_genuine_and_current(issued):
    answer = ask(in_fours(issued.code))
    assert heading(answer) == "Genuine and current"
    assert f">{issued.pages}<" in answer.content.decode()


def test_genuine_but_superseded_once_newer_words_are_agreed(lively, issued, amara, ben):
    family.agree(lively, amara, family.OVERNIGHTS)
    assert heading(ask(in_fours(issued.code))) == "Genuine but superseded"
    newer = drawing.issue(lively)
    assert heading(ask(in_fours(newer.code))) == "Genuine and current"


def test_a_suggestion_supersedes_nothing(lively, issued, amara, ben):
    family.suggest(lively, ben, family.TRAVEL, "Anywhere in the country.")
    assert heading(ask(in_fours(issued.code))) == "Genuine and current"


def test_not_known(issued):
    assert heading(ask("0000-0000-0000-0000")) == "Not known"


def test_a_code_that_was_only_read_on_a_page_is_known_like_any_other(lively, amara):
    issued, _context = drawing.reading(lively)
    answer = ask(str(issued))
    issued.refresh_from_db()
    assert heading(answer) == "Genuine and current" and f">{issued.pages}<" in answer.content.decode()


def test_a_code_whose_words_changed_before_they_were_drawn_says_no_pages(lively, amara):
    issued, _context = drawing.reading(lively)
    family.agree(lively, amara, family.OVERNIGHTS)
    answer = ask(str(issued))
    assert heading(answer) == "Genuine but superseded" and "Number of pages" not in answer.content.decode()


def test_what_one_parent_proposes_is_never_called_agreed(solo, amara):
    family.suggest(solo, amara, family.HANDOVERS, "At the school gate.")
    answer = ask(drawing.issue(solo).code).content.decode()
    assert "it is not agreed" in answer and "Amara" not in answer


def test_no_answer_holds_a_name_a_word_or_a_reference(lively, issued, amara):
    current = ask(issued.code).content.decode()
    family.agree(lively, amara, family.OVERNIGHTS)
    for said in (current, ask(issued.code).content.decode(), ask("0" * 16).content.decode()):
        assert not re.search(rf"\b({'|'.join(NAMES)})\b|school gate|{lively.reference}", said)


def test_spaces_dashes_small_letters_and_look_alikes_are_forgiven(issued):
    for written in (
        issued.code.lower(),
        f"  {in_fours(issued.code).replace('-', ' - ')} ",
        issued.code.replace("0", "o").replace("1", "l"),
    ):
        assert heading(ask(written)) == "Genuine and current"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "ABCD",
        "ABCD-EFGH-JKMN-PQRS-TTTT",
        "ABCD-EFGH-JKMN-PQU!",
        "UUUU-UUUU-UUUU-UUUU",
        "é" * 16,
        "x" * 5000,
        "\x00" * 16,
    ],
)
def test_what_is_no_code_is_said_beside_the_field_and_kept(db, written):
    answer = ask(written)
    said = answer.content.decode()
    assert answer.status_code == 200 and heading(answer) == "Check a printed plan"
    assert 'href="#id_code"' in said and 'id="id_code_error"' in said and "<title>Error:" in said
    if written.isascii() and written.isprintable():
        assert f'value="{written}"' in said or not written


def test_the_page_sets_no_cookie_and_needs_none(db, issued):
    strict = Client(enforce_csrf_checks=True)
    for answer in (strict.get(VERIFY), ask(issued.code, strict), ask("0" * 16, strict), ask("no", strict)):
        assert answer.status_code == 200
        assert not answer.cookies
        assert "Set-Cookie" not in answer.headers


def test_a_code_in_the_address_is_not_looked_up(issued):
    """It would stay in histories and logs."""
    assert heading(Client().get(VERIFY, {"code": issued.code})) == "Check a printed plan"


def test_answers_are_kept_by_nobody(issued):
    assert ask(issued.code)["Cache-Control"] == "no-store"


def test_ten_tries_a_minute_whatever_a_browser_says_of_itself(issued):
    through = [
        ask(
            "0" * 16, headers={"x-forwarded-for": f"203.0.113.{number}", "x-real-ip": f"198.51.100.{number}"}
        ).status_code
        for number in range(40)
    ]
    assert through.count(200) == 10 and set(through[10:]) == {429}
    resting = ask(issued.code)
    assert resting.status_code == 429 and heading(resting) == "Let us take a short rest"
    assert Client().get(VERIFY).status_code == 200


def test_behind_a_trusted_proxy_each_visitor_has_ten_tries_of_their_own(issued, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for visitor in ("203.0.113.1", "203.0.113.2"):
        through = [
            ask("0" * 16, headers={"x-forwarded-for": f"192.0.2.{number}, {visitor}"}).status_code
            for number in range(12)
        ]
        assert through.count(200) == 10


def test_ten_thousand_random_codes_hit_nothing(issued):
    assert not [written for written in (code(16) for _ in range(10_000)) if drawing.look_up(written)]


def test_the_limit_is_for_each_address(issued):
    for _ in range(10):
        ask("0" * 16)
    assert ask("0" * 16).status_code == 429
    assert ask("0" * 16, REMOTE_ADDR="192.0.2.9").status_code == 200
    cache.clear()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_check_page_in_a_browser(
    transactional_db, issued, open_browser, axe, no_sideways_scroll, javascript, width
):
    page = open_browser(javascript=javascript, width=width)
    page.goto(VERIFY)
    no_sideways_scroll(page)
    if javascript:
        axe(page)
    page.get_by_label("Check code").fill("ABCD")
    page.get_by_role("button", name="Check this code").click()
    assert page.get_by_label("Check code").input_value() == "ABCD"
    page.get_by_label("Check code").fill(in_fours(issued.code).lower())
    page.get_by_role("button", name="Check this code").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Genuine and current"
    no_sideways_scroll(page)
    if javascript:
        axe(page)
    assert not page.context.cookies()
