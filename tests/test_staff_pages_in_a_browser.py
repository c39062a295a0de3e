"""Every staff page in a real browser, on a phone and on a desktop, as somebody sees it who may open it.

The addresses come from the table of tests/test_staff_roles.py, so that a new one is looked at by itself, and so are its
list after a search that finds nothing and its forms sent with mistakes. An address that is no page in that world fails,
unless it stands in LEADS_ON; `world` puts there what makes a page of it.
"""

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import transaction

from articles.models import Edition as Paper
from goals.offered import Edition as Idea
from hub import clock, editing
from hub.helplines import Edition as Wording
from programmes.actions import referring
from programmes.models import Edition, Referral
from tests.parenting_plan import family
from tests.test_staff_roles import WHO, addresses, house, lively, plan, prepare, rows, where

__all__ = ["house", "lively", "plan"]

PHONE, DESKTOP = 390, 1280
FIRST = {"index", "app_list"}  # there is nothing to go back to
EVERYBODYS = "".join(WHO)
# What never is a page: it leads on when it is opened, and only takes what is sent.
LEADS_ON = re.compile(
    r"(login|logout|password_change|password_change_done|hub_accessrecord_file|hub_outgoingmail_look"
    r"|accounts_staffmember_start_again|accounts_conflict_change|parenting_plan_plan_close|programmes_enrolment_attended"
    r"|programmes_referral_send|programmes_referral_return|programmes_workshop_attendance|programmes_import_report|programmes_return_(pdf|csv)"
    r"|\w+_history|\w+_edition_(arrange|leave|call_off))$"
)
EDITIONS = {"articles": Paper, "goals": Idea, "hub": Wording, "programmes": Edition}
NOWHERE = "nothing-is-called-this"

SEEN = """() => {
    const seen = (e) => e.getClientRects().length && getComputedStyle(e).visibility !== 'hidden';
    const words = (id) => ((document.getElementById(id) || {}).textContent || '').trim();
    const named = (e) => e.getAttribute('aria-label') || words(e.getAttribute('aria-labelledby'));
    const short = (e) => e.outerHTML.slice(0, 120);
    const all = [...document.querySelectorAll('body *')].filter(seen);
    const points = (e, what) => (e.getAttribute(what) || '').split(' ').filter(Boolean);
    return {
        title: document.title,
        headings: all.filter((e) => e.tagName === 'H1').map((e) => e.innerText.trim().replace(/\\s+/g, ' ')),
        ways_back: all.filter((e) => e.matches('.breadcrumbs a, .govuk-back-link')).length,
        wrong: [
            ...all.filter((e) => /auto|scroll/.test(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1
                && !e.matches('textarea, input, select') && !(e.tabIndex === 0 && e.getAttribute('role') && named(e)))
                .map((e) => `scrolls sideways, without a name or a way in by keys: ${short(e)}`),
            ...all.filter((e) => ['aria-describedby', 'aria-labelledby', 'aria-controls']
                .some((what) => points(e, what).some((id) => !document.getElementById(id))))
                .map((e) => `is described by what is not there: ${short(e)}`),
            ...all.filter((e) => e.getAttribute('aria-invalid') === 'true'
                && !points(e, 'aria-describedby').some((id) => id.endsWith('_error') && words(id)))
                .map((e) => `is wrong, and does not say why: ${short(e)}`),
        ],
    };
}"""
FORMS = """() => [...document.querySelectorAll('#content form[method="post"]')].map((form, at) => {
    const named = [...form.elements].filter((e) => e.name);
    return {
        at,
        address: form.getAttribute('action') || location.pathname,
        boxes: named.filter((e) => !e.matches('button, [type="submit"], [type="hidden"]'))
            .map((e) => ({name: e.name, types: e.matches('textarea, [type="text"], [type="email"]')})),
        hidden: named.filter((e) => e.matches('[type="hidden"]')).map((e) => [e.name, e.value]),
        button: named.filter((e) => e.matches('button[value], [type="submit"]')).slice(0, 1)
            .map((e) => [e.name, e.value]),
        lists: form.id === 'changelist-form',
    };
}).filter((form) => form.boxes.length && !form.lists)"""
SEND = """([at, typed]) => {
    const form = document.querySelectorAll('#content form[method="post"]')[at];
    for (const e of form.elements) {
        if (!e.name || e.matches('button, [type="submit"], [type="hidden"]')) continue;
        if (e.matches('[type="checkbox"], [type="radio"]')) e.checked = false;
        else if (e.matches('select')) e.selectedIndex = -1;
        else e.value = typed[e.name] || '';
    }
    form.noValidate = true;
    form.requestSubmit(form.querySelector('button[value], [type="submit"]'));
}"""


@pytest.fixture
def world(house, stranger):
    """The house of the table, and beside it what some pages need to be there."""
    there, writer = house["there"], house["crew"]["E"]
    for app, model in EDITIONS.items():
        shown = model.objects.filter(published_at__isnull=False).order_by("pk")
        with_pieces = [each for each in shown if each.words.get("step")]
        being = editing.begin([*with_pieces, *shown][0], note="Plainer words", by=writer, at=clock.now())
        there |= {f"{app}_edition_{each}": being for each in ("piece", "publish", "plan")}
        gone = shown.last().work
        editing.take_out(gone, why="It is being checked.", by=writer, at=clock.now())
        there[f"{app}_{gone._meta.model_name}_put_back"] = gone
    there["parenting_plan_plan_open"] = family.start(stranger)
    referral = there["programmes_referral"]
    other = Referral.objects.exclude(party__case=referral.party.case).earliest("pk")
    house["pair"] = referring.keep_apart(referral.party, other.party, at=clock.now())
    return house


