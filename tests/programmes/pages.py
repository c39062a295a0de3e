"""The pages of referrals and workshops through Django's client, as one parent sees them."""

from django.test import Client
from django.urls import reverse

from tests.parenting_plan.pages import form_of, masked, said

__all__ = ["form_of", "masked", "press", "said", "signed", "url"]


def url(name: str, *args) -> str:
    return reverse(f"programmes:{name}", args=args)


def signed(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def press(client: Client, address: str, number: int = 0, **more):
    """Open a page and send its form as it stands, with `more`."""
    opened = client.get(address)
    assert opened.status_code == 200, (address, opened.status_code)
    return client.post(address, form_of(opened, number) | more)
