"""Every address of the hub, for everybody who might ask for it: what they get, in one table.

The addresses come from the URL resolver. One that has no row in the table fails.
"""

import re
import uuid
from functools import cache

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from goals import actions as goals
from goals.models import CheckIn, Goal, Wording
from hub import clock, notices
from hub.mailbox_urls import addresses as mailbox
from hub.models import Notice
from parenting_plan import actions
from parenting_plan.models import Child, Draft, Grant, Invitation, Plan, PlanEvent, SafetyReport
from programmes import library
from programmes.actions import learning
from programmes.models import Answer
from tests.parenting_plan import family
from tests.parenting_plan.conftest import elsewhere_plan, lively, plan, solo

__all__ = ["elsewhere_plan", "lively", "plan", "solo"]

# Who asks. `waits` joined with a code and nobody has said yet that it is them. `granted` is a solicitor whom Amara lets
# read the plan, `solicitor` one whom nobody does. `staff` has every permission and no second step.
WHO = ["out", "stranger", "waits", "ben", "solicitor", "granted", "staff"]

# What they get, GET then POST: ok (200), 404, 405, 403, 400, 429, in (on to sign in), door (the staff's door), on (sent
# on to another page), gone (to the weather). One cell stands for both when they are the same.
TABLE = """
start                                 | ok 405   | on 405   | on 405   | on 405   | on 405   | on 405   | on 405
home                                  | in 405   | ok 405   | ok 405   | ok 405   | on 405   | on 405   | ok 405
search                                | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
help                                  | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
safety                                | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
how_it_works                          | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
solicitors                            | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
privacy                               | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
cookies                               | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
accessibility                         | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
about                                 | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
before_you_start                      | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
terms                                 | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
contact                               | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
put_away                              | 405 in   | 405 404  | 405 404  | 405 404  | 405 404  | 405 404  | 405 404
exit                                  | gone 405 | gone 405 | gone 405 | gone 405 | gone 405 | gone 405 | gone 405
robots                                | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
sitemap                               | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
security                              | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
healthz                               | ok       | ok       | ok       | ok       | ok       | ok       | ok
readyz                                | ok       | ok       | ok       | ok       | ok       | ok       | ok
metrics                               | 404 405  | 404 405  | 404 405  | 404 405  | 404 405  | 404 405  | 404 405
account_signup                        | ok       | on       | on       | on       | on       | on       | on
account_signup_professional           | ok       | on       | on       | on       | on       | on       | on
account_email_verification_sent       | in       | on       | on       | on       | on       | on       | on
account_login                         | ok       | on       | on       | on       | on       | on       | on
account_request_login_code            | ok in    | on       | on       | on       | on       | on       | on
account_confirm_login_code            | in       | on       | on       | on       | on       | on       | on
account_logout                        | on       | ok on    | ok on    | ok on    | ok on    | ok on    | ok on
account_inactive                      | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
account_reauthenticate                | in       | ok       | ok       | ok       | ok       | ok       | ok
account_email                         | in       | ok on    | ok on    | ok on    | ok on    | ok on    | ok on
account_change_password               | in       | ok       | ok       | ok       | ok       | ok       | ok
account_set_password                  | in       | on       | on       | on       | on       | on       | on
account_reset_password                | ok on    | ok on    | ok on    | ok on    | ok on    | ok on    | ok on
account_confirm_password_reset_code   | in       | ok       | ok       | ok       | ok       | ok       | ok
account_complete_password_reset       | on       | on       | on       | on       | on       | on       | on
usersessions_list                     | in       | ok on    | ok on    | ok on    | ok on    | ok on    | ok on
mfa_index                             | in       | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
mfa_authenticate                      | in       | on       | on       | on       | on       | on       | on
mfa_reauthenticate                    | in       | on       | on       | on       | on       | on       | on
mfa_activate_totp                     | in       | on       | on       | on       | on       | on       | on
mfa_deactivate_totp                   | in       | 404      | 404      | 404      | 404      | 404      | 404
mfa_view_recovery_codes               | in       | 404 405  | 404 405  | 404 405  | 404 405  | 404 405  | 404 405
mfa_generate_recovery_codes           | in       | on       | on       | on       | on       | on       | on
mfa_download_recovery_codes           | in       | 404      | 404      | 404      | 404      | 404      | 404
mfa_list_webauthn                     | in       | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
mfa_add_webauthn                      | in       | on       | on       | on       | on       | on       | on
mfa_reauthenticate_webauthn           | in       | on       | on       | on       | on       | on       | on
mfa_login_webauthn                    | in       | on       | on       | on       | on       | on       | on
mfa_remove_webauthn                   | in       | on       | on       | on       | on       | on       | on
mfa_edit_webauthn                     | in       | on       | on       | on       | on       | on       | on
accounts:settings                     | in       | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
accounts:first_name                   | in       | ok       | ok       | ok       | ok       | ok       | ok
accounts:alerts                       | in       | ok on    | ok on    | ok on    | ok on    | ok on    | ok on
accounts:private_pages                | in       | on       | on       | on       | on       | on       | on
accounts:your_data                    | in       | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
accounts:ask_copy                     | in       | on       | on       | on       | on       | on       | on
accounts:save_copy                    | in       | on 405   | on 405   | on 405   | on 405   | on 405   | on 405
accounts:close                        | in       | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
accounts:close_check                  | in       | on       | on       | on       | on       | on       | ok
accounts:closed                       | ok 405   | on 405   | on 405   | on 405   | on 405   | on 405   | on 405
accounts:ask_about_data               | in 403   | ok 422   | ok 422   | ok 422   | ok 422   | ok 422   | ok 422
accounts:data_request                 | in       | 404 405  | 404 405  | 404 405  | 404 405  | 404 405  | 404 405
accounts:take_back_request            | in       | 405 404  | 405 404  | 405 404  | 405 404  | 405 404  | 405 404
accounts:staff_invitation             | 404      | 404      | 404      | 404      | 404      | 404      | 404
accounts:open_staff_invitation        | 404 405  | 404 405  | 404 405  | 404 405  | 404 405  | 404 405  | 404 405
parenting_plan:list                   | in 405   | on 405   | ok 405   | on 405   | on 405   | on 405   | ok 405
parenting_plan:start                  | in       | on       | on       | on       | 403      | 403      | 403
parenting_plan:start_adults           | in       | ok       | ok       | ok       | 403      | 403      | 403
parenting_plan:start_children_safety  | in       | ok       | ok       | ok       | 403      | 403      | 403
parenting_plan:start_stay_safe        | in 405   | ok 405   | ok 405   | ok 405   | 403 405  | 403 405  | 403 405
parenting_plan:start_orders           | in       | ok       | ok       | ok       | 403      | 403      | 403
parenting_plan:start_orders_meaning   | in 405   | on 405   | on 405   | on 405   | 403 405  | 403 405  | 403 405
parenting_plan:start_children         | in       | on       | on       | on       | 403      | 403      | 403
parenting_plan:start_check            | in       | on       | on       | on       | 403      | 403      | 403
parenting_plan:open_invitation        | 404 405  | 404 405  | 404 405  | 404 405  | 404 405  | 404 405  | 404 405
parenting_plan:invitation             | 404 405  | 404 405  | 404 405  | 404 405  | 404 405  | 404 405  | 404 405
parenting_plan:say_no                 | on 404   | on 404   | on 404   | on 404   | on 404   | on 404   | on 404
parenting_plan:join_adults            | 404      | 404      | 404      | 404      | 404      | 404      | 404
parenting_plan:join_children_safety   | 404      | 404      | 404      | 404      | 404      | 404      | 404
parenting_plan:join_stay_safe         | 404 405  | 404 405  | 404 405  | 404 405  | 404 405  | 404 405  | 404 405
parenting_plan:join_orders            | 404      | 404      | 404      | 404      | 404      | 404      | 404
parenting_plan:join                   | 404      | 404      | ok       | 404      | 404      | 404      | 404
parenting_plan:enter_code             | ok       | ok       | ok       | ok       | ok       | ok       | ok
parenting_plan:professional           | in 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
parenting_plan:professional_plan      | in 405   | 404 405  | 404 405  | 404 405  | 404 405  | ok 405   | 404 405
parenting_plan:professional_pdf       | in 405   | 404 405  | 404 405  | 404 405  | 404 405  | ok 405   | 404 405
parenting_plan:verify                 | ok       | ok       | ok       | ok       | ok       | ok       | ok
parenting_plan:overview               | in 405   | 404 405  | 404 405  | ok 405   | 404 405  | 404 405  | 404 405
parenting_plan:agreed                 | in 405   | 404 405  | 404 405  | ok 405   | 404 405  | 404 405  | 404 405
parenting_plan:pdf                    | in 405   | 404 405  | 404 405  | ok 405   | 404 405  | 404 405  | 404 405
parenting_plan:drafts                 | in 403   | 404      | 404      | ok on    | 404      | 404      | 404
parenting_plan:waiting                | in 405   | 404 405  | 404 405  | ok 405   | 404 405  | 404 405  | 404 405
parenting_plan:children               | in 403   | 404      | 404      | ok       | 404      | 404      | 404
parenting_plan:orders                 | in 403   | 404      | 404      | ok       | 404      | 404      | 404
parenting_plan:sharing                | in 405   | 404 405  | 404 405  | ok 405   | 404 405  | 404 405  | 404 405
parenting_plan:invite                 | in 403   | 404      | 404      | on       | 404      | 404      | 404
parenting_plan:invite_adults          | in 403   | 404      | 404      | on       | 404      | 404      | 404
parenting_plan:invite_children_safety | in 403   | 404      | 404      | on       | 404      | 404      | 404
parenting_plan:invite_stay_safe       | in 405   | 404 405  | 404 405  | ok 405   | 404 405  | 404 405  | 404 405
parenting_plan:invite_by_email        | in 403   | 404      | 404      | on       | 404      | 404      | 404
parenting_plan:invite_by_code         | in 403   | 404      | 404      | on       | 404      | 404      | 404
parenting_plan:confirm                | in 403   | 404      | 404      | on       | 404      | 404      | 404
parenting_plan:professionals          | in 403   | 404      | 404      | ok       | 404      | 404      | 404
parenting_plan:end_access             | in 403   | 404      | 404      | 404      | 404      | 404      | 404
parenting_plan:keep                   | 405 403  | 405 404  | 405 404  | 405 on   | 405 404  | 405 404  | 405 404
parenting_plan:leave                  | in 403   | 404      | 404      | ok on    | 404      | 404      | 404
parenting_plan:report                 | in 403   | 404      | 404      | ok on    | 404      | 404      | 404
parenting_plan:section                | in 405   | 404 405  | 404 405  | ok 405   | 404 405  | 404 405  | 404 405
parenting_plan:question               | in 403   | 404      | 404      | ok       | 404      | 404      | 404
parenting_plan:write                  | in 403   | 404      | 404      | on 409   | 404      | 404      | 404
parenting_plan:autosave               | 405 403  | 405 404  | 405 404  | 405 409  | 405 404  | 405 404  | 405 404
parenting_plan:send                   | in 403   | 404      | 404      | on 409   | 404      | 404      | 404
parenting_plan:agree                  | in 403   | 404      | 404      | on 409   | 404      | 404      | 404
parenting_plan:set_aside              | in 403   | 404      | 404      | on 409   | 404      | 404      | 404
parenting_plan:take_back              | in 403   | 404      | 404      | ok on    | 404      | 404      | 404
parenting_plan:story                  | in 405   | 404 405  | 404 405  | ok 405   | 404 405  | 404 405  | 404 405
programmes:landing                    | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
programmes:which                      | ok       | ok       | ok       | ok       | ok       | ok       | ok
programmes:questions                  | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
programmes:one_question               | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
programmes:my_words                   | in 405   | ok 405   | ok 405   | ok 405   | 404 405  | 404 405  | 404 405
programmes:my_words_text              | in 405   | ok 405   | ok 405   | ok 405   | 404 405  | 404 405  | 404 405
programmes:my_words_json              | in 405   | ok 405   | ok 405   | ok 405   | 404 405  | 404 405  | 404 405
programmes:delete_all_words           | in       | on       | on       | on       | 404      | 404      | 404
programmes:delete_words               | in       | 404 on   | 404 on   | 404 on   | 404      | 404      | 404
programmes:cover                      | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
programmes:finish                     | in 403   | on       | on       | on       | 404      | 404      | 404
programmes:part                       | in on    | ok on    | ok on    | ok on    | 403 on   | 403 on   | 403 on
programmes:step                       | in 403   | on       | on       | on       | 403      | 403      | 403
programmes:screen                     | in 403   | ok on    | ok on    | ok on    | 403      | 403      | 403
programmes:check_certificate          | ok       | ok       | ok       | ok       | ok       | ok       | ok
programmes:certificate                | in 405   | 404 405  | 404 405  | 404 405  | 404 405  | 404 405  | 404 405
programmes:certificate_pdf            | in 405   | 404 405  | 404 405  | 404 405  | 404 405  | 404 405  | 404 405
programmes:positive                   | in 405   | 404 405  | 404 405  | 404 405  | 404 405  | 404 405  | 404 405
programmes:positive_answer            | in 403   | 404      | 404      | 404      | 404      | 404      | 404
programmes:open_referral              | on 405   | on 405   | on 405   | on 405   | on 405   | on 405   | on 405
programmes:referral                   | 404      | 404      | 404      | 404      | 404      | 404      | 404
programmes:workshop                   | in 405   | 404 405  | 404 405  | 404 405  | 404 405  | 404 405  | 404 405
programmes:workshop_move              | in 405   | 404 405  | 404 405  | 404 405  | 404 405  | 404 405  | 404 405
programmes:calendar                   | in 405   | 404 405  | 404 405  | 404 405  | 404 405  | 404 405  | 404 405
programmes:workshop_session           | in 403   | 404      | 404      | 404      | 404      | 404      | 404
programmes:workshop_give_up           | in 403   | 404      | 404      | 404      | 404      | 404      | 404
programmes:needs                      | in 403   | 404      | 404      | 404      | 404      | 404      | 404
goals:list                            | in 405   | ok 405   | ok 405   | ok 405   | 404 405  | 404 405  | 404 405
goals:choose                          | in 405   | ok 405   | ok 405   | ok 405   | 404 405  | 404 405  | 404 405
goals:own                             | in 403   | ok       | ok       | ok       | 404      | 404      | 404
goals:new                             | in 403   | ok       | ok       | ok       | 404      | 404      | 404
goals:idea                            | ok 405   | on 405   | on 405   | on 405   | ok 405   | ok 405   | ok 405
goals:of_state                        | in 405   | ok 405   | ok 405   | ok 405   | 404 405  | 404 405  | 404 405
goals:reminders                       | in 403   | ok       | ok       | ok       | 404      | 404      | 404
goals:as_text                         | in 405   | ok 405   | ok 405   | ok 405   | 404 405  | 404 405  | 404 405
goals:as_json                         | in 405   | ok 405   | ok 405   | ok 405   | 404 405  | 404 405  | 404 405
goals:delete_all                      | in 403   | on       | on       | on       | 404      | 404      | 404
goals:goal                            | in 403   | 404      | 404      | 404      | 404      | 404      | 404
goals:words                           | in 403   | 404      | 404      | 404      | 404      | 404      | 404
goals:forget_wordings                 | in 403   | 404      | 404      | 404      | 404      | 404      | 404
goals:move                            | 405 403  | 405 404  | 405 404  | 405 404  | 405 404  | 405 404  | 405 404
goals:delete                          | in 403   | 404 on   | 404 on   | 404 on   | 404      | 404      | 404
goals:check_in                        | in 403   | 404      | 404      | 404      | 404      | 404      | 404
goals:delete_check_in                 | in 403   | 404      | 404      | 404      | 404      | 404      | 404
articles:list                         | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
articles:feed                         | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
articles:topic                        | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
articles:for_plan                     | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
articles:article                      | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
articles:print                        | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
articles:helpful                      | 405 403  | 405 403  | 405 403  | 405 403  | 405 403  | 405 403  | 405 403
articles:thanks                       | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
articles:easy                         | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
articles:easy_pdf                     | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
articles:easy_list                    | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
articles:glossary                     | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405   | ok 405
admin                                 | door 403 | door     | door     | door     | door     | door     | door
admin:login                           | in       | 403      | 403      | 403      | 403      | 403      | on
admin:logout                          | on 403   | on       | on       | on       | on       | on       | on
mailbox                               | 404 405  | 404 405  | 404 405  | 404 405  | 404 405  | 404 405  | 404 405
mailbox_mail                          | 404 405  | 404 405  | 404 405  | 404 405  | 404 405  | 404 405  | 404 405
mailbox_html                          | 404 405  | 404 405  | 404 405  | 404 405  | 404 405  | 404 405  | 404 405
"""

