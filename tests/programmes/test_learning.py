"""Where somebody is in a course: what counts as seen and done, where they carry on, what a new edition changes."""

from datetime import timedelta

import pytest

from hub import clock
from programmes import library
from programmes.actions import certifying, learning
from programmes.models import Answer, Referral, Taking
from tests.programmes.courses import COURSE, edition_of, part, reading
from tests.racing import at_once

SECOND = COURSE["2-second"]


def now():
    return clock.now()


def course():
    return library.programme("a-course")


def walk(person, *slugs: str, skip=()) -> learning.Progress:
    """Carry on through these parts, screen by screen."""
    its = course()
    taking = learning.begin(person, its, now())
    for slug in slugs:
        for step, screen in its.part(slug).places:
            if (step.slug, screen.slug) not in skip:
                learning.see(taking, slug, step.slug, screen.slug, its.editions[slug], now())
    return progress(person)


def progress(person) -> learning.Progress:
    return learning.progress(person, course())


def where(person) -> tuple[str, str, str] | None:
    place = progress(person).next
    return place.key if place else None


# ---------------------------------------------------------------- how far
def test_before_they_begin_nothing_is_kept_and_the_first_screen_is_next(course, amara):
    found = progress(amara)
    assert not found.started and not found.finished and not found.done
    assert found.next.key == ("first", "welcome", "")
    assert found.here == ""
    assert found.minutes_left == sum(part.minutes for part in course.needed)
    assert not Taking.objects.exists()


def test_a_screen_counts_when_they_carry_on_from_it_and_the_minutes_go_down(content, amara):
    taking = learning.begin(amara, course(), now())
    before = progress(amara).minutes_left
    learning.see(taking, "first", "welcome", "", edition_of("a-course", "first"), now())
    found = progress(amara)
    assert found.minutes_left == before - 2
    assert found.minutes_left_in(found.programme.part("first")) == 2
    assert found.next.key == ("first", "how", "")
    assert found.here == "first"
    assert not found.done


def test_a_part_is_done_when_every_screen_was_seen_and_not_before(content, amara):
    almost = walk(amara, "second", skip=[("late", "skill")])
    assert "second" not in almost.done
    assert not Taking.objects.get().parts_done
    assert almost.next.key == ("second", "late", "skill")  # the one they left out
    learning.see(almost.taking, "second", "late", "skill", edition_of("a-course", "second"), now())
    assert Taking.objects.get().parts_done == {"second": edition_of("a-course", "second")}
    assert where(amara) == ("first", "welcome", "")


def test_time_alone_does_nothing(content, amara):
    taking = learning.begin(amara, course(), now() - timedelta(days=400))
    assert not taking.seen
    learning.see(taking, "first", "welcome", "", edition_of("a-course", "first"), now())
    learning.see(taking, "first", "how", "", edition_of("a-course", "first"), now())  # at once: no timer
    assert progress(amara).done == {"first"}


def test_an_answer_counts_as_seen_and_the_last_one_is_kept(content, amara):
    taking = learning.begin(amara, course(), now())
    for words in ("First thought", "Second thought"):
        learning.answer(
            taking, "second", "think", "", "reflection", {"text": words}, edition_of("a-course", "second"), now()
        )
    assert Answer.objects.get().words == {"text": "Second thought"}
    assert set(Taking.objects.get().seen) == {"second/think/"}


def test_they_carry_on_where_they_were_and_not_at_the_first_gap(content, amara):
    taking = learning.begin(amara, course(), now())
    learning.see(taking, "second", "think", "", edition_of("a-course", "second"), now())
    assert where(amara) == ("second", "order", "")


def test_the_course_is_finished_without_the_bonus_and_once(content, amara, monkeypatch):
    told = []
    monkeypatch.setattr(certifying, "after_learning", lambda taking, at: told.append((taking.programme, at)))
    assert not walk(amara, "first", "second").finished
    found = walk(amara, "last")
    assert found.finished and found.next is None and found.minutes_left == 0
    finished_at = Taking.objects.get().finished_at
    assert finished_at is not None
    walk(amara, "bonus", "last")
    assert Taking.objects.get().finished_at == finished_at
    assert [name for name, _at in told] == ["a-course"]


