"""The roles of staff and what each may do, on one screen (product 9.5, trust T14).

A role is a group of Django's. The table below is the truth: after `migrate` each group holds exactly what stands here,
and no page of the hub changes it. Pages ask for a permission, never for a role. No permission lets anybody read a
draft, a goal or a course note: there is none to give.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth import get_permission_codename
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Role:
    """`title` is the name of its group and is never translated there; `what` tells staff what it is for."""

    slug: str
    title: str
    what: str | Promise
    may: Sequence[str]


ROLES = (
    Role(
        "content-editor",
        "Content editor",
        _("Writes and publishes articles, courses, suggested goals and helplines."),
        (
            "articles.view_article articles.add_edition articles.change_article "
            "programmes.view_chapter programmes.add_edition programmes.change_chapter "
            "goals.view_suggestion goals.add_edition goals.change_suggestion goals.view_goal "
            "hub.view_helpline hub.add_edition hub.add_helpline hub.change_helpline"
        ).split(),
    ),
    Role(
        "programme-coordinator",
        "Programme coordinator",
        _("Refers parents to programmes, runs workshops and tells the court who took part."),
        (
            "programmes.view_referral programmes.add_referral programmes.change_referral programmes.import_referrals "
            "programmes.add_keepapart programmes.delete_keepapart programmes.view_needs "
            "programmes.view_workshop programmes.add_workshop programmes.change_workshop "
            "programmes.view_enrolment programmes.add_enrolment programmes.change_enrolment "
            "programmes.view_return programmes.add_return hub.view_figures"
        ).split(),
    ),
    Role(
        "facilitator",
        "Facilitator",
        _("Leads workshops: sees who comes to their own, and records who came."),
        ("programmes.view_workshop",),
    ),
    Role(
        "helpdesk",
        "Helpdesk",
        _("Helps people to sign in, answers what they ask about their data, and looks after mail that did not arrive."),
        (
            "accounts.view_user accounts.change_user parenting_plan.view_invitation "
            "accounts.view_datarequest accounts.work_datarequest accounts.close_accounts "
            "hub.view_legalhold hub.manage_legalhold "
            "hub.view_outgoingmail hub.change_outgoingmail hub.view_pulse"
        ).split(),
    ),
    Role(
        "safeguarding-lead",
        "Safeguarding lead",
        _("Works on what people tell us about safety, pauses plans, and looks after staff accounts."),
        (
            "parenting_plan.view_plan parenting_plan.pause_plan parenting_plan.open_plan_words "
            "parenting_plan.triage_safetyreport "
            "accounts.view_datarequest accounts.work_datarequest accounts.close_accounts "
            "hub.view_legalhold hub.manage_legalhold "
            "accounts.view_staffmember accounts.manage_staff accounts.view_conflict hub.view_figures"
        ).split(),
    ),
    Role(
        "auditor",
        "Auditor",
        _("Reads who opened and did what, and checks the records. Changes nothing."),
        (
            "hub.view_accessrecord hub.export_accessrecord parenting_plan.view_planevent parenting_plan.view_issued "
            "parenting_plan.view_staffopening parenting_plan.view_planerased hub.view_legalhold hub.view_pulse "
            "goals.view_goal hub.view_figures accounts.view_staffmember accounts.view_conflict"
        ).split(),
    ),
)


def by_slug() -> dict[str, Role]:
    return {role.slug: role for role in ROLES}


def by_title() -> dict[str, Role]:
    return {role.title: role for role in ROLES}


def unknown() -> list[str]:
    """Permissions of the table that no model has: a misspelling."""
    there = set()
    for model in apps.get_models():
        label, options = model._meta.app_label, model._meta
        there |= {f"{label}.{get_permission_codename(action, options)}" for action in options.default_permissions}
        there |= {f"{label}.{codename}" for codename, _said in options.permissions}
    return sorted({permission for role in ROLES for permission in role.may} - there)


def sync(using: str = "default") -> None:
    """Makes the groups what the table says: their permissions, and no group besides them. One line on record says so.

    Two queries when nothing differs. A permission that is not made yet is left for the next time, and so is everything
    while tables wait for their migrations.
    """
    from django.contrib.auth.models import Group, Permission

    from accounts.staff import powers
    from hub import audit

    places = ("content_type__app_label", "codename")
    ids = {
        f"{label}.{codename}": pk for pk, label, codename in Permission.objects.using(using).values_list("pk", *places)
    }
    wanted = {role.title: {ids[permission] for permission in role.may if permission in ids} for role in ROLES}
    found: dict[str, set[int]] = {}
    for name, pk in Group.objects.using(using).values_list("name", "permissions"):
        found.setdefault(name, set()).update({pk} - {None})
    if found == wanted or not _is_migrated(using):
        return
    names = {pk: permission for permission, pk in ids.items()}
    told = []
    for name in sorted({*wanted, *found}):
        before, after = found.get(name, set()), wanted.get(name, set())
        changed = [f"+ {names[pk]}" for pk in after - before] + [f"- {names[pk]}" for pk in before - after]
        if changed or (name in found) != (name in wanted):
            told.append(f"{name}: {', '.join(sorted(changed)) or ('+' if name in wanted else '-')}")
    with transaction.atomic(using):
        for name, permissions in wanted.items():
            group, _made = Group.objects.using(using).get_or_create(name=name)
            group.permissions.set(permissions)
        Group.objects.using(using).exclude(name__in=wanted).delete()
        audit.record(person=None, what=powers.TOLD_BY_MIGRATE, about=powers.ALL_ROLES, reason="; ".join(told)[:500])


def _is_migrated(using: str) -> bool:
    executor = MigrationExecutor(connections[using])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
