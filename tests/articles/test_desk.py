"""The desk of the library: an article is written on, looked at, published and taken back, and nothing typed is lost."""

import copy
import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from articles import helpful, library
from articles.kinds import ARTICLE
from articles.models import Article, Edition
from articles.shapes import SHAPE
from hub import clock, editing
from hub.desk import boxes
from hub.models import AccessRecord
from tests.articles.shelf import LIBRARY, article

LIST = "admin:articles_article_changelist"
CAT = LIBRARY["practical/our-cat"]


@pytest.fixture
def stella(staff, settings):
    settings.HUB_STAFF_SECOND_STEP = False
    staff.is_superuser = True
    staff.save()
    return staff


@pytest.fixture
def desk(shelf, stella, signed_in):
    return signed_in(stella)


@pytest.fixture
def cat(shelf) -> Article:
    return Article.objects.get(slug="our-cat")


def at(name: str, *where) -> str:
    return reverse(f"admin:articles_{name}", args=where)


def begin(work, by, note="Shorter words") -> Edition:
    return editing.begin(work.current, note=note, by=by, at=clock.now())


def write(edition, by, **more) -> Edition:
    words = {**copy.deepcopy(edition.words), **more}
    return editing.write(edition, words, seen=editing.digest_of(edition.words), by=by)


def published(edition, by, **more) -> Edition:
    edition = write(edition, by, **more)
    editing.publish(edition, seen=editing.digest_of(edition.words), by=by, at=clock.now())
    return edition


def flat(found):
    for box in found:
        yield box
        for entry in box.entries:
            yield from flat(entry.boxes)


def sent(edition, page: str, **more) -> dict:
    """What a browser sends from a page of the article, unchanged but for `more`."""
    fields = SHAPE.head(page).fields
    body = {"sort": page, "slug_was": "", "kind": "", "place": "0", "do": "save"}
    body["seen"] = editing.digest_of(edition.words)
    for box in flat(boxes.boxes(edition.words, fields, {}, SHAPE.choices)):
        body |= {f"{box.name}-count": str(box.count)} if box.draw == "groups" else {box.name: box.value}
    return {**body, **more}


def said(answer) -> str:
    return re.sub(r"<[^>]+>", "", answer.content.decode())


# ---------------------------------------------------------------- the words as pages


def test_every_field_is_on_one_page():
    names = [field.name for head in SHAPE.heads for field in head.fields]
    assert sorted(names) == sorted(field.name for field in ARTICLE)
    assert len({head.name for head in SHAPE.heads} | set(names)) == len(SHAPE.heads) + len(names)


def test_every_real_article_goes_through_the_forms_and_comes_out_the_same(db):
    """What the pages draw and read back is what was there, to the letter."""
    for work in Article.objects.select_related("current"):
        words, again = work.current.words, {}
        for head in SHAPE.heads:
            body = sent(work.current, head.name)
            told = boxes.tidy(boxes.typed(body, head.fields), head.fields)
            assert not boxes.faults(told, head.fields), work
            again |= told
        assert again == words, work


def test_what_there_is_to_choose_from_is_offered():
    easy = next(box for box in boxes.boxes({}, SHAPE.head("easy_read").fields, {}, SHAPE.choices) if box.name == "easy")
    names = {name for name, _words in easy.entries[0].boxes[1].options}
    assert "" in names and all(name.startswith("easy-") for name in names - {""})
    place = boxes.boxes({"topic": "you"}, SHAPE.head("place").fields, {}, SHAPE.choices)
    topic = next(box for box in place if box.name == "topic")
    assert topic.draw == "choose" and ("covid", "The Covid collection") in topic.options


# ---------------------------------------------------------------- writing


