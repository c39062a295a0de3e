"""How files become articles, how staff’s words are kept, and what the library gives to the rest of the hub."""

import time

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from articles import library
from articles.models import Article, Edition
from hub import clock, editions, schema
from programmes import library as programmes
from tests.articles.shelf import LIBRARY, article, write

PETS = LIBRARY["practical/our-cat"]


def work(slug: str = "our-cat") -> Article:
    return Article.objects.get(slug=slug)


def title(slug: str = "our-cat") -> str:
    return library.article(slug).title


def slugs(found) -> list[str]:
    return [each.slug for each in found]


def by_staff(words: str, *, shown: bool = True) -> Edition:
    held = work()
    made = editions.add_edition(
        held, {**held.current.words, "title": words}, source=Edition.Source.STAFF, at=clock.now(), note="Shorter"
    )
    if shown:
        editions.publish(made, at=clock.now())
    return made


def kept() -> list:
    return [
        list(Edition.objects.order_by("pk").values_list("pk", "article", "number", "words", "published_at")),
        list(Article.objects.order_by("pk").values_list("pk", "current", "withdrawn", "file_digest")),
    ]


# ---------------------------------------------------------------- loading


def test_the_real_articles_are_loaded_with_the_tables(db):
    assert slugs(library.articles())
    assert {path.stem for path in library.CONTENT.glob("*/*.toml")} == set(slugs(library.articles()))


def test_files_become_articles_in_order(shelf):
    assert slugs(library.articles()) == ["late-again", "a-lost-coat", "our-cat"]
    assert slugs(library.of_topic("practical")) == ["a-lost-coat", "our-cat"]
    assert library.article("our-cat").summary == "What to do about a pet."
    assert library.article("late-again").has_easy and not library.article("our-cat").has_easy
    assert library.article("no-such-article") is None


def test_tags_lead_from_goals_plans_and_programmes(shelf):
    assert slugs(library.for_goal("say-sorry")) == ["late-again", "our-cat"]
    assert slugs(library.for_goal("say-sorry", limit=1)) == ["late-again"]
    assert slugs(library.for_plan("health/pets")) == ["our-cat", "a-lost-coat"]
    assert slugs(library.for_plan("health")) == ["a-lost-coat", "our-cat"]
    assert slugs(library.for_programme("a-course")) == ["our-cat"]
    assert library.for_goal("no-such-goal") == []


def test_loading_again_changes_nothing(shelf):
    before = kept()
    assert shelf.load() == editions.Report()
    assert kept() == before


def test_a_changed_file_is_a_new_edition_and_the_old_one_stays(shelf):
    old = work().current
    report = shelf.write("practical/our-cat", PETS.replace('"Pets"', '"Animals"'))
    assert report == editions.Report(changed=["articles/our-cat"])
    assert title() == "Animals"
    assert Edition.objects.get(pk=old.pk).words["title"] == "Pets"


def test_a_file_that_says_the_same_in_other_letters_is_no_new_edition(shelf):
    assert shelf.write("practical/our-cat", "# A comment for writers.\n" + PETS) == editions.Report()
    assert work().editions.count() == 1


def test_what_staff_wrote_is_not_overwritten_and_the_loader_says_so(shelf):
    by_staff("Staff’s words")
    report = shelf.write("practical/our-cat", PETS.replace('"Pets"', '"The file’s words"'))
    assert report == editions.Report(waiting=["articles/our-cat"])
    assert title() == "Staff’s words"
    brought = work().editions.get(number=3)
    assert (brought.words["title"], brought.published_at) == ("The file’s words", None)
    assert shelf.load() == editions.Report()  # said once, for this file
    editions.publish(brought, at=clock.now())
    assert title() == "The file’s words"


def test_a_draft_of_staff_does_not_hold_a_file_up_and_is_seen_by_nobody(shelf):
    by_staff("A draft", shown=False)
    assert title() == "Pets"
    assert shelf.write("practical/our-cat", PETS.replace('"Pets"', '"Animals"')).changed == ["articles/our-cat"]
    assert title() == "Animals"


def test_staff_go_back_by_publishing_an_earlier_edition(shelf):
    first = work().current
    by_staff("Staff’s words")
    editions.publish(first, at=clock.now())
    assert title() == "Pets"
    assert work().editions.count() == 2


def test_a_file_that_is_gone_takes_its_article_out_and_brings_it_back(shelf):
    assert shelf.remove("practical/our-cat") == editions.Report(withdrawn=["articles/our-cat"])
    assert library.article("our-cat") is None
    assert "our-cat" not in slugs(library.articles())
    assert shelf.load() == editions.Report()
    assert shelf.write("practical/our-cat", PETS) == editions.Report(changed=["articles/our-cat"])
    assert title() == "Pets"
    assert work().editions.count() == 1


def test_what_staff_took_out_stays_out_when_its_file_changes(shelf):
    Article.objects.filter(slug="our-cat").update(withdrawn=True)
    assert shelf.write("practical/our-cat", PETS.replace('"Pets"', '"Animals"')).waiting == ["articles/our-cat"]
    assert library.article("our-cat") is None


def test_an_article_moves_to_another_topic_with_its_editions(shelf):
    (shelf.folder / "practical" / "our-cat.toml").unlink()
    report = shelf.write("children/our-cat", PETS.replace('"practical"', '"children"'))
    assert report == editions.Report(changed=["articles/our-cat"])
    assert library.article("our-cat").topic == "children"
    assert work().editions.count() == 2


