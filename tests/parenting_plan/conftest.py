"""The families of the plan's tests: `amara`, `ben`, `stranger`, `solicitor` and `staff` come from tests/conftest.py."""

from datetime import timedelta

import pytest

from hub import clock
from tests.parenting_plan import family


@pytest.fixture
def plan(amara, ben):
    """Shared by Amara (a) and Ben (b) since ten days, children Anya and Finn, nothing written yet."""
    long_ago = clock.now() - timedelta(days=10)
    return family.share(family.start(amara, at=long_ago), ben, at=long_ago)


@pytest.fixture
def lively(plan, amara, ben):
    """The same plan at an interesting moment: see family.live_a_while."""
    return family.live_a_while(plan, amara, ben)


@pytest.fixture
def solo(amara):
    """Amara's plan while she works alone."""
    return family.start(amara)


@pytest.fixture
def elsewhere_plan(stranger):
    """A plan of another family."""
    return family.start(stranger, children=[("Kit", 2015, 1)])