def test_someone_in_the_middle_of_the_bonus_carries_on_there(content, amara):
    content.write("a-course", "3-bonus", COURSE["3-bonus"] + reading("more-still"))
    walk(amara, "first", "second", "last")
    learning.see(Taking.objects.get(), "bonus", "more", "", edition_of("a-course", "bonus"), now())
    assert where(amara) == ("bonus", "more-still", "")


def test_doing_it_twice_changes_nothing(content, amara):
    walk(amara, "first")
    before = Taking.objects.get()
    walk(amara, "first")
    after = Taking.objects.get()
    assert (after.seen, after.parts_done) == (before.seen, before.parts_done)


def test_each_person_has_a_place_of_their_own(content, amara, ben):
    walk(amara, "first")
    assert not progress(ben).started
    walk(ben, "second")
    assert progress(amara).done == {"first"}
    assert progress(ben).done == {"second"}


def test_only_parents_begin(content, staff, solicitor):
    for person in (staff, solicitor, None):
        with pytest.raises(learning.NotOpen):
            learning.begin(person, course(), now())


def test_a_screen_that_is_not_there_is_refused(content, amara):
    taking = learning.begin(amara, course(), now())
    for place in (("none", "welcome", ""), ("first", "none", ""), ("first", "welcome", "watch")):
        with pytest.raises(learning.Gone):
            learning.see(taking, *place, edition_of("a-course", "first"), now())
        with pytest.raises(learning.Gone):
            learning.answer(taking, *place, "reflection", {"text": "x"}, edition_of("a-course", "first"), now())
    assert not Answer.objects.exists() and not Taking.objects.exclude(seen={}).exists()


# ---------------------------------------------------------------- who may
def test_who_may_take_what(content, course, sent_course, amara, ben, stranger, staff, sent):
    assert learning.may_take(amara, course)
    assert not learning.may_take(staff, course)
    assert not learning.may_take(None, course)
    assert not learning.may_take(amara, sent_course)
    sent(amara)
    assert learning.may_take(amara, sent_course)
    not_joined = sent(ben, joined_at=None)
    assert not learning.may_take(ben, sent_course)
    assert not_joined.party.case.reference
    sent(stranger, "another-course")
    assert not learning.may_take(stranger, sent_course)


@pytest.mark.parametrize(("outcome", "may"), [("complete", True), ("withdrawn", False)])
def test_what_ended_well_stays_open_and_what_was_withdrawn_does_not(content, sent_course, amara, sent, outcome, may):
    Referral.objects.filter(pk=sent(amara).pk).update(ended_at=now(), outcome=outcome)
    assert learning.may_take(amara, sent_course) is may


# ---------------------------------------------------------------- a new edition
def test_a_new_edition_never_undoes_what_is_done_and_its_edition_is_kept(content, amara):
    walk(amara, "first")
    done = Taking.objects.get().parts_done
    content.write("a-course", "1-first", COURSE["1-first"] + reading("brand-new"))
    found = progress(amara)
    assert found.done == {"first"}
    assert found.next.key == ("second", "late", "watch")
    assert found.minutes_left_in(found.programme.part("first")) == 0
    assert Taking.objects.get().parts_done == done != {"first": edition_of("a-course", "first")}
    walk(amara, "first")
    assert Taking.objects.get().parts_done == done


def test_in_the_middle_of_a_part_what_was_seen_counts_and_what_is_new_is_still_to_see(content, amara):
    taking = learning.begin(amara, course(), now())
    old = edition_of("a-course", "first")
    learning.see(taking, "first", "welcome", "", old, now())
    content.write("a-course", "1-first", part("first", "First", 1, reading("welcome"), reading("new"), reading("how")))
    assert where(amara) == ("first", "new", "")
    walk(amara, "first")
    new = edition_of("a-course", "first")
    assert Taking.objects.get().seen == {"first/welcome/": old, "first/new/": new, "first/how/": new}


