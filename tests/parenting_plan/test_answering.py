"""Answering through the pages: agreeing to exactly what was read, the rest, setting aside, and leaving it."""

from datetime import timedelta

import pytest
from django.test import Client

from hub import clock
from parenting_plan import actions
from parenting_plan.models import Draft, Proposal
from tests.parenting_plan import family
from tests.parenting_plan.family import HANDOVERS, HOLIDAYS, OVERNIGHTS, SPECIAL_DAYS, TRAVEL, WEEK
from tests.parenting_plan.pages import everything_the_other_sees, form_at, form_of, said, send, url, write

HERS = "We hand over at the school gate."
HIS = "We hand over at the library."


@pytest.fixture
def a(signed_in, amara):
    return signed_in(amara)


@pytest.fixture
def b(signed_in, ben):
    return signed_in(ben)


def state(plan, question=HANDOVERS):
    """Everything about a part that must stay when something is refused."""
    part = family.part(plan, question)
    plan.refresh_from_db()
    drafts = list(Draft.objects.order_by("pk").values_list("party__role", "question", "value", "version"))
    return plan.head, part and (part.state, part.version, part.open_id, part.agreed_id), drafts


def answer_with(client: Client, plan, question, answer, query=""):
    address = url("question", plan, question)
    return client.post(address + query, form_at(client, address + query) | {"answer": answer})


def refused(answer, plan, before, question=HANDOVERS):
    """A calm page, and nothing is other than it was."""
    assert answer.status_code == 409, (answer.status_code, answer.headers.get("Location"))
    assert state(plan, question) == before
    page = said(answer)
    assert 'href="/exit/"' in page and url("question", plan, question) in page
    return page


# ---------------------------------------------------------------- agreeing
def test_agreeing_shows_the_words_once_more_and_takes_two_presses_as_one(plan, a, b, amara):
    send(a, plan, HANDOVERS, HERS, note="Easy for both")
    assert answer_with(b, plan, HANDOVERS, "agree").headers["Location"] == url("agree", plan, HANDOVERS)
    assert family.part(plan, HANDOVERS).state == "suggested"
    form = form_at(b, url("agree", plan, HANDOVERS))
    answers = [b.post(url("agree", plan, HANDOVERS), form) for _press in range(2)]
    assert [answer.headers["Location"] for answer in answers] == [url("question", plan, HANDOVERS)] * 2
    assert [event.kind for event in plan.events.all()].count("agreed") == 1
    page = said(b.get(url("question", plan, HANDOVERS)))
    assert "You have both agreed to this part." in page and "You can suggest a change from" in page


def test_words_that_were_taken_back_and_sent_anew_are_not_agreed_unread(plan, a, b):
    send(a, plan, HANDOVERS, HERS)
    form = form_at(b, url("agree", plan, HANDOVERS))
    a.post(url("take_back", plan, HANDOVERS), form_at(a, url("take_back", plan, HANDOVERS)))
    send(a, plan, HANDOVERS, "Every handover at my house.")
    before = state(plan)
    page = refused(b.post(url("agree", plan, HANDOVERS), form), plan, before)
    assert "This part changed while you were reading" in page and "nothing was sent or agreed" in page
    assert "Every handover at my house." in said(b.get(url("question", plan, HANDOVERS)))


@pytest.mark.parametrize("told", [{"digest": "0" * 64}, {"digest": ""}, {"version": "0"}, {"version": "99"}])
def test_agreeing_is_bound_to_the_version_and_the_words_that_were_shown(plan, a, b, told):
    send(a, plan, HANDOVERS, HERS)
    form, before = form_at(b, url("agree", plan, HANDOVERS)), state(plan)
    refused(b.post(url("agree", plan, HANDOVERS), form | told), plan, before)


def test_nobody_agrees_to_their_own_words(plan, a, b):
    send(a, plan, HANDOVERS, HERS)
    form, before = form_at(b, url("agree", plan, HANDOVERS)), state(plan)
    assert a.get(url("agree", plan, HANDOVERS)).status_code == 302
    refused(a.post(url("agree", plan, HANDOVERS), form), plan, before)


def test_an_answer_must_be_chosen_and_none_is_chosen_for_anybody(plan, a, b):
    send(a, plan, HANDOVERS, HERS)
    address = url("question", plan, HANDOVERS)
    assert "answer" not in form_at(b, address)
    for told in ({}, {"answer": "something else"}):
        page = said(b.post(address, told))
        assert "<title>Error:" in page and 'id="id_answer_error"' in page


