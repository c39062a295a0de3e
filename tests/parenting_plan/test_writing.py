"""Writing and sending, through the pages: nothing is lost, shows before it is sent, or is done twice."""

import pytest

from parenting_plan.models import Draft, Issued, Proposal
from tests.parenting_plan import family
from tests.parenting_plan.family import HANDOVERS, HOLIDAYS, OVERNIGHTS, SPECIAL_DAYS, WEEK
from tests.parenting_plan.pages import (
    everything_the_other_sees,
    form_at,
    form_of,
    masked,
    said,
    send,
    url,
    write,
)

WORDS = "CANARY We meet at the old bridge."


@pytest.fixture
def a(signed_in, amara):
    return signed_in(amara)


@pytest.fixture
def b(signed_in, ben):
    return signed_in(ben)


def draft(plan, person, question=HANDOVERS):
    return Draft.objects.filter(party=family.party(plan, person), question=question).first()


def events(plan) -> int:
    return plan.events.count()


# ---------------------------------------------------------------- drafts
@pytest.mark.parametrize("do", ["keep", "send", "starter", "not_sure", "not_needed", "autosave"])
def test_a_draft_changes_nothing_that_the_other_parent_can_see(lively, a, b, amara, do):
    questions = [HANDOVERS, WEEK, OVERNIGHTS, HOLIDAYS, SPECIAL_DAYS, "how-we-talk/day-to-day"]
    before = everything_the_other_sees(b, lively, *questions)
    for question in (OVERNIGHTS, SPECIAL_DAYS, "how-we-talk/day-to-day"):
        form = form_at(a, url("write", lively, question)) | {"text": WORDS}
        answer = a.post(url("autosave" if do == "autosave" else "write", lively, question), form | {"do": do})
        assert answer.status_code == (200 if do == "autosave" else 302)
        assert draft(lively, amara, question).value["text"].startswith(WORDS)
    assert everything_the_other_sees(b, lively, *questions) == before


def test_autosave_says_in_plain_words_that_only_its_writer_sees_it(plan, a, amara):
    address = url("autosave", plan, HANDOVERS)
    form = form_at(a, url("write", plan, HANDOVERS))
    for text in (WORDS, WORDS + " At four."):  # the open form saves again, whatever version it began with
        answer = a.post(address, form | {"text": text})
        assert answer.headers["Content-Type"].startswith("text/plain")
        assert "Only you can see it." in said(answer)
        assert draft(plan, amara).value["text"] == text
    assert said(a.post(address, form | {"text": "  "})) == ""
    assert draft(plan, amara).value["text"].startswith(WORDS)
    too_long = a.post(address, form | {"text": "x" * 2001})
    assert "Not saved yet" in said(too_long)


def test_two_tabs_keep_the_words_of_both(plan, a, amara):
    address = url("write", plan, HANDOVERS)
    first, second = form_at(a, address), form_at(a, address)
    a.post(address, first | {"text": "Words of the first tab", "do": "keep"})
    answer = a.post(address, second | {"text": "Words of the second tab", "do": "keep"})
    assert answer.status_code == 409
    assert "Words of the first tab" in said(answer)
    assert form_of(answer)["text"] == ["Words of the second tab"]
    assert draft(plan, amara).value["text"] == "Words of the first tab"
    assert a.post(address, form_of(answer) | {"text": "Both", "do": "keep"}).status_code == 302
    assert draft(plan, amara).value["text"] == "Both"


def test_a_tab_whose_draft_was_sent_elsewhere_keeps_its_words_and_says_why(plan, a, amara, ben):
    address = url("write", plan, HANDOVERS)
    write(a, plan, HANDOVERS, "First", "keep")
    old = form_at(a, address)
    send(a, plan, HANDOVERS, "First")
    answer = a.post(address, old | {"text": WORDS, "do": "send"})
    assert answer.status_code == 409
    assert "Your draft changed somewhere else" in said(answer)
    assert form_of(answer)["text"] == [WORDS]
    # Kept as a draft after all, it waits: the pages say why it cannot be sent now.
    assert a.post(address, form_of(answer) | {"do": "send"}, follow=True).redirect_chain[-1][0] == url(
        "question", plan, HANDOVERS
    )
    assert "You have a draft here too" in said(a.get(url("question", plan, HANDOVERS)))
    assert "Take it back first" in said(a.get(url("drafts", plan)))


