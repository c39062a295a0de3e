"""The record of staff's sign-ins and powers: one line each. How parents sign in is nobody's business here.

A change of powers that did not go through accounts.staff.actions (a shell, a command) is written down too, without a
name: who typed it is not known here. What sends no signal (`QuerySet.update`, SQL) is found by accounts.staff.powers.
"""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as second_step
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import receiver

from accounts.models import StaffMember, User
from accounts.signals import second_step_refused
from accounts.staff import actions, powers
from hub import audit


def _write(what: str, person: Any, *, by: Any = None, reason: str = "") -> None:
    if getattr(person, "kind", None) == User.Kind.STAFF:
        audit.record(person=by, what=what, about=f"user:{person.pk}", reason=reason)


# ---------------------------------------------------------------- coming in and going out


@receiver(account.user_logged_in)
def signed_in(user, **_more) -> None:
    _write("sign in", user, by=user)


@receiver(user_logged_out)
def signed_out(user, **_more) -> None:
    _write("sign out", user, by=user)


@receiver(user_login_failed)
def wrong_password(credentials, **_more) -> None:
    """Nobody is signed in; whose account it was is known by the address."""
    address = User.objects.normal_email(str(credentials.get("email") or credentials.get("username") or ""))
    _write("wrong password", User.objects.filter(email=address).first() if address else None)


@receiver(second_step_refused)
def wrong_second_step(person, **_more) -> None:
    """A signal of ours: allauth tells of wrong codes alone, and not of a passkey."""
    _write("wrong second step", person)


# ---------------------------------------------------------------- what opens the account


@receiver(second_step.authenticator_added)
def second_step_added(user, authenticator, **_more) -> None:
    _write("add second step", user, by=user, reason=authenticator.get_type_display())


@receiver(second_step.authenticator_removed)
def second_step_removed(user, authenticator, **_more) -> None:
    _write("remove second step", user, by=user, reason=authenticator.get_type_display())


@receiver(second_step.authenticator_reset)
def spare_codes_made(user, **_more) -> None:
    _write("make new spare codes", user, by=user)


@receiver([account.password_changed, account.password_set, account.password_reset])
def password_changed(user, **_more) -> None:
    _write("change password", user, by=user)


@receiver(account.email_changed)
def address_changed(user, **_more) -> None:
    _write("change address", user, by=user)


# ---------------------------------------------------------------- powers from elsewhere


@receiver(m2m_changed, sender=User.groups.through)
@receiver(m2m_changed, sender=User.user_permissions.through)
def powers_given_or_taken(sender, instance, action, reverse, pk_set, **_more) -> None:
    """Groups and permissions given or taken. Set by hand, they are told with their names, as far as these are named."""
    if action not in {"post_add", "post_remove", "pre_clear"} or pk_set == set():
        return
    people = User.objects.filter(pk__in=pk_set or ()) if reverse else [instance]
    if reverse and pk_set is None:  # everybody of a group, at once
        people = instance.user_set.all()
    is_group = sender is User.groups.through
    kind = sender._meta.get_field("group" if is_group else "permission").related_model
    given = [instance] if reverse else kind.objects.filter(pk__in=pk_set or ())
    if not reverse and pk_set is None:  # everything of one person, at once
        given = (instance.groups if is_group else instance.user_permissions).all()
    names = [powers.of_group(each.name) if is_group else powers.of_permission(each.codename) for each in given]
    word = {"post_add": "+", "post_remove": "-", "pre_clear": "- all"}[action]
    told = "" if action == "pre_clear" and not reverse else ", ".join(sorted(map(str, given)))
    for person in people:
        powers.follow(person.pk, **{"after" if action == "post_add" else "before": names})
        if not actions.on_record():
            _outside(person, f"{word} {told}"[:500].strip())


@receiver(pre_save, sender=User)
@receiver(pre_save, sender=StaffMember)
def remember_powers(instance, update_fields, **_more) -> None:
    """What this person could do before. Asked only when the change may touch it."""
    instance._powers_before = None
    if update_fields is not None and not set(powers.FIELDS) & set(update_fields):
        return
    instance._powers_before = dict.fromkeys(powers.FIELDS)
    if instance.pk:
        there = User.objects.filter(pk=instance.pk).values(*powers.FIELDS).first()
        instance._powers_before = there or instance._powers_before


@receiver(post_save, sender=User)
@receiver(post_save, sender=StaffMember)
def powers_changed(instance, **_more) -> None:
    before = instance.__dict__.pop("_powers_before", None)
    if before is None:
        return
    now = {name: getattr(instance, name) for name in powers.FIELDS}
    could, can = powers.of_account(before), powers.of_account(now)
    if could != can:
        powers.follow(instance.pk, before=could, after=can)
    changed = [f"{name}: {now[name]}" for name in powers.FIELDS if before[name] != now[name]]
    if changed and User.Kind.STAFF in {before["kind"], instance.kind} and not actions.on_record():
        _outside(instance, ", ".join(changed))


@receiver(post_delete, sender=User)
@receiver(post_delete, sender=StaffMember)
def account_gone(instance, **_more) -> None:
    if powers.of_account({name: getattr(instance, name) for name in powers.FIELDS}):
        powers.forget(instance.pk)


def _outside(person: User, reason: str) -> None:
    audit.record(person=None, what=powers.OUTSIDE, about=f"user:{person.pk}", reason=reason)
