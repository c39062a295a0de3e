"""What the staff pages of the programmes have in common."""

from operator import attrgetter
from typing import Any, ClassVar

from django.db.models import F, OuterRef, Subquery
from django.http import Http404, HttpRequest

from hub.desk.listing import word_of
from hub.desk.pages import Desk
from programmes import own_cases
from programmes.actions import referring
from programmes.models import Case, Edition


def title_of_programme(column: str = "programme") -> Subquery:
    """What people call the programme that a row names: for a list, without a query for each row."""
    covers = Edition.objects.filter(chapter__programme=OuterRef(column), chapter__slug="", pk=F("chapter__current"))
    return word_of(covers, "title")


def own(request: HttpRequest) -> frozenset[int]:
    """The cases that whoever asks has a part in, asked for once in a request."""
    if not hasattr(request, "own_cases"):
        request.own_cases = own_cases.of(request.user)  # type: ignore[attr-defined, arg-type]
    return request.own_cases  # type: ignore[attr-defined, no-any-return]


class CaseDesk(Desk):
    """Rows that each belong to a court case: whoever has a part in that case does not find them, nor open one."""

    case_at: ClassVar[str]  # the way from a row to its case, "party__case"

    def get_queryset(self, request):
        """None asks for the house itself."""
        rows = super().get_queryset(request)
        return rows if request is None else own_cases.without(rows, self.case_at, own(request))

    def get_search_results(self, request, queryset, search_term):
        """By the beginning of a case reference, however it is written."""
        if not search_term.strip():
            return queryset, False
        try:
            found = Case.objects.filter(reference__startswith=referring.tidy_reference(search_term)).order_by()
        except referring.WrongReference:
            return queryset.none(), False
        return queryset.filter(**{f"{self.case_at}__in": list(found.values_list("pk", flat=True)[:100])}), False

    def theirs(self, request: HttpRequest, pk: Any):
        """This row, or the page that there is none: also when there is one, of a case of their own."""
        found = self.one(pk)
        if attrgetter(f"{self.case_at.replace('__', '.')}_id")(found) in own(request):
            own_cases.refused(request.user, f"{self.opts.model_name}:{found.pk}")
            raise Http404
        return found
