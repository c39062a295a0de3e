"""Log lines as JSON, from an allow-list: a line can say that something happened, never whose words were in it."""

import json
import logging
from contextvars import ContextVar
from typing import Any

request_number: ContextVar[str] = ContextVar("request_number", default="")  # set by hub.watch: the lines of one request

KEPT = ("event", "kind", "count", "seconds", "status", "task", "fault", "mail", "route", "ms", "role", "who")

# Loggers whose message comes ready made, with what somebody typed or printed in it.
READY_MADE = ("celery.redirected", "django.security", "py.warnings")


class Line(logging.Formatter):
    """One JSON object per line. Only the constant message, the logger's name and the keys of KEPT get in."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S"),
            "level": record.levelname,
            "from": record.name,
        }
        made = record.name.startswith(READY_MADE)
        line["says"] = "left out, because it was not a constant" if made else str(record.msg)
        if number := request_number.get():
            line["request"] = number
        line |= {key: record.__dict__[key] for key in KEPT if key in record.__dict__}
        if record.exc_info and record.exc_info[0]:
            line["fault"] = record.exc_info[0].__name__
            line["where"] = self._where(record.exc_info[2])
        return json.dumps(line, ensure_ascii=True)

    @staticmethod
    def _where(traceback) -> list[str]:
        """Files and lines without values: an exception's own text may hold a parent's words."""
        steps = []
        while traceback is not None:
            code = traceback.tb_frame.f_code
            steps.append(f"{code.co_filename.rsplit('/', 2)[-1]}:{traceback.tb_lineno} {code.co_name}")
            traceback = traceback.tb_next
        return steps[-8:]