@pytest.mark.parametrize("mark", ["not_sure", "not_needed"])
def test_a_mark_loses_no_words_and_sends_none(plan, a, b, amara, mark):
    write(a, plan, HANDOVERS, WORDS, mark)
    assert form_at(a, url("write", plan, HANDOVERS))["text"] == [WORDS]
    if mark == "not_sure":
        assert a.get(url("send", plan, HANDOVERS)).status_code == 302
        overview = said(a.get(url("overview", plan)))
        assert "Not sure yet" in overview and "Look at my drafts" not in overview
        return
    a.post(url("send", plan, HANDOVERS), form_at(a, url("send", plan, HANDOVERS)) | {"do": "send"})
    assert Proposal.objects.get().value == {"kind": "not_needed"}
    assert plan.events.last().body.words["value"] == {"kind": "not_needed"}
    assert not any("CANARY" in page for page in everything_the_other_sees(b, plan, HANDOVERS).values())


def test_a_mark_sent_with_others_takes_no_words_along(plan, a, amara):
    write(a, plan, HANDOVERS, WORDS, "not_needed")
    form = form_at(a, url("drafts", plan))
    a.post(url("drafts", plan), form | {"chosen": [HANDOVERS]})
    assert Proposal.objects.get().value == {"kind": "not_needed"}


def test_a_draft_thrown_away_is_gone_whatever_stands_in_the_box(plan, a, amara):
    write(a, plan, HANDOVERS, WORDS, "keep")
    write(a, plan, HANDOVERS, "x" * 3000, "clear")
    assert draft(plan, amara) is None


def test_the_starter_wording_is_put_after_ones_own_words(plan, a, amara):
    write(a, plan, HANDOVERS, WORDS, "starter")
    text = draft(plan, amara).value["text"]
    assert text.startswith(WORDS) and len(text) > len(WORDS) + 20


# ---------------------------------------------------------------- bad input
CLEANED = {
    "a\x00b": "ab",
    "bell\x07 and \x1b[31mred": "bell and [31mred",
    "right\u202eto left\u2066 and back": "rightto left and back",
    "zero\u200bwidth": "zerowidth",
    "emoji 👩‍👧‍👦 and 🏴󠁧󠁢󠁷󠁬󠁳󠁿": "emoji 👩‍👧‍👦 and 🏴󠁧󠁢󠁷󠁬󠁳󠁿",
    "अनु और علي": "अनु और علي",
    "two\r\nlines\rthree": "two\nlines\nthree",
}


@pytest.mark.parametrize("typed", CLEANED, ids=range(len(CLEANED)))
def test_what_nobody_can_see_goes_and_everything_else_stays(plan, a, b, amara, typed):
    assert send(a, plan, HANDOVERS, typed).status_code == 302
    assert Proposal.objects.get().value["text"] == CLEANED[typed]
    assert b.get(url("question", plan, HANDOVERS)).status_code == 200


def test_half_a_letter_is_no_fault_of_the_server(plan, a, amara):
    """A lone surrogate in the bytes of a form."""
    form = form_at(a, url("write", plan, HANDOVERS))
    body = f"version={form['version'][0]}&form_key=k&do=keep&text=half%ED%A0%80here"
    assert (
        a.post(url("write", plan, HANDOVERS), body, content_type="application/x-www-form-urlencoded").status_code == 302
    )
    assert draft(plan, amara).value["text"].encode().startswith(b"half")


@pytest.mark.parametrize("count", [2001, 100_000])
@pytest.mark.parametrize("do", ["send", "keep", "starter", "not_sure", "not_needed"])
def test_words_that_are_too_long_stay_in_the_box_with_a_message_beside_it(plan, a, amara, count, do):
    answer = write(a, plan, HANDOVERS, "é" * count, do)
    assert answer.status_code == 200
    assert f"Use {count - 2000}" in said(answer)
    assert 'id="id_text_error"' in said(answer) and "<title>Error:" in said(answer)
    assert form_of(answer)["text"] == ["é" * count]
    assert draft(plan, amara) is None


@pytest.mark.parametrize("typed", ["", "   ", "\n\t \u00a0", "\u200b\u2060"])
def test_only_spaces_are_no_words(plan, a, amara, typed):
    answer = write(a, plan, HANDOVERS, typed)
    assert "Write your suggestion, or use the starter wording" in said(answer)
    assert draft(plan, amara) is None


def test_markup_in_words_notes_and_names_is_shown_as_it_was_typed(plan, a, b, amara):
    wicked = '<script>alert(1)</script><img src=x onerror="alert(1)"> {{ settings }} & "quotes"'
    amara.first_name = "<b>Amara"
    amara.save()
    send(a, plan, HANDOVERS, wicked, note=wicked)
    seen = everything_the_other_sees(b, plan, HANDOVERS) | everything_the_other_sees(a, plan, HANDOVERS)
    pages = "".join(seen.values())
    for tag in ("<script>alert", "<img src=x", "<b>Amara"):
        assert tag not in pages
    assert "&lt;script&gt;alert(1)" in pages and "{{ settings }}" in pages