# Programme, part, step and screen.
COURSE_PLACE = ("getting-it-right", "stop", "late-in-the-rain", "child")

# Names and words of the plan. (The public pages have an example of their own about a school gate.)
SECRETS = [
    "Amara",
    "Anya",
    "Finn",
    "CANARY",
    "gate on Fridays",
    "at the library",
    "Every other weekend",
    "Alternate weeks",
]
# The solicitor reads the agreed plan; who waits was told by Amara herself who asks.
MAY_READ = {
    ("granted", "parenting_plan:professional"),
    ("granted", "parenting_plan:professional_plan"),
    ("waits", "parenting_plan:join"),
}


@cache
def addresses() -> dict[str, str]:
    """Each address as its route, by name. The admin's are told apart by number where they have no name."""
    found: dict[str, str] = {}

    def walk(patterns, route, names):
        for entry in patterns:
            here = route + str(entry.pattern)
            if hasattr(entry, "url_patterns"):
                walk(entry.url_patterns, here, f"{names}{entry.namespace}:" if entry.namespace else names)
            else:
                name = names + (entry.name or here)
                assert name not in found, f"two addresses are called {name}"
                found[name] = here

    walk(get_resolver().url_patterns, "", "")
    return found | {entry.name: str(entry.pattern) for entry in mailbox}


