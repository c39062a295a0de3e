"""Search: what is found, who may find it, what is kept of a query (nothing), and what bad input does (nothing)."""

import json
import logging
import os
import re
import socket
import subprocess
import sys
import tomllib
import urllib.request
from html import unescape
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from articles import library
from articles.models import Article
from hub import clock, editing, editions, http, logs, search
from hub.models import SearchEntry, SearchWord
from hub.search import Findable, finding, meaning, stores
from hub.search import page as search_page
from hub.search.words import distance, likeness, stem, stems_of, words_of
from programmes import library as courses

CANARY = "zanzibarcanary"


@pytest.fixture(autouse=True)
def empty_shelf():
    http._shelf.clear()
    yield
    http._shelf.clear()


def ask(typed: str, client: Client | None = None, **more) -> str:
    answer = (client or Client()).get(reverse("search"), {"q": typed, **more})
    assert answer.status_code == 200
    return answer.content.decode()


def addresses(typed: str) -> list[str]:
    return [each.address for each in search.find(typed).found]


# ---------------------------------------------------------------- words, which need no database
@pytest.mark.parametrize(
    "alike",
    [
        "mediate mediates mediating mediation mediator mediators",
        "agree agrees agreed agreeing agreement agreements",
        "child children children's childrens",
        "worry worries worried worrying",
        "move moves moved moving",
        "reply replies replied",
        "stop stops stopped stopping",
        "apologise apologize apologised apologizing",
        "travel travels travelled travelling",
        "won't wont won’t WON'T",
        "café cafe",
    ],
)
def test_words_with_other_endings_are_the_same_word(alike):
    assert len({stem(words_of(word)[0]) for word in alike.split()}) == 1


@pytest.mark.parametrize(
    "pair", ["plan plane", "car cart", "contact contract", "other mother", "note not", "order older"]
)
def test_different_words_stay_different(pair):
    one, other = pair.split()
    assert stem(one) != stem(other)


def test_small_words_say_nothing_alone():
    assert stems_of("Does he have to be there?") == []


def test_letters_put_in_left_out_changed_or_swapped():
    assert [distance("mediation", other) for other in ("mediation", "mediaton", "meditaion", "medidation", "")] == [
        0, 1, 1, 1, 9,
    ]  # fmt: skip


def test_likeness_is_that_of_postgresql(db):
    words = ["mediation", "meditaion", "medi", "custody", "cat", "grandparents", "grandkids", "a", "£263"]
    with connection.cursor() as cursor:
        for one in words[:-1]:
            for other in words[:-1]:
                cursor.execute("SELECT similarity(%s, %s)", [one, other])
                assert likeness(one, other) == pytest.approx(cursor.fetchone()[0], abs=1e-6)


# ---------------------------------------------------------------- content files
def test_there_are_many_synonyms_and_each_leads_somewhere(db):
    told = tomllib.loads((meaning.CONTENT / "synonyms.toml").read_text())
    assert len(told) >= 60
    known = set(SearchWord.objects.values_list("stem", flat=True))
    lost = [
        typed
        for typed, others in meaning.synonyms().items()
        if not any(all(each in known for each in other) for other in others)
    ]
    assert not lost, lost


def test_words_of_danger_name_needs_that_helplines_have():
    from hub.models import Helpline

    told = tomllib.loads((meaning.CONTENT / "danger.toml").read_text())
    assert set(told) == {"harm", "despair", "child"}
    assert {need for table in told.values() for need in table["needs"]} <= set(Helpline.Need.values)


# ---------------------------------------------------------------- finding
def test_the_beginning_of_a_word_finds_it(db):
    assert reverse("articles:article", args=["mediation"]) in addresses("medi")[:3]


def test_a_misspelt_word_finds_it_and_says_so(db):
    found = search.find("meditaion")
    assert found.found[0].address == reverse("articles:article", args=["mediation"])
    assert found.query.respelt == [("meditaion", "mediation")]
    html = ask("meditaion")
    assert "No page has “meditaion”. We looked for “mediation”." in html


