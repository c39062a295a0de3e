"""Walking through the pages of starting, asking and joining with Django's client."""

import re

from django.test import Client
from django.urls import reverse

from parenting_plan.models import Invitation, Plan


def url(name: str, *args) -> str:
    return reverse(f"parenting_plan:{name}", args=args)


def said(answer) -> str:
    return answer.content.decode()


def masked(answer) -> str:
    """A page and its headers without what differs each time: the CSRF token and a form's one-time key."""
    page = re.sub(r'name="(csrfmiddlewaretoken|submit_key)" value="[^"]*"', r'name="\1"', said(answer))
    headers = {name: value for name, value in answer.headers.items() if name != "Set-Cookie"}
    return f"{answer.status_code}\n{sorted(headers.items())}\n{page}"


def hidden(answer, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', said(answer)).group(1)


def through_gate(client: Client, plan: Plan) -> None:
    """Both safety questions of the inviter, answered no."""
    client.get(url("invite_adults", plan.reference))
    client.post(url("invite_adults", plan.reference), {"answer": "no"})
    client.post(url("invite_children_safety", plan.reference), {"answer": "no"})


def send(client: Client, plan: Plan, email: str, key: str = "a" * 32):
    return client.post(
        url("invite_by_email", plan.reference), {"email": email, "happy": "on", "do": "send", "submit_key": key}
    )


def make_code(client: Client, plan: Plan, key: str = "b" * 32) -> str:
    """The code as the page shows it."""
    page = said(client.post(url("invite_by_code", plan.reference), {"submit_key": key}))
    return " ".join(re.findall(r"<span>([0-9A-Z]{4})</span>", page))


def invited_by_email(client: Client, plan: Plan, email: str, key: str = "a" * 32) -> Invitation:
    through_gate(client, plan)
    send(client, plan, email, key)
    return plan.invitations.get(outcome="")


def open_link(client: Client, invitation: Invitation):
    return client.get(url("open_invitation", invitation.token()), follow=True)


def answer_questions(client: Client, orders: str = "none") -> None:
    """The invited parent's three questions."""
    client.get(url("join_adults"))
    client.post(url("join_adults"), {"answer": "no"})
    client.post(url("join_children_safety"), {"answer": "no"})
    client.post(url("join_orders"), {"orders": orders})


def press_join(client: Client):
    page = client.get(url("join"))
    if page.status_code != 200 or 'name="shown"' not in said(page):
        return page
    return client.post(url("join"), {"shown": hidden(page, "shown")})