def rows() -> dict[str, dict[str, tuple[str, str]]]:
    """The table, read: name of the address, who, (answer to GET, answer to POST)."""
    found = {}
    for line in TABLE.strip().splitlines():
        name, *cells = (cell.strip() for cell in line.split("|"))
        assert len(cells) == len(WHO), line
        found[name] = {who: (*(cell.split() * 2)[:2],) for who, cell in zip(WHO, cells, strict=True)}
    return found


def row_of(name: str) -> str:
    """The staff pages are one row: Django's admin, behind one door."""
    return "admin" if name.startswith("admin:") and name not in {"admin:login", "admin:logout"} else name


@pytest.fixture
def house(lively, amara, ben, person, solicitor, stranger, staff, settings, elsewhere_plan):
    """A lively plan, drafts of both parents in it, and everybody who might look at it."""
    settings.HUB_STAFF_SECOND_STEP = True
    family.draft(lively, amara, family.OVERNIGHTS, "CANARY of Amara")
    family.draft(lively, ben, "living-and-childcare/routines", "CANARY of Ben")
    granted, waits = person("Grace", kind="professional"), person("Wanda")
    grant = actions.grant(plan=lively, by=family.party(lively, amara), email=granted.email)
    staff.user_permissions.set(Permission.objects.all())
    half_shared = family.start(amara)
    family.suggest(half_shared, amara, family.HANDOVERS, "CANARY alone")
    invitation, _code = actions.invite_by_code(plan=half_shared, by=family.party(half_shared, amara))
    actions.join(invitation=invitation, user=waits, has_verified=True)
    assert half_shared.parties.get(user=waits).confirmed_at is None
    who = {"out": None, "stranger": stranger, "waits": waits, "ben": ben, "solicitor": solicitor, "granted": granted}
    write_in_a_course(amara)
    keep_a_goal(amara)
    return {
        "plan": lively,
        "half_shared": half_shared,
        "grant": grant,
        "notice": amara.notices.first(),
        "who": who | {"staff": staff},
    }


