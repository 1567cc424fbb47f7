"""`pos-app doctor`: what works at this till and what does not, each in one line; and the report for support.

The open till is asked for what only it knows; where none is open the command looks by itself and changes nothing. Qt
may be missing: then this says what to install.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pos_app.checkout.duty import Duty
from pos_app.checkout.refused import RefusedError, refusal
from pos_app.cli.hidden import NotTypedError
from pos_app.cli.journal_reading import staffing_of
from pos_app.cli.own_till import add_gateway, gateway_of, passphrase_of
from pos_app.cli.person import add_person, who_does_it
from pos_app.cli.reach import refused
from pos_app.cli.say import DONE, FOUND_WRONG, Say
from pos_app.clock import MachineClock
from pos_app.doctor.alone import Alone, NoWayError, alone
from pos_app.doctor.at_the_till import NOT_SAVED
from pos_app.doctor.checks import VERDICT_WORDS, Check, Finding, as_json, from_json, summary, worst_first
from pos_app.doctor.examine import Probe, examine
from pos_app.doctor.machine_probes import look_at_display
from pos_app.doctor.support import Gathered, support_text
from pos_app.door import NobodyHomeError, NotAnsweredError, ask
from pos_app.gateway_access import GatewayAccess, access_to
from pos_app.keys.errors import NoGatewayError
from pos_app.private_file import put_in_place
from pos_app.settings import Settings, data_folder
from pos_app.staff.errors import PinError
from pos_app.ui.start_check import missing
from pos_app.words import Text

_CHECKING = Text("Đang kiểm tra…", "Checking…")
_SAVE = Text("Lưu đúng những dòng trên vào {file}? [c/K] ", "Save exactly these lines to {file}? [y/N] ")
_SAVED = Text("Đã lưu {file}", "Saved {file}")
_YES = {"c", "có", "co", "y", "yes"}
_NOT_AGREED = (
    Text("Chưa lưu gì", "Nothing was saved"),
    Text("Trả lời “c”, hoặc thêm --yes.", "Answer “y”, or add --yes."),
)


def add_doctor(parser: argparse.ArgumentParser) -> None:
    """The arguments of `doctor`."""
    add_gateway(parser)
    parser.add_argument("--bundle", type=Path, metavar="FILE", help="save the report for support, once it was shown")
    parser.add_argument("--yes", action="store_true", help="save it without asking")
    add_person(parser)
    parser.set_defaults(command=_doctor)


def _doctor(options: argparse.Namespace, settings: Settings, say: Say) -> int:
    say.progress(_CHECKING)
    try:
        if options.bundle:
            return _bundle(options, settings, say)
        return _tell(_looked(options, settings, say), say)
    except NotAnsweredError:
        return say.cannot_answer()
    except NotTypedError as error:
        return say.refuse(error.title, error.advice)


# --- looking -------------------------------------------------------------------------------------------------------


def _looked(options: argparse.Namespace, settings: Settings, say: Say) -> tuple[Finding, ...]:
    """All findings: the open till's, or our own.

    Raises:
        NotAnsweredError: the till is open and does not answer.
    """
    try:
        return tuple(from_json(one) for one in ask(data_folder(), "doctor"))
    except NobodyHomeError:
        with _alone(options, settings, say) as found:
            return _examined(found)


def _examined(found: Alone) -> tuple[Finding, ...]:
    window = Probe((Check.DISPLAY,), lambda: [look_at_display(missing())])
    return examine((*found.probes(), window))


@contextmanager
def _alone(options: argparse.Namespace, settings: Settings, say: Say) -> Iterator[Alone]:
    missed: NoGatewayError | NotTypedError | None = None
    try:
        access = gateway_of(options, lambda: passphrase_of(options, say)).get("access")
    except (NoGatewayError, NotTypedError) as error:
        access, missed = None, error

    @contextmanager
    def reach() -> Iterator[GatewayAccess]:
        if missed is not None:
            raise NoWayError(missed.title, missed.advice)
        if access is not None:
            yield access
            return
        from pos_app.sandbox.server import Sandbox  # noqa: PLC0415 - only a demo needs it

        with Sandbox() as sandbox:
            yield access_to(sandbox)

    with alone(settings, data_folder(), MachineClock(), reach) as found:
        yield found


def _tell(findings: tuple[Finding, ...], say: Say) -> int:
    code = FOUND_WRONG if any(one.to_do for one in findings) else DONE
    told = worst_first(findings)
    in_one_line = summary(findings)
    say.result({"summary": in_one_line._asdict(), "checks": [as_json(one) for one in told], "exit_code": code})
    say.line(in_one_line)
    width = max(len(say.words(words)) for words in VERDICT_WORDS.values())
    for one in told:
        said = ". ".join(say.words(words) for words in (one.seen, one.meaning, one.remedy) if words.vi).replace(
            "..", "."
        )
        say.line(f"{say.words(VERDICT_WORDS[one.verdict]):<{width}}  {say.words(one.name)}: {said.rstrip('.')}.")
    return code


# --- the report for support ------------------------------------------------------------------------------------------


def _bundle(options: argparse.Namespace, settings: Settings, say: Say) -> int:
    answer = _report(options, settings, say, who_does_it(options, say))
    if "refused" in answer:
        return refused(answer, say)
    text: str = answer["text"]
    say.line(text)
    if not (options.yes or _agreed(options.bundle, say)):
        return say.refuse(*_NOT_AGREED)
    try:
        put_in_place(text.encode(), options.bundle.absolute())
    except OSError:
        return say.refuse(*NOT_SAVED)
    say.result({"file": str(options.bundle.absolute()), "text": text, "exit_code": DONE})
    say.line(_SAVED.fill(file=options.bundle))
    return DONE


def _agreed(file: Path, say: Say) -> bool:
    if say.as_json:
        return False
    print(say.words(_SAVE.fill(file=file)), end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in _YES


def _report(options: argparse.Namespace, settings: Settings, say: Say, who: dict[str, str]) -> dict[str, Any]:
    """The text, or a refusal: closing the till opens nothing."""
    try:
        answer: dict[str, Any] = ask(data_folder(), "support", **({"who": who} if who else {}))
    except NobodyHomeError:
        with _alone(options, settings, say) as found:
            try:
                _admit(found, settings, who)
            except (PinError, RefusedError) as error:
                return refusal(error)
            findings = _examined(found)
            now_ms = MachineClock().wall_ms()
            gathered = Gathered(now_ms, settings, None, till_open=False, findings=findings, tally=found.tally)
            return {"text": support_text(gathered)}
    return answer


def _admit(found: Alone, settings: Settings, who: dict[str, str]) -> None:
    """Whoever may save it, by the journal's roster; where it cannot be read the report is wanted all the more.

    Raises:
        RefusedError, PinError: not this person.
    """
    if found.journal is None:
        return
    duty = Duty(
        staffing_of(found.journal), found.journal, now_ms=MachineClock().wall_ms, tell=lambda _told: None,
        unnamed=settings.shop.cashier,
    )  # fmt: skip
    duty.admit("support", **who)