def at_work(name: str, route: str, world: dict) -> str:
    """The address as somebody meets it at work: with the piece of an edition, with the pair."""
    address = where(name, route, world["there"])
    if name.endswith("_edition_piece"):
        being = world["there"][name]
        if pieces := being.words.get("step"):
            return f"{address}?sort=step&slug={pieces[0]['slug']}"
        shape = admin.site.get_model_admin(type(being.work)).shape_of(being.work)
        return f"{address}?sort={shape.heads[0].name}"
    return address.replace("/apart/1/", f"/apart/{world['pair'].pk}/")


@pytest.fixture
def enter(signed_in, open_browser, site):
    """enter(person): a test client and a window in one and the same session."""

    def make(person):
        client, page = signed_in(person), open_browser()
        prepare(client)
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site.url}])
        return client, page

    return make


@pytest.fixture
def look(axe, no_sideways_scroll):
    """look(page, "a list"): what is wrong with the page that is there, one line for each fault and width.

    `again=True`: a page that was looked at before, in another state. On a phone, and without axe, which is dear.
    """

    def faults(page, name: str, *, again: bool = False) -> list[str]:
        found = []
        for width in [PHONE] if again else [DESKTOP, PHONE]:
            page.set_viewport_size({"width": width, "height": 900})
            told = page.evaluate(SEEN)
            wrong, headings = list(told["wrong"]), told["headings"]
            if len(headings) != 1 or not headings[0]:
                wrong.append(f"has these headings of the first level: {headings}")
            elif not told["title"].startswith(headings[0]):
                wrong.append(f"is called {told['title']!r}, and its heading is {headings[0]!r}")
            if not told["ways_back"] and name not in FIRST:
                wrong.append("has no way back")
            for asks in (no_sideways_scroll, *([] if again else [axe])):
                try:
                    asks(page, **({"width": width} if asks is no_sideways_scroll else {}))
                except AssertionError as fault:
                    wrong.append(str(fault))
            found += [f"{name} at {width} px: {each}" for each in wrong]
        return found

    return faults


def is_refused(client, address: str, told: dict) -> bool:
    """Whether these answers come back as a form. Undone at once."""
    with transaction.atomic():
        answer = client.post(address, told)
        transaction.set_rollback(True)
    return answer.status_code in {200, 422}


def mistakes(client, page, name: str, look) -> list[str]:
    """Each form of the page sent with a mistake: it says so beside the box, and what was typed is still there."""
    wrong, here = [], page.url
    for form in page.evaluate(FORMS):
        hidden = dict(form["hidden"] + form["button"])
        boxes = [box["name"] for box in form["boxes"] if box["types"]]
        for typed in (dict.fromkeys(boxes[:1], "?"), {}):
            if not is_refused(client, form["address"], hidden | typed):
                continue
            if page.url != here or "?" not in typed.values():
                page.goto(here)
            with page.expect_navigation():
                page.evaluate(SEND, [form["at"], typed])
            called = f"{name}, sent with a mistake"
            if not page.locator(".staff-wrong, .staff-note--wrong").first.is_visible():
                wrong.append(f"{called}: does not say what is wrong")
            for box, words in typed.items():
                if page.locator(f'#content [name="{box}"]').first.input_value() != words:
                    wrong.append(f"{called}: the words in {box} are gone")
            wrong += look(page, called, again=True)
            break
    return wrong


@pytest.mark.timeout(240)
@pytest.mark.parametrize("who", [who for who in WHO if who != "N"])
def test_every_page_can_be_used_and_fits(world, enter, look, who):
    client, page = enter(world["crew"][who])
    wrong, table = [], rows()
    for name, route in addresses().items():
        opens = table[name][0]
        if who not in opens or (who != opens[0] and name != "index"):
            continue
        address = at_work(name, route, world)
        answer = client.get(address)
        if answer.status_code != 200:
            if not LEADS_ON.match(name):
                wrong.append(f"{name}: {address} answers {answer.status_code}, and is never seen as a page")
            continue
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        page.goto(address)
        wrong += look(page, name)
        wrong += mistakes(client, page, name, look)
        if name.endswith("_changelist") and page.locator("#searchbar").count():
            page.goto(f"{address}?q={NOWHERE}")
            if not page.locator(".staff-empty").is_visible():
                wrong.append(f"{name}: does not say that a search found nothing")
            wrong += look(page, f"{name} after a search", again=True)
    assert not wrong, "\n".join(wrong)


def test_a_list_with_nothing_in_it_says_so(person, enter, look, settings):
    settings.HUB_STAFF_SECOND_STEP = True
    wrong, seen, table = [], 0, rows()
    for who, role in WHO.items():
        member = person(f"Crew{who}", kind="staff", is_staff=True)
        member.groups.set(Group.objects.filter(name=role))
        TOTP.activate(member, "JBSWY3DPEHPK3PXP")
        _client, page = enter(member)
        for name in [name for name in addresses() if name.endswith("_changelist") and table[name][0][:1] == who]:
            page.goto("/" + addresses()[name])
            if page.locator("body.change-list").count() and not page.locator("#result_list").count():
                seen += 1
                if not page.locator(".staff-empty").is_visible():
                    wrong.append(f"{name}: does not say that it is empty")
                wrong += look(page, f"{name} with nothing in it")
    assert seen > 8
    assert not wrong, "\n".join(wrong)