def write_in_a_course(person) -> None:
    """Words only this person may ever see."""
    course, *place = COURSE_PLACE
    programme = library.programme(course)
    taking = learning.begin(person, programme, clock.now())
    words = {"text": "CANARY of a course"}
    learning.answer(taking, *place, "reflection", words, programme.editions[place[0]], clock.now())


def keep_a_goal(person) -> None:
    """A goal, what it said before, and how it felt."""
    made = goals.start(person=person, kind="me", words="CANARY of a goal")
    goals.reword(goal=made, kind="me", words="CANARY of another wording")
    goals.check_in(goal=made, felt=2, note="CANARY of a check-in")


def where(route: str, plan, grant, notice) -> str:
    """The address of Amara's and Ben's things along this route."""
    section, question = family.HANDOVERS.split("/")
    parts = {
        "slug:reference": plan.reference,
        "slug:section": section,
        "slug:question": question,
        "slug:programme": "planning-together",
        "slug:asked": "afraid",
        "int:grant": str(grant.pk),
        "int:pk": str(notice.pk),
        "slug:mark": notices.mark_of(notice.pk),
        "int:number": "1",
        "int:pair": "1",
        "slug:slug": "mediation",
        "slug:act": "close",
        "slug:topic": "talking",
        "str:token": "x" * 43,
        "str:mail": "00000000000000000000-00000000",
        "path:object_id": str(plan.pk),
        "path:content_type_id": "1",
    }
    if "<slug:part>" in route or "<slug:step>" in route:  # where Amara wrote something
        parts |= dict(zip(("slug:programme", "slug:part", "slug:step", "slug:screen"), COURSE_PLACE, strict=True))
    if route.startswith("goals/"):
        mine = Goal.objects.get()
        parts |= {"slug:reference": mine.reference, "slug:said": mine.check_ins.get().reference}
        parts |= {"slug:suggestion": "stick-to-times", "slug:state": "paused"}
    route = re.sub(r"<([a-z]+:\w+)>", lambda found: parts[found[1]], route)
    route = re.sub(r"\^\(\?P<app_label>(\w+).*\)/\$", r"\1/", route)
    return "/" + route.replace("(?P<url>.*)$", "nowhere/")


