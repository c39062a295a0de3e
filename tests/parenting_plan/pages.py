"""The pages of a plan through Django's client, each form sent as a browser would send it."""

import re
from html.parser import HTMLParser

from django.test import Client
from django.urls import reverse

from parenting_plan.models import Plan

MASKED = re.compile(r'name="(csrfmiddlewaretoken|submit_key|form_key)" value="[^"]*"')


def url(name: str, plan: Plan, question: str = "") -> str:
    """The address of a page of this plan; with a question's key, of that question."""
    return reverse(
        f"parenting_plan:{name}", args=[plan.reference, *question.split("/")] if question else [plan.reference]
    )


def said(answer) -> str:
    return answer.content.decode()


def masked(answer) -> str:
    """The page and its headers without the CSRF token, one-time keys and the second in which it was asked for."""
    headers = {name: value for name, value in answer.headers.items() if name not in {"Set-Cookie", "Expires"}}
    return f"{answer.status_code} {sorted(headers.items())}\n{MASKED.sub('', said(answer))}"


class _Forms(HTMLParser):
    """Reads what a browser would send with each form, buttons aside."""

    def __init__(self):
        super().__init__()
        self.forms: list[dict[str, list[str]]] = []
        self.area = ""
        self.inside = False

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        name = told.get("name") or ""
        if tag == "form":
            self.forms.append({})
            self.inside = True
        if not self.inside or not name:
            return
        if tag == "textarea":
            self.area = name
            self.forms[-1].setdefault(name, []).append("")
        if tag == "input" and (told.get("type") not in {"radio", "checkbox"} or "checked" in told):
            self.forms[-1].setdefault(name, []).append(told.get("value") or "")

    def handle_data(self, data):
        if self.area:
            self.forms[-1][self.area][-1] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            # a browser drops the first line end of a box
            self.forms[-1][self.area][-1] = self.forms[-1][self.area][-1].removeprefix("\n")
            self.area = ""
        if tag == "form":
            self.inside = False


def form_of(answer, number: int = 0) -> dict[str, list[str]]:
    """What the form with this number on the page would send as it stands."""
    reader = _Forms()
    reader.feed(said(answer))
    return reader.forms[number]


def form_at(client: Client, address: str, number: int = 0) -> dict[str, list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code, answer.headers.get("Location"))
    return form_of(answer, number)


def write(client: Client, plan: Plan, question: str, text: str, do: str = "send", **more):
    """Open the page for writing, put these words in the box and press a button."""
    address = url("write", plan, question)
    return client.post(address, form_at(client, address) | {"text": text, "do": do} | more)


def send(client: Client, plan: Plan, question: str, text: str, note: str = "", sitting: bool = False):
    """Write, check and send."""
    write(client, plan, question, text)
    address = url("send", plan, question) + ("?sitting=1" if sitting else "")
    return client.post(address, form_at(client, address) | {"note": note, "do": "send"})


def everything_the_other_sees(client: Client, plan: Plan, *questions: str) -> dict[str, str]:
    """Every page of the plan that a parent can open, masked, by address."""
    names = [
        "overview",
        "agreed",
        "drafts",
        "waiting",
        "children",
        "orders",
        "sharing",
        "professionals",
        "leave",
        "report",
    ]
    pages = [url(name, plan) for name in names]
    for question in questions:
        pages.append(reverse("parenting_plan:section", args=[plan.reference, question.split("/")[0]]))
        pages += [
            url(name, plan, question)
            for name in ("question", "write", "send", "agree", "set_aside", "take_back", "story")
        ]
    return {page: masked(client.get(page)) for page in ["/home/", "/plan/?all=1", "/account/", *pages]}
