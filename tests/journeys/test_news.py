"""The list of news on the signed-in home: discreet, tidied by its reader alone, with and without JavaScript."""

from django.urls import reverse

from hub import notices
from hub.models import Notice
from tests.parenting_plan import family


def test_news_is_put_away_by_its_reader(plan, amara, ben, open_browser, javascript, axe, no_sideways_scroll):
    family.suggest(plan, ben, family.HANDOVERS, "We hand over at the library.")
    page = open_browser(amara, javascript=javascript)
    page.goto("/home/")
    axe(page)
    no_sideways_scroll(page)
    shown = page.locator("#news")
    assert "A new suggestion for you to read" in shown.inner_text()
    assert "library" not in page.content()
    assert "Ben" not in page.content()
    here = page.url
    shown.get_by_role("button", name="A new suggestion").click()
    page.get_by_role("link", name="A new suggestion for you to read").wait_for(state="detached")
    assert page.url == here
    assert Notice.objects.get(person=amara, kind="suggestion").put_away_at
    axe(page)
    if javascript:
        assert page.evaluate("document.activeElement.id") == "news-title"


def test_nobody_puts_away_the_news_of_another(plan, amara, ben, stranger, signed_in):
    family.suggest(plan, ben, family.HANDOVERS, "We hand over at the library.")
    notice = Notice.objects.get(person=amara, kind="suggestion")
    for other in (ben, stranger):
        answer = signed_in(other).post(reverse("put_away", args=[notices.mark_of(notice.pk)]))
        assert answer.status_code == 404
    notice.refresh_from_db()
    assert notice.put_away_at is None


def test_htmx_gets_the_piece_and_history_gets_the_page(plan, amara, ben, signed_in):
    family.suggest(plan, ben, family.HANDOVERS, "We hand over at the library.")
    notice = Notice.objects.filter(person=amara).first()
    client, address = signed_in(amara), reverse("put_away", args=[notices.mark_of(notice.pk)])
    piece = client.post(address, headers={"HX-Request": "true"})
    assert piece.content.decode().lstrip().startswith("<section")
    assert "HX-Request" in piece.headers["Vary"]
    whole = client.post(address, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<!doctype html>" in whole.content.decode()
    assert client.post(address).status_code == 302