def test_old_words_find_new_ones(db):
    found = {address for page in (1, 2, 3) for address in (each.address for each in search.find("custody", page).found)}
    assert "/articles/two-homes-one-childhood/" in found
    for old in ("custody", "access", "contact"):
        assert meaning.synonyms()[(stem(old),)], old


def test_kinds_stand_in_words(db):
    kinds = {str(each.kind) for page in (1, 2, 3) for each in search.find("mediation", page).found}
    assert {"Article", "Easy read", "Question"} <= kinds
    assert "Help" in {str(each.kind) for each in search.find("helpline").found}
    assert "Course" in {str(each.kind) for each in search.find("getting it right for children course").found}


def test_history_comes_after_what_is_true_now(db):
    places = addresses("can she take him abroad")
    assert places.index("/articles/passports-and-travel/") < places.index("/articles/covid-travel/")


def test_at_most_ten_a_page_and_plain_paging(db):
    first = search.find("court")
    assert first.count > 10 and len(first.found) == 10
    seen = [each.address for page in range(1, first.pages + 1) for each in search.find("court", page).found]
    assert len(seen) == first.count <= finding.MOST
    html = ask("court", page="2")
    assert 'start="11"' in html
    assert re.search(r'href="\?q=court&amp;page=1" rel="prev"', html)
    assert re.search(r'href="\?q=court&amp;page=3" rel="next"', html)


@pytest.mark.parametrize("page", ["0", "-1", "999", "9999999999999999", "x", "", "²", "1.5", "٣"])
def test_any_number_of_a_page_is_answered(page, db):
    assert "may help" in ask("court", page=page)


def test_two_lines_with_the_words_marked(db):
    found = search.find("christmas days").found[0]
    assert "<mark>days</mark>" in found.lines
    assert len(re.sub("<[^>]+>", "", found.lines)) <= finding.LINES + 2


def test_marks_are_put_into_escaped_words_only(db):
    stems = frozenset({"hand", "lt", "b", "script"})
    assert finding.marked("<b>Hands</b> & <script>", stems) == (
        "&lt;<mark>b</mark>&gt;<mark>Hands</mark>&lt;/<mark>b</mark>&gt; &amp; &lt;<mark>script</mark>&gt;"
    )
    SearchEntry.objects.filter(key="articles/handovers").update(summary='<img src=x onerror="alert(1)"> handovers')
    html = ask("handovers")
    assert "<img src=x" not in html
    assert "&lt;img src=x onerror=&quot;alert(1)&quot;&gt; <mark>handovers</mark>" in html


def test_the_empty_page_teaches(db):
    html = ask("")
    for words, way in search_page._ways_on()["ideas"]:
        assert f'href="{way}">{words}</a>' in html
        assert search.find(str(words)).found, words
    for room in search.rooms():
        assert f'href="{room.address}"' in html
        assert Client().get(room.address).status_code == 200


def test_nothing_found_is_said_calmly(db):
    html = ask("qqzzxx wwvvkk")
    assert "We found no page for these words." in html
    assert "You could look for" in html


def test_every_page_that_can_be_found_answers_somebody_signed_out(db):
    for address in SearchEntry.objects.values_list("address", flat=True).distinct():
        assert Client().get(address).status_code in ({200, 302} if address == "/plan/" else {200}), address


# ---------------------------------------------------------------- what can be found, and what cannot
def test_the_words_of_a_part_that_is_not_open_are_not_found(db):
    hidden = [
        (programme, part)
        for programme in courses.programmes()
        if programme.cover.words.open_to != "nobody"
        for part in programme.parts
        if not part.words.taster
    ]
    assert hidden
    for programme, part in hidden:
        entry = SearchEntry.objects.get(key=f"programmes/{programme.slug}/{part.slug}")
        assert (entry.body, entry.also) == ("", "")
        assert entry.address == reverse("programmes:cover", args=[programme.slug])
        assert part.title == entry.title and part.words.summary.rstrip(".") in entry.summary


