"""What other programs of the same user ask an open till, answered with plain values. Who may ask was seen to before.

What only looks is answered here, on the asker's own thread; what moves something is done on the till's, see
`checkout.errands`.
"""

from collections.abc import Callable
from typing import Any

from pos_app.checkout import errands
from pos_app.checkout.records import payments_of, report_json
from pos_app.doctor.checks import as_json
from pos_app.till.parts import Parts
from pos_app.till.thread import TillThread

Given = dict[str, Any]


class Questions:
    """Answers them; each blocks.

    Args:
        parts: the till's.
        thread: the till's own.
        now_ms: wall clock.
    """

    def __init__(self, parts: Parts, thread: TillThread, now_ms: Callable[[], int]) -> None:
        self._parts, self._thread, self._now_ms = parts, thread, now_ms
        self._journal = parts.journal
        self._answers: dict[str, Callable[[Given], Any]] = {
            "payments": lambda given: payments_of(self._journal, str(given.get("day", "")), now_ms()),
            "payment": lambda given: errands.told(self._journal, str(given["payment"])),
            "find": self._find,
            "report": self._report,
            "reconcile": self._reconcile,
            "verify": lambda _: report_json(self._journal.verify().result()),
            "printer": self._printer,
            "drawer": self._drawer,
            "backup": lambda given: errands.save_backup(self._journal, given, now_ms()),
            "doctor": lambda _: [as_json(finding) for finding in parts.doctor.examine()],
            "support": lambda _: {"text": parts.doctor.report()},
            "pin": parts.staff.answer_pin,
        }

    def answer(self, question: str, given: Given) -> Any:
        """What is asked, or what became of what is to be done.

        Raises:
            ValueError, KeyError, TypeError: it is not understood.
        """
        if question in self._answers:
            return self._answers[question](given)
        return self._thread.run(self._parts.errands.run(question, given)).result()

    def _printer(self, given: Given) -> Given:
        from pos_app.checkout.printing import PrinterErrand, run  # noqa: PLC0415 - dear to import

        wanted = PrinterErrand(given.get("what", PrinterErrand.STATUS))
        if wanted is PrinterErrand.DRAWER:
            raise ValueError(wanted)  # the drawer needs a right of its own
        return self._thread.run(run(wanted, self._parts.spool, self._parts.settings)).result()

    def _drawer(self, _given: Given) -> Given:
        from pos_app.checkout.printing import PrinterErrand, run  # noqa: PLC0415 - dear to import

        self._thread.run(self._parts.shifts.drawer_opened()).result()
        return self._thread.run(run(PrinterErrand.DRAWER, self._parts.spool, self._parts.settings)).result()

    def _find(self, given: Given) -> Any:
        from pos_app.checkout.report_answers import find_answer  # noqa: PLC0415 - rarely wanted

        return find_answer(self._journal, given, now_ms=self._now_ms())

    def _reconcile(self, given: Given) -> Any:
        from pos_app.checkout.report_answers import reconcile_answer  # noqa: PLC0415 - rarely wanted

        return reconcile_answer(self._journal, given, folder=self._parts.folder, now_ms=self._now_ms())

    def _report(self, given: Given) -> Any:
        from pos_app.checkout.report_answers import report_answer  # noqa: PLC0415 - rarely wanted
        from pos_app.checkout.reporting import made_for  # noqa: PLC0415 - the same

        now_ms, settings = self._now_ms(), self._parts.settings
        about = made_for(settings.shop.store, settings.shop.till, now_ms)
        language = settings.look.language
        return report_answer(self._journal, given, now_ms=now_ms, language=language, about=about)