def test_a_step_that_is_gone_does_not_break_the_way_on(content, amara):
    taking = learning.begin(amara, course(), now())
    learning.see(taking, "first", "how", "", edition_of("a-course", "first"), now())
    content.write("a-course", "1-first", part("first", "First", 1, reading("welcome"), reading("other")))
    assert where(amara) == ("first", "welcome", "")
    content.remove("a-course", "1-first")
    assert where(amara) == ("second", "late", "watch")


def test_a_part_of_which_nothing_is_left_holds_nobody_back(content, amara):
    walk(amara, "second", "last")
    taking = Taking.objects.get()
    learning.see(taking, "first", "welcome", "", edition_of("a-course", "first"), now())
    content.write("a-course", "1-first", part("first", "First", 1, reading("welcome")))  # "how" is gone
    found = progress(amara)
    assert found.finished and found.next is None
    assert Taking.objects.get().finished_at is None
    learning.finish(taking, now())
    assert Taking.objects.get().finished_at is not None
    assert "first" in Taking.objects.get().parts_done


def test_a_course_that_grows_stays_finished_for_who_finished_it(content, amara):
    walk(amara, "first", "second", "last")
    content.write("a-course", "5-extra", part("brand-new", "Brand new", 5, reading("x")))
    assert progress(amara).finished


# ---------------------------------------------------------------- their own words
def test_words_go_at_once_and_the_place_stays(content, amara, ben):
    for person in (amara, ben):
        taking = learning.begin(person, course(), now())
        for step in ("think", "again"):
            learning.answer(
                taking, "second", step, "", "reflection", {"text": "x"}, edition_of("a-course", "second"), now()
            )
    learning.forget(Answer.objects.filter(taking__person=amara).first())
    assert Answer.objects.filter(taking__person=amara).count() == 1
    assert learning.forget_all(amara, "another-course") == 0
    assert learning.forget_all(amara) == 1
    assert not Answer.objects.filter(taking__person=amara).exists()
    assert Answer.objects.filter(taking__person=ben).count() == 2
    assert len(Taking.objects.get(person=amara).seen) == 2


def test_all_of_it_goes_with_the_person(content, amara):
    walk(amara, "first")
    amara.delete()
    assert not Taking.objects.exists()


def test_an_answer_is_found_by_its_person_alone(content, amara, ben):
    taking = learning.begin(amara, course(), now())
    place = ("second", "think", "")
    learning.answer(taking, *place, "reflection", {"text": "x"}, edition_of("a-course", "second"), now())
    assert learning.answer_to(amara, "a-course", *place).words == {"text": "x"}
    assert learning.answer_to(ben, "a-course", *place) is None
    assert learning.answer_to(amara, "a-sent-course", *place) is None


def test_no_word_of_an_answer_stands_in_its_name(content, amara):
    taking = learning.begin(amara, course(), now())
    learning.answer(
        taking, "second", "think", "", "reflection", {"text": "CANARY"}, edition_of("a-course", "second"), now()
    )
    assert "CANARY" not in f"{Answer.objects.get()} {Answer.objects.get()!r} {taking!r}"


# ---------------------------------------------------------------- two devices
@pytest.mark.django_db(transaction=True)
def test_two_last_screens_at_the_same_moment_finish_the_part(content, amara):
    """Each of two devices carries on from one of the two screens that are left: one of them must notice the end."""
    its = course()
    edition = its.editions["first"]
    for attempt in range(20):
        Taking.objects.all().delete()
        taking = learning.begin(amara, its, now())
        at_once(
            *[
                lambda step=step, taking=taking: learning.see(taking, "first", step, "", edition, now())
                for step in ("welcome", "how")
            ]
        )
        assert set(Taking.objects.get().parts_done) == {"first"}, f"attempt {attempt}"


# ---------------------------------------------------------------- queries
def test_how_far_somebody_is_costs_one_query(content, amara, django_assert_num_queries):
    walk(amara, "first", "second")
    its = course()
    with django_assert_num_queries(1):
        found = learning.progress(amara, its)
        assert found.next and found.minutes_left and found.done
    with django_assert_num_queries(0):
        assert learning.progress(None, its).next