def test_what_is_typed_is_saved_and_nobody_sees_it(desk, cat, stella):
    assert "Say in a few words what you are going to change" in said(desk.post(at("edition_begin", cat.pk), {}))
    desk.post(at("edition_begin", cat.pk), {"note": "Kinder words"})
    edition = cat.editions.get(source="staff")
    assert (edition.note, edition.made_by, edition.published_at) == ("Kinder words", stella, None)
    answer = desk.post(at("edition_piece", edition.pk), sent(edition, "article", body="New words, **kind** ones."))
    assert answer.status_code == 302
    page = said(desk.get(at("edition", edition.pk)))
    assert "Everyday life in two homes" in page and "New words, **kind** ones." in page
    edition.refresh_from_db()
    assert edition.words == {**cat.current.words, "body": "New words, **kind** ones."}
    assert library.article("our-cat").words.body == cat.current.words["body"]
    assert list(AccessRecord.objects.filter(person=stella).order_by("at").values_list("person", "what", "about")) == [
        (stella.pk, "write edition", "edition:articles/our-cat, edition 2"),
        (stella.pk, "change edition", "edition:articles/our-cat, edition 2"),
    ]


@pytest.mark.parametrize(
    ("page", "more", "name", "words"),
    [
        ("place", {"title": ""}, "title", "This is needed. Fill it in."),
        ("place", {"order": "first"}, "order", "Enter a whole number from 1 to 99."),
        ("article", {"body": "x" * 6001}, "body", "6001 letters. There is room for 6000."),
        ("facts", {"checked_on": "yesterday"}, "checked_on", "Enter a real day as year-month-day"),
        ("facts", {"sources-0-url": "www.example.com"}, "sources-0-url", "Enter a whole address that begins with"),
        ("facts", {"sources-0-text": "", "sources-0-url": ""}, "sources", "This is needed. Fill it in."),
        ("article", {"picture": "scene-rain.svg"}, "picture_alt", "Say in one sentence what the picture shows."),
        ("tags", {"goals": "\n".join("abcdefghi")}, "goals", "There is room for 8."),
        ("easy_read", {"easy-0-text": "One idea"}, "easy", "At least 6 are needed."),
    ],
    ids="title order long day url sources picture goals easy".split(),
)
def test_a_mistake_is_beside_its_box_and_nothing_typed_is_lost(desk, cat, stella, page, more, name, words):
    edition = begin(cat, stella)
    answer = desk.post(at("edition_piece", edition.pk), sent(edition, page, **more))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert words in html and f'href="#id_{name}"' in html
    assert all(value in html for value in more.values())
    edition.refresh_from_db()
    assert edition.words == cat.current.words


@pytest.mark.parametrize(
    ("page", "more", "words"),
    [
        ("place", {"topic": "covid"}, "“For an article that is history: when it was true” is empty"),
        ("place", {"topic": "nowhere"}, "This cannot be saved yet: topic must be one of"),
        ("article", {"child": "I like our cat."}, "“Who says it” is empty: say who says it."),
        ("facts", {"check_again_on": "2026-11-22"}, "must be later than the day it was last checked"),
    ],
    ids="history topic child again".split(),
)
def test_what_fields_say_about_each_other_is_told_in_words(desk, cat, stella, page, more, words):
    edition = begin(cat, stella)
    answer = desk.post(at("edition_piece", edition.pk), sent(edition, page, **more))
    assert answer.status_code == 422
    assert words in said(answer).replace("&#x27;", "'")


def test_what_readers_said_stands_beside_the_editions(desk, cat):
    assert "Nobody has said yet" in desk.get(at("article_change", cat.pk)).content.decode()
    for yes in (True, True, False):
        helpful.count("our-cat", yes=yes)
    told = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", desk.get(at("article_change", cat.pk)).content.decode()))
    assert f"{cat.current.number} 2 1" in told


def test_two_at_one_edition_do_not_write_over_each_other_unawares(desk, cat, stella):
    edition = begin(cat, stella)
    mine = sent(edition, "article", body="Mine")
    write(edition, stella, body="Theirs")
    answer = desk.post(at("edition_piece", edition.pk), mine)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody else changed this edition" in html and "Mine" in html
    edition.refresh_from_db()
    assert edition.words["body"] == "Theirs"
    again = {**mine, "seen": re.search(r'name="seen" value="(\w+)"', html)[1]}
    assert desk.post(at("edition_piece", edition.pk), again).status_code == 302
    edition.refresh_from_db()
    assert edition.words["body"] == "Mine"


