"""The content desk of the library: every article and its editions, as hub.desk has it, and its preview."""

from django.contrib import admin
from django.db.models import OuterRef
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import glossary, library
from articles.kinds import TOPICS
from articles.models import Article, Edition
from articles.shapes import FIELDS, SHAPE
from hub import schema
from hub.desk.content import ContentDesk
from hub.desk.listing import FromAFile, InView, ToCheck, word_of


class OfTopic(admin.SimpleListFilter):
    title = gettext_lazy("topic")
    parameter_name = "topic"

    def lookups(self, request, model_admin):
        return list(TOPICS.items())

    def queryset(self, request, queryset):
        return queryset.filter(topic=self.value()) if self.value() in TOPICS else queryset


@admin.register(Article)
class ArticleAdmin(ContentDesk):
    """Every article, and the edition of it that people see."""

    what_for = gettext_lazy("Every article of the library and its easy-read version.")
    list_display = ["title", "its_topic", "edition", "brought", "check_again_by", "owner", "last_checked"]
    list_filter = [ToCheck, FromAFile, InView, OfTopic]
    search_fields = ["slug", "its_title"]
    ordering = ["slug"]

    def get_queryset(self, request):
        shown = Edition.objects.filter(pk=OuterRef("current"))
        return super().get_queryset(request).annotate(topic=word_of(shown, "topic"), its_owner=word_of(shown, "owner"))

    @admin.display(description=gettext_lazy("topic"), ordering="topic")
    def its_topic(self, article) -> str:
        return TOPICS.get(article.topic, "")

    @admin.display(description=gettext_lazy("who looks after it"), ordering="its_owner")
    def owner(self, article) -> str:
        return article.its_owner or ""

    def shape_of(self, article):
        return SHAPE

    def in_plain_words(self, error: schema.Wrong) -> str:
        """What fields say about each other: the first word is the name of one, which a person calls by its label."""
        name, _space, rest = error.what.partition(" ")
        if name in FIELDS and rest.startswith("is missing: "):
            what = rest.removeprefix("is missing: ")
            return _("“%(label)s” is empty: %(what)s.") % {"label": FIELDS[name].label, "what": what}
        if name == "check_again_on":
            return _("The day to check again must be later than the day it was last checked.")
        return super().in_plain_words(error)

    def without(self, article):
        say = [
            _("Its address answers “We cannot find that page”, with ways on. So do its easy-read version and its PDF."),
            _("Lists, search, the feed and the pages that named it forget it. Nothing leads to it any more."),
        ]
        words = article.current.words if article.current else {}
        if words.get("topic") == "safety":
            say.append(_("It is about safety: look whether another article says what a frightened reader needs."))
        return say

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The article and its easy-read version on one page."""
        edition = self.edition_or_404(pk)
        article = library.read_edition(edition)
        return self.as_people_see_it(
            request,
            "preview",
            edition,
            article=article,
            topic=TOPICS[article.topic],
            explained=glossary.explain(article.words.body),
        )