def test_leaving_it_for_now_tells_nobody_and_changes_nothing(lively, a, b):
    questions = [HANDOVERS, OVERNIGHTS]
    before, stood = everything_the_other_sees(b, lively, *questions), state(lively, OVERNIGHTS)
    for name in ("overview", "waiting"):
        a.get(url(name, lively))
    answer = answer_with(a, lively, OVERNIGHTS, "later")
    assert answer.headers["Location"] == url("overview", lively)
    assert "Ben is not told." in said(a.get(url("overview", lively)))
    assert state(lively, OVERNIGHTS) == stood
    assert everything_the_other_sees(b, lively, *questions) == before


# ---------------------------------------------------------------- other words
def test_a_counter_begins_with_the_other_parents_words_and_shows_what_changed(plan, a, b):
    send(a, plan, HANDOVERS, HERS)
    assert answer_with(b, plan, HANDOVERS, "change").headers["Location"] == url("write", plan, HANDOVERS)
    assert form_at(b, url("write", plan, HANDOVERS))["text"] == [HERS]
    write(b, plan, HANDOVERS, HIS)
    check = said(b.get(url("send", plan, HANDOVERS)))
    assert "<del" in check and "<ins" in check
    assert (
        b.post(url("send", plan, HANDOVERS), form_of(b.get(url("send", plan, HANDOVERS))) | {"do": "send"}).status_code
        == 302
    )
    assert [(p.by.role, p.ending) for p in Proposal.objects.all()] == [("a", "countered"), ("b", "")]
    seen = said(a.get(url("question", plan, HANDOVERS)))
    assert "<del" in seen and "<ins" in seen and "Ben suggests different words" in seen
    story = said(a.get(url("story", plan, HANDOVERS)))
    assert story.index(HERS) < story.index(HIS)


def test_a_counter_to_words_taken_back_meanwhile_keeps_its_own_words(plan, a, b, ben):
    send(a, plan, HANDOVERS, HERS)
    write(b, plan, HANDOVERS, HIS)
    form = form_at(b, url("send", plan, HANDOVERS)) | {"note": "My note", "do": "send"}
    a.post(url("take_back", plan, HANDOVERS), form_at(a, url("take_back", plan, HANDOVERS)))
    answer = b.post(url("send", plan, HANDOVERS), form)
    page = said(answer)
    assert answer.status_code == 409 and HIS in page and "My note" in page and "kept as your draft" in page
    kept = Draft.objects.get(party=family.party(plan, ben))
    assert (kept.value["text"], kept.note) == (HIS, "My note")
    assert HIS not in "".join(everything_the_other_sees(a, plan, HANDOVERS).values())


def test_both_write_at_once_and_the_second_to_send_keeps_theirs(plan, a, b, ben):
    for client, text in ((a, HERS), (b, HIS)):
        write(client, plan, HANDOVERS, text)
    form = form_at(b, url("send", plan, HANDOVERS)) | {"do": "send"}
    a.post(url("send", plan, HANDOVERS), form_at(a, url("send", plan, HANDOVERS)) | {"do": "send"})
    before = state(plan)
    assert HIS in refused(b.post(url("send", plan, HANDOVERS), form), plan, before)


# ---------------------------------------------------------------- the 24 hours
def old_forms(plan, a, b) -> dict[str, dict]:
    """Forms of both parents from before the words were agreed, with every field filled."""
    send(a, plan, HANDOVERS, HERS)
    write(b, plan, HANDOVERS, HIS)
    seen = {"version": "1", "digest": family.part(plan, HANDOVERS).open.what_was_shown()}
    words = {"text": "Words during the rest", "form_key": "another-form", "do": "send"}
    return {
        "write": words | {"version": "0"},
        "autosave": words | {"version": "0"},
        "send": seen | {"do": "send", "draft_version": "1"},
        "agree": seen,
        "set_aside": seen | {"aside": "court"},
        "take_back": seen,
    }


