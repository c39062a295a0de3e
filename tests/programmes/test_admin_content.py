"""The content desk: a new edition is written, looked at, published and taken back; what was published never changes."""

import copy
import re
from urllib.parse import urljoin

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import reverse

from hub import clock, editing, schema
from hub.desk import boxes as typing
from hub.desk.comparing import compare
from hub.desk.shapes import Head, Shape
from hub.models import AccessRecord
from hub.schema import Field
from programmes import kinds, library
from programmes.forms.staff import OF_PART, STEPS, shape_of
from programmes.models import Answer, Chapter, Edition, Taking
from tests.programmes.courses import part, reading

LIST = "admin:programmes_chapter_changelist"
ROWS = Field("rows", "groups", "Rows", of=(Field("text", "line", "Text"),))


@pytest.fixture
def stella(staff, settings):
    settings.HUB_STAFF_SECOND_STEP = False
    staff.is_superuser = True
    staff.save()
    return staff


@pytest.fixture
def desk(content, stella, signed_in):
    return signed_in(stella)


@pytest.fixture
def chapter(content):
    return Chapter.objects.get(programme="a-course", slug="first")


def at(name: str, *where) -> str:
    return reverse(f"admin:programmes_{name}", args=where)


def begin(chapter, by, note="Shorter words") -> Edition:
    return editing.begin(chapter.current, note=note, by=by, at=clock.now())


def write(edition, by, **more) -> Edition:
    words = copy.deepcopy(edition.words)
    words["step"][0] |= more
    return editing.write(edition, words, seen=editing.digest_of(edition.words), by=by)


def sent(edition, work: dict, **more) -> dict:
    """What a browser sends from the form of a piece, unchanged but for `more`."""
    fields = OF_PART.heads[0].fields if work["sort"] == "head" else None
    if fields is None:
        entry = next(one for one in edition.words["step"] if one["slug"] == work["slug_was"])
        fields = [each for each in STEPS.fields_of(entry["kind"]) if each.name != "slug"]
    else:
        entry = edition.words
    body = {"seen": editing.digest_of(edition.words), "do": "save", **work}
    for box in flat(typing.boxes(entry, fields, {})):
        if box.draw == "groups":
            body[f"{box.name}-count"] = str(box.count)
        elif box.draw != "yes":
            body[box.name] = box.value
        elif box.checked:
            body[box.name] = "yes"
    return {**body, **more}


def flat(boxes):
    for box in boxes:
        yield box
        for entry in box.entries:
            yield from flat(entry.boxes)


# ---------------------------------------------------------------- the schema as a form


def test_every_real_chapter_goes_through_the_form_and_comes_out_the_same(db):
    """What the form draws and reads back is what was there, to the letter, for every step that we have."""
    seen = 0
    for chapter in Chapter.objects.select_related("current").filter(current__isnull=False):
        words, shape = chapter.current.words, shape_of(chapter)
        (head,) = shape.heads
        assert not typing.faults(words, head.fields)
        assert there_and_back(words, head.fields) == tidied(words, head.fields)
        for sort in shape.sorts:
            for entry in words.get(sort.name, []):
                fields = sort.fields_of(entry.get("kind", ""))
                told = {name: value for name, value in entry.items() if name != "kind"}
                assert not typing.faults(told, fields), (chapter, entry["slug"])
                assert there_and_back(told, fields) == tidied(told, fields), (chapter, entry["slug"])
                seen += 1
    assert seen > 100


def tidied(words, fields):
    return typing.tidy({each.name: words.get(each.name) for each in fields}, fields)


def there_and_back(told, fields):
    body = {}
    for box in flat(typing.boxes(told, fields, {})):
        if box.draw == "groups":
            body[f"{box.name}-count"] = str(box.count)
        elif box.draw != "yes" or box.checked:
            body[box.name] = "yes" if box.draw == "yes" else box.value
    return typing.tidy(typing.typed(body, fields), fields)


def test_every_kind_of_step_says_what_is_missing_beside_its_box(db):
    for kind in kinds.KINDS:
        fields = STEPS.fields_of(kind)
        wrong = typing.faults({}, fields)
        assert set(wrong) == {each.name for each in fields if each.needed}
        assert all(re.match(r"[A-Z].*\.$", words) for words in wrong.values())


