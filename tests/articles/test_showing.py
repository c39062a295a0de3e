"""When people see an article: planned for a moment to come, taken out of view, put back. It is so at every desk."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.urls import reverse

from articles import library
from articles.models import Article, Edition
from hub import clock, editing, http, tasks
from hub.desk.showing import moment
from hub.models import AccessRecord, SearchEntry
from hub.words import HOME, when
from tests.articles.shelf import LIBRARY
from tests.articles.test_desk import LIST, at, begin, cat, desk, published, said, stella, write

__all__ = ["cat", "desk", "stella"]
LATE_AGAIN = LIBRARY["talking/late-again"]  # has an easy-read version


def acts() -> list[str]:
    return list(AccessRecord.objects.order_by("at", "pk").values_list("what", flat=True))


def mark(edition) -> str:
    return editing.digest_of(edition.words)


@pytest.fixture
def planned(cat, stella):
    """An edition of the cat that is to be published in an hour."""
    edition = write(begin(cat, stella), stella, title="Our old cat")
    now = clock.now()
    editing.plan(edition, on=now + timedelta(hours=1), seen=mark(edition), by=stella, at=now)
    edition.refresh_from_db()
    return edition


def an_hour_later() -> datetime:
    return clock.now() + timedelta(hours=1, seconds=1)


# ---------------------------------------------------------------- later


def test_staff_set_the_time_by_their_clocks_and_see_it_on_the_desk(desk, cat, stella):
    edition = write(begin(cat, stella), stella, title="Our old cat")
    page = desk.get(at("edition_plan", edition.pk))
    assert "Publish this edition later?" in said(page) and "Our old" in said(page)
    in_a_month = (clock.now() + timedelta(days=30)).astimezone(HOME).replace(hour=9, minute=30, second=0, microsecond=0)
    told = {"day": f"{in_a_month:%Y-%m-%d}", "time": "09:30", "seen": mark(edition)}
    assert desk.post(at("edition_plan", edition.pk), told).status_code == 302
    edition.refresh_from_db()
    assert (edition.due_at, edition.due_by, edition.published_at) == (in_a_month, stella, None)
    for where in (at("article_change", cat.pk), at("edition", edition.pk)):
        assert f"It will be published on {when(in_a_month)}" in said(desk.get(where))
        assert "Call it off" in said(desk.get(where))
    assert when(in_a_month) in said(desk.get(reverse(LIST), {"view": "planned"}))
    assert desk.get(reverse(LIST), {"view": "planned"}).context["cl"].result_count == 1
    assert library.article("our-cat").title == "Pets"


@pytest.mark.parametrize(
    ("day", "time", "told"),
    [
        ("2020-01-01", "09:00", "still to come, and within a year"),
        ("2099-01-01", "09:00", "still to come, and within a year"),
        ("2027-02-30", "09:00", "Enter a real day and time"),
        ("2027-03-28", "01:30", "The clocks go forward then"),  # the hour that is left out in spring
        ("0001-01-01", "00:00", "still to come"),
        ("tomorrow", "", "Enter a real day and time"),
        ("9" * 5000, "x", "Enter a real day and time"),
    ],
    ids="past far february spring first words long".split(),
)
def test_a_time_that_cannot_be_is_told_and_kept_in_its_box(desk, cat, stella, day, time, told):
    edition = begin(cat, stella)
    answer = desk.post(at("edition_plan", edition.pk), {"day": day, "time": time, "seen": mark(edition)})
    assert answer.status_code == 422 and told in said(answer)
    assert f'value="{day}"' in answer.content.decode()
    edition.refresh_from_db()
    assert edition.due_at is None and "plan edition" not in acts()


def test_of_two_who_plan_one_edition_the_second_learns_of_the_first(desk, cat, stella):
    edition, day = begin(cat, stella), clock.now() + timedelta(days=30)
    first, second = ({"day": f"{day:%Y-%m-%d}", "time": time, "seen": mark(edition)} for time in ("09:00", "17:00"))
    assert desk.post(at("edition_plan", edition.pk), first).status_code == 302
    edition.refresh_from_db()
    answer = desk.post(at("edition_plan", edition.pk), second)
    assert answer.status_code == 422 and f"has planned this for {when(edition.due_at)} meanwhile" in said(answer)
    planned = re.search(r'name="planned" value="([^"]+)"', answer.content.decode())[1]
    assert desk.post(at("edition_plan", edition.pk), second | {"planned": unescape(planned)}).status_code == 302
    before, edition = edition.due_at, Edition.objects.get(pk=edition.pk)
    assert edition.due_at - before == timedelta(hours=8)


def test_a_wrong_day_does_not_hide_that_the_words_have_changed(desk, cat, stella):
    edition, day = begin(cat, stella), clock.now() + timedelta(days=30)
    told = {"day": f"{day:%Y-%m-%d}", "time": "09:00", "seen": mark(edition)}
    write(edition, stella, title="Words nobody has looked at")
    html = desk.post(at("edition_plan", edition.pk), told | {"time": "9"}).content.decode()
    again = told | {"seen": re.search(r'name="seen" value="(\w+)"', html)[1]}
    answer = desk.post(at("edition_plan", edition.pk), again)
    assert answer.status_code == 422 and "The words have changed since you looked" in said(answer)


def test_summer_and_winter_are_told_apart():
    assert moment("2027-07-01", "09:00").hour == 8
    assert moment("2027-01-01", "09:00").hour == 9


def test_what_is_due_is_found_when_the_bell_rings_and_published_once(shelf, planned, stella):
    tasks.publish_what_is_due()
    assert library.article("our-cat").title == "Pets"  # an hour too early
    later = an_hour_later()
    editing.publish_what_is_due(later)
    editing.publish_what_is_due(later)
    assert library.article("our-cat").title == "Our old cat"
    planned.refresh_from_db()
    assert (planned.published_at, planned.due_at, planned.due_by) == (later, None, None)
    told = AccessRecord.objects.filter(what="publish edition as planned")
    assert [record.person for record in told] == [stella]
    assert SearchEntry.objects.filter(title="Our old cat").exists()


def test_an_earlier_edition_can_come_back_by_itself(shelf, cat, stella):
    first = cat.current
    published(begin(cat, stella), stella, title="Our old cat")
    now = clock.now()
    editing.plan(first, on=now + timedelta(hours=1), seen=mark(first), by=stella, at=now)
    editing.publish_what_is_due(an_hour_later())
    assert library.article("our-cat").title == "Pets"


def test_called_off_it_is_not_published_and_may_be_written_again(desk, planned, stella):
    with pytest.raises(editing.IsPlanned):
        write(planned, stella, title="Something else")
    with pytest.raises(editing.IsPlanned):
        editing.delete(planned, by=stella)
    assert desk.get(at("edition_call_off", planned.pk)).status_code == 302  # looking does nothing
    planned.refresh_from_db()
    assert planned.due_at is not None
    for _twice in range(2):
        desk.post(at("edition_call_off", planned.pk))
    editing.publish_what_is_due(an_hour_later())
    assert library.article("our-cat").title == "Pets"
    planned.refresh_from_db()
    write(planned, stella, title="Something else")
    assert acts().count("call off edition") == 1


def test_published_by_hand_before_its_time_it_is_not_published_again(shelf, planned, cat, stella):
    editing.publish(planned, seen=mark(planned), by=stella, at=clock.now())
    editing.publish(cat.editions.get(number=1), seen=mark(cat.editions.get(number=1)), by=stella, at=clock.now())
    editing.publish_what_is_due(an_hour_later())
    assert library.article("our-cat").title == "Pets"


@pytest.mark.parametrize("why", ["left", "may not", "closed account"])
def test_whoever_may_publish_no_longer_publishes_nothing(desk, planned, stella, person, signed_in, why):
    if why == "left":
        type(stella).objects.filter(pk=stella.pk).update(is_active=False)
    elif why == "may not":
        type(stella).objects.filter(pk=stella.pk).update(is_superuser=False)
    else:
        Edition.objects.filter(pk=planned.pk).update(due_by=None)
    editing.publish_what_is_due(an_hour_later())
    assert library.article("our-cat").title == "Pets" and "publish edition as planned" not in acts()
    Edition.objects.filter(pk=planned.pk).update(due_at=clock.now() - timedelta(hours=1))
    type(stella).objects.filter(pk=stella.pk).update(is_active=True, is_superuser=True)
    assert "Articles: not published at the time that was set" in said(desk.get(reverse("admin:index")))
    assert desk.get(reverse(LIST), {"view": "late"}).context["cl"].result_count == 1
    assert "It should have been published on" in said(desk.get(at("edition", planned.pk)))


def test_one_that_fails_keeps_no_other_waiting(shelf, planned, stella):
    """Its words no longer fit the schema, say, after an update."""
    other = begin(Article.objects.get(slug="a-lost-coat"), stella)
    now = clock.now()
    editing.plan(other, on=now + timedelta(hours=1), seen=mark(other), by=stella, at=now)
    Edition.objects.filter(pk=planned.pk).update(words={"title": "No more than this"})
    editing.publish_what_is_due(an_hour_later())
    other.refresh_from_db()
    planned.refresh_from_db()
    assert other.published_at is not None and planned.published_at is None and planned.due_at is not None


# ---------------------------------------------------------------- out of view


def public(client, where: str):
    http._shelf.clear()  # what is remembered for speed, for a minute
    return client.get(where)


ADDRESSES = [reverse(f"articles:{name}", args=["late-again"]) for name in ("article", "easy", "easy_pdf")]


@pytest.mark.django_db
def test_taken_out_nobody_sees_it_and_put_back_everybody_does(shelf, desk, client, cat):
    shelf.write("talking/late-again", LATE_AGAIN.replace("What to do about a pet.", "A summary of its own."))
    work = Article.objects.get(slug="late-again")
    front = reverse("articles:article", args=["our-cat"])
    everywhere = [reverse("articles:list"), reverse("articles:topic", args=["talking"]), reverse("articles:feed"),
                  reverse("sitemap"), reverse("articles:easy_list")]  # fmt: skip
    everywhere = [where for where in everywhere if public(client, where).status_code == 200]
    assert {public(client, where).status_code for where in ADDRESSES} == {200}
    named = [where for where in everywhere if "late-again" in public(client, where).content.decode()]
    assert len(named) >= 4
    assert SearchEntry.objects.filter(key__startswith="articles/late-again").count() == 2

    page = said(desk.get(at("article_take_out", work.pk)))
    assert "We cannot find that page" in page and "PDF" in page and "put it back at any time" in page
    assert "Say in a few words why" in said(desk.post(at("article_take_out", work.pk), {"why": " "}))
    assert not Article.objects.get(pk=work.pk).withdrawn
    desk.post(at("article_take_out", work.pk), {"why": "A number in it is wrong"})
    for where in ADDRESSES:
        answer = public(client, where)
        assert answer.status_code == 404 and "We cannot find that page" in unescape(answer.content.decode())
    assert not [where for where in everywhere if "late-again" in public(client, where).content.decode()]
    assert not SearchEntry.objects.filter(key__startswith="articles/late-again").exists()
    assert "late-again" not in public(client, "/search/?q=late+again").content.decode()
    assert not library.for_goal("say-sorry")[1:]
    page = said(desk.get(at("article_change", work.pk)))
    assert "nobody sees it" in page and "A number in it is wrong" in page
    assert desk.get(reverse(LIST), {"view": "out", "q": "late-again"}).context["cl"].result_count == 1
    assert public(client, front).status_code == 200  # its neighbour is where it was

    assert "again" in said(desk.get(at("article_put_back", work.pk)))
    desk.post(at("article_put_back", work.pk))
    assert {public(client, where).status_code for where in ADDRESSES} == {200}
    assert SearchEntry.objects.filter(key__startswith="articles/late-again").count() == 2
    told = list(AccessRecord.objects.order_by("pk").values_list("what", "about", "reason"))
    assert told[-2:] == [
        ("take out", "work:articles/late-again", "A number in it is wrong"),
        ("put back", "work:articles/late-again", ""),
    ]


def test_no_file_puts_back_what_staff_took_out(shelf, cat, stella, capsys):
    editing.take_out(cat, why="Wrong", by=stella, at=clock.now())
    pets = LIBRARY["practical/our-cat"]
    assert shelf.load().kept_out == ["articles/our-cat"]
    report = shelf.write("practical/our-cat", pets.replace('"Pets"', '"The cat of the file"'))
    assert (report.changed, report.waiting, report.kept_out) == ([], ["articles/our-cat"], ["articles/our-cat"])
    shelf.remove("practical/our-cat")
    report = shelf.write("practical/our-cat", pets)  # gone, and there again
    assert (report.changed, report.kept_out) == ([], ["articles/our-cat"])
    assert library.article("our-cat") is None
    assert Article.objects.get(slug="our-cat").taken_out_why == "Wrong"


def test_the_loader_says_what_stays_out(db, stella, capsys):
    work = Article.objects.filter(withdrawn=False).first()
    editing.take_out(work, why="Wrong", by=stella, at=clock.now())
    call_command("load_content")
    assert f"Staff took it out of view, and so it stays: {work}" in capsys.readouterr().out


def test_staff_may_keep_in_view_what_has_no_file_any_more(shelf, desk, cat):
    shelf.remove("practical/our-cat")
    assert "Its file is gone from the repository" in said(desk.get(at("article_change", cat.pk)))
    assert "Its file is gone from the repository" in said(desk.get(at("article_put_back", cat.pk)))
    desk.post(at("article_put_back", cat.pk))
    assert library.article("our-cat") is not None
    assert shelf.load().withdrawn == [] and library.article("our-cat") is not None


def test_published_while_it_is_out_it_stays_out(shelf, desk, cat, stella):
    editing.take_out(cat, why="Wrong", by=stella, at=clock.now())
    edition = write(begin(cat, stella), stella, title="Right now")
    assert "once it is put back" in said(desk.get(at("edition_publish", edition.pk)))
    desk.post(at("edition_publish", edition.pk), {"seen": mark(edition)})
    assert library.article("our-cat") is None
    desk.post(at("article_put_back", cat.pk))
    assert library.article("our-cat").title == "Right now"


def test_all_of_it_is_for_those_who_may_publish(shelf, cat, staff, stella, signed_in):
    edition = begin(cat, stella)
    staff.is_superuser = False
    staff.save()
    pages = [at("article_take_out", cat.pk), at("article_put_back", cat.pk), at("edition_plan", edition.pk)]
    pages.append(at("edition_call_off", edition.pk))

    def may(*codes):
        staff.user_permissions.set(Permission.objects.filter(content_type__app_label="articles", codename__in=codes))
        client = signed_in(staff)
        return {answer for where in pages for answer in (client.get(where).status_code, client.post(where).status_code)}

    assert may("view_article", "add_edition") == may("change_article") - {200, 302, 422} | {403} == {403}
    assert 403 not in may("view_article", "change_article")
    staff.user_permissions.set(Permission.objects.filter(codename__in=["view_article", "add_edition"]))
    page = said(signed_in(staff).get(at("article_change", cat.pk)))
    assert "Take it out of view" not in page


# ---------------------------------------------------------------- in a browser


def test_an_edition_is_planned_and_called_off_and_an_article_taken_out_and_put_back(
    transactional_db, shelf, stella, open_browser, axe, no_sideways_scroll
):
    begin(Article.objects.get(slug="our-cat"), stella)
    desk = open_browser(stella, javascript=False)

    def fine():
        axe(desk)
        no_sideways_scroll(desk)

    desk.goto(at("article_change", Article.objects.get(slug="our-cat").pk))
    desk.get_by_role("link", name="2", exact=True).click()
    desk.get_by_role("link", name="Publish later").click()
    desk.get_by_role("button", name="Publish it then").click()
    assert desk.get_by_role("alert").is_visible()
    fine()
    desk.get_by_label("Day").fill(f"{clock.now() + timedelta(days=9):%Y-%m-%d}")
    desk.get_by_role("button", name="Publish it then").click()
    assert re.search("will be published on .* 9 am", desk.locator("main").inner_text())
    fine()
    desk.get_by_role("button", name="Call it off").click()
    desk.get_by_role("link", name="Take it out of view").click()
    desk.get_by_role("button", name="Take it out of view").click()
    assert desk.get_by_role("alert").is_visible()
    fine()
    desk.get_by_label("Why should people not see it?").fill("It is not right")
    desk.get_by_role("button", name="Take it out of view").click()
    assert desk.get_by_text("Staff took it out on").is_visible()
    fine()
    desk.get_by_role("link", name="Put it back in view").click()
    fine()
    desk.get_by_role("button", name="Put it back in view").click()
    assert desk.get_by_text("Back in view.").is_visible()
