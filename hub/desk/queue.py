"""A queue that staff work off: each act on one of its rows has a page of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hub.desk.pages import Desk


class Add(forms.Form):
    """What staff add to a row. It changes nothing, so it cannot come too late."""

    def __init__(self, *args: Any, row: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.row = row


class Decide(Add):
    """What staff decide about a row, and which version of it they had before them."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, row: Any, **kwargs: Any):
        super().__init__(*args, row=row, **kwargs)
        self.fields["version"].initial = row.version


@dataclass(frozen=True)
class Verb:
    """One thing staff may do with a row: its form, what does it, when it makes sense, and for whom.

    `does` gets the row, `by`, and what the form holds by name. It decides anew: `when` only spares people a page.
    """

    title: str | Promise
    button: str | Promise
    form: type[Add]
    does: Callable[..., None]
    when: Callable[[Any, Any], Any]  # of the row and the person
    say: tuple[str | Promise, ...] = ()
    permission: str = ""  # beside the one for the desk


class Queue(Desk):
    """Rows that count their versions, and the acts on them. Whoever may not know of a row does not find it."""

    verbs: ClassVar[Mapping[str, Verb]]  # by the name in the address
    refusals: ClassVar[Mapping[type[Exception], str | Promise]]  # how each that an act may raise is said
    not_possible: ClassVar[type[Exception]]  # the one of them that says: not as the row stands now

    def name_of(self, row: Any) -> str:
        """What the row is called on the way back to it."""
        raise NotImplementedError

    def stands(self, row: Any) -> str:
        """How it stands now, in a sentence: without a word of a person's."""
        raise NotImplementedError

    def get_urls(self):
        name = f"{self.opts.model_name}_act"
        return [self.door("<int:pk>/do/<slug:act>/", self.act, name), *super().get_urls()]

    def may_do(self, request: HttpRequest, row: Any) -> dict[str, str | Promise]:
        """The acts that make sense now, for this person, and their titles."""
        return {
            name: verb.title
            for name, verb in self.verbs.items()
            if self._is_for(request, verb) and verb.when(row, request.user)
        }

    def _is_for(self, request: HttpRequest, verb: Verb) -> bool:
        return not verb.permission or request.user.has_perm(verb.permission)

    def act(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """One act on a row. Of two people at once, the second is told what stands now."""
        row, verb = self.one(pk, request), self.verbs.get(act)
        if verb is None:
            raise Http404
        if not self._is_for(request, verb):
            raise PermissionDenied
        back, trouble = self.address(f"{self.opts.model_name}_change", row.pk), ""
        form = verb.form(request.POST or None, row=row)
        if request.method != "POST" and not verb.when(row, request.user):
            messages.warning(request, str(self.refusals[self.not_possible]))
            return redirect(back)
        if request.method == "POST" and form.is_valid():
            try:
                verb.does(row, by=request.user, **form.cleaned_data)
            except tuple(self.refusals) as refused:
                trouble = f"{self.refusals[type(refused)]} {self.stands(row)}"
                form.data = told = request.POST.copy()
                told["version"] = self.model.objects.values_list("version", flat=True).get(pk=row.pk)
            else:
                messages.success(request, _("Done: %(what)s.") % {"what": verb.title})
                return redirect(back)
        return self.page(
            request,
            "form",
            str(verb.title),
            crumbs=[(back, self.name_of(row))],
            say=verb.say,
            form=form,
            trouble=trouble,
            button=verb.button,
            back=back,
            status=409 if trouble else 422 if form.errors else 200,
        )
