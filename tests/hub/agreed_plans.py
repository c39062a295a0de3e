"""Agreed plans to draw: ordinary, long, in many scripts. Made from the questions and starter words of the hub."""

import datetime as dt
import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from parenting_plan.summary import AgreedAnswer, AgreedPlan, AgreedSection

CONTENT = Path(__file__).resolve().parents[2] / "parenting_plan" / "content"
TEMPLATE = "parenting_plan/pdf/agreed_plan.html"
CODE = "7F3K29QDXM4TB8WZ"
MADE = dt.datetime(2026, 11, 21, 19, 2, tzinfo=dt.UTC)
OWN_WORDS = {
    "C2": (
        "We use two weeks that repeat, starting on Monday 2 November 2026.\n\n"
        "Week 1: Monday and Tuesday nights with Priya, Wednesday and Thursday nights with Callum, then Priya.\n"
        "Week 2: Monday and Tuesday nights with Priya, the rest of the week with Callum."
    ),
    "D6": "£2 a week for Anya and £1 for Finn, from whichever of us has them on Saturday.",
}
# First names in each alphabet the hub promises.
NAMES = {
    "Polish": "Łukasz",
    "Polish 2": "Świętosława",
    "Vietnamese": "Đặng",
    "Vietnamese 2": "Nguyễn Thị Ngọc",
    "Welsh": "Siôn Ŵyn",
    "Welsh 2": "Llŷr",
    "Irish": "Gráinne",
    "Turkish": "Işıl Gökçe",
    "Igbo": "Chị́ka",
    "Yoruba": "Adébáyọ̀",
    "Cyrillic": "Олена",
    "Cyrillic 2": "Ђорђе",
    "Greek": "Ελένη",
    "Greek 2": "Ἀλέξανδρος",
    "Arabic": "أحمد",
    "Urdu": "فاطمہ",
    "Hindi": "अनन्या",
    "Hindi 2": "क्षितिज",
    "Punjabi": "ਗੁਰਪ੍ਰੀਤ",
    "Bengali": "শ্রেয়া",
    "Gujarati": "શ્રદ્ધા",
    "Tamil": "கார்த்திக்",
    "Hebrew": "נועה",
}


def questions() -> Iterator[tuple[dict[str, Any], str, dict[str, Any]]]:
    """Every part, number and question, in order."""
    for file in sorted(CONTENT.glob("*.toml")):
        part = tomllib.loads(file.read_text("utf-8"))
        for at, question in enumerate(part["question"], start=1):
            yield part, f"{part['letter']}{at}", question


def plan(
    answers: int = 25, *, solo: bool = False, children: tuple[str, ...] = ("Anya", "Finn"), **changes: Any
) -> AgreedPlan:
    """A plan with about this many answers, spread over all ten parts; every ninth is "not needed"."""
    everything = list(questions())
    step = len(everything) / answers
    chosen = {int(at * step) for at in range(answers)}
    names = ["Priya"] if solo else ["Priya", "Callum"]
    sections: dict[str, AgreedSection] = {}
    left, unneeded = [], 0
    for at, (part, number, question) in enumerate(everything):
        if at not in chosen:
            left.append(question["title"])
            continue
        unneeded += (not_needed := at % 9 == 8)
        text = OWN_WORDS.get(number, question["starter"].strip()).replace("{children}", " and ".join(children[:2]))
        section = sections.setdefault(part["slug"], AgreedSection(part["letter"], part["slug"], part["title"], []))
        section.answers.append(
            AgreedAnswer(
                number=number,
                question=question["title"],
                value={"kind": "not_needed"} if not_needed else {"kind": "words", "text": text},
                agreed_by=names,
                agreed_at=MADE - dt.timedelta(days=20 - at % 20, hours=at % 5),
            )
        )
    made = AgreedPlan(
        reference="K7QM-2XHD",
        title="Our Child’s Plan",
        children=list(children),
        one="Priya",
        other=None if solo else "Callum",
        proposed_by="Priya" if solo else None,
        order_in_force=False,
        agreed_count=len(chosen),
        question_count=len(everything),
        not_needed_count=unneeded,
        made_at=MADE,
        last_agreed_at=MADE - dt.timedelta(minutes=12),
        demonstration=False,
        sections=list(sections.values()),
        fingerprint=hashlib.sha256(repr(sections).encode()).hexdigest(),
        event_seq=81,
        head="9c1f04d27ab35e60",
        open_questions=left,
    )
    return replace(made, **changes)


def with_words(*words: str, **changes: Any) -> AgreedPlan:
    """A plan whose answers are exactly these."""
    answers = [
        AgreedAnswer(f"A{at}", "What matters most?", {"kind": "words", "text": text}, ["Priya", "Callum"], MADE)
        for at, text in enumerate(words, start=1)
    ]
    return plan(1, sections=[AgreedSection("A", "about-our-children", "About our children", answers)], **changes)


def in_every_script() -> AgreedPlan:
    """Names and answers in every alphabet the hub promises, with emoji and signs."""
    said = [f"{tongue.rstrip(' 2')}: {name}. {name} and {name} sleep here." for tongue, name in NAMES.items()]
    signs = "Thank you 😀 👍🏽 ❤️ 👨‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣ ✓ → ≥ ★ £5 ½ 20 °C"
    whole = [
        "أحمد ينام عند والدته يوم الاثنين والثلاثاء، ويذهب إلى المدرسة مع والده.",
        "अनन्या सोमवार और मंगलवार को माँ के घर सोती है।",
        "ਗੁਰਪ੍ਰੀਤ ਐਤਵਾਰ ਨੂੰ ਆਪਣੇ ਪਿਤਾ ਦੇ ਘਰ ਰਹਿੰਦਾ ਹੈ।",
        "Олена проводить вихідні з татом.",
        "Η Ελένη μένει με τον μπαμπά της κάθε Παρασκευή.",
    ]
    return with_words(*said, signs, *whole, children=tuple(NAMES.values())[:6], one="Łucja", other="ਗੁਰਪ੍ਰੀਤ")


def context(of: AgreedPlan, helplines: int = 4) -> dict[str, Any]:
    """What the template is given besides the plan."""
    checked = dt.date(2026, 11, 3)
    told = [
        ("Emergency", "999", "Day and night", "Anyone in danger now"),
        (
            "National Domestic Abuse Helpline",
            "0808 2000 247",
            "Day and night, free",
            "Women who are hurt or frightened",
        ),
        ("Men's Advice Line", "0808 801 0327", "Monday to Friday", "Men who are hurt or frightened"),
        ("Childline", "0800 1111", "Day and night, free", "Children and young people"),
    ]
    lines = [
        SimpleNamespace(name=name, number=number, hours=hours, who_for=who_for, checked_on=checked)
        for name, number, hours, who_for in told
    ]
    return {
        "plan": of,
        "code": CODE,
        "verify_address": "https://hub.example/verify/",
        "helplines": lines[:helplines],
        "hub_name": "Co-Parenting Hub",
        "plan_name": "Our Child’s Plan",
    }
