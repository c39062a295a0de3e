"""Two small courses with every kind of step, as files."""

from pathlib import Path

from programmes.models import Chapter


def write(folder: Path, programme: str, name: str, text: str) -> Path:
    path = folder / programme / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def cover(slug: str, title: str, open_to: str, order: int) -> str:
    return f'''
slug = "{slug}"
title = "{title}"
short = "{title}"
order = {order}
eyebrow = "A short course"
lead = "Watch, rewind and try."
open_to = "{open_to}"
picture = "scene-handover.svg"
picture_alt = "A handover at a door."
facts = ["Ten minutes", "Only you see it"]
who_for = "For parents."
not_for = "Not when you are afraid."
certificate = "It says that you took part."
checked_on = 2026-11-22
check_again_on = 2027-05-22
'''


def part(slug: str, title: str, order: int, *steps: str, more: str = "") -> str:
    head = f'''
slug = "{slug}"
title = "{title}"
summary = "What is in {title}"
order = {order}
checked_on = 2026-11-22
check_again_on = 2027-05-22
{more}
'''
    return head + "".join(steps)


def reading(slug: str, text: str = "A few words to read.", title: str = "", more: str = "") -> str:
    return f'''
[[step]]
kind = "reading"
slug = "{slug}"
title = "{title or slug.capitalize()}"
minutes = 2
text = "{text}"
{more}
'''


REFLECTION = """
[[step]]
kind = "reflection"
slug = "think"
title = "Think"
minutes = 3
ask = "What did your child see?"
hint = "A word is enough."
after = "Thank you for that."
"""

SCENARIO = """
[[step]]
kind = "scenario"
slug = "late"
title = "Late in the rain"
minutes = 6
scene = "It rains. It is late."
badly = "no-such-badly"
child_ask = "What does Maya see?"
child = "I looked at the puddles."
child_age = "Maya, 8"
choose = "What could Jo say?"
rewind = "Jo breathes out first."
better = "no-such-better"
changed_ask = "What changed?"
skill = "Stop"
skill_text = "A breath comes before a word."
skill_points = ["Breathe out.", "Look at your child."]

[[step.options]]
text = "You are always late."
said = "That is how it feels. Maya hears it too."

[[step.options]]
text = "Hello you. Tea is ready."
said = "Maya comes first."

[[step.options]]
text = "Nothing."
said = "Quiet can be kind, or cold."
"""

ORDER = """
[[step]]
kind = "order"
slug = "order"
title = "In what order?"
minutes = 2
ask = "Put these in order"
said = "There is more than one good order."

[[step.items]]
text = "Say what you need"
why = "It begins with you."

[[step.items]]
text = "Ask what they need"
why = "Then you hear them."

[[step.items]]
text = "Pick one way"
why = "It comes last."
"""

CHECK = """
[[step]]
kind = "check"
slug = "check"
title = "A quick check"
minutes = 1

[[step.questions]]
ask = "Is it their fault?"

[[step.questions.options]]
text = "No"
said = "It never is."

[[step.questions.options]]
text = "A bit"
said = "Many children think so."

[[step.questions]]
ask = "Who can help?"

[[step.questions.options]]
text = "A friend"
said = "Friends help."

[[step.questions.options]]
text = "Nobody"
said = "There is always somebody."
"""

REWRITER = """
[[step]]
kind = "rewriter"
slug = "again"
title = "Say it again"
minutes = 3
text = "Choose a message."
tips = ["One thing?", "No history?", "Short?"]

[[step.messages]]
text = "You forgot AGAIN."
better = "The kit is here. I can bring it."
why = "It helps."

[[step.messages]]
text = "Typical."
better = "Can we talk on Sunday?"
why = "It asks."
"""

PLEDGE = """
[[step]]
kind = "pledge"
slug = "promise"
title = "Three promises"
minutes = 2
text = "Small ones are best."
ask = "What will your child notice?"
boxes = 3
ideas = ["I say hello.", "I wait.", "I listen."]
after = "Keep one today."
"""

CARD = """
[[step]]
kind = "card"
slug = "card"
title = "A pocket card"
minutes = 1
text = "Choose what helps you."
ask = "Lines for your card"
ideas = ["Breathe.", "Wait.", "Listen.", "Ask.", "Thank.", "Sleep on it."]
own = "A line of your own"
"""

COURSE = {
    "cover": cover("a-course", "A course", "everyone", 71),
    "1-first": part("first", "First steps", 1, reading("welcome"), reading("how"), more="taster = true"),
    "2-second": part("second", "Second part", 2, SCENARIO, REFLECTION, ORDER, CHECK, REWRITER),
    "3-bonus": part("bonus", "A bonus", 3, reading("more"), more="extra = true"),
    "4-last": part("last", "Last part", 4, PLEDGE, CARD),
}
SENT = {
    "cover": cover("a-sent-course", "A sent course", "referred", 72),
    "1-open": part("open", "Open part", 1, reading("hello"), REFLECTION, more="taster = true"),
    "2-closed": part("closed", "Closed part", 2, reading("inside")),
}


def edition_of(programme: str, part: str) -> int:
    """The edition that people see now."""
    return Chapter.objects.get(programme=programme, slug=part).current_id