@pytest.mark.parametrize(
    "first", [{"body": "x" * 6001}, {"do": "more"}], ids=["after a mistake", "after another button"]
)
def test_who_was_shown_their_own_page_again_still_learns_what_a_colleague_wrote(desk, cat, stella, first):
    edition = begin(cat, stella)
    mine = sent(edition, "article", body="Mine")
    write(edition, stella, body="Theirs")
    html = desk.post(at("edition_piece", edition.pk), mine | first).content.decode()
    again = mine | {"seen": re.search(r'name="seen" value="(\w+)"', html)[1]}
    answer = desk.post(at("edition_piece", edition.pk), again)
    assert answer.status_code == 422 and "Somebody else changed this edition" in answer.content.decode()
    edition.refresh_from_db()
    assert edition.words["body"] == "Theirs"


def test_what_a_colleague_planned_meanwhile_loses_nobody_their_words(desk, cat, stella):
    edition = begin(cat, stella)
    mine, at_last = sent(edition, "article", body="Mine"), clock.now() + timedelta(days=3)
    editing.plan(edition, on=at_last, seen=editing.digest_of(edition.words), by=stella, at=clock.now())
    answer = desk.post(at("edition_piece", edition.pk), mine)
    html = answer.content.decode()
    assert answer.status_code == 422 and "Call that off first" in html and ">\nMine</textarea>" in html


def test_who_was_signed_out_while_writing_gets_every_word_back_and_finds_the_way_back(cat, stella, client, signed_in):
    edition = begin(cat, stella)
    body = sent(edition, "article", body="Half an hour of work.\n\nAnd more.", child="A cat said “no”.")
    answer = client.post(at("edition_piece", edition.pk), body)
    html = answer.content.decode()
    assert answer.status_code == 403 and answer.headers["Cache-Control"] == "no-store"
    assert all(words in html for words in ("Half an hour of work.", "And more.", "A cat said “no”."))
    assert body["seen"] not in html
    back = unescape(re.search(r'href="(/accounts/login/[^"]+)"', html)[1]).partition("next=")[2]
    assert signed_in(stella).get(back, follow=True).status_code == 200
    edition.refresh_from_db()
    assert edition.words["body"] == cat.current.words["body"]


def test_words_that_came_too_late_for_their_form_are_given_back(cat, stella):
    client = Client(enforce_csrf_checks=True)
    client.force_login(stella)
    edition = begin(cat, stella)
    answer = client.post(at("edition_piece", edition.pk), sent(edition, "article", body="Half an hour of work."))
    assert answer.status_code == 403 and "Half an hour of work." in answer.content.decode()


def test_the_list_of_mistakes_names_each_box(desk, shelf, stella):
    edition = begin(Article.objects.get(slug="late-again"), stella)
    body = sent(edition, "easy_read", **{"easy-2-text": "", "easy-4-picture": "none", "easy_title": "x" * 301})
    html = desk.post(at("edition_piece", edition.pk), body).content.decode()
    told = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "\n", html[html.index("Have another look") :]))
    assert "Title of the easy-read version: This is too long" in told
    assert "Easy read: one idea a row 3, The idea" in told
    assert "Easy read: one idea a row 5, Picture: Choose one" in told


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "JaVaScRiPt:x", "http://www.gov.uk/", "www.gov.uk", "//gov.uk/", "data:text/html,x", "hi/"],
    ids="script mixed http bare two-slashes data relative".split(),
)
def test_a_link_that_would_lead_nowhere_is_told(desk, cat, stella, link):
    edition = begin(cat, stella)
    answer = desk.post(at("edition_piece", edition.pk), sent(edition, "article", body=f"Read [this]({link}) first."))
    assert answer.status_code == 422
    assert f"leads nowhere: “{link}”" in unescape(answer.content.decode())


def test_links_to_us_and_to_safe_places_are_taken(desk, cat, stella):
    edition = begin(cat, stella)
    body = "[Help](/help/), [tax](https://www.gov.uk/a_(b)), [ring](tel:999), [write](mailto:a@b.uk), [sic] (or not)"
    answer = desk.post(at("edition_piece", edition.pk), sent(edition, "article", body=body))
    assert answer.status_code == 302, said(answer)