def test_a_taster_leads_to_itself(db):
    programme, part = next((each, part) for each in courses.programmes() for part in each.parts if part.words.taster)
    entry = SearchEntry.objects.get(key=f"programmes/{programme.slug}/{part.slug}")
    assert entry.address == reverse("programmes:part", args=[programme.slug, part.slug])
    assert entry.body


def test_answers_of_a_course_are_not_given_away(db):
    for entry in SearchEntry.objects.filter(app="programmes", kind="course"):
        for programme in courses.programmes():
            for part in programme.parts:
                for step in part.steps:
                    for option in step.words.options or []:
                        assert option["said"] not in entry.body


def test_a_question_leads_to_its_own_page(db):
    programme = next(each for each in courses.programmes() if each.cover.words.questions)
    asked = programme.cover.words.questions[0]
    assert reverse("programmes:one_question", args=[programme.slug, asked["slug"]]) in addresses(asked["ask"])[:3]


def test_a_draft_of_staff_is_never_found_and_a_published_edition_is(db, staff):
    work = Article.objects.get(slug="pets")
    draft = editing.begin(work.current, note="", by=staff, at=clock.now())
    words = {**draft.words, "title": f"The {CANARY} of the house"}
    draft = editing.write(draft, words, seen=editing.digest_of(draft.words), by=staff)
    search.refresh()
    assert not search.find(CANARY).found and not SearchWord.objects.filter(word=CANARY).exists()
    editing.publish(draft, seen=editing.digest_of(draft.words), by=staff, at=clock.now())
    assert addresses(CANARY) == ["/articles/pets/"]
    assert SearchWord.objects.get(word=CANARY).entries == 1
    editions.publish(work.editions.get(number=1), at=clock.now())
    assert not search.find(CANARY).found and not SearchWord.objects.filter(word=CANARY).exists()


def test_what_is_undone_is_undone_in_the_index(db):
    work = Article.objects.get(slug="pets")
    before = list(SearchWord.objects.order_by("word").values_list("word", "entries"))
    with transaction.atomic():
        made = editions.add_edition(work, {**work.current.words, "title": CANARY}, source="staff", at=clock.now())
        editions.publish(made, at=clock.now())
        assert addresses(CANARY) == ["/articles/pets/"]
        transaction.set_rollback(True)
    assert not search.find(CANARY).found
    assert list(SearchWord.objects.order_by("word").values_list("word", "entries")) == before


def test_what_is_taken_out_is_not_found(db, tmp_path):
    assert "/articles/pets/" in addresses("who gets the dog")
    assert library.load(tmp_path).withdrawn
    assert not SearchEntry.objects.filter(app="articles").exclude(key="articles/glossary").exists()
    assert SearchEntry.objects.filter(app="programmes").exists()


def test_a_rebuild_makes_the_same_index(db):
    def all_of_it():
        vectors = "key", "digest", "heads", "head", "text"
        return (
            sorted(SearchEntry.objects.values_list(*vectors)),
            sorted(SearchWord.objects.values_list("word", "stem", "entries")),
        )

    before = all_of_it()
    from django.core.management import call_command

    call_command("rebuild_search", verbosity=0)
    assert all_of_it() == before
    assert SearchWord.objects.get(word="").entries == SearchEntry.objects.count()


def test_what_did_not_change_is_left_alone(db):
    numbers = set(SearchEntry.objects.values_list("pk", flat=True))
    search.refresh()
    assert set(SearchEntry.objects.values_list("pk", flat=True)) == numbers