def test_a_note_that_is_too_long_stays_with_a_message(plan, a):
    write(a, plan, HANDOVERS, WORDS)
    address = url("send", plan, HANDOVERS)
    answer = a.post(address, form_at(a, address) | {"note": "n" * 501, "do": "send"})
    assert answer.status_code == 200 and "<title>Error:" in said(answer)
    assert "Use 1 character fewer" in said(answer)
    assert form_of(answer)["note"] == ["n" * 501]
    assert not Proposal.objects.exists()


def test_hand_made_fields_are_refused_without_a_fault(plan, a, amara):
    write(a, plan, HANDOVERS, WORDS, "keep")
    for name, told in {
        "write": {"version": "-1", "form_key": "\0", "text": "x"},
        "autosave": {"version": "9" * 6000, "form_key": "k" * 500, "text": "x"},
        "send": {"version": "x", "submit_key": "\0", "digest": "d" * 500, "draft_version": "\0", "note": "\0"},
        "agree": {"version": "1" * 400, "submit_key": "a b", "digest": "\0"},
        "set_aside": {"version": "0", "submit_key": "é", "aside": "\0"},
        "take_back": {"version": "0", "submit_key": "k" * 5000},
    }.items():
        assert a.post(url(name, plan, HANDOVERS), told).status_code in {200, 302, 409}, name
    for chosen in ("\0", "x" * 150, HANDOVERS, "no/such"):
        for seen in ("0.1", "\0.1", "٣.1", "9" * 30 + ".1", "1"):
            told = {"chosen": chosen, f"seen-{chosen}": seen, "submit_key": "\0"}
            assert a.post(url("drafts", plan), told).status_code in {200, 302, 409}
    assert draft(plan, amara).value["text"] == WORDS


def test_too_much_at_once_gets_a_page_of_ours(plan, a, amara):
    form = form_at(a, url("write", plan, HANDOVERS))
    before = events(plan)
    large = a.post(url("write", plan, HANDOVERS), form | {"text": "x" * 260 * 1024, "do": "keep"})
    assert large.status_code == 413
    assert "That was too much at once" in said(large) and 'href="/exit/"' in said(large)
    many = a.post(url("write", plan, HANDOVERS), form | {f"field{number}": "x" for number in range(301)})
    assert many.status_code == 400
    assert "That did not come through" in said(many) and 'href="/exit/"' in said(many)
    assert draft(plan, amara) is None and events(plan) == before


# ---------------------------------------------------------------- sending
def test_sending_makes_one_suggestion_and_a_second_press_looks_the_same(plan, a, amara):
    write(a, plan, HANDOVERS, WORDS)
    address = url("send", plan, HANDOVERS)
    form = form_at(a, address) | {"note": "A note", "do": "send"}
    answers = [a.post(address, form), a.post(address, form)]
    assert [answer.headers["Location"] for answer in answers] == [url("question", plan, HANDOVERS)] * 2
    proposal = Proposal.objects.get()
    assert (proposal.value, proposal.note) == (family.words(WORDS), "A note")
    assert draft(plan, amara) is None
    page = said(a.get(url("question", plan, HANDOVERS)))
    assert page.count("Sent to Ben") == 1 and WORDS in page


def test_a_draft_saved_again_in_another_tab_is_not_sent_unread(plan, a, amara):
    write(a, plan, HANDOVERS, "What I read")
    address = url("send", plan, HANDOVERS)
    form = form_at(a, address)
    write(a, plan, HANDOVERS, "What I wrote later", "keep")
    answer = a.post(address, form | {"note": "My note", "do": "send"})
    assert answer.status_code == 409
    assert "What I wrote later" in said(answer) and "My note" in said(answer)
    assert not Proposal.objects.exists()
    assert draft(plan, amara).value["text"] == "What I wrote later" and draft(plan, amara).note == "My note"


def test_a_note_written_before_going_back_is_still_there(plan, a, amara):
    write(a, plan, HANDOVERS, WORDS)
    address = url("send", plan, HANDOVERS)
    assert a.post(address, form_at(a, address) | {"note": "My note", "do": "change"}).headers["Location"] == url(
        "write", plan, HANDOVERS
    )
    write(a, plan, HANDOVERS, WORDS)
    assert form_at(a, address)["note"] == ["My note"]