@pytest.mark.parametrize(
    ("told", "where", "words"),
    [
        ({"minutes": "many"}, "minutes", "Enter a whole number from 1 to 15."),
        ({"minutes": 99}, "minutes", "Enter a whole number from 1 to 15."),
        ({"slug": "Not A Slug"}, "slug", "Use small letters"),
        ({"title": "x" * 301}, "title", "301 letters. There is room for 300."),
        ({"try_this": ["a", "b", "c", "d"]}, "try_this", "There is room for 3."),
        ({"picture": "scene-rain.svg"}, "picture_alt", "Say in one sentence"),
        ({"picture": "../../etc/passwd", "picture_alt": "A file."}, "picture", "Choose one from the list."),
    ],
)
def test_a_mistake_is_told_in_plain_words(told, where, words):
    good = {"slug": "a", "title": "A", "minutes": 1, "text": "Words."}
    wrong = typing.faults(good | told, STEPS.fields_of("reading"))
    assert list(wrong) == [where] and words in wrong[where]


def test_boxes_of_a_list_are_moved_and_taken_out():
    told = {"questions": [{"ask": "1", "options": [{"text": "a"}, {"text": "b"}]}, {"ask": "2"}]}
    typing.rearrange(told, "down questions 0")
    assert [each["ask"] for each in told["questions"]] == ["2", "1"]
    typing.rearrange(told, "up questions-1-options 1")
    assert [each["text"] for each in told["questions"][1]["options"]] == ["b", "a"]
    typing.rearrange(told, "drop questions-1-options 0")
    assert told["questions"][1]["options"] == [{"text": "a"}]
    before = copy.deepcopy(told)
    for nonsense in ("drop questions 9", "up nowhere 0", "drop questions-9-options 0", "drop ask-0-x 1", "explode", ""):
        typing.rearrange(told, nonsense)
    assert told == before


# ---------------------------------------------------------------- writing


def test_what_is_typed_is_saved_and_nobody_sees_it(desk, chapter, stella):
    answer = desk.post(at("edition_begin", chapter.pk), {"note": ""})
    assert "Say in a few words what you are going to change" in answer.content.decode()
    desk.post(at("edition_begin", chapter.pk), {"note": "Kinder words"})
    edition = chapter.editions.get(source="staff")
    assert (edition.note, edition.made_by, edition.published_at) == ("Kinder words", stella, None)
    piece = {"sort": "step", "slug_was": "welcome", "kind": "", "place": "0"}
    answer = desk.post(at("edition_piece", edition.pk), sent(edition, piece, text="New words, **kind** ones."))
    assert answer.status_code == 302
    edition.refresh_from_db()
    assert edition.words["step"][0]["text"] == "New words, **kind** ones."
    shown = library.programme("a-course").part("first")
    assert shown.steps[0].words.text == "A few words to read."
    told = AccessRecord.objects.filter(person=stella).order_by("at").values_list("what", "about")
    assert list(told) == [
        ("write edition", "edition:a-course/first, edition 2"),
        ("change edition", "edition:a-course/first, edition 2"),
    ]


def test_a_mistake_is_beside_its_box_and_nothing_typed_is_lost(desk, chapter, stella):
    edition = begin(chapter, stella)
    piece = {"sort": "step", "slug_was": "welcome", "kind": "", "place": "0"}
    typed = sent(edition, piece, text="Forty typed words", minutes="soon", title="")
    answer = desk.post(at("edition_piece", edition.pk), typed)
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "Forty typed words" in said and 'value="soon"' in said
    assert re.search(r'id="id_minutes_error">Enter a whole number from 1 to 15\.', said)
    assert re.search(r'id="id_title_error">This is needed', said)
    edition.refresh_from_db()
    assert edition.words["step"][0]["text"] == "A few words to read."