def test_staff_cannot_keep_words_that_are_not_as_they_must_be(shelf):
    held = work()
    with pytest.raises(schema.Wrong, match="title is missing"):
        editions.add_edition(held, {**held.current.words, "title": ""}, source="staff", at=clock.now())
    assert held.editions.count() == 1


# ---------------------------------------------------------------- broken files


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("practical/our-cat", PETS.replace('title = "Pets"', 'title = "Pets'), "practical/our-cat.toml, line 1: "),
        ("practical/our-cat", PETS + "\n[[sources]]\ntext = ", "practical/our-cat.toml, line 24: "),
        ("practical/our-cat", PETS.replace('title = "Pets"\n', ""), "practical/our-cat.toml, line 1: title is missing"),
        ("practical/our-cat", PETS.replace("2027-11-22", "2027-13-45"), "practical/our-cat.toml, line 17: "),
        ("practical/our-cat", PETS.replace("2027-11-22", '"soon"'), "line 1: check_again_on must be a date such as"),
        ("practical/our-cat", PETS.replace("2027-11-22", "2020-01-01"), "check_again_on must be later than checked_on"),
        ("practical/our-cat", PETS.replace("https://", "javascript:"), "sources 1: url must be a whole address"),
        ("practical/our-cat", PETS.replace('"practical"', '"talking"'), "topic must be practical, like the folder"),
        ("talking/our-cat", article(topic="talking"), "two articles are called our-cat"),
        (
            "practical/Our_cat",
            PETS,
            "practical/Our_cat.toml: its name may hold small letters, digits and single dashes",
        ),
        ("covid/play", article(topic="covid"), "covid/play.toml, line 1: history is missing"),
        ("practical/more", article(more='colour = "red"'), "nobody knows the name colour"),
    ],
    ids="quote end title day-of-no-month soon before-it-was-checked script topic twice name history colour".split(),
)
def test_a_broken_file_is_named_with_its_line_and_loads_nothing_at_all(shelf, name, text, said):
    before = kept()
    write(shelf.folder, "practical/a-lost-coat", LIBRARY["practical/a-lost-coat"].replace("A lost", "A found"))
    write(shelf.folder, name, text)
    with pytest.raises(schema.BrokenContent) as error:
        shelf.load()
    assert said in str(error.value)
    assert kept() == before


def test_a_file_that_is_not_text_is_named(shelf):
    (shelf.folder / "practical" / "bad.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(schema.BrokenContent, match=r"practical/bad.toml: this is not UTF-8 text"):
        shelf.load()


def test_one_command_loads_courses_and_articles_or_neither(shelf, monkeypatch, capsys, db):
    load, others = library.load, programmes.load
    monkeypatch.setattr(library, "load", lambda: load(shelf.folder))
    call_command("load_content")
    assert capsys.readouterr().out == "Everything is as the files say.\n"
    by_staff("Staff’s words")
    write(shelf.folder, "practical/our-cat", PETS.replace('"Pets"', '"The file’s words"'))
    write(shelf.folder, "you/rest", article("Rest", topic="you"))
    call_command("load_content")
    said = capsys.readouterr().out
    assert "New: articles/rest" in said
    assert "Staff wrote a later edition, which stays. The file’s waits beside it, unpublished: articles/our-cat" in said
    before = kept()
    write(shelf.folder, "practical/our-cat", "title = ")
    monkeypatch.setattr(programmes, "load", lambda: others(shelf.folder / "nothing"))  # every course would go
    with pytest.raises(CommandError, match=r"Nothing was loaded. practical/our-cat.toml, line 1"):
        call_command("load_content")
    assert kept() == before
    assert programmes.programmes()


# ---------------------------------------------------------------- reading


def test_words_whose_publishing_came_to_nothing_are_not_remembered(shelf):
    """Somebody reads within the transaction that publishes; it is undone; the words are changed, then published."""
    draft = by_staff("With a slip", shown=False)
    with transaction.atomic():
        editions.publish(draft, at=clock.now())
        assert title() == "With a slip" and "With a slip" in {each.title for each in library.articles()}
        transaction.set_rollback(True)
    assert title() == "Pets"
    Edition.objects.filter(pk=draft.pk).update(words={**draft.words, "title": "Without a slip"})
    editions.publish(Edition.objects.get(pk=draft.pk), at=clock.now())
    assert title() == "Without a slip"
    assert "Without a slip" in {each.title for each in library.articles()}


# ---------------------------------------------------------------- what it costs


def test_once_read_the_index_is_one_query(shelf, django_assert_num_queries):
    library._parsed.clear()
    library._in_order.cache_clear()
    with CaptureQueriesContext(connection) as cold:
        library.articles()
    assert len(cold) == 2
    for ask in (library.articles, lambda: library.article("our-cat"), lambda: library.for_plan("health/pets")):
        with django_assert_num_queries(1):
            ask()


def test_a_hundred_files_are_loaded_in_seconds_and_looked_at_in_no_time(shelf):
    text = article(more="").replace("Write it in your plan.", "Write it in your plan. " * 100)
    for number in range(100):
        write(shelf.folder, f"practical/article-{number}", text)
    began = time.perf_counter()
    report = shelf.load()
    first = time.perf_counter() - began
    began = time.perf_counter()
    assert shelf.load() == editions.Report()
    again = time.perf_counter() - began
    assert len(report.new) == 100
    assert first < 3 and again < 0.3, (first, again)