def test_only_so_many_a_day_and_it_is_said_kindly(plan, a, amara, settings):
    settings.PLAN_COMMITS_PER_DAY = 3
    for question in (HANDOVERS, WEEK, HOLIDAYS):
        assert send(a, plan, question, WORDS).status_code == 302
    answer = send(a, plan, OVERNIGHTS, WORDS)
    assert answer.status_code == 429
    assert "That is a lot for one day" in said(answer) and WORDS in said(answer)
    assert "kept as your draft" in said(answer)
    assert Proposal.objects.count() == 3
    assert draft(plan, amara, OVERNIGHTS).value["text"] == WORDS
    together = a.post(url("drafts", plan), form_at(a, url("drafts", plan)) | {"chosen": [OVERNIGHTS]})
    assert together.status_code == 429 and Proposal.objects.count() == 3


# ---------------------------------------------------------------- several drafts
def test_several_drafts_go_together_and_what_changed_stays(plan, a, b, amara, ben):
    for question in (HANDOVERS, WEEK, HOLIDAYS, OVERNIGHTS):
        write(a, plan, question, f"{WORDS} {question}", "keep")
    form = form_at(a, url("drafts", plan)) | {"chosen": [HANDOVERS, WEEK, HOLIDAYS]}
    send(b, plan, WEEK, "Ben was quicker")
    write(a, plan, HOLIDAYS, "Written later", "keep")
    answer = a.post(url("drafts", plan), form, follow=True)
    page = said(answer)
    assert "1 suggestion sent." in page and "2 drafts were not sent" in page
    assert "Written later" in page and "Answer it on its own page." in page
    assert {proposal.clause.question for proposal in Proposal.objects.filter(by=family.party(plan, amara))} == {
        HANDOVERS
    }
    assert {d.question for d in Draft.objects.all()} == {WEEK, HOLIDAYS, OVERNIGHTS}
    before = events(plan)
    again = a.post(url("drafts", plan), form)  # the same form a second time
    assert again.status_code == 302 and events(plan) == before


def test_sending_none_of_the_drafts_says_so(plan, a):
    write(a, plan, HANDOVERS, WORDS, "keep")
    answer = a.post(url("drafts", plan), form_at(a, url("drafts", plan)))
    assert "Choose at least one draft to send." in said(answer) and "<title>Error:" in said(answer)
    assert not Proposal.objects.exists()


# ---------------------------------------------------------------- taking back
def test_taking_back_turns_words_and_note_into_a_draft_again(plan, a, b, amara):
    send(a, plan, HANDOVERS, WORDS, note="A note")
    address = url("take_back", plan, HANDOVERS)
    form = form_at(a, address)
    for _press in range(2):
        assert a.post(address, form).status_code == 302
    kept = draft(plan, amara)
    assert (kept.value, kept.note) == (family.words(WORDS), "A note")
    assert [event.kind for event in plan.events.all()][-2:] == ["suggestion", "withdrawn"]
    assert "CANARY" not in said(b.get(url("overview", plan)))
    assert "took the suggestion back" in said(b.get(url("story", plan, HANDOVERS)))


def test_a_suggestion_that_was_answered_cannot_be_taken_back(plan, a, amara, ben):
    send(a, plan, HANDOVERS, WORDS)
    form = form_at(a, url("take_back", plan, HANDOVERS))
    family.agree(plan, ben, HANDOVERS)
    answer = a.post(url("take_back", plan, HANDOVERS), form)
    assert answer.status_code == 409
    assert family.part(plan, HANDOVERS).state == "agreed"


# ---------------------------------------------------------------- one parent alone
def test_a_plan_of_one_parent_is_written_rewritten_and_taken_out(solo, a, amara):
    send(a, solo, HANDOVERS, "At the gate")
    page = said(a.get(url("question", solo, HANDOVERS)))
    assert "This is in your plan." in page and "Change my words" in page
    send(a, solo, HANDOVERS, "At the library")
    assert [(p.value["text"], p.ending) for p in Proposal.objects.all()] == [
        ("At the gate", "rewritten"),
        ("At the library", ""),
    ]
    read = said(a.get(url("agreed", solo)))
    assert "At the library" in read and "At the gate" not in read
    assert "Proposed by" in read and "not agreed" in read.lower()
    file = a.get(url("pdf", solo))
    assert file.status_code == 200 and file.content.startswith(b"%PDF-")
    assert Issued.objects.get(drawn_at__isnull=False).agreed is False
    a.post(url("take_back", solo, HANDOVERS), form_at(a, url("take_back", solo, HANDOVERS)))
    assert "At the library" not in said(a.get(url("agreed", solo)))
    assert form_at(a, url("write", solo, HANDOVERS))["text"] == ["At the library"]


def test_a_page_is_the_same_the_second_time(lively, a):
    for name in ("overview", "drafts", "waiting"):
        assert masked(a.get(url(name, lively))) == masked(a.get(url(name, lively)))