def test_a_step_is_added_moved_and_taken_out(desk, chapter, stella):
    edition = begin(chapter, stella)
    new = {"sort": "step", "kind": "reflection", "place": "1", "slug_was": "", "do": "save"}
    assert "The question" in desk.get(at("edition_piece", edition.pk), new).content.decode()
    answer = desk.post(
        at("edition_piece", edition.pk),
        {**new, "slug": "welcome", "title": "Think", "minutes": "2", "ask": "What did they see?"},
    )
    assert "Another piece has this name in the address already" in answer.content.decode()
    assert "What did they see?" in answer.content.decode()
    desk.post(
        at("edition_piece", edition.pk),
        {**new, "slug": "think", "title": "Think", "minutes": "2", "ask": "What did they see?"},
    )
    slugs = lambda: [step["slug"] for step in Edition.objects.get(pk=edition.pk).words["step"]]  # noqa: E731
    assert slugs() == ["welcome", "think", "how"]

    def arrange(**what):
        seen = editing.digest_of(Edition.objects.get(pk=edition.pk).words)
        return desk.post(at("edition_arrange", edition.pk), {"sort": "step", "seen": seen, **what})

    arrange(place="1", do="up")
    assert slugs() == ["think", "welcome", "how"]
    assert "Take this out of the edition?" in arrange(place="0", do="drop").content.decode()
    assert slugs() == ["think", "welcome", "how"]
    arrange(place="0", do="drop", confirmed="yes")
    assert slugs() == ["welcome", "how"]


def test_two_at_one_edition_do_not_write_over_each_other_unawares(desk, chapter, stella):
    edition = begin(chapter, stella)
    piece = {"sort": "step", "slug_was": "welcome", "kind": "", "place": "0"}
    mine = sent(edition, piece, text="Mine")
    write(edition, stella, text="Theirs")
    answer = desk.post(at("edition_piece", edition.pk), mine)
    said = answer.content.decode()
    assert "Somebody else changed this edition" in said and "Mine" in said
    edition.refresh_from_db()
    assert edition.words["step"][0]["text"] == "Theirs"
    again = {**mine, "seen": re.search(r'name="seen" value="(\w+)"', said)[1]}
    assert desk.post(at("edition_piece", edition.pk), again).status_code == 302
    edition.refresh_from_db()
    assert edition.words["step"][0]["text"] == "Mine"


def test_the_name_of_a_chapter_never_changes(chapter, stella):
    edition = begin(chapter, stella)
    with pytest.raises(schema.Wrong):
        editing.write(edition, edition.words | {"slug": "other"}, seen=editing.digest_of(edition.words), by=stella)


# ---------------------------------------------------------------- publishing and going back


def test_publishing_takes_a_look_and_going_back_too(desk, chapter, stella):
    edition = write(begin(chapter, stella), stella, text="Words of staff.")
    check = desk.get(at("edition_publish", edition.pk)).content.decode()
    assert "Publish this edition?" in check and "Words of staff" in re.sub(r"<[^>]+>", "", check)
    chapter.refresh_from_db()
    assert chapter.current.number == 1
    desk.post(at("edition_publish", edition.pk), {"seen": "older words"})
    assert Chapter.objects.get(pk=chapter.pk).current.number == 1
    seen = {"seen": editing.digest_of(edition.words)}
    assert desk.post(at("edition_publish", edition.pk), seen).status_code == 302
    assert library.programme("a-course").part("first").steps[0].words.text == "Words of staff."
    first = chapter.editions.get(number=1)
    assert "Go back to this edition?" in desk.get(at("edition_publish", first.pk)).content.decode()
    desk.post(at("edition_publish", first.pk), {"seen": editing.digest_of(first.words)})
    assert library.programme("a-course").part("first").steps[0].words.text == "A few words to read."
    told = list(AccessRecord.objects.filter(person=stella).order_by("at").values_list("what", flat=True))
    assert told[-2:] == ["publish edition", "go back to edition"]


