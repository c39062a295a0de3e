"""What people tell staff: worked through in order, told to nobody else, and never twice by two people."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from accounts import conflicts
from hub import audit, clock, mail
from hub.models import AccessRecord, Notice, OutgoingMail
from parenting_plan import actions
from parenting_plan.actions import safeguarding
from parenting_plan.models import Invitation, PlanEvent, ReportNote, SafetyReport
from parenting_plan.targets import working_time_after
from tests.parenting_plan import family
from tests.parenting_plan.pages import form_at, url
from tests.racing import at_once

WORDS = "Every other weekend with Ben."
NOT_SHOWN = "These words are not shown for now."
WHY = "The words could be read as a threat."


def give(person, *codenames):
    """These permissions of the app, and no others."""
    found = Permission.objects.filter(content_type__app_label="parenting_plan", codename__in=codenames)
    assert found.count() == len(codenames)
    person.user_permissions.set(found)
    return type(person).objects.get(pk=person.pk)


@pytest.fixture
def lead(staff, settings):
    settings.HUB_STAFF_SECOND_STEP = False
    return give(staff, "triage_safetyreport")


@pytest.fixture
def colleague(person, settings):
    return give(person("Cora", kind="staff", is_staff=True), "triage_safetyreport")


@pytest.fixture
def report(lively, amara):
    """Amara tells staff of Ben's open suggestion about nights."""
    about = family.part(lively, family.OVERNIGHTS).open
    return actions.report(kind="words", words="It frightens me.", party=family.party(lively, amara), about=about)


@pytest.fixture
def desk(lead, signed_in):
    return signed_in(lead)


def at(report) -> str:
    return reverse("admin:parenting_plan_safetyreport_change", args=[report.pk])


def do(client, report, verb, **told):
    address = reverse("admin:parenting_plan_safetyreport_act", args=[report.pk, verb])
    told.setdefault("version", SafetyReport.objects.get(pk=report.pk).version)
    return client.post(address, {"why": WHY} | told)


def hide(report, by, may_show=True):
    report.refresh_from_db()
    safeguarding.hide(report=report, may_show=may_show, by=by, version=report.version, why=WHY)


# ---------------------------------------------------------------- by when


@pytest.mark.parametrize(
    ("told", "hours", "due"),
    [
        ("2026-11-24T10:00", 4, "2026-11-24T14:00"),
        ("2026-11-24T15:30", 4, "2026-11-25T11:30"),
        ("2026-11-24T03:00", 2, "2026-11-24T11:00"),
        ("2026-11-24T17:00", 2, "2026-11-25T11:00"),
        ("2026-11-27T16:00", 2, "2026-11-30T10:00"),  # over a weekend
        ("2026-11-28T12:00", 8, "2026-11-30T17:00"),
        ("2026-12-24T15:00", 4, "2026-12-29T11:00"),  # over two bank holidays
        ("2026-10-23T16:00", 2, "2026-10-26T10:00"),  # the clocks go back
    ],
)
def test_the_time_to_look_is_counted_in_hours_of_work(told, hours, due):
    from hub.words import HOME

    closed = [date(2026, 12, 25), date(2026, 12, 28)]
    moments = [datetime.fromisoformat(each).replace(tzinfo=HOME).astimezone(UTC) for each in (told, due)]
    assert working_time_after(moments[0], hours, closed=closed) == moments[1]


# ---------------------------------------------------------------- the queue


def test_what_is_due_first_stands_first_and_what_is_closed_is_not_there(lively, amara, report, lead, desk):
    other = actions.report(kind="safety", party=family.party(lively, amara))
    safeguarding.triage(report=report, severity="usual", by=lead, version=0)
    safeguarding.triage(report=other, severity="immediate", by=lead, version=0)
    queue = reverse("admin:parenting_plan_safetyreport_changelist")
    said = desk.get(queue).content.decode()
    assert 0 < said.index(at(other)) < said.index(at(report))
    safeguarding.close(report=other, outcome="nothing", by=lead, version=1)
    said = desk.get(queue).content.decode()
    assert at(other) not in said and at(report) in said
    assert at(other) in desk.get(f"{queue}?state=all").content.decode()
    assert at(report) in desk.get(f"{queue}?severity=usual&owner=nobody").content.decode()
    assert at(report) not in desk.get(f"{queue}?owner=me").content.decode()


def test_the_home_of_staff_can_ask_how_much_waits(report, lead):
    told = safeguarding.waiting(lead, at=report.due_at + timedelta(minutes=1))
    assert (told.count, told.late, told.oldest_at) == (1, 1, report.created_at)
    safeguarding.close(report=report, outcome="nothing", by=lead, version=0)
    assert safeguarding.waiting(lead) == safeguarding.Waiting(0, 0, None)


