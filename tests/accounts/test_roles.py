"""The roles of staff: groups that follow one table."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission

from accounts import roles

pytestmark = pytest.mark.django_db


def held() -> dict[str, set[str]]:
    return {
        group.name: {f"{each.content_type.app_label}.{each.codename}" for each in group.permissions.all()}
        for group in Group.objects.prefetch_related("permissions__content_type")
    }


def test_migrate_made_every_group_of_the_table():
    assert held() == {role.title: set(role.may) for role in roles.ROLES}


def test_no_permission_is_misspelt():
    assert roles.unknown() == []


def test_a_group_that_was_changed_by_hand_is_put_right():
    Group.objects.get(name="Facilitator").permissions.add(*Permission.objects.filter(codename="view_referral"))
    Group.objects.get(name="Auditor").permissions.clear()
    Group.objects.create(name="Friends of the house")
    roles.sync()
    assert held() == {role.title: set(role.may) for role in roles.ROLES}


def test_nothing_is_asked_for_twice(django_assert_num_queries):
    with django_assert_num_queries(2):
        roles.sync()


def test_what_is_private_is_in_nobodys_hands():
    """Not one role holds a permission on drafts, goals' words, check-ins or course notes (product 14.11)."""
    private = {"draft", "checkin", "wording", "answer", "taking", "reminder", "devicewords"}
    assert {model._meta.model_name for model in apps.get_models()} >= private - {"devicewords", "reminder"}
    for role in roles.ROLES:
        assert not [each for each in role.may if each.partition(".")[2].partition("_")[2] in private], role.title
        assert not [each for each in role.may if ".delete_" in each and each != "programmes.delete_keepapart"]
