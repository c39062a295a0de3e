"""Which articles stand where: first for a newcomer, beside each other, and for what somebody is doing. Pure."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext_lazy as _

from articles.kinds import Article

START_HERE = (
    "telling-the-children",
    "the-first-weeks",
    "what-a-plan-is-and-is-not",
    "staying-calm",
    "handovers",
)

STILL_HELPS = (
    "when-rules-change-suddenly",
    "parenting-at-a-distance",
    "phones-and-social-media",
    "health",
    "is-it-abuse",
)
"""What a parent who looks into the Covid collection may need today."""

TOPIC_WORDS = {
    "starting-out": _("You have just parted, or are about to. What to say, what to do first, and what can wait."),
    "talking": _("How to write and speak to the other parent so that it stays short and calm."),
    "children": _("What children need at each age, and in each kind of family."),
    "practical": _("Handovers, holidays, school, health, money: the week, and who does what."),
    "process": _("Mediation, solicitors and courts. What each one is, and what happens when."),
    "safety": _("If you are afraid, or worry for a child. These pages come before all others."),
    "you": _("Sad, angry, tired or lonely? You count too."),
    "covid": _("What the rules were from 2020 to 2022, kept as history, and what still helps today."),
}


def by_slug(articles: Iterable[Article], slugs: Iterable[str]) -> list[Article]:
    """Those of these names that there are, in the order of the names."""
    found = {each.slug: each for each in articles}
    return [found[slug] for slug in slugs if slug in found]


def beside(article: Article, articles: Iterable[Article], limit: int = 4) -> list[Article]:
    """What to read next: what has most in common with this one. History only beside history."""
    ranked = []
    for place, each in enumerate(articles):
        if each.slug == article.slug or each.is_history != article.is_history:
            continue
        common = (
            3 * len(_tags(each, "plan") & _tags(article, "plan"))
            + 2 * len(_tags(each, "goals") & _tags(article, "goals"))
            + 2 * (each.topic == article.topic)
        )
        if common:
            ranked.append((-common, place, each))
    return [each for _common, _place, each in sorted(ranked, key=lambda row: row[:2])[:limit]]


def chosen(
    articles: Iterable[Article],
    *,
    goals: Collection[str] = (),
    plan: Collection[str] = (),
    programmes: Collection[str] = (),
    limit: int = 3,
) -> list[Article]:
    """For somebody with these goals, parts of the plan and programmes; for whoever has none yet, what to start with.

    Nothing about safety and no history: this is for a page that somebody else may see over their shoulder.
    """
    open_to_all = [each for each in articles if each.topic != "safety" and not each.is_history]
    sections = {key.split("/")[0] for key in plan}
    ranked = []
    for place, each in enumerate(open_to_all):
        common = (
            3 * len(_tags(each, "plan") & set(plan))
            + 2 * len(_tags(each, "goals") & set(goals))
            + len({key.split("/")[0] for key in _tags(each, "plan")} & sections)
            + len(_tags(each, "programmes") & set(programmes))
        )
        if common:
            ranked.append((-common, place, each))
    best = [each for _common, _place, each in sorted(ranked, key=lambda row: row[:2])]
    first = [each for each in by_slug(open_to_all, START_HERE) if each not in best]
    return [*best, *first][:limit]


def _tags(article: Article, name: str) -> set[str]:
    return set(article.words.get(name, ()))