@pytest.mark.parametrize("name", ["write", "autosave", "send", "agree", "set_aside", "take_back", "question", "drafts"])
@pytest.mark.parametrize("now", [False, True], ids=["old-version", "version-of-now"])
def test_during_the_rest_nobody_changes_the_part_by_any_route(plan, a, b, amara, ben, name, now):
    forms = old_forms(plan, a, b)
    b.post(url("agree", plan, HANDOVERS), form_at(b, url("agree", plan, HANDOVERS)))
    # A draft that found its way there before: it waits.
    Draft.objects.update_or_create(
        party=family.party(plan, amara),
        question=HANDOVERS,
        defaults={"value": family.words(HIS), "saved_at": clock.now()},
    )
    before = state(plan)
    version = str(family.part(plan, HANDOVERS).version)
    for number, client in enumerate((a, b)):
        if name == "drafts":
            told = {
                "chosen": [HANDOVERS],
                f"seen-{HANDOVERS}": f"{version if now else 1}.1",
                "submit_key": f"key{number}",
            }
            assert client.post(url("drafts", plan), told).status_code == 302
        elif name == "question":
            for told in ({"answer": "agree"}, {"other": "not_needed"}, {"other": "court"}):
                assert client.post(url("question", plan, HANDOVERS), told).status_code == 200
        else:
            told = forms[name] | {"submit_key": f"key{number}"} | ({"version": version} if now else {})
            answer = client.post(url(name, plan, HANDOVERS), told)
            assert answer.status_code == 409, (name, answer.status_code)
            if name not in {"autosave"}:
                assert "settled for now" in said(answer)
            if name == "write":
                assert "Words during the rest" in said(answer) and "cannot be saved" in said(answer)
        assert state(plan) == before
        for page in ("write", "send", "agree", "set_aside", "take_back"):
            assert client.get(url(page, plan, HANDOVERS)).headers["Location"] == url("question", plan, HANDOVERS)
    assert "Your draft waits here." in said(a.get(url("drafts", plan)))


def test_an_old_form_does_nothing_after_the_rest_either(plan, a, b, ben, amara):
    long_ago = clock.now() - timedelta(days=3)
    family.suggest(plan, amara, HANDOVERS, HERS, at=long_ago)
    form = form_at(b, url("agree", plan, HANDOVERS))
    family.agree(plan, ben, HANDOVERS, at=long_ago)
    before = state(plan)
    refused(b.post(url("agree", plan, HANDOVERS), form), plan, before)  # the rest is over
    send(a, plan, HANDOVERS, HIS)
    before = state(plan)
    refused(b.post(url("agree", plan, HANDOVERS), form), plan, before)  # and a change waits
    assert family.part(plan, HANDOVERS).agreed.value["text"] == HERS


def test_the_words_in_force_stay_while_a_change_waits(lively, a, b):
    page = said(a.get(url("question", lively, HANDOVERS)))
    assert "Agreed, and in force now" in page and "Ben suggests a change" in page
    agreed = said(a.get(url("agreed", lively)))
    assert "at the school gate" in agreed and "library" not in agreed


# ---------------------------------------------------------------- other ways
@pytest.mark.parametrize("aside", ["help", "court"])
def test_setting_aside_answers_a_suggestion_after_a_check(plan, a, b, aside):
    send(a, plan, HANDOVERS, HERS)
    to = b.post(url("question", plan, HANDOVERS), {"other": aside}).headers["Location"]
    assert to == url("set_aside", plan, HANDOVERS) + f"?for={aside}"
    assert family.part(plan, HANDOVERS).state == "suggested"
    form = form_at(b, to)
    for _press in range(2):
        assert b.post(url("set_aside", plan, HANDOVERS), form).status_code == 302
    part = family.part(plan, HANDOVERS)
    assert (part.state, part.aside) == ("set_aside", aside)
    assert [event.kind for event in plan.events.all()].count("set_aside") == 1
    for client in (a, b):
        assert "nobody’s fault" in said(client.get(url("question", plan, HANDOVERS)))
    assert send(a, plan, HANDOVERS, "Let us try once more.").status_code == 302


def test_nobody_sets_their_own_open_suggestion_aside(plan, a, b):
    send(a, plan, HANDOVERS, HERS)
    form, before = form_at(b, url("set_aside", plan, HANDOVERS)), state(plan)
    assert a.get(url("set_aside", plan, HANDOVERS)).status_code == 302
    refused(a.post(url("set_aside", plan, HANDOVERS), form), plan, before)


def test_setting_aside_is_bound_to_the_words_that_were_shown(plan, a, b):
    send(a, plan, HANDOVERS, HERS)
    form, before = form_at(b, url("set_aside", plan, HANDOVERS)), state(plan)
    refused(b.post(url("set_aside", plan, HANDOVERS), form | {"digest": ""}), plan, before)
    refused(b.post(url("set_aside", plan, HANDOVERS), form | {"digest": "f" * 64}), plan, before)


def test_not_needed_is_agreed_by_both_like_any_words(plan, a, b):
    send(a, plan, HANDOVERS, HERS)
    assert b.post(url("question", plan, HANDOVERS), {"other": "not_needed"}).headers["Location"] == url(
        "send", plan, HANDOVERS
    )
    b.post(url("send", plan, HANDOVERS), form_at(b, url("send", plan, HANDOVERS)) | {"do": "send"})
    assert family.part(plan, HANDOVERS).state == "suggested"
    a.post(url("agree", plan, HANDOVERS), form_at(a, url("agree", plan, HANDOVERS)))
    assert family.part(plan, HANDOVERS).agreed.value == {"kind": "not_needed"}
    section = said(a.get(f"/plan/{plan.reference}/living-and-childcare/"))
    assert "Not needed" in section