def test_a_report_goes_its_way_and_each_act_is_one_record_and_one_line(report, lead, colleague, desk):
    assert do(desk, report, "take", why="").status_code == 302
    assert do(desk, report, "triage", severity="high").status_code == 302
    assert do(desk, report, "note", words="Rang the duty officer.").status_code == 302
    assert do(desk, report, "wait").status_code == 302
    assert do(desk, report, "hand-over", to=colleague.pk).status_code == 302
    assert do(desk, report, "close", outcome="").status_code == 422, "closing needs an outcome"
    assert do(desk, report, "close", outcome="passed_on").status_code == 302
    assert do(desk, report, "triage", severity="usual").status_code == 409, "a closed one is not worked on"
    assert do(desk, report, "reopen").status_code == 302
    report.refresh_from_db()
    assert (report.state, report.severity, report.owner, report.outcome) == ("looked_at", "high", colleague, "")
    verbs = ["take", "triage", "note on", "wait with", "hand over", "close", "reopen"]
    assert list(report.notes.order_by("pk").values_list("what", flat=True)) == verbs
    kept = AccessRecord.objects.filter(about=f"report:{report.pk}").order_by("pk")
    assert list(kept.values_list("what", flat=True)) == [f"{verb} safety report" for verb in verbs]
    assert kept[1].reason == f"high. {WHY}" and kept[1].person == lead
    assert not kept.filter(reason__contains="duty officer").exists(), "a note is read by those who work on reports"
    said = desk.get(at(report)).content.decode()
    assert "Rang the duty officer." in said and "Passed on, as our policy says" in said and "Cora" in said