def everything_a_form_may_say(plan) -> dict[str, str]:
    """A body that would do something wherever it was let in."""
    part = family.part(plan, family.HANDOVERS)
    return {
        "version": str(part.version),
        "digest": part.open.what_was_shown(),
        "submit_key": uuid.uuid4().hex,
        "form_key": "a-form",
        "text": "Words of somebody else",
        "do": "send",
        "draft_version": "1",
        "answer": "agree",
        "aside": "help",
        "chosen": family.OVERNIGHTS,
        f"seen-{family.OVERNIGHTS}": "1.1",
        "email": "somebody@example.com",
        "kind": "safety",
        "words": "Words of somebody else",
    }


def in_a_word(answer) -> str:
    to = answer.headers.get("Location", "")
    if not to:
        return {200: "ok"}.get(answer.status_code, str(answer.status_code))
    if to.startswith("/accounts/login/"):
        return "in"
    if to.startswith("/staff/login/"):
        return "door"
    return "gone" if to.startswith("https:") else "on"


def kept() -> list:
    """What no stranger may change."""
    return [
        list(Plan.objects.order_by("pk").values_list("head", "event_count", "ended_at", "orders")),
        list(Draft.objects.order_by("pk").values_list("pk", "version")),
        list(Notice.objects.order_by("pk").values_list("pk", "put_away_at")),
        list(Answer.objects.order_by("pk").values_list("pk", "words")),
        *([*model.objects.order_by("pk").values()] for model in (Goal, CheckIn, Wording)),
        [model.objects.count() for model in (PlanEvent, SafetyReport, Grant, Invitation, Child)],
    ]