# ---------------------------------------------------------------- somebody in danger
@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("he hits me", "National Domestic Abuse Helpline"),
        ("i am scared of my ex", "National Domestic Abuse Helpline"),
        ("she said she will kill me", "Men’s Advice Line"),
        ("raped", "National Domestic Abuse Helpline"),
        ("frightend of him", "National Domestic Abuse Helpline"),
        ("suicide", "Samaritans"),
        ("suiside", "Samaritans"),
        ("suicidle", "Samaritans"),
        ("i want to die", "Samaritans"),
        ("can't go on", "Samaritans"),
        ("he is hurting my child", "NSPCC"),
        ("she smacks him", "NSPCC"),
        ("HURTING", "National Domestic Abuse Helpline"),
    ],
)
def test_helplines_stand_before_everything_else(typed, name, db):
    html = ask(typed).split("<main")[1]
    assert name in html, typed
    assert "tel:999" in html
    if 'id="found"' in html:
        assert html.index(name) < html.index('id="found"')


@pytest.mark.parametrize("typed", ["xmas days", "court fees", "passport", "new girlfriend", "dog", "school holidays"])
def test_and_not_for_an_ordinary_question(typed, db):
    assert "safe-first" not in ask(typed)


# ---------------------------------------------------------------- nothing is kept of a query
def test_a_visitor_gets_no_cookie_and_an_answer_is_not_stored(db):
    client = Client()
    answer = client.get(reverse("search"), {"q": "xmas"})
    assert not client.cookies and "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert not http._shelf
    assert b'<meta name="robots" content="noindex">' in answer.content


def test_the_page_without_a_query_is_like_any_other(db, django_assert_num_queries):
    client = Client()
    client.get(reverse("search"))
    with django_assert_num_queries(0):
        answer = client.get(reverse("search"))
    assert answer.headers["Cache-Control"].startswith("public")
    assert CANARY not in ask(CANARY).split("</title>")[0]
    assert CANARY not in client.get(reverse("search")).content.decode()


def test_somebody_signed_in_leaves_nothing_in_the_session_either(amara, signed_in):
    client = signed_in(amara)
    ask(CANARY, client)
    assert CANARY not in json.dumps(dict(client.session.items()), default=str)


def test_no_table_has_the_query(db, amara, signed_in):
    ask(f"{CANARY} hit", signed_in(amara))
    ask(CANARY)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT count(*) FROM {name} t WHERE strpos(t::text, %s) > 0", [CANARY])
            assert cursor.fetchone()[0] == 0, table


def test_no_log_line_has_the_query_even_when_something_breaks(db, monkeypatch):
    lines = []

    class Kept(logging.Handler):
        def emit(self, record):
            lines.append(logs.Line().format(record))

    handler, root = Kept(level=1), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(1)
    try:
        ask(CANARY)
        monkeypatch.setattr(search_page, "find", lambda typed, page: int(typed))
        client = Client(raise_request_exception=False)
        assert client.get(reverse("search"), {"q": CANARY}).status_code == 500
        monkeypatch.setattr(search_page, "find", _asks_the_database_nonsense)
        assert client.get(reverse("search"), {"q": CANARY}).status_code == 500
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
    assert lines and not [line for line in lines if CANARY in line]


def _asks_the_database_nonsense(typed, page):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere WHERE %s = 1", [typed])


