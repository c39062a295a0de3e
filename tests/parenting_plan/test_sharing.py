"""Who sees the plan, stopping, and telling staff: each without a trace for the other parent."""

import re

import pytest
from django.urls import reverse

from hub import clock
from hub.models import Notice, OutgoingMail
from parenting_plan import actions, drawing
from parenting_plan.models import Draft, Grant, Issued, Opening, Plan, PlanEvent, Proposal, SafetyReport
from tests.parenting_plan import family

NEUTRAL = "This plan is no longer shared."


def address(name: str, plan: Plan, *more) -> str:
    return reverse(f"parenting_plan:{name}", args=[plan.reference, *more])


# ---------------------------------------------------------------- letting somebody read
def test_a_grant_takes_a_check_page_that_says_what_they_will_see(lively, amara, signed_in):
    hers = signed_in(amara)
    check = hers.post(address("professionals", lively), {"email": "Sol@Example.com"})
    said = check.content.decode()
    assert "sol@example.com" in said and "is not told" in said and "They will not see" in said
    assert not Grant.objects.exists()
    done = hers.post(address("professionals", lively), {"email": "sol@example.com", "do": "give"}, follow=True)
    assert "sol@example.com can read the agreed plan." in done.content.decode()
    assert Grant.objects.get().email == "sol@example.com"


@pytest.mark.parametrize("email", ["", "sol", "sol@", "a" * 300 + "@example.com", "amara@example.com"])
def test_an_address_that_will_not_do_is_said_beside_the_field_and_kept(lively, amara, signed_in, email):
    answer = signed_in(amara).post(address("professionals", lively), {"email": email, "do": "give"})
    said = answer.content.decode()
    assert 'href="#id_email"' in said and "<title>Error:" in said and (not email or f'value="{email}"' in said)
    assert not Grant.objects.exists() and not OutgoingMail.objects.filter(kind__endswith="professional_access").exists()


def test_renewing_goes_through_the_check_page_too(lively, amara, signed_in):
    actions.grant(plan=lively, by=family.party(lively, amara), email="sol@example.com")
    hers = signed_in(amara)
    assert "Renew for 30 days" in hers.get(address("professionals", lively)).content.decode()
    assert (
        "Check before you renew"
        in hers.post(address("professionals", lively), {"email": "sol@example.com"}).content.decode()
    )


def test_ending_takes_a_look_and_only_ones_own_can_be_ended(lively, amara, ben, signed_in):
    granted = actions.grant(plan=lively, by=family.party(lively, amara), email="sol@example.com")
    for method in ("get", "post"):
        assert getattr(signed_in(ben), method)(address("end_access", lively, 1)).status_code == 404
    assert "End access to the plan?" in signed_in(amara).get(address("end_access", lively, 1)).content.decode()
    granted.refresh_from_db()
    assert granted.revoked_at is None
    signed_in(amara).post(address("end_access", lively, 1))
    granted.refresh_from_db()
    assert granted.revoked_at


@pytest.mark.parametrize("name", ["sharing", "professionals", "leave", "report"])
def test_a_stranger_and_somebody_signed_out_find_nothing(lively, stranger, signed_in, client, name):
    for method in ("get", "post") if name != "sharing" else ("get",):
        assert getattr(signed_in(stranger), method)(address(name, lively)).status_code == 404
        assert getattr(client, method)(address(name, lively)).status_code == 302


# ---------------------------------------------------------------- stopping
def test_the_check_page_changes_nothing(lively, amara, signed_in):
    said = signed_in(amara).get(address("leave", lively)).content.decode()
    assert "Stop sharing" in said and NEUTRAL in said
    assert Plan.objects.get().ended_at is None


def stop(plan, person, signed_in):
    client = signed_in(person)
    key = re.search(r'name="submit_key" value="([^"]+)"', client.get(address("leave", plan)).content.decode())[1]
    return client, client.post(address("leave", plan), {"submit_key": key}), key