def test_every_address_has_a_row():
    assert {row_of(name) for name in addresses()} == set(rows())


@pytest.mark.timeout(240)
@pytest.mark.parametrize("who", WHO)
def test_everybody_gets_what_the_table_says(house, signed_in, who):
    person, table, wrong = house["who"][who], rows(), []
    plan = house["half_shared"] if who == "waits" else house["plan"]
    client = signed_in(person) if person else Client()
    client.raise_request_exception = False
    before, body = kept(), everything_a_form_may_say(plan)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    for name, route in addresses().items():
        got = []
        for method, told in (("get", {}), ("post", body)):
            with transaction.atomic():
                client.cookies.clear()
                client.cookies.load(cookies)
                answer = getattr(client, method)(where(route, plan, house["grant"], house["notice"]), told)
                got.append(in_a_word(answer))
                if who != "ben":
                    if (who, name) not in MAY_READ:
                        shown = [secret for secret in SECRETS if secret.encode() in answer.content]
                        assert not shown, f"{who} reads {shown} at {method} {name}"
                    if name.startswith(("parenting_plan:", "programmes:", "goals:")) or name == "put_away":
                        assert kept() == before, f"{who} changed something by {method} {name}"
                transaction.set_rollback(True)
        if tuple(got) != table[row_of(name)][who]:
            wrong.append(f"{name}: {who} gets {' '.join(got)}, not {' '.join(table[row_of(name)][who])}")
    assert not wrong, "\n".join(wrong)
