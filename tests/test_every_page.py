"""Every address of the house that needs nothing to be filled in answers, whoever knocks."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse


def names(resolver=None, space: str = "") -> list[str]:
    """The name of every address below `resolver` that takes no argument."""
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            found += names(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern) and entry.name:
            try:
                reverse(f"{space}{entry.name}")
            except NoReverseMatch:
                continue
            found.append(f"{space}{entry.name}")
    return sorted(set(found))


NAMES = names()


def test_the_list_of_addresses_is_a_long_one():
    assert len(NAMES) > 50
    assert {"start", "home", "account_login", "parenting_plan:list", "admin:index"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_nobody_meets_a_broken_page(name, db):
    """Signed out: a page, a redirect or a refusal; never a fault, and nothing to keep for a page that is private."""
    answer = Client().get(reverse(name))
    assert answer.status_code < 500 or name == "readyz"
    if answer.status_code == 200 and answer.headers["Cache-Control"].startswith("public"):
        assert not answer.cookies