def test_stopping_keeps_agreed_words_for_both_and_takes_ones_own_drafts(lively, amara, ben, signed_in):
    family.draft(lively, amara, family.OVERNIGHTS, "hers")
    family.draft(lively, ben, family.HOLIDAYS, "his")
    hers, answer, _ = stop(lively, amara, signed_in)
    assert answer.status_code == 302
    assert list(Draft.objects.values_list("party__user__first_name", flat=True)) == ["Ben"]
    for client in (hers, signed_in(ben)):
        assert "We hand over at the school gate" in client.get(address("agreed", lively)).content.decode()
        assert NEUTRAL in client.get(address("overview", lively)).content.decode()


def test_the_other_learns_that_it_ended_and_not_who_or_why(lively, amara, ben, signed_in):
    stop(lively, amara, signed_in)
    said = signed_in(ben).get(address("sharing", lively)).content.decode()
    assert NEUTRAL in said and "left" not in said.lower().split("<main", 1)[1].split("</main", 1)[0]


def test_stopping_works_while_a_part_rests_and_while_the_plan_is_paused(lively, amara, ben, signed_in):
    assert lively.clauses.filter(rests_until__gt=clock.now()).exists()
    actions.pause(plan=lively)
    _, answer, _ = stop(lively, amara, signed_in)
    assert answer.status_code == 302
    assert Plan.objects.get().ended_at and family.party(lively, amara).left_at


def test_stopping_twice_and_pressing_twice_is_stopping_once(lively, amara, ben, signed_in):
    hers, _, key = stop(lively, amara, signed_in)
    assert hers.post(address("leave", lively), {"submit_key": key}).status_code == 302
    assert hers.get(address("leave", lively)).status_code == 302
    assert PlanEvent.objects.filter(kind="left").count() == 1
    _, answer, _ = stop(lively, ben, signed_in)
    assert answer.status_code == 302 and family.party(lively, ben).left_at


def test_a_pause_and_an_end_look_the_same_on_these_pages(lively, amara, ben, signed_in):
    """Whatever the reason, the same sentence and the same doors."""
    pages = [address(name, lively) for name in ("overview", "sharing", "professionals", "report", "leave", "agreed")]
    actions.pause(plan=lively)
    paused = seen(signed_in(ben), pages)
    actions.resume(plan=lively)
    actions.leave(plan=lively, by=family.party(lively, amara))
    Notice.objects.filter(kind="left").delete()  # the one mail and notice of leaving are the house's own words
    assert seen(signed_in(ben), pages) == paused


def test_one_parent_alone_has_nothing_to_stop(solo, amara, signed_in):
    hers = signed_in(amara)
    assert "Stop sharing" not in hers.get(address("sharing", solo)).content.decode()
    hers.post(address("leave", solo))
    assert Plan.objects.get().ended_at is None


# ---------------------------------------------------------------- telling staff
def test_a_report_is_kept_with_what_it_is_about(lively, amara, signed_in):
    where = f"{address('report', lively)}?about={family.HANDOVERS}&number=2"
    hers = signed_in(amara)
    said = hers.get(where).content.decode()
    assert "About this suggestion" in said and 'href="tel:999"' in said and "is not told" in said
    assert "National Domestic Abuse Helpline" in said and "not an emergency service" in said
    sent = hers.post(where, {"kind": "words", "words": "It is a threat."}, follow=True)
    assert "Thank you for telling us" in sent.content.decode() and 'href="tel:999"' in sent.content.decode()
    report = SafetyReport.objects.get()
    assert (report.kind, report.words, report.about.number) == ("words", "It is a threat.", 2)
    assert report.by == family.party(lively, amara) and report.plan == lively


def test_a_report_needs_no_words(lively, amara, signed_in):
    signed_in(amara).post(address("report", lively), {"kind": "safety", "words": ""})
    assert SafetyReport.objects.get().kind == "safety"


@pytest.mark.parametrize(
    "about",
    [
        "about=no/such&number=1",
        f"about={family.HANDOVERS}&number=99",
        f"about={family.HANDOVERS}&number=²",
        "number=" + "9" * 400,
    ],
)
def test_a_report_about_nothing_we_know_is_about_the_plan(lively, amara, signed_in, about):
    signed_in(amara).post(f"{address('report', lively)}?{about}", {"kind": "safety"})
    assert SafetyReport.objects.get().about is None


