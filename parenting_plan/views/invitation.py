"""Being written."""
from django.http import Http404


def _later(request, *args, **kwargs):
    raise Http404


open_invitation = _later
invitation = _later
say_no = _later
adults = _later
children_safety = _later
stay_safe = _later
orders = _later
join = _later
enter_code = _later
