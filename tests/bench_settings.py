"""Production's settings with two more addresses to compare with."""

from hub.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench_urls"