def test_a_report_cannot_name_another_familys_suggestion(lively, elsewhere_plan, stranger, signed_in):
    signed_in(stranger).post(
        f"{address('report', elsewhere_plan)}?about={family.HANDOVERS}&number=2", {"kind": "words"}
    )
    assert SafetyReport.objects.get().about is None and Proposal.objects.filter(number=2).exists()


def test_what_cannot_be_sent_is_kept_on_the_page(lively, amara, signed_in):
    said = signed_in(amara).post(address("report", lively), {"words": "x" * 2001}).content.decode()
    assert "Use 1 character fewer" in said and "x" * 2001 in said and "Choose what it is about" in said
    assert not SafetyReport.objects.exists()


@pytest.mark.parametrize("moment", ["paused", "left by me", "left by the other"])
def test_a_report_is_never_refused(lively, amara, ben, signed_in, moment):
    if moment == "paused":
        actions.pause(plan=lively)
    else:
        actions.leave(plan=lively, by=family.party(lively, amara if moment == "left by me" else ben))
    assert signed_in(amara).post(address("report", lively), {"kind": "safety"}).status_code == 302
    assert SafetyReport.objects.count() == 1


# ---------------------------------------------------------------- non-interference (trust 5.5)
MASKS = (
    (r'name="csrfmiddlewaretoken" value="[^"]+"', "CSRF"),
    (r'name="(submit_key|form_key)" value="[^"]+"', "KEY"),
)


def seen(client, pages) -> list[tuple]:
    """Everything an answer shows, one-time keys masked: status, headers, body."""
    found = []
    for page in pages:
        answer = client.get(page)
        body = answer.content
        if answer["Content-Type"].startswith("text/html"):
            words = body.decode()
            for mask, instead in MASKS:
                words = re.sub(mask, instead, words)
            body = words.encode()
        found.append((page, answer.status_code, sorted(answer.headers.items()), body))
    return found


def pages_of(plan) -> list[str]:
    plain = [
        "overview",
        "agreed",
        "pdf",
        "drafts",
        "waiting",
        "children",
        "orders",
        "sharing",
        "invite",
        "professionals",
    ]
    plain += ["leave", "report"]
    pages = [reverse("home"), reverse("parenting_plan:list"), *(address(name, plan) for name in plain)]
    for question in (
        family.HANDOVERS,
        family.WEEK,
        family.OVERNIGHTS,
        family.HOLIDAYS,
        family.SPECIAL_DAYS,
        family.TRAVEL,
    ):
        pages += [
            address(name, plan, *question.split("/")) for name in ("question", "write", "agree", "set_aside", "story")
        ]
    return [*pages, address("section", plan, "living-and-childcare")]


def everything_of(ben, plan, signed_in) -> dict:
    return {
        "pages": seen(signed_in(ben), pages_of(plan)),
        "notices": list(Notice.objects.filter(person=ben).order_by("pk").values()),
        "mails": list(
            OutgoingMail.objects.filter(person=ben).order_by("created_at").values("key", "kind", "facts", "due_at")
        ),
        "events": list(PlanEvent.objects.filter(plan=plan).order_by("seq").values_list("seq", "kind", "hash")),
        "plan": Plan.objects.filter(pk=plan.pk).values("event_count", "head", "pdf_due", "paused_at", "ended_at").get(),
    }


