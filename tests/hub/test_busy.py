"""Somebody else holds the row for longer than a page may wait."""

import threading

import pytest
from django.db import connection, transaction

from parenting_plan.models import Draft, Plan
from tests.parenting_plan import family
from tests.parenting_plan.pages import url

QUESTION = "money/presents"

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_page_that_waited_too_long_says_so_and_gives_the_words_back(amara, signed_in):
    plan = family.start(amara)
    held, done = threading.Event(), threading.Event()

    def somebody_else():
        with transaction.atomic():
            Plan.objects.hold(plan.pk)
            held.set()
            done.wait(30)
        connection.close()

    holder = threading.Thread(target=somebody_else)
    holder.start()
    assert held.wait(10)
    try:
        sent = {"text": "Presents come from both of us.", "do": "keep", "version": 0, "form_key": "k1"}
        answer = signed_in(amara).post(url("write", plan, QUESTION), sent)
    finally:
        done.set()
        holder.join()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    said = answer.content.decode()
    assert "Please try that again" in said
    assert "Presents come from both of us." in said
    assert not Draft.objects.exists()