def test_the_database_refuses_a_closed_report_without_an_outcome_and_any_change_of_a_note(report, lead):
    with pytest.raises(IntegrityError), transaction.atomic():
        SafetyReport.objects.filter(pk=report.pk).update(state="done")
    safeguarding.write_note(report=report, words="As it was.", by=lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportNote.objects.update(words="As it never was.")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportNote.objects.all()._raw_delete("default")


def test_of_two_at_once_one_wins_and_the_other_keeps_their_words(report, lead, colleague, desk, signed_in):
    first = {"severity": "high", "version": 0}
    assert do(desk, report, "triage", **first).status_code == 302
    second = do(signed_in(colleague), report, "close", outcome="nothing", version=0, why="I thought it was nothing.")
    said = second.content.decode()
    assert second.status_code == 409 and "A colleague has worked on this report" in said
    assert "I thought it was nothing." in said and "Soon: it could get worse" in said and 'value="1"' in said
    report.refresh_from_db()
    assert (report.state, report.severity) == ("looked_at", "high")


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_the_same_moment(lively, amara, person):
    report = actions.report(kind="safety", party=family.party(lively, amara))
    people = [give(person(name, kind="staff", is_staff=True), "triage_safetyreport") for name in ("Stella", "Cora")]
    presses = [lambda by=by: safeguarding.take(report=report, by=by, version=0) or by for by in people]
    got = at_once(*presses, calm=safeguarding.Changed)
    winners = [each for each in got if not isinstance(each, Exception)]
    report.refresh_from_db()
    assert len(got) == 2 and winners == [report.owner] and report.notes.count() == 1


def test_opening_a_report_is_one_record_and_without_the_record_no_page(report, desk, monkeypatch):
    said = desk.get(at(report)).content.decode()
    assert "It frightens me." in said and WORDS not in said
    assert AccessRecord.objects.filter(what="read safety report", about=f"report:{report.pk}").count() == 1

    def broken(**told):
        raise DatabaseError("no room")

    monkeypatch.setattr(audit, "record", broken)
    desk.raise_request_exception = False
    answer = desk.get(at(report))
    assert answer.status_code == 500 and b"It frightens me" not in answer.content
    assert do(desk, report, "take").status_code == 500
    report.refresh_from_db()
    assert report.owner is None and not report.notes.exists(), "an act without its record did not happen"


def test_one_permission_opens_the_queue_and_no_other_does(report, staff, settings, signed_in):
    settings.HUB_STAFF_SECOND_STEP = False
    client = signed_in(give(staff, "view_plan", "view_safetyreport", "change_safetyreport", "pause_plan"))
    queue = reverse("admin:parenting_plan_safetyreport_changelist")
    assert client.get(queue).status_code == 403 and client.get(at(report)).status_code == 403
    assert do(client, report, "close", outcome="nothing").status_code == 403
    assert not AccessRecord.objects.filter(about=f"report:{report.pk}").exists()


@pytest.mark.parametrize("how", ["invited", "named"])
def test_a_report_about_a_case_of_ones_own_is_not_there(how, lively, amara, report, lead, colleague, desk):
    if how == "invited":
        lively.invitations.update(email=lead.email, mark=Invitation.mark_of(lead.email))
    else:
        conflicts.declare(person=lead, about=f"plan:{lively.reference}", by=lead)
    lead.__dict__.pop("_own_plans", None)
    queue = reverse("admin:parenting_plan_safetyreport_changelist")
    assert at(report) not in desk.get(queue).content.decode()
    assert desk.get(at(report)).status_code == 404 and do(desk, report, "take").status_code == 404
    assert safeguarding.waiting(lead).count == 0 and safeguarding.colleagues(report) == [colleague]
    with pytest.raises(safeguarding.OwnCase):
        safeguarding.take(report=report, by=lead, version=0)


# ---------------------------------------------------------------- the words are put away


def test_the_words_are_away_for_whoever_told_us_on_every_page(lively, amara, ben, report, lead, signed_in):
    hers = signed_in(amara)
    pages = [url(name, lively, family.OVERNIGHTS) for name in ("question", "story", "agree", "write", "send")]
    assert WORDS in hers.get(pages[0]).content.decode()
    family.draft(lively, amara, family.OVERNIGHTS, "Words of my own.")
    hide(report, lead)
    for page in pages:
        said = hers.get(page, follow=True).content.decode()
        assert WORDS not in said and NOT_SHOWN in said, page
    set_aside = url("set_aside", lively, family.OVERNIGHTS)
    assert WORDS not in hers.get(set_aside).content.decode()
    assert hers.post(set_aside, form_at(hers, set_aside)).status_code == 302, "asking for help needs no second reading"


def test_nobody_agrees_to_or_answers_what_they_cannot_see(lively, amara, report, lead):
    part, me = family.part(lively, family.OVERNIGHTS), family.party(lively, amara)
    seen = {"plan": lively, "question": family.OVERNIGHTS, "by": me, "version": part.version}
    seen["digest"] = part.open.what_was_shown()
    hide(report, lead)
    before = PlanEvent.objects.count()
    with pytest.raises(actions.PutAway):
        actions.agree(**seen)
    with pytest.raises(actions.PutAway):
        actions.counter(**seen, value=family.words("Other words."))
    assert PlanEvent.objects.count() == before


def test_their_reader_brings_them_back_when_staff_left_it_to_them(lively, amara, report, lead, signed_in):
    hers, page = signed_in(amara), url("question", lively, family.OVERNIGHTS)
    hide(report, lead, may_show=False)
    assert "Show the words" not in hers.get(page).content.decode()
    hers.post(page, {"do": "show"})
    assert WORDS not in hers.get(page).content.decode()
    report.refresh_from_db()
    safeguarding.unhide(report=report, by=lead, version=report.version)
    hide(report, lead)
    assert "Show the words" in hers.get(page).content.decode()
    assert hers.post(page, {"do": "show"}).status_code == 302
    assert WORDS in hers.get(page).content.decode()
    assert family.agree(lively, amara, family.OVERNIGHTS).kind == "agreed"


def test_the_writer_and_the_record_see_nothing_of_it(lively, amara, ben, report, lead, signed_in):
    his = signed_in(ben)
    pages = [
        url("question", lively, family.OVERNIGHTS),
        url("story", lively, family.OVERNIGHTS),
        url("overview", lively),
    ]
    from tests.parenting_plan.pages import MASKED

    def look():
        return [MASKED.sub("", his.get(page).content.decode()) for page in pages]

    before, events = look(), list(PlanEvent.objects.values_list("hash", flat=True))
    hide(report, lead)
    assert look() == before and list(PlanEvent.objects.values_list("hash", flat=True)) == events
    assert his.post(pages[0], {"do": "show"}).status_code in {200, 302}
    report.refresh_from_db()
    assert report.is_hiding, "only its reader brings it back"


def test_agreed_words_are_never_put_away(lively, amara, report, lead):
    family.agree(lively, amara, family.OVERNIGHTS)
    with pytest.raises(safeguarding.NotPossible):
        hide(report, lead)


def test_words_put_away_do_not_come_back_as_what_a_later_suggestion_changes(
    lively, amara, ben, report, lead, signed_in
):
    family.suggest(lively, amara, family.OVERNIGHTS, "Two nights a week.")
    hide(report, lead)
    actions.withdraw(
        plan=lively, question=family.OVERNIGHTS, by=family.party(lively, amara),
        version=family.version(lively, family.OVERNIGHTS),
    )  # fmt: skip
    family.suggest(lively, ben, family.OVERNIGHTS, "Three nights.")
    said = signed_in(amara).get(url("question", lively, family.OVERNIGHTS)).content.decode()
    assert "Three nights." in said and "<del" not in said


# ---------------------------------------------------------------- the person who told us


def test_whoever_tells_us_gets_help_at_once_and_reads_what_comes_next(lively, amara, signed_in):
    hers, address = signed_in(amara), url("report", lively)
    said = hers.get(address).content.decode()
    assert "tel:999" in said and "Nobody watches this page at night" in said
    answer = hers.post(address, {"kind": "safety", "words": "Please read this."}, follow=True)
    said = answer.content.decode()
    assert "tel:999" in said and "0808 2000 247" in said and "What happens next" in said and "reads it by" in said
    report = SafetyReport.objects.get()
    assert not report.may_answer and report.due_at == safeguarding.look_by(report.created_at)


def test_the_link_beside_a_suggestion_tells_staff_which_one_it_is(lively, amara, lead, desk, signed_in):
    client, about = signed_in(amara), family.part(lively, family.OVERNIGHTS).open
    html = client.get(url("question", lively, family.OVERNIGHTS)).content.decode()
    link = unescape(re.search(r'href="([^"]+/report/[^"]*)"', html)[1])
    assert "About this suggestion" in client.get(link).content.decode()
    client.post(link, {"kind": "words", "words": "It frightens me."})
    told = SafetyReport.objects.get()
    assert told.about == about
    page = desk.get(at(told)).content.decode()
    assert f"suggestion {about.number}" in page and "Put the words away" in page


def test_a_stranger_who_joined_is_not_told_as_an_invitation(lively, amara, desk):
    """The inviter turned somebody away: nobody invited the inviter."""
    turned_away = actions.report(kind="unknown", party=family.party(lively, amara))
    invited = actions.report(kind="unknown")
    said = "Somebody they do not know joined their plan"
    assert said in desk.get(at(turned_away)).content.decode() and said not in desk.get(at(invited)).content.decode()
    rows = desk.get(reverse("admin:parenting_plan_safetyreport_changelist")).content.decode()
    assert said in rows and "Invited by somebody they do not know" in rows


def test_nobody_says_how_urgent_it_is_by_leaving_a_box_as_it_was(report, lead, desk):
    where = reverse("admin:parenting_plan_safetyreport_act", args=[report.pk, "triage"])
    assert '<option value="" selected>' in desk.get(where).content.decode()
    told = {"why": WHY, "version": 0}
    assert desk.post(where, told | {"severity": ""}).status_code == 422
    assert desk.post(where, told | {"severity": "usual"}).status_code == 302
    assert '<option value="usual" selected>' in desk.get(where).content.decode()


def test_we_answer_only_whoever_said_that_it_is_safe(lively, amara, ben, report, lead, desk, signed_in, smtp):
    assert do(desk, report, "answer", answer="looked").status_code == 409
    assert not Notice.objects.filter(kind="report_answered").exists()
    signed_in(amara).post(url("report", lively), {"kind": "safety", "may_answer": "on"})
    safe = SafetyReport.objects.get(may_answer=True)
    assert do(desk, safe, "answer", answer="help").status_code == 302
    assert do(desk, safe, "answer", answer="looked").status_code == 409, "once"
    news = Notice.objects.get(kind="report_answered")
    assert news.person == amara
    said = signed_in(amara).get(news.address).content.decode()
    assert "We have looked at what you told us. The people on our help page" in said
    assert "We have looked" not in signed_in(ben).get(news.address).content.decode()
    smtp.mails.clear()
    mail.relay(at=clock.now() + timedelta(hours=1))
    assert OutgoingMail.objects.get(kind="parenting_plan/report_answered").state == "sent"
    letters = smtp.to(amara.email)
    assert {each["Subject"] for each in letters} == {"You have an update"}
    assert not [each for each in letters if "looked" in each.as_string() or "told us" in each.as_string()]


# ---------------------------------------------------------------- the pages themselves


def test_the_pages_are_accessible_and_fit_a_phone(
    lively, amara, report, lead, colleague, open_browser, axe, no_sideways_scroll
):
    safeguarding.triage(report=report, severity="high", by=lead, version=0, why=WHY)
    SafetyReport.objects.filter(pk=report.pk).update(may_answer=True)
    lead = give(lead, "triage_safetyreport", "view_plan", "pause_plan", "open_plan_words")
    window = open_browser(lead)
    verbs = ["take", "triage", "hand-over", "note", "hide", "answer", "close"]
    queue = reverse("admin:parenting_plan_safetyreport_changelist")
    pages = [at(report), reverse("admin:parenting_plan_plan_change", args=[lively.pk])]
    pages += [reverse("admin:parenting_plan_safetyreport_act", args=[report.pk, verb]) for verb in verbs]
    for page in [queue, *pages]:
        assert window.goto(page).status == 200
        axe(window)
        if page != queue:  # Django's own list
            no_sideways_scroll(window)
