"""The pages of the library. All of them for anybody; none of them knows who reads."""

from allauth.core import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from articles import drawing, glossary, helpful, library, outside, shelves
from articles.forms import Helpful
from articles.kinds import TOPICS, Article
from hub import files
from hub.http import PUBLIC_SECONDS, page, public

SHOWN_OF_A_TOPIC = 6
EASY_NAME = "easy-read.pdf"  # neutral: a list of downloads on a shared machine does not say of what


def _article(slug: str) -> Article:
    found = library.article(slug)
    if found is None:
        raise Http404
    return found


def _easy(slug: str) -> Article:
    found = _article(slug)
    if not found.has_easy:
        raise Http404
    return found


# ---------------------------------------------------------------- the library


@require_safe
@public
def library_page(request: HttpRequest) -> HttpResponse:
    """What there is: what to start with, and every topic with its first pieces."""
    shown = library.articles()
    rooms = [_room(topic, [each for each in shown if each.topic == topic]) for topic in TOPICS]
    return page(
        request,
        "articles/library.html",
        {
            "start_here": shelves.by_slug(shown, shelves.START_HERE),
            "rooms": [room for room in rooms if room["articles"]],
            "how_many": len(shown),
            "how_many_easy": sum(each.has_easy for each in shown),
            "trail": outside.trail((_("Articles"), outside.address("list"))),
        },
    )


def _room(topic: str, articles: list[Article]) -> dict:
    return {
        "slug": topic,
        "title": TOPICS[topic],
        "words": shelves.TOPIC_WORDS[topic],
        "is_history": bool(articles) and all(each.is_history for each in articles),
        "articles": articles,
        "first": articles[:SHOWN_OF_A_TOPIC],
        "has_more": len(articles) > SHOWN_OF_A_TOPIC,
    }


@require_safe
@public
def topic_page(request: HttpRequest, topic: str) -> HttpResponse:
    """Every article of a topic. The Covid collection says first that it is history, and what helps today."""
    if topic not in TOPICS:
        raise Http404
    shown = library.articles()
    room = _room(topic, [each for each in shown if each.topic == topic])
    if not room["articles"]:
        raise Http404
    helps = shelves.by_slug(shown, shelves.STILL_HELPS) if room["is_history"] else []
    steps = ((_("Articles"), outside.address("list")), (room["title"], outside.address("topic", topic)))
    return page(request, "articles/topic.html", {"room": room, "still_helps": helps, "trail": outside.trail(*steps)})


@require_safe
@public
def for_plan(request: HttpRequest, section: str, question: str) -> HttpResponse:
    """What may help with a question of the plan. The address names the question and nobody’s plan."""
    found = library.for_plan(f"{section}/{question}", limit=6)
    if not found:
        raise Http404
    return page(request, "articles/for_plan.html", {"articles": found})


# ---------------------------------------------------------------- an article


@require_safe
@public
def article_page(request: HttpRequest, slug: str) -> HttpResponse:
    found = _article(slug)
    steps = (
        (_("Articles"), outside.address("list")),
        (TOPICS[found.topic], outside.address("topic", found.topic)),
        (found.title, outside.address("article", slug)),
    )
    return page(
        request,
        "articles/article.html",
        {
            "article": found,
            "topic": TOPICS[found.topic],
            "explained": glossary.explain(found.words.body),
            "beside": shelves.beside(found, library.articles()),
            "trail": outside.trail(*steps),
            "structured": outside.of_article(found),
        },
    )


@require_safe
@public
def print_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The article alone, with whole addresses, as it comes out on paper."""
    found = _article(slug)
    context = {
        "article": found,
        "explained": glossary.explain(found.words.body),
        "canonical": outside.address("article", slug),
    }
    return page(request, "articles/print.html", context)


@csrf_exempt  # there is no session, so no token: the browser says where the form came from
@require_POST
def was_helpful(request: HttpRequest, slug: str) -> HttpResponse:
    """Count a yes or a no. Reads and sets no cookie, and keeps nothing about who answered."""
    if not helpful.is_from_our_page(request):
        return page(request, "403_csrf.html", {"own_words": []}, status=403)
    found = _article(slug)
    form = Helpful(request.POST)
    if not form.is_valid():
        return page(request, "articles/helpful_again.html", {"article": found}, status=400)
    if not ratelimit.consume(request, action="helpful"):
        return page(request, "429.html", status=429)
    if helpful.may_count(request, slug):
        helpful.count(slug, yes=form.cleaned_data["answer"] == "yes")
    response = HttpResponse(status=303)
    response.headers["Location"] = reverse("articles:thanks", args=[slug])
    return response


@require_safe
@public
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """The same words for a yes and for a no: the answer is in no address."""
    found = _article(slug)
    return page(
        request, "articles/thanks.html", {"article": found, "beside": shelves.beside(found, library.articles(), 3)}
    )


# ---------------------------------------------------------------- easy read


@require_safe
@public
def easy_list(request: HttpRequest) -> HttpResponse:
    shown = [each for each in library.articles() if each.has_easy]
    rooms = [_room(topic, [each for each in shown if each.topic == topic]) for topic in TOPICS]
    return page(request, "articles/easy_list.html", {"rooms": [room for room in rooms if room["articles"]]})


@require_safe
@public
def easy_page(request: HttpRequest, slug: str) -> HttpResponse:
    found = _easy(slug)
    return page(request, "articles/easy.html", {"article": found})


@require_safe
def easy_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The kept file; drawn now when nobody has asked for it since its edition came out."""
    edition = drawing.shown(slug)
    if edition is None:
        raise Http404
    try:
        content, sha256 = drawing.file_of(edition)
    except files.NoRoom:
        response = page(request, "articles/no_file.html", {"article": library.read_edition(edition)}, status=503)
        response.headers["Retry-After"] = "300"
        return response
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{EASY_NAME}"'
    response.headers["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}"  # what staff take out is gone soon
    response.headers["ETag"] = f'"{sha256}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


# ---------------------------------------------------------------- words, feed


@require_safe
@public
def glossary_page(request: HttpRequest) -> HttpResponse:
    there = {each.slug for each in library.articles()}
    return page(
        request,
        "articles/glossary.html",
        {
            "letters": glossary.by_letter(),
            "there": there,
            "trail": outside.trail(
                (_("Articles"), outside.address("list")), (_("Words explained"), outside.address("glossary"))
            ),
        },
    )


@require_safe
@public
def feed(request: HttpRequest) -> HttpResponse:
    """The library as Atom."""
    return HttpResponse(outside.feed(), content_type="application/atom+xml; charset=utf-8")
