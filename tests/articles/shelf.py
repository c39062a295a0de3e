"""A small library as files."""

from pathlib import Path

EASY = "".join(
    f"""
[[easy]]
text = "Idea **{number}**."
picture = "scene-two-homes.svg"
picture_alt = "Two homes."
"""
    for number in range(1, 7)
)


def article(title: str = "Pets", *, topic: str = "practical", order: int = 1, more: str = "", tables: str = "") -> str:
    """The text of a content file; `more` are further fields, `tables` further tables."""
    return f'''title = "{title}"
summary = "What to do about a pet."
topic = "{topic}"
order = {order}
body = """
Ask who feeds the pet.

## Say it kindly

Write it in your plan.
"""
{more}
owner = "Content editor"
checked_on = 2026-11-22
check_again_on = 2027-11-22

[[sources]]
text = "A book about pets"
url = "https://example.com/pets"
{tables}'''


LIBRARY = {
    "practical/our-cat": article(more='goals = ["say-sorry"]\nplan = ["health/pets"]\nprogrammes = ["a-course"]'),
    "practical/a-lost-coat": article("A lost coat", more='plan = ["health"]'),
    "talking/late-again": article("Late again", topic="talking", more='goals = ["say-sorry"]', tables=EASY),
}


def write(folder: Path, name: str, text: str) -> None:
    path = folder / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
