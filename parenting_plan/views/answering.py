"""Being written."""
from django.http import Http404


def _later(request, *args, **kwargs):
    raise Http404


waiting = _later
question = _later
agree = _later
set_aside = _later
story = _later