def test_rows_of_the_easy_read_version_are_moved_and_taken_out(desk, shelf, stella):
    edition = begin(Article.objects.get(slug="late-again"), stella)
    body = sent(edition, "easy_read", do="down easy 0")
    html = desk.post(at("edition_piece", edition.pk), body).content.decode()
    assert html.index("Idea **2**") < html.index("Idea **1**")
    html = desk.post(at("edition_piece", edition.pk), body | {"do": "drop easy 5"}).content.decode()
    assert "Idea **6**" not in html and "Idea **5**" in html


# ---------------------------------------------------------------- publishing and going back


def test_publishing_takes_a_look_and_going_back_too(desk, cat, stella):
    edition = write(begin(cat, stella), stella, title="Our old cat")
    check = desk.get(at("edition_publish", edition.pk))
    assert "Publish this edition?" in said(check) and "Our old cat" in said(check)
    desk.post(at("edition_publish", edition.pk), {"seen": "older words"})
    assert library.article("our-cat").title == "Pets"
    desk.post(at("edition_publish", edition.pk), {"seen": editing.digest_of(edition.words)})
    assert library.article("our-cat").title == "Our old cat"
    first = cat.editions.get(number=1)
    assert "Go back to this edition?" in said(desk.get(at("edition_publish", first.pk)))
    desk.post(at("edition_publish", first.pk), {"seen": editing.digest_of(first.words)})
    assert library.article("our-cat").title == "Pets"
    told = list(AccessRecord.objects.filter(person=stella).order_by("at").values_list("what", flat=True))
    assert told == ["write edition", "change edition", "publish edition", "go back to edition"]


def test_what_was_published_is_changed_by_nobody(desk, cat, stella):
    shown = cat.current
    answer = desk.post(at("edition_piece", shown.pk), sent(shown, "article", body="Words typed meanwhile"))
    assert answer.status_code == 422
    assert all(words in answer.content.decode() for words in ("stays as it is", "Words typed meanwhile"))
    assert desk.post(at("edition_throw_away", shown.pk)).status_code == 404
    assert desk.post(at("article_delete", cat.pk), {"post": "yes"}).status_code == 403
    assert desk.post(at("article_add"), {}).status_code == 403
    with pytest.raises(editing.IsPublished):
        editing.write(shown, shown.words, seen=editing.digest_of(shown.words), by=stella)
    with pytest.raises(editing.IsPublished):
        editing.delete(shown, by=stella)
    with pytest.raises(ProtectedError):
        shown.delete()
    with pytest.raises(ProtectedError):
        cat.delete()
    rows = Edition.objects.filter(pk=shown.pk)
    for forge in (lambda: rows.update(words={}), lambda: rows.update(number=9), lambda: rows._raw_delete(rows.db)):
        with pytest.raises(IntegrityError), transaction.atomic():
            forge()
    assert Edition.objects.get(pk=shown.pk).words == shown.words


def test_what_nobody_has_seen_can_be_thrown_away(desk, cat, stella):
    edition = begin(cat, stella)
    assert "Throw this edition away?" in said(desk.get(at("edition_throw_away", edition.pk)))
    desk.post(at("edition_throw_away", edition.pk))
    assert not Edition.objects.filter(pk=edition.pk).exists()
    assert AccessRecord.objects.filter(what="delete edition").count() == 1


def test_what_a_file_brings_waits_and_is_compared_published_or_left(desk, shelf, cat, stella):
    published(begin(cat, stella), stella, title="Staff’s cat")
    shelf.write("practical/our-cat", CAT.replace('"Pets"', '"The cat of the file"'))
    assert "New words wait" in said(desk.get(reverse(LIST), {"q": "our-cat"}))
    assert desk.get(reverse(LIST), {"brought": "waits"}).context["cl"].result_count == 1
    assert "The repository brought new words" in said(desk.get(at("article_change", cat.pk)))
    brought = cat.editions.get(number=3)
    assert "of the file" in said(desk.get(at("edition_compare", brought.pk)))
    with pytest.raises(editing.IsFromAFile):
        editing.write(brought, brought.words, seen=editing.digest_of(brought.words), by=stella)
    desk.post(at("edition_leave", brought.pk))
    assert "The repository brought new words" not in said(desk.get(at("article_change", cat.pk)))
    assert library.article("our-cat").title == "Staff’s cat"
    assert AccessRecord.objects.filter(what="leave edition").count() == 1
    desk.post(at("edition_publish", brought.pk), {"seen": editing.digest_of(brought.words)})
    assert library.article("our-cat").title == "The cat of the file"


