"""Redis is gone: broker, cache and limits with it. Parents go on reading, writing and agreeing, and no mail is lost."""

import pytest
from celery import Celery
from django.core.cache import caches
from django.urls import reverse

from hub import bell
from hub.models import OutgoingMail
from hub.tasks import relay_mail
from parenting_plan.models import PlanEvent
from tests.parenting_plan import family
from tests.parenting_plan.conftest import plan  # noqa: F401  the fixture

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def no_redis(settings, monkeypatch):
    """The very backend of production, at an address where nobody listens; and a broker of its own there."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": NOWHERE}}
    app = Celery(broker=NOWHERE, set_as_current=False)
    monkeypatch.setattr(bell, "ring", bell.Bell(app).ring)
    yield
    app.close()


def test_a_parent_signs_in_and_agrees_and_the_mail_waits_in_its_table(no_redis, plan, amara, ben, client, smtp):  # noqa: F811
    family.suggest(plan, ben, family.HANDOVERS, "We hand over at the library.")
    before = OutgoingMail.objects.filter(state="waiting").count()
    answer = client.post(reverse("account_login"), {"login": amara.email, "password": "a long walk by the canal"})
    assert answer.status_code == 302
    part = family.part(plan, family.HANDOVERS)
    address = reverse("parenting_plan:agree", args=[plan.reference, *family.HANDOVERS.split("/")])
    assert client.get(address).status_code == 200
    seen = {"version": part.version, "digest": part.open.what_was_shown(), "submit_key": "k" * 32}
    assert client.post(address, seen).status_code == 302
    assert PlanEvent.objects.filter(plan=plan, kind="agreed").count() == 1
    assert client.get(reverse("parenting_plan:pdf", args=[plan.reference])).status_code == 200
    assert OutgoingMail.objects.filter(state="waiting").count() == before + 1
    relay_mail()  # what the next ring does
    assert smtp.wait_for(1)


def test_the_cache_answers_as_an_empty_one_would(no_redis):
    cache = caches["default"]
    assert cache.get("name", "nobody") == "nobody"
    assert cache.get_many(["a", "b"]) == {}
    assert cache.add("a", 1) is True
    assert cache.get_or_set("a", 7) == 7
    assert not cache.has_key("a")
    cache.set("a", 1)
    cache.delete("a")
    assert not cache.is_there()
