"""What a command says, and with which exit code: words in the till's language, or one JSON object with `--json`."""

import sys
from typing import Any

from pos_app.settings import Settings
from pos_app.words import Language, Text

DONE, USAGE, DECLINED, NOT_KNOWN, NOT_SENT = 0, 2, 10, 11, 12
"""Exit codes: done (paid, refunded), not understood or refused, not done by the gateway's word, not known, not sent."""
FOUND_WRONG = 1
"""A check found something wrong, a search found nothing."""
STOPPED = 130
"""Ctrl-C before anything was begun, as shells say it."""
SPEAK_EVERY_SECONDS = 5
"""How often a command that waits says so."""


class Say:
    """The voice of one command."""

    def __init__(self, settings: Settings, *, as_json: bool) -> None:
        self.as_json = as_json
        self._language: Language = settings.look.language

    def line(self, text: Text | str) -> None:
        """A line for people."""
        if not self.as_json:
            print(self.words(text), flush=True)

    def progress(self, text: Text) -> None:
        """What is going on, on the error stream, so that the output stays clean."""
        print(self.words(text), file=sys.stderr, flush=True)

    def still_waiting(self, seconds: float) -> None:
        """That it goes on, and for how long already."""
        self.progress(Text("Vẫn đang đợi, {n} giây", "Still waiting, {n} s").fill(n=round(seconds)))

    def stopped_waiting(self) -> None:
        """That Ctrl-C was heard."""
        self.progress(Text("Đã dừng chờ.", "Stopped waiting."))

    def count(self, done: int, of: int) -> None:
        """How far long work has come, where somebody watches."""
        if sys.stderr.isatty():
            print(f"\r{done}/{of}", end="" if done < of else "\n", file=sys.stderr, flush=True)

    def count_up(self, done: int, _of: int) -> None:
        """The same where nobody knows how much it is."""
        if sys.stderr.isatty():
            print(f"\r{done}", end="", file=sys.stderr, flush=True)

    def result(self, data: dict[str, Any]) -> None:
        """The result for programs."""
        if self.as_json:
            import json  # noqa: PLC0415 - only here

            print(json.dumps(data, ensure_ascii=False), flush=True)

    def refuse(self, title: Text, advice: Text, code: int = USAGE, **more: object) -> int:
        """Say why nothing was done; `more` is for programs."""
        if self.as_json:
            self.result({"error": title._asdict(), "advice": advice._asdict(), **more, "exit_code": code})
        else:
            print(f"{self.words(title)}. {self.words(advice)}", file=sys.stderr, flush=True)
        return code

    def may_be_under_way(self) -> int:
        """That Ctrl-C came while something was being sent: never "nothing was sent" without the till's word."""
        title = Text("Chưa rõ kết quả. ĐỪNG thu lại", "Not known yet. Do NOT charge again")
        return self.refuse(title, Text("Xem `pos-app payments`.", "See `pos-app payments`."), NOT_KNOWN)

    def cannot_answer(self, code: int = USAGE) -> int:
        """Say that the open till went away, or broke."""
        title = Text("Máy đang mở không trả lời được", "The open till cannot answer")
        return self.refuse(title, Text("Đóng máy rồi thử lại.", "Close the till and try again."), code)

    def not_understood(self, said: str) -> int:
        """What is wrong with the command line or the settings, as it was said."""
        if self.as_json:
            self.result({"error": {"vi": said, "en": said}, "exit_code": USAGE})
        else:
            print(said, file=sys.stderr, flush=True)
        return USAGE

    def words(self, text: Text | str) -> str:
        """A text in the till's language."""
        return text.say(self._language) if isinstance(text, Text) else text