def test_what_was_published_is_changed_by_nobody(desk, chapter, stella):
    shown = chapter.current
    for address in (at("edition_piece", shown.pk), at("edition_arrange", shown.pk)):
        desk.post(address, {"sort": "step", "place": "0", "slug_was": "welcome", "do": "drop", "confirmed": "yes"})
    assert desk.post(at("edition_throw_away", shown.pk)).status_code == 404
    for verb in ("delete", "add"):
        where = [chapter.pk] if verb == "delete" else []
        assert desk.post(at(f"chapter_{verb}", *where), {"post": "yes"}).status_code == 403
    desk.post(reverse(LIST), {"action": "delete_selected", "_selected_action": chapter.pk, "post": "yes"})
    with pytest.raises(editing.IsPublished):
        editing.write(shown, shown.words, seen=editing.digest_of(shown.words), by=stella)
    with pytest.raises(editing.IsPublished):
        editing.delete(shown, by=stella)
    with pytest.raises(ProtectedError):
        shown.delete()
    rows = Edition.objects.filter(pk=shown.pk)
    for forge in (
        lambda: rows.update(words={}),
        lambda: rows.update(published_at=None),
        lambda: rows.update(note="never said"),
        lambda: rows._raw_delete(rows.db),
        lambda: Edition(**{**{f.attname: getattr(shown, f.attname) for f in shown._meta.fields}, "words": {}}).save(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            forge()
    assert Edition.objects.get(pk=shown.pk).words == shown.words


def test_what_nobody_has_seen_can_be_thrown_away(desk, chapter, stella):
    edition = begin(chapter, stella)
    assert "Throw this edition away?" in desk.get(at("edition_throw_away", edition.pk)).content.decode()
    desk.post(at("edition_throw_away", edition.pk))
    assert not Edition.objects.filter(pk=edition.pk).exists()
    assert AccessRecord.objects.filter(what="delete edition").count() == 1


def test_what_a_file_brings_waits_and_is_compared_published_or_left(desk, content, chapter, stella):
    edition = write(begin(chapter, stella), stella, text="Words of staff.")
    editing.publish(edition, seen=editing.digest_of(edition.words), by=stella, at=clock.now())
    words = part(
        "first", "First steps", 1, reading("welcome", "Words of the file."), reading("how"), more="taster = true"
    )
    content.write("a-course", "1-first", words)
    assert "New words wait" in desk.get(reverse(LIST)).content.decode()
    assert desk.get(reverse(LIST), {"brought": "waits"}).context["cl"].result_count == 1
    page = desk.get(at("chapter_change", chapter.pk)).content.decode()
    assert "The repository brought new words" in page
    brought = chapter.editions.get(number=3)
    assert "the file" in re.sub(r"<[^>]+>", "", desk.get(at("edition_compare", brought.pk)).content.decode())
    with pytest.raises(editing.IsFromAFile):
        editing.write(brought, brought.words, seen=editing.digest_of(brought.words), by=stella)
    desk.post(at("edition_leave", brought.pk))
    assert "The repository brought new words" not in desk.get(at("chapter_change", chapter.pk)).content.decode()
    assert "New words wait" not in desk.get(reverse(LIST)).content.decode()
    assert library.programme("a-course").part("first").steps[0].words.text == "Words of staff."
    content.write("a-course", "1-first", words.replace("of the file", "of the file again"))
    assert "New words wait" in desk.get(reverse(LIST)).content.decode()
    newest = chapter.editions.get(number=4)
    desk.post(at("edition_publish", newest.pk), {"seen": editing.digest_of(newest.words)})
    assert "New words wait" not in desk.get(reverse(LIST)).content.decode()
    assert AccessRecord.objects.filter(what="leave edition").count() == 1


# ---------------------------------------------------------------- comparing


def test_a_comparison_tells_what_was_added_taken_out_moved_and_changed(course):
    before = Chapter.objects.get(programme="a-course", slug="second").current.words
    after = copy.deepcopy(before)
    after["title"] = "Second part, again"
    after["step"][0]["options"][1]["said"] = "Maya comes first of all."
    gone = after["step"].pop(1)
    after["step"][1], after["step"][2] = after["step"][2], after["step"][1]
    after["step"].append({"kind": "reading", "slug": "new", "title": "New", "minutes": 1, "text": "Words."})
    found = {section.title: section for section in compare(before, after, OF_PART)}
    assert found["The head"].rows[0].label == "Title"
    assert found["Late in the rain"].rows[0].label == "Responses 2"
    assert found["New"].state == "added" and found[gone["title"]].state == "removed"
    assert {section.state for section in found.values()} >= {"moved"}
    assert compare(before, before, OF_PART) == []


def test_one_piece_that_moved_is_one_piece_in_another_place(course):
    before = Chapter.objects.get(programme="a-course", slug="second").current.words
    after = copy.deepcopy(before)
    assert len(after["step"]) > 3
    after["step"].insert(0, after["step"].pop(2))
    assert [(each.title, each.state) for each in compare(before, after, OF_PART)] == [
        (before["step"][2]["title"], "moved")
    ]


def test_rows_that_moved_changed_came_and_went_are_told_one_by_one(course):
    shape = Shape((Head("head", "Head", (ROWS,)),))
    before = {"rows": [{"text": f"Row {each}."} for each in "abcdef"]}
    after = copy.deepcopy(before)
    after["rows"].insert(0, after["rows"].pop(2))  # c moved to the top
    after["rows"][4]["text"] = "Row e, better."
    after["rows"].append({"text": "Row g."})
    del after["rows"][1]  # a is gone
    (found,) = compare(before, after, shape)
    assert [(row.label, "".join(words for kind, words in row.pieces)) for row in found.rows] == [
        ("Rows 1, in another place (it was 3)", "Text: Row c."),
        ("Rows 4", "Text: Row e, better."),
        ("Rows 6, new", "Text: Row g."),
        ("Rows 1, taken out", "Text: Row a."),
    ]
    assert found.rows[2].pieces[0][0] == "added" and found.rows[3].pieces[0][0] == "removed"
    assert compare(before, before, shape) == []


# ---------------------------------------------------------------- preview


def test_a_preview_is_what_parents_will_see_and_keeps_nothing(desk, content, stella):
    chapter = Chapter.objects.get(programme="a-course", slug="second")
    edition = begin(chapter, stella)
    pages = [at("edition_preview", edition.pk)]
    for step, screen in library.read_edition(edition).places:
        where = [edition.pk, step.slug, *([screen.slug] if screen.slug else [])]
        pages.append(at("edition_preview_screen" if screen.slug else "edition_preview_step", *where))
    assert len(pages) == 1 + 10
    for address in pages:
        said = desk.get(address).content.decode()
        assert "Preview: nobody else sees this." in said, address
        assert desk.post(address, {"do": "on"}).status_code in {200, 302}
    answer = desk.post(at("edition_preview_step", edition.pk, "think"), {"do": "save", "text": "PRIVATE"})
    assert "Thank you for that." in answer.content.decode()
    assert not Answer.objects.exists() and not Taking.objects.exists()
    cover = Chapter.objects.get(programme="a-course", slug="")
    assert "Preview: nobody else sees this." in desk.get(at("edition_preview", cover.current_id)).content.decode()


def test_a_preview_does_not_lead_out_to_what_is_published(desk, content, stella):
    edition = begin(Chapter.objects.get(programme="a-course", slug="second"), stella)
    for step, screen in library.read_edition(edition).places:
        where = [edition.pk, step.slug, *([screen.slug] if screen.slug else [])]
        address = at("edition_preview_screen" if screen.slug else "edition_preview_step", *where)
        said = desk.get(address).content.decode().partition("<main")[2].partition("</main>")[0]
        assert "Take a break" in said
        for link in re.findall(r'href="([^"]*)"', said):
            to = urljoin(address, link)
            assert not to.startswith("/learn/a-course/"), (address, link)
            assert not link.startswith("../") or desk.get(to).status_code == 200, (address, link)


def test_a_cover_is_edited_piece_by_piece(desk, content, stella):
    edition = begin(Chapter.objects.get(programme="a-course", slug=""), stella)
    body = {"sort": "questions", "slug_was": "", "place": "0", "do": "save", "seen": editing.digest_of(edition.words)}
    body |= {"slug": "how-long", "ask": "How long is it?", "answer": "Ten minutes.", "checked_on": "2026-11-22"}
    assert desk.post(at("edition_piece", edition.pk), body).status_code == 302
    edition.refresh_from_db()
    assert edition.words["questions"][0]["ask"] == "How long is it?"
    page = desk.get(at("edition_piece", edition.pk), {"sort": "questions", "slug": "how-long"}).content.decode()
    assert "Ten minutes." in page and 'name="slug"' not in page


# ---------------------------------------------------------------- who may, and what it costs


def test_looking_writing_and_publishing_are_three_permissions(content, chapter, staff, settings, signed_in, stella):
    edition = begin(chapter, stella)
    staff.is_superuser = False
    staff.save()

    def may(*codes):
        found = Permission.objects.filter(content_type__app_label="programmes", codename__in=codes)
        staff.user_permissions.set(found)
        return signed_in(staff)

    reads = [
        reverse(LIST),
        at("chapter_change", chapter.pk),
        at("edition", edition.pk),
        at("edition_preview", edition.pk),
    ]
    assert {may().get(address).status_code for address in reads} == {403}
    client = may("view_chapter")
    assert {client.get(address).status_code for address in reads} == {200}
    writes = [at("edition_begin", chapter.pk), at("edition_piece", edition.pk), at("edition_throw_away", edition.pk)]
    assert {client.get(address).status_code for address in writes} == {403}
    assert client.post(at("edition_publish", edition.pk), {}).status_code == 403
    client = may("view_chapter", "add_edition")
    assert client.get(at("edition_begin", chapter.pk)).status_code == 200
    assert client.post(at("edition_publish", edition.pk), {}).status_code == 403
    assert client.post(at("edition_leave", edition.pk), {}).status_code == 403


def test_everybody_else_is_at_the_wrong_door(content, chapter, amara, solicitor, client, signed_in):
    for visitor in (signed_in(amara), signed_in(solicitor), client):
        for address in (reverse(LIST), at("edition", chapter.current_id), at("edition_preview", chapter.current_id)):
            assert visitor.get(address).status_code in {302, 403}


def test_the_list_is_cheap_and_knows_what_is_due(desk, content, django_assert_max_num_queries):
    desk.get(reverse(LIST))
    with django_assert_max_num_queries(12):
        said = desk.get(reverse(LIST)).content.decode()
    assert "First steps" in said and "Sunday 22 November 2026" in said
    late = part("second", "Second part", 2, reading("a")).replace("2027-05-22", "2020-01-01")
    content.write("a-course", "2-second", late)
    assert [row.slug for row in desk.get(reverse(LIST), {"checking": "due"}).context["cl"].result_list] == ["second"]


# ---------------------------------------------------------------- in a browser


def test_an_edition_is_written_looked_at_published_and_taken_back(
    transactional_db, content, stella, amara, open_browser, javascript, axe, no_sideways_scroll
):
    chapter = Chapter.objects.get(programme="a-course", slug="first")
    desk = open_browser(stella, javascript=javascript)

    def fine():
        axe(desk)
        no_sideways_scroll(desk)

    desk.goto(at("chapter_change", chapter.pk))
    fine()
    desk.get_by_role("link", name="Write a new edition").click()
    desk.get_by_role("button", name="Begin").click()
    assert desk.get_by_text("Say in a few words what you are going to change").is_visible()
    fine()
    desk.get_by_label("What are you going to change").fill("A warmer welcome")
    desk.get_by_role("button", name="Begin").click()
    fine()
    desk.get_by_role("button", name="Move down Welcome").click()
    desk.get_by_role("link", name="Welcome", exact=True).click()
    fine()
    desk.get_by_label("Text", exact=True).fill("You are welcome here.")
    desk.get_by_label("Minutes").fill("a few")
    desk.get_by_role("button", name="Save").first.click()
    assert desk.get_by_label("Text", exact=True).input_value() == "You are welcome here."
    fine()
    desk.get_by_label("Minutes").fill("3")
    desk.get_by_role("button", name="Save").first.click()
    desk.get_by_role("link", name="Preview").click()
    assert desk.get_by_text("Preview: nobody else sees this.").is_visible()
    fine()
    desk.get_by_role("button", name="Start this part").click()
    desk.get_by_role("button", name="Carry on").click()
    assert desk.get_by_text("You are welcome here.").is_visible()
    fine()
    desk.get_by_role("link", name="Back to the desk").click()
    desk.get_by_role("link", name="Compare with what people see").click()
    fine()
    parent = open_browser(amara, javascript=javascript)
    parent.goto("/learn/a-course/first/welcome/")
    assert parent.get_by_text("A few words to read.").is_visible()
    desk.get_by_role("link", name="Publish").click()
    fine()
    desk.get_by_role("button", name="Publish").click()
    assert desk.get_by_text("Everybody sees edition 2 now.").is_visible()
    parent.goto("/learn/a-course/first/welcome/")
    assert parent.get_by_text("You are welcome here.").is_visible()
    desk.get_by_role("link", name="Go back to this one 1").click()
    desk.get_by_role("button", name="Go back to this edition").click()
    parent.goto("/learn/a-course/first/welcome/")
    assert parent.get_by_text("A few words to read.").is_visible()
