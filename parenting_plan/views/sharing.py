"""Being written."""
from django.http import Http404


def _later(request, *args, **kwargs):
    raise Http404


sharing = _later
professionals = _later
end_access = _later
leave = _later
report = _later
