"""A real SMTP server for tests. It keeps what it takes, and can be told to refuse or to say nothing."""

import asyncio
import threading
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP


class Postbox:
    """Listens on a port of its own from `open` to `close`.

    `behaviour` may be changed at any moment:
      "take"              every mail is kept in `mails`
      "refuse for now"    421: try again later
      "refuse for good"   550: no such reader
      "hang"              the mail is read and nothing is ever answered
    `refused` names readers who get a 550 while everybody else is served.
    """

    def __init__(self):
        self.behaviour = "take"
        self.refused: set[str] = set()
        self.mails: list[EmailMessage] = []
        self.tries = 0
        self.host, self.port = "127.0.0.1", 0
        self._news = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server = None

    def open(self) -> "Postbox":
        self._thread.start()
        self._server = self._here(
            self._loop.create_server(lambda: SMTP(self, loop=self._loop, hostname="postbox"), self.host, self.port)
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def close(self) -> None:
        """Hangs up on everybody and stops listening."""

        async def hang_up():
            self._server.close()
            others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        self._here(hang_up())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _here(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def handle_DATA(self, server, session, envelope):  # the name aiosmtpd calls
        with self._news:
            self.tries += 1
            self._news.notify_all()
        if self.behaviour == "hang":
            await asyncio.Event().wait()
        if self.behaviour == "refuse for now":
            return "421 4.3.2 The post office is shut, come back later"
        if self.behaviour == "refuse for good" or self.refused & set(envelope.rcpt_tos):
            return "550 5.1.1 Nobody of that name lives here"
        mail = message_from_bytes(envelope.content, policy=default)
        mail["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        with self._news:
            self.mails.append(mail)
            self._news.notify_all()
        return "250 2.0.0 Taken"

    def wait_for(self, count: int, seconds: float = 20) -> list[EmailMessage]:
        """The mails, as soon as there are `count` of them. Fails in words when they do not come."""
        with self._news:
            if not self._news.wait_for(lambda: len(self.mails) >= count, seconds):
                raise AssertionError(
                    f"{len(self.mails)} of {count} mails came in {seconds} s (tried {self.tries} times)"
                )
            return list(self.mails)

    def wait_for_tries(self, count: int, seconds: float = 20) -> None:
        """Returns when `count` mails have been offered, whatever became of them."""
        with self._news:
            if not self._news.wait_for(lambda: self.tries >= count, seconds):
                raise AssertionError(f"{self.tries} of {count} tries came in {seconds} s")

    def to(self, address: str) -> list[EmailMessage]:
        """What came for one reader, oldest first."""
        return [mail for mail in list(self.mails) if address in mail["X-Envelope-To"]]