# ---------------------------------------------------------------- the list and what is to be looked at


def test_the_list_is_cheap_and_knows_what_is_due(desk, shelf, django_assert_max_num_queries):
    desk.get(reverse(LIST))
    with django_assert_max_num_queries(12):
        page = said(desk.get(reverse(LIST), {"q": "coat"}))
    assert "A lost coat" in page and "Content editor" in page and "Sunday 22 November 2026" in page
    late = LIBRARY["practical/a-lost-coat"].replace("2026-11-22", "2019-01-01").replace("2027-11-22", "2020-01-01")
    shelf.write("practical/a-lost-coat", late)

    def listed(**asked):
        return [row.slug for row in desk.get(reverse(LIST), asked).context["cl"].result_list]

    assert listed(checking="due") == ["a-lost-coat"]
    assert listed(topic="talking", q="late-again") == listed(q="late-again") == ["late-again"]
    assert listed(q="lost coat") == ["a-lost-coat"]
    assert listed(topic="talking", checking="due") == listed(topic="practical", q="late-again") == []


def test_the_first_staff_page_says_what_is_to_be_looked_at(desk, shelf, cat, stella, staff):
    assert "Articles:" not in said(desk.get(reverse("admin:index")))
    late = article("Late", topic="you").replace("2026-11-22", "2019-01-01").replace("2027-11-22", "2020-01-01")
    shelf.write("you/rest-well", late)
    published(begin(cat, stella), stella, title="Staff’s cat")
    shelf.write("practical/our-cat", CAT.replace('"Pets"', '"The cat of the file"'))
    page = said(desk.get(reverse("admin:index")))
    assert "1 Articles: due for checking" in page
    assert "1 Articles: new words from the repository to look at" in page
    staff.is_superuser = False
    staff.save()
    assert "Articles:" not in said(desk.get(reverse("admin:index")))  # they may not view articles
    shelf.remove("you/rest-well")
    staff.user_permissions.set(Permission.objects.filter(codename="view_article"))
    assert "due for checking" not in said(desk.get(reverse("admin:index")))  # what is taken out is nobody's to check


# ---------------------------------------------------------------- preview


def test_a_preview_is_what_people_will_read(desk, shelf, stella):
    edition = write(begin(Article.objects.get(slug="late-again"), stella), stella, body="Words **not yet** published.")
    answer = desk.get(at("edition_preview", edition.pk))
    assert "Preview: nobody else sees this." in said(answer) and "articles/late-again, edition 2" in said(answer)
    assert "Words <strong>not yet</strong> published." in answer.content.decode()
    assert "Idea 3." in said(answer)
    assert "public" not in answer.headers["Cache-Control"]


def test_every_real_article_can_be_looked_at_before_it_is_published(db, stella, signed_in):
    client = signed_in(stella)
    for pk in Article.objects.values_list("current", flat=True)[::5]:
        assert client.get(at("edition_preview", pk)).status_code == 200


# ---------------------------------------------------------------- who may


def test_looking_writing_and_publishing_are_three_permissions(shelf, cat, staff, settings, signed_in, stella):
    edition = begin(cat, stella)
    staff.is_superuser = False
    staff.save()

    def may(*codes):
        staff.user_permissions.set(Permission.objects.filter(content_type__app_label="articles", codename__in=codes))
        return signed_in(staff)

    reads = [
        reverse(LIST),
        at("article_change", cat.pk),
        at("edition", edition.pk),
        at("edition_compare", edition.pk),
        at("edition_preview", edition.pk),
    ]
    assert {may().get(address).status_code for address in reads} == {403}
    client = may("view_article")
    assert {client.get(address).status_code for address in reads} == {200}
    writes = [at("edition_begin", cat.pk), at("edition_piece", edition.pk), at("edition_throw_away", edition.pk)]
    assert {client.get(address).status_code for address in writes} == {403}
    assert client.post(at("edition_publish", edition.pk), {}).status_code == 403
    client = may("view_article", "add_edition")
    assert client.get(at("edition_begin", cat.pk)).status_code == 200
    assert client.post(at("edition_publish", edition.pk), {}).status_code == 403
    assert client.post(at("edition_leave", edition.pk), {}).status_code == 403
    assert may("view_article", "change_article").get(at("edition_publish", edition.pk)).status_code == 200