def test_answering_that_it_is_not_needed_keeps_the_words_one_had_begun(plan, a, b, ben):
    send(a, plan, HANDOVERS, HERS)
    write(b, plan, HANDOVERS, HIS, "keep")
    b.post(url("question", plan, HANDOVERS), {"other": "not_needed"})
    assert form_at(b, url("write", plan, HANDOVERS))["text"] == [HIS]


# ---------------------------------------------------------------- one sitting
def test_three_suggestions_are_answered_in_one_sitting(plan, a, b, ben):
    for question in (WEEK, OVERNIGHTS, HANDOVERS):
        send(a, plan, question, HERS)
    start = url("waiting", plan) + "?sitting=1"
    assert url("question", plan, WEEK) in said(b.get(url("waiting", plan)))

    first = b.get(start).headers["Location"]
    assert first == url("question", plan, WEEK) + "?sitting=1"
    to = answer_with(b, plan, WEEK, "agree", "?sitting=1").headers["Location"]
    assert to == url("agree", plan, WEEK) + "?sitting=1"
    second = b.get(b.post(to, form_at(b, to)).headers["Location"]).headers["Location"]
    assert second == url("question", plan, OVERNIGHTS) + "?sitting=1"
    third = b.get(answer_with(b, plan, OVERNIGHTS, "later", "?sitting=1").headers["Location"]).headers["Location"]
    assert third == url("question", plan, HANDOVERS) + "?sitting=1"
    to = answer_with(b, plan, HANDOVERS, "change", "?sitting=1").headers["Location"]
    to = b.post(to, form_at(b, to) | {"text": HIS, "do": "send"}).headers["Location"]
    assert to == url("send", plan, HANDOVERS) + "?sitting=1"
    page = said(b.get(b.post(to, form_at(b, to) | {"do": "send"}).headers["Location"]))
    assert "You have been through them all" in page and "These are still here" in page
    assert [family.part(plan, question).state for question in (WEEK, OVERNIGHTS, HANDOVERS)] == [
        "agreed",
        "suggested",
        "suggested",
    ]
    assert family.part(plan, HANDOVERS).open.by.role == "b"


# ---------------------------------------------------------------- what is not there
def test_what_is_not_in_the_content_does_not_exist(plan, a):
    for path in ("nothing/", "nothing/handovers/", "living-and-childcare/nothing/", "how-we-talk/handovers/"):
        assert a.get(f"/plan/{plan.reference}/{path}").status_code == 404
        for name in ("write", "draft", "send", "agree", "set-aside", "take-back", "story"):
            if path.count("/") == 2:
                assert a.post(f"/plan/{plan.reference}/{path}{name}/", {"text": "x"}).status_code in {404, 405}


def test_another_familys_plan_does_not_exist_whatever_the_digest(plan, elsewhere_plan, a, b, stranger):
    family.suggest(elsewhere_plan, stranger, HANDOVERS, HERS)
    send(a, plan, HANDOVERS, HERS)
    form = form_at(b, url("agree", plan, HANDOVERS))
    before = state(elsewhere_plan)
    for name in ("agree", "set_aside", "take_back", "send", "write"):
        told = form | {"do": "send", "draft_version": "1", "text": "x", "form_key": "k"}
        assert b.post(url(name, elsewhere_plan, HANDOVERS), told).status_code == 404
    assert state(elsewhere_plan) == before


def test_a_plan_no_longer_shared_takes_no_answer(lively, a, b, amara, ben):
    pages = {name: form_at(a, url(name, lively, OVERNIGHTS)) for name in ("agree", "set_aside", "write")}
    actions.leave(plan=lively, by=family.party(lively, ben))
    before = state(lively, OVERNIGHTS)
    for name, form in pages.items():
        answer = a.post(url(name, lively, OVERNIGHTS), form | {"text": "My own words.", "do": "keep"})
        if name == "write":  # what was written comes back with the answer
            assert answer.status_code == 409 and "My own words." in said(answer)
        else:
            assert answer.headers["Location"] == url("overview", lively)
    for question in (HANDOVERS, WEEK, OVERNIGHTS, HOLIDAYS, SPECIAL_DAYS, TRAVEL):
        assert a.get(url("question", lively, question)).headers["Location"] == url("overview", lively)
    assert state(lively, OVERNIGHTS) == before
    page = said(a.get(url("overview", lively)))
    assert "This plan is no longer shared." in page and "Read the agreed plan" in page
