"""Form tags: `{% load govuk %}`. The fields themselves are drawn by hub.forms and templates/govuk/.

{% error_summary form %}  {% error_summary form other_form %}      before the <h1>; nothing when all is well
{% govuk_field form.email %}                                       label, hint, error and control
{% govuk_field form.words heading=True %}                          a page with one question: the label is the <h1>
{% govuk_field form.words size="m" %}                              label size: s (usual), m, l
{% button _("Send to Callum") %}                                   the one filled button of the page
{% button _("Keep as a draft") kind="secondary" name="do" value="keep" %}   kind: "", "secondary", "warning"
{% button _("Start a plan") href=url %}                            a link that looks like a button
"""

from typing import Any

from django import template
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm, BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def govuk_field(field: BoundField, **options: Any) -> SafeString:
    """Draw one field. Options: `heading`, `size`, `label`."""
    return field.render(context={**field.get_context(), **options})


@register.inclusion_tag("govuk/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, Any]:
    """List what to look at again, each with a link to where it is. Takes forms, formsets or lists of forms."""
    found = []
    for form in _each(forms):
        for name, errors in form.errors.items():
            target = "" if name == NON_FIELD_ERRORS or form[name].is_hidden else form[name].focus_id
            found += [{"words": words, "target": target} for words in errors]
    return {"found": found}


def _each(forms: Any) -> Any:
    for form in forms:
        if hasattr(form, "errors") and hasattr(form, "fields"):
            yield form
        elif form:
            yield from _each(form)


@register.inclusion_tag("govuk/button.html")
def button(
    text: str,
    kind: str = "",
    name: str = "",
    value: str = "",
    href: str = "",
    formaction: str = "",
    described_by: str = "",
) -> dict[str, str]:
    """Draw a button, or with `href` a link that looks like one."""
    return {
        "text": text,
        "kind": kind,
        "name": name,
        "value": value,
        "href": href,
        "formaction": formaction,
        "described_by": described_by,
    }
