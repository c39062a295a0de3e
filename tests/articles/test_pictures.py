"""The easy-read pictures are those that articles.pictures draws, and each one that an article names is there."""

import re

import pytest

from articles import library, pictures


def test_what_is_kept_is_what_is_drawn(tmp_path):
    drawn = {path.name: path.read_bytes() for path in pictures.write(tmp_path)}
    kept = {path.name: path.read_bytes() for path in pictures.FOLDER.glob("easy-*.svg")}
    assert kept == drawn
    assert max(map(len, drawn.values())) <= 2500


@pytest.mark.parametrize("name", sorted(pictures.pictures))
def test_each_picture_can_be_said_in_one_plain_sentence(name):
    assert re.fullmatch(r"[A-Z][^.]{3,80}\.", pictures.in_words(name))


def test_every_picture_an_article_names_is_drawn():
    text = "".join(path.read_text("utf-8") for path in library.CONTENT.glob("*/*.toml"))
    named = set(re.findall(r'"(easy-[a-z-]+)\.svg"', text))
    assert named and not named - set(pictures.pictures)
