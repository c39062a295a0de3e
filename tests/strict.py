"""A template of ours that names something the view did not give is a mistake, not an empty space."""

import sys
from pathlib import Path

OURS = str(Path(__file__).resolve().parent.parent / "templates")


class UndefinedInTemplate(AssertionError):
    """A template of ours prints a variable that is not there."""


class Undefined(str):
    """Stands for `string_if_invalid`. True, and so in use, only while one of our templates is being drawn.

    Templates that come with Django, its admin and allauth lean on the empty string and keep it.
    """

    seen: list[str] = []  # live servers draw pages in other threads: conftest looks here after each test

    def __bool__(self):
        return self._template(sys._getframe(1)).startswith(OURS)

    def __contains__(self, part):
        return part == "%s" or super().__contains__(part)

    def __mod__(self, variable):
        where = self._template(sys._getframe(1)).removeprefix(OURS).lstrip("/")
        said = f"{{{{ {variable} }}}} is not defined in {where}"
        self.seen.append(said)
        raise UndefinedInTemplate(said)

    @staticmethod
    def _template(frame) -> str:
        """The file whose node asks, or "" when it is not a template that asks (a filter, say)."""
        if frame.f_code.co_name != "resolve":
            return ""
        while frame is not None:
            origin = getattr(frame.f_locals.get("self"), "origin", None)
            if origin is not None and hasattr(frame.f_locals.get("self"), "render_annotated"):
                return str(origin.name)
            frame = frame.f_back
        return ""
