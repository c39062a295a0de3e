"""How files become editions, how staff’s words are kept, and how editions come and go."""

import pytest
from django.core.management import CommandError, call_command
from django.test.utils import CaptureQueriesContext

from hub import clock, editions, schema
from programmes import library
from programmes.models import Chapter, Edition
from tests.programmes.courses import COURSE, part, reading, write

FIRST = COURSE["1-first"]


def chapter(slug: str) -> Chapter:
    return Chapter.objects.get(programme="a-course", slug=slug)


def title() -> str:
    return library.programme("a-course").part("first").title


def by_staff(words: str, *, shown: bool = True) -> Edition:
    held = chapter("first")
    edition = editions.add_edition(
        held, {**held.current.words, "title": words}, source=Edition.Source.STAFF, at=clock.now(), note="Shorter"
    )
    if shown:
        editions.publish(edition, at=clock.now())
    return edition


def kept() -> list:
    return list(Edition.objects.order_by("pk").values_list("pk", "chapter", "number", "words"))


# ---------------------------------------------------------------- loading
def test_files_become_programmes(course):
    assert [each.slug for each in course.parts] == ["first", "second", "bonus", "last"]
    assert [each.slug for each in course.needed] == ["first", "second", "last"]
    assert course.minutes == sum(each.minutes for each in course.parts)
    assert course.editions["first"] == chapter("first").current_id
    assert [each.slug for each in library.programmes()] == ["a-course", "a-sent-course"]
    assert library.programme("no-such-course") is None


def test_loading_again_changes_nothing(content):
    before = kept()
    report = content.load()
    assert (report.new, report.changed, report.waiting, report.withdrawn) == ([], [], [], [])
    assert kept() == before


def test_a_changed_file_is_a_new_edition_and_the_old_one_stays(content):
    old = chapter("first").current
    report = content.write("a-course", "1-first", FIRST.replace("First steps", "Steps to begin with"))
    assert report.changed == ["a-course/first"]
    assert title() == "Steps to begin with"
    assert [each.number for each in chapter("first").editions.all()] == [2, 1]
    assert Edition.objects.get(pk=old.pk).words["title"] == "First steps"


def test_what_staff_wrote_is_not_overwritten_and_the_loader_says_so(content):
    by_staff("Staff’s words")
    report = content.write("a-course", "1-first", FIRST.replace("First steps", "The file’s words"))
    assert report.waiting == ["a-course/first"]
    assert report.changed == []
    assert title() == "Staff’s words"
    waiting = chapter("first").editions.get(number=3)
    assert (waiting.words["title"], waiting.published_at) == ("The file’s words", None)
    assert content.load().waiting == []  # said once, for this file
    editions.publish(waiting, at=clock.now())
    assert title() == "The file’s words"


def test_staff_go_back_by_publishing_an_earlier_edition(content):
    first = chapter("first").current
    by_staff("Staff’s words")
    assert title() == "Staff’s words"
    editions.publish(first, at=clock.now())
    assert title() == "First steps"
    assert chapter("first").editions.count() == 2


def test_a_draft_of_staff_is_seen_by_nobody(content):
    by_staff("A draft", shown=False)
    assert title() == "First steps"


def test_staff_cannot_keep_words_that_are_not_as_they_must_be(content):
    held = chapter("first")
    with pytest.raises(schema.Wrong, match="title is missing"):
        editions.add_edition(held, {**held.current.words, "title": ""}, source="staff", at=clock.now())
    assert held.editions.count() == 1


def test_a_file_that_is_gone_takes_its_part_out_and_brings_it_back(content):
    report = content.remove("a-course", "3-bonus")
    assert report.withdrawn == ["a-course/bonus"]
    assert library.programme("a-course").part("bonus") is None
    assert content.load().withdrawn == []
    content.write("a-course", "3-bonus", COURSE["3-bonus"].replace("A bonus", "The bonus again"))
    assert library.programme("a-course").part("bonus").title == "The bonus again"


# ---------------------------------------------------------------- broken files
@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("1-first", FIRST.replace('title = "How"', 'title = "How'), "a-course/1-first.toml, line "),
        ("1-first", FIRST.replace('title = "Welcome"\n', ""), ", step 1: title is missing"),
        ("9-new", part("first", "Twice", 9, reading("x")), "a-course: two parts are called first"),
        ("cover", COURSE["cover"].replace('slug = "a-course"', 'slug = "b"'), "slug must be a-course, like the folder"),
    ],
)  # fmt: skip
def test_a_broken_file_loads_nothing_at_all(content, name, text, said):
    before, shown = kept(), title()
    write(content.folder, "a-course", "2-second", COURSE["2-second"].replace("Second part", "Changed as well"))
    write(content.folder, "a-course", name, text)
    with pytest.raises(schema.BrokenContent) as error:
        content.load()
    assert said in str(error.value)
    assert kept() == before
    assert title() == shown


def test_a_file_that_is_not_text_and_a_folder_without_a_cover_are_named(content):
    (content.folder / "a-course" / "9-bad.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(schema.BrokenContent, match=r"a-course/9-bad.toml: this is not UTF-8 text"):
        content.load()
    (content.folder / "a-course" / "9-bad.toml").unlink()
    write(content.folder, "b-course", "1-first", FIRST)
    with pytest.raises(schema.BrokenContent, match=r"b-course: there is no cover.toml"):
        content.load()


def test_the_command_says_what_it_did_or_what_is_wrong(content, monkeypatch, capsys):
    load = library.load
    monkeypatch.setattr(library, "load", lambda: load(content.folder))
    call_command("load_content")
    assert capsys.readouterr().out == "Everything is as the files say.\n"
    by_staff("Staff’s words")
    write(content.folder, "a-course", "1-first", FIRST.replace("First steps", "The file’s words"))
    write(content.folder, "a-course", "5-new", part("new", "New", 5, reading("x")))
    call_command("load_content")
    said = capsys.readouterr().out
    assert "New: a-course/new" in said
    assert "Staff wrote a later edition, which stays. The file’s waits beside it, unpublished: a-course/first" in said
    before = kept()
    write(content.folder, "a-course", "5-new", "slug = ")
    with pytest.raises(CommandError, match=r"Nothing was loaded. a-course/5-new.toml, line 1"):
        call_command("load_content")
    assert kept() == before


# ---------------------------------------------------------------- reading
def test_a_programme_costs_one_query_once_its_editions_were_read(content, django_assert_num_queries):
    library.programmes()
    with django_assert_num_queries(1):
        library.programme("a-course")
    with django_assert_num_queries(1):
        library.programmes()


def test_fifty_programmes_cost_no_more_than_one(content, db, django_assert_num_queries):
    from django.db import connection

    for number in range(50):
        for name, text in COURSE.items():
            write(
                content.folder, f"course-{number}", name, text.replace('slug = "a-course"', f'slug = "course-{number}"')
            )
    content.load()
    library._parsed.clear()  # the index for search has read them
    with CaptureQueriesContext(connection) as cold:
        library.programmes()
    assert len(cold) == 2
    with django_assert_num_queries(1):
        library.programme("course-7")