def test_a_permission_of_the_courses_opens_nothing_here(shelf, cat, staff, settings, signed_in, stella):
    staff.is_superuser = False
    staff.save()
    staff.user_permissions.set(Permission.objects.filter(content_type__app_label="programmes"))
    client = signed_in(staff)
    for address in (reverse(LIST), at("edition", cat.current_id), at("edition_begin", cat.pk)):
        assert client.get(address).status_code == 403


def test_everybody_else_is_at_the_wrong_door(shelf, cat, amara, solicitor, client, signed_in):
    for visitor in (signed_in(amara), signed_in(solicitor), client):
        for address in (reverse(LIST), at("edition", cat.current_id), at("edition_preview", cat.current_id)):
            assert visitor.get(address).status_code in {302, 403}


# ---------------------------------------------------------------- in a browser


def test_a_long_article_has_a_long_box_on_a_phone_too(transactional_db, shelf, stella, open_browser):
    edition = write(begin(Article.objects.get(slug="our-cat"), stella), stella, body="Line.\n" * 30)
    desk = open_browser(stella, width=390)
    desk.goto(f"{at('edition_piece', edition.pk)}?sort=article")
    assert desk.get_by_label("The article", exact=True).bounding_box()["height"] > 300


def test_an_article_is_checked_again_published_and_taken_back(
    transactional_db, shelf, stella, open_browser, javascript, axe, no_sideways_scroll
):
    desk = open_browser(stella, javascript=javascript)

    def fine():
        axe(desk)
        no_sideways_scroll(desk)

    shelf.write("practical/our-cat", CAT.replace("2026-11-22", "2019-01-01").replace("2027-11-22", "2020-01-01"))
    desk.goto(reverse("admin:index"))
    desk.get_by_role("link", name="1 Articles: due for checking").click()
    desk.get_by_role("link", name="Pets", exact=True).click()
    assert desk.get_by_text("Due now").is_visible()
    fine()
    desk.get_by_role("link", name="Write a new edition").click()
    desk.get_by_label("What are you going to change").fill("Checked again; a clearer beginning")
    desk.get_by_role("button", name="Begin").click()
    fine()
    desk.get_by_role("link", name="Change Facts").click()
    desk.get_by_label("Facts last checked on").fill("2026-11-22")
    desk.get_by_role("textbox", name="Its address").first.fill("not an address")
    desk.get_by_role("button", name="Save").first.click()
    assert desk.get_by_role("link", name="Enter a whole address").is_visible()
    assert desk.get_by_label("Facts last checked on").input_value() == "2026-11-22"
    fine()
    desk.get_by_role("textbox", name="Its address").first.fill("https://example.com/cats")
    desk.get_by_label("Check again by").fill("2090-01-01")
    desk.get_by_role("button", name="Save").first.click()
    desk.get_by_role("link", name="Change The article").click()
    desk.get_by_label("The article", exact=True).fill("A cat has **two** homes too.")
    fine()
    desk.get_by_role("button", name="Save").first.click()
    desk.get_by_role("link", name="Change The easy-read version").click()
    fine()
    desk.get_by_role("link", name="Go back without saving").first.click()
    desk.get_by_role("link", name="Preview").click()
    assert desk.get_by_text("A cat has two homes too.").is_visible()
    fine()
    desk.get_by_role("link", name="Back to the desk").click()
    desk.get_by_role("link", name="Compare with what people see").click()
    fine()
    desk.get_by_role("link", name="Publish").click()
    fine()
    desk.get_by_role("button", name="Publish").click()
    assert desk.get_by_text("Everybody sees edition 3 now.").is_visible()
    assert library.article("our-cat").words.body == "A cat has **two** homes too."
    assert desk.get_by_text("Due now").count() == 0
    desk.get_by_role("link", name="Go back to this one 1").click()
    desk.get_by_role("button", name="Go back to this edition").click()
    assert desk.get_by_text("Everybody sees edition 1 now.").is_visible()
    assert library.article("our-cat").words.body.startswith("Ask who feeds the pet.")