def act_in_secret(plan, amara, solicitor, signed_in) -> None:
    """All that one parent can do without the other: through the pages where there are pages."""
    hers = signed_in(amara)
    family.draft(plan, amara, family.OVERNIGHTS, "CANARY draft", note="CANARY note")
    family.draft(plan, amara, family.TRAVEL, {"kind": "not_sure"})
    hers.post(address("professionals", plan), {"email": solicitor.email, "do": "give"})
    hers.post(address("professionals", plan), {"email": "canary@example.com", "do": "give"})
    sol = signed_in(solicitor)
    assert sol.get(reverse("parenting_plan:professional_plan", args=[plan.reference])).status_code == 200
    assert sol.get(reverse("parenting_plan:professional_pdf", args=[plan.reference])).status_code == 200
    hers.post(
        f"{address('report', plan)}?about={family.HANDOVERS}&number=2", {"kind": "safety", "words": "CANARY report"}
    )
    for page in pages_of(plan):
        hers.get(page)
    assert Draft.objects.filter(party__user=amara).count() == 2
    assert (Grant.objects.count(), Opening.objects.count(), SafetyReport.objects.count()) == (2, 2, 1)


def test_the_other_parent_sees_the_same_bytes_whatever_is_done_in_secret(lively, amara, ben, solicitor, signed_in):
    family.draft(lively, ben, family.SPECIAL_DAYS, "his own draft")
    drawing.draw_what_is_due()
    before = everything_of(ben, lively, signed_in)
    act_in_secret(lively, amara, solicitor, signed_in)
    after = everything_of(ben, lively, signed_in)
    for what, was in before.items():
        if what == "pages":
            for one, other in zip(was, after["pages"], strict=True):
                assert one == other, one[0]
        assert after[what] == was, what


def test_even_when_the_solicitor_is_the_first_to_open_the_file(lively, amara, ben, solicitor, signed_in):
    """When a file was made is when its words were agreed, not when somebody looked."""
    act_in_secret(lively, amara, solicitor, signed_in)
    agreed_at = lively.events.filter(kind="agreed").order_by("-seq").first().at
    assert Issued.objects.get().made_at == agreed_at
    page = signed_in(ben).get(address("agreed", lively)).content
    his = signed_in(ben).get(address("pdf", lively)).content
    Issued.objects.update(drawn_at=None, pages=0, sha256="")
    drawing.draw_what_is_due()
    assert signed_in(ben).get(address("pdf", lively)).content == his
    assert signed_in(ben).get(address("agreed", lively)).content == page


# ---------------------------------------------------------------- in a browser
@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_in_a_browser(
    transactional_db, lively, amara, ben, solicitor, open_browser, axe, no_sideways_scroll, javascript, width
):
    page = open_browser(amara, javascript=javascript, width=width)

    def fits():
        no_sideways_scroll(page)
        if javascript:
            axe(page)

    page.goto(address("sharing", lively))
    fits()
    page.get_by_role("link", name="See who may read it").click()
    fits()
    page.get_by_role("button", name="Continue").click()
    fits()
    page.get_by_label("Their email address").fill(solicitor.email)
    page.get_by_role("button", name="Continue").click()
    fits()
    page.get_by_role("button", name="Let them read it for 30 days").click()
    fits()
    theirs = open_browser(solicitor, javascript=javascript, width=width)
    theirs.goto("/professional/")
    no_sideways_scroll(theirs)
    if javascript:
        axe(theirs)
    theirs.get_by_role("link", name="Plan for Anya and Finn").click()
    no_sideways_scroll(theirs)
    if javascript:
        axe(theirs)
    with theirs.expect_download() as download:
        theirs.get_by_role("link", name="Download the PDF").or_(
            theirs.get_by_role("button", name="Download the PDF")
        ).click()
    assert download.value.suggested_filename == "plan.pdf"
    page.reload()
    assert page.get_by_text("Downloaded the PDF:").is_visible()
    page.get_by_role("link", name="End access").click()
    fits()
    page.get_by_role("button", name="End access").click()
    theirs.reload()
    assert theirs.get_by_role("heading", level=1).inner_text() == "We cannot find that page"
    page.goto(address("report", lively))
    fits()
    page.get_by_role("button", name="Send this to our staff").click()
    fits()
    page.get_by_label("I do not feel safe").check()
    page.get_by_role("button", name="Send this to our staff").click()
    fits()
    page.goto(address("leave", lively))
    fits()
    page.get_by_role("button", name="Stop sharing").click()
    assert page.get_by_text(NEUTRAL).first.is_visible()