def test_the_web_server_writes_no_query_down(process_environment, until, tmp_path):
    """gunicorn as in production: an answer, an address it cannot read, and a very long one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = tmp_path / "told"
    with told.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "hub/deploy/gunicorn.py", "--bind", f"127.0.0.1:{port}"],
            cwd=settings.HOUSE, env={**process_environment, "HUB_WEB_PROCESSES": "1"}, stdout=out, stderr=out,
        )  # fmt: skip

    def up():
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).status == 200
        except OSError:
            return False

    def say(line: str) -> bytes:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as plug:
            plug.sendall(f"{line}\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            heard = b""
            while piece := plug.recv(65536):
                heard += piece
        return heard

    try:
        until(up, seconds=60)
        assert b" 200 " in say(f"GET /search/?q={CANARY} HTTP/1.1").split(b"\r\n")[0]
        assert b" 400 " in say(f"GET /search/?q={CANARY} {CANARY} HTTP/1.1").split(b"\r\n")[0]
        assert b" 200 " in say(f"GET /search/?q={CANARY * 1000} HTTP/1.1").split(b"\r\n")[0]
    finally:
        server.terminate()
        server.wait(30)
    written = told.read_text()
    assert "Invalid request" in written
    assert CANARY not in written


def test_the_proxy_writes_no_query_down():
    text = (settings.HOUSE / "hub" / "deploy" / "nginx.conf").read_text()
    place = re.search(r"location = /search/ \{(.*?)\}", text, re.S)[1]
    assert "error_log /dev/null;" in place and "proxy_pass http://web;" in place


# ---------------------------------------------------------------- bad input
BAD = {
    "long": "custody " * 1250,
    "one-long-word": "x" * 10_000,
    "operators": "& | ! : * ( ) \" ' - < > <-> NOT OR AND NEAR NEAR/3 ^ { } [ ] \\ ; -- /* */",
    "operators-with-words": 'mediation & !court | (child:* "school") NOT pets NEAR(handover, 5) title:dog',
    "quotes": "it's \"her\" turn ' OR 1=1 --",
    "emoji": "😢 🏠🏠 👨‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "hebrew": "ילדים אחרי גירושין",
    "arabic": "حضانة الأطفال بعد الطلاق",
    "direction": "\u202edetrever\u202c \u2066school\u2069",
    "hindi": "तलाक के बाद बच्चे",
    "nul": "ex\x00 won\x00t",
    "control": "\x01\x02\x1b[31mcourt\x7f\x85\u2028",
    "surrogate": "\ud83d court",
    "one-letter": "a",
    "another-letter": "x",
    "small-words": "what is the to be or not",
    "spaces": " \t \n ",
    "percent": "100% _ %s %(q)s {} \\",
    "digits": "0 1 2 3 50/50 16.4 £263",
    "html": "<script>alert(1)</script><b>court</b>",
    "marks": "c" + "\u0301" * 500,
    "many-words": " ".join(f"word{number}" for number in range(400)),
}


@pytest.mark.parametrize("typed", BAD.values(), ids=BAD.keys())
def test_whatever_is_typed_is_answered_calmly(typed, db):
    answer = Client().get(f"{reverse('search')}?q={quote(typed, errors='surrogatepass')}")
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "<script>alert" not in html
    assert "\x00" not in html and "\u202e" not in html
    shown = unescape(re.search(r'name="q" type="search" value="([^"]*)"', html)[1])
    assert len(shown) <= meaning.LONGEST
    assert ("we read only the beginning" in html) == (len(typed.strip()) > meaning.LONGEST)


def test_operators_are_words_like_any_other(db):
    assert addresses("mediation") == addresses("(mediation:* & !)")
    assert [each.address for each in search.find("court NOT fees").found]


def test_twice_the_same_name_and_names_nobody_knows(db):
    assert Client().get(f"{reverse('search')}?q=court&q=dog&x=1&page=1&page=2").status_code == 200


# ---------------------------------------------------------------- the search box
def test_the_box_is_a_plain_form(db):
    html = ask("xmas")
    form = re.search(r'<form class="hub-search".*?</form>', html, re.S)[0]
    assert 'method="get"' in form and 'role="search"' in form and f'action="{reverse("search")}"' in form
    assert 'autocomplete="off"' in form and 'value="xmas"' in form
    assert re.search(r'<label[^>]* for="search-box">', form)
    assert "csrf" not in form


# ---------------------------------------------------------------- the databases
def plan_of(sql: str, values: list) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = on")
        cursor.execute(f"EXPLAIN {sql}", values)
        return "\n".join(row[0] for row in cursor.fetchall())


def test_a_search_asks_few_questions(db, django_assert_num_queries):
    search.find("xmas")
    with django_assert_num_queries(3):
        search.find("ex wont answer text")
    with django_assert_num_queries(4):  # how the unknown word may have been meant
        search.find("meditaion cost")
    with django_assert_num_queries(0):
        search.find("")
    with django_assert_num_queries(4):  # helplines
        Client().get(reverse("search"), {"q": "he hits me"})


@pytest.fixture
def a_big_library(db):
    """Some thousands of entries, made up: a library in which reading everything would show."""
    words = list(SearchWord.objects.exclude(word="").order_by("word").values_list("word", flat=True))

    def made():
        for number in range(3000):
            some = [words[(number * 7919 + at * 104_729) % len(words)] for at in range(120)]
            yield Findable(
                f"big/{number}", "article", f"/articles/{number}/", " ".join(some[:6]), " ".join(some[6:20]),
                " ".join(some[20:]), (" ".join(some[3:6]),),
            )  # fmt: skip

    search.register("big", made)
    try:
        search.refresh("big")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE hub_searchentry")
            cursor.execute("ANALYZE hub_searchword")
        yield
    finally:
        from hub.search import index

        del index._sources["big"]


@pytest.mark.timeout(240)
def test_a_big_library_is_read_by_its_indexes_and_never_whole(a_big_library, monkeypatch):
    store = stores.PostgreSQL()
    query = meaning.read("custody handover mediation")
    wanted = finding._wanted(query, common_too=False)
    plan = plan_of(store.CANDIDATES, store.asked(wanted, finding.ENOUGH, finding.CANDIDATES))
    assert "hub_search_heads" in plan and "hub_search_texts" in plan
    assert "Seq Scan on hub_searchentry" not in plan, plan
    plan = plan_of(store.NEAR, [["meditaion"]])
    assert "hub_search_spelling" in plan and "Seq Scan on hub_searchword" not in plan, plan

    # However common the words, no more entries are looked at than promised; in a small library all of them are.
    looked_at = []
    real = stores.PostgreSQL.candidates

    def counted(store, wanted, most, limit):
        lists = sum(bool(worth) for each in wanted for worth in (*each.head, each.text))
        looked_at.append(lists * most)
        return real(store, wanted, most, limit)

    monkeypatch.setattr(stores.PostgreSQL, "candidates", counted)
    for typed in ("children", "does my kid have to go", "school court money phone child"):
        assert search.find(typed).found, typed
    assert max(looked_at) <= finding.ENOUGH
    monkeypatch.setattr(finding, "MANY", 10**6)
    search.find("children")
    assert looked_at[-1] > finding.ENOUGH


def test_without_the_extension_the_migration_says_what_to_do(monkeypatch):
    from importlib import import_module

    migration = import_module("hub.migrations.0004_search")

    class Refusing:
        connection = connection

        def execute(self, sql, params=None):
            raise DatabaseError("permission denied to create extension")

    with pytest.raises(ImproperlyConfigured, match="CREATE EXTENSION pg_trgm"):
        migration.make(None, Refusing())


def test_the_owner_makes_the_extension_and_the_web_may_search(transactional_db):
    """With production's two roles: hub_owner migrates, hub_app searches and keeps the index."""
    from tests.roles import two_roles

    host, user = connection.settings_dict["HOST"], connection.settings_dict["USER"]
    with two_roles(host, user) as found:
        for role, words in (
            ("hub_owner", ["migrate", "--verbosity", "0"]),
            ("hub_owner", ["app_role", "--grant", "hub_app"]),
            ("hub_app", ["rebuild_search"]),
            (
                "hub_app",
                ["shell", "--verbosity", "0", "-c", "from hub import search; print(search.find('meditaion').count)"],
            ),
        ):
            environment = {**os.environ, "DATABASE_URL": found[role]}
            done = subprocess.run(
                [sys.executable, "manage.py", *words],
                cwd=settings.HOUSE, env=environment, capture_output=True, text=True,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
        assert int(done.stdout.split()[-1]) > 3
