"""The commands: `pos-app [run] | pay | scan | sandbox | payments | verify`.

Every command accepts `--json`. Heavy parts are imported by the command that needs them, so that the window comes up
at once and `--help` costs nothing. Payment codes come from pictures, cameras or standard input, never from an
argument: arguments can be read by everybody on the machine.
"""

import argparse
import json
import queue
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from pos_app import __version__
from pos_app.money import read_amount, with_sign
from pos_app.settings import Settings, SettingsError, data_folder, load
from pos_app.words import Language, Text

PAID, USAGE, DECLINED, NOT_KNOWN, NOT_SENT = 0, 2, 10, 11, 12
"""Exit codes of `pay`."""
STOPPED = 130
"""Ctrl-C before anything was begun, as shells say it."""
WAIT_SECONDS = 75
"""How long `pay` waits for a result: a minute, as at the counter, and a little."""
SPEAK_EVERY_SECONDS = 5


class _Say:
    """What a command says: words in the till's language, or one JSON object with `--json`."""

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

    def result(self, data: dict[str, Any]) -> None:
        """The result for programs."""
        if self.as_json:
            print(json.dumps(data, ensure_ascii=False), flush=True)

    def refuse(self, title: Text, advice: Text, code: int = USAGE) -> int:
        """Say why nothing was done."""
        if self.as_json:
            self.result({"error": title._asdict(), "advice": advice._asdict(), "exit_code": code})
        else:
            print(f"{self.words(title)}. {self.words(advice)}", file=sys.stderr, flush=True)
        return code

    def words(self, text: Text | str) -> str:
        """A text in the till's language."""
        return text.say(self._language) if isinstance(text, Text) else text


class _UsageError(Exception):
    """The command line is not understood."""


class _Parser(argparse.ArgumentParser):
    """Raises what it does not understand, so that `--json` holds for that too."""

    def error(self, message: str) -> NoReturn:
        raise _UsageError(f"{self.format_usage()}{self.prog}: {message}")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    say = _Say(Settings(), as_json="--json" in words)
    try:
        options = _parser().parse_args(words)
        settings = load(data_folder())
    except (_UsageError, SettingsError) as error:
        if say.as_json:
            say.result({"error": {"vi": str(error), "en": str(error)}, "exit_code": USAGE})
        else:
            print(f"pos-app: {error}" if isinstance(error, SettingsError) else error, file=sys.stderr)
        return USAGE
    say = _Say(settings, as_json=options.json)
    command: Callable[[argparse.Namespace, Settings, _Say], int] = options.command
    try:
        return command(options, settings, say)
    except KeyboardInterrupt:
        return say.refuse(Text("Đã dừng", "Stopped"), Text("Chưa gửi gì.", "Nothing was sent."), STOPPED)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="pos-app", description="Scan-to-pay till for ZaloPay.")
    parser.add_argument("--version", action="version", version=f"pos-app {__version__}")
    parser.set_defaults(command=_run, json=False, demo=False, demo_url=None)
    commands = parser.add_subparsers(metavar="COMMAND")

    def add(name: str, command: Callable[..., int], help_text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help_text, description=help_text)
        sub.add_argument("--json", action="store_true", help="print one JSON object")
        sub.set_defaults(command=command)
        return sub

    run = add("run", _run, "open the till (this is the default)")
    with_gateway = run.add_mutually_exclusive_group()
    with_gateway.add_argument("--demo", action="store_true", help="with the built-in gateway: no real money")
    with_gateway.add_argument("--demo-url", metavar="URL", help="with a running `pos-app sandbox`")
    pay = add("pay", _pay, "a whole payment without a window; exit 0 paid, 10 declined, 11 not known, 12 not sent")
    pay.add_argument("--amount", required=True, help="whole dong, such as 50000 or 50.000")
    pay.add_argument("--note", default="", help="bill number or note")
    pay.add_argument("--wait", type=float, default=WAIT_SECONDS, metavar="SECONDS",
                     help=f"how long to wait for a result, {WAIT_SECONDS} by default; the asking goes on")  # fmt: skip
    source = pay.add_mutually_exclusive_group()
    source.add_argument("--code-image", type=Path, metavar="FILE", help="a picture of the customer's payment code")
    source.add_argument("--code-stdin", action="store_true", help="read the payment code from standard input")
    where = pay.add_mutually_exclusive_group()
    where.add_argument("--demo", action="store_true", help="start the built-in gateway for this call")
    where.add_argument("--demo-url", metavar="URL", help="use a running `pos-app sandbox`")
    scan = add("scan", _scan, "what the decoders see in pictures or videos; codes are masked")
    scan.add_argument("files", nargs="+", type=Path, metavar="FILE")
    sandbox = add("sandbox", _sandbox, "run the built-in gateway and print how to reach it")
    sandbox.add_argument("--port", type=int, default=0, help="default: a free one")
    sandbox.add_argument("--no-tls", action="store_true", help="plain HTTP instead of HTTPS")
    sandbox.add_argument("--lan", action="store_true", help="let phones on this network open the demo wallet")
    payments = add("payments", _payments, "a day's payments, each with its time line")
    payments.add_argument("--day", default="", metavar="YYYY-MM-DD", help="default: today, in Vietnam")
    add("verify", _verify, "check the journal: chain, states against evidence, invariants")
    return parser


# --- run -----------------------------------------------------------------------------------------------------------


def _run(options: argparse.Namespace, settings: Settings, say: _Say) -> int:
    from pos_app.ui.start_check import missing_library  # noqa: PLC0415 - before anything of Qt

    missing = missing_library()
    if missing:
        print(f"pos-app: {missing}", file=sys.stderr)
        return USAGE
    from pos_app.ui.app import run  # noqa: PLC0415 - Qt only for the window
    from pos_app.ui.main_window import Place  # noqa: PLC0415
    from pos_app.ui.theme import Theme  # noqa: PLC0415

    def make_till(bridge: Any) -> Any:
        say.result({"window": "shown"})  # `--json` says when each is reached, for those who measure
        from pos_app.till import Till, sandbox_access  # noqa: PLC0415 - dear to import: the window is on screen by now

        access = sandbox_access(options.demo_url) if options.demo_url else None
        till = Till(settings, data_folder(), bridge.post, access=access).start()
        say.result({"till": "ready"})
        return till

    shop, look = settings.shop, settings.look
    place = Place(shop.store, shop.till, shop.cashier, demo=True)
    return run(make_till, place, language=look.language, theme=Theme(look.theme))


# --- pay -----------------------------------------------------------------------------------------------------------


def _pay(options: argparse.Namespace, settings: Settings, say: _Say) -> int:
    from pos_app.journal.errors import JournalError  # noqa: PLC0415 - only here
    from pos_app.till import NoSandboxError, sandbox_access  # noqa: PLC0415 - dear to import

    try:
        amount = read_amount(options.amount)
    except ValueError:
        return say.refuse(
            Text("Số tiền không hợp lệ", "The amount is not valid"),
            Text("Nhập số đồng nguyên, ví dụ 50000.", "Enter whole dong, such as 50000."),
        )
    told: queue.SimpleQueue[object] = queue.SimpleQueue()
    try:
        access = sandbox_access(options.demo_url) if options.demo_url else None
    except NoSandboxError as error:
        return say.refuse(error.title, error.advice)
    say.progress(Text("Đang mở máy…", "Opening the till…"))
    watch = _Watch(told, say, options.wait)
    try:
        with _till(settings, told, access) as till:
            return _pay_with(till, amount, options, watch, say)
    except JournalError as error:
        return say.refuse(error.title, error.advice)
    except KeyboardInterrupt:
        if not watch.begun:
            raise
        return watch.interrupted()


@contextmanager
def _till(settings: Settings, told: "queue.SimpleQueue[object]", access: Any) -> Iterator[Any]:
    from pos_app.till import Till  # noqa: PLC0415 - dear to import

    till = Till(settings, data_folder(), told.put, access=access, camera=False)
    till.start()
    try:
        yield till
    finally:
        till.stop()


def _pay_with(till: Any, amount: int, options: argparse.Namespace, watch: "_Watch", say: _Say) -> int:
    from pos_app.checkout.views import ScanSource  # noqa: PLC0415 - only here
    from pos_app.payments.payment_code import WrongCode  # noqa: PLC0415
    from pos_app.scanning.decoders import NoDecoderError  # noqa: PLC0415
    from pos_app.scanning.source import UnreadableFileError  # noqa: PLC0415

    nothing_sent = Text("Chưa gửi gì, chưa thu tiền.", "Nothing was sent, nothing was charged.")
    try:
        texts = _code_texts(till, options)
    except (UnreadableFileError, NoDecoderError) as error:
        return say.refuse(error.words, nothing_sent, NOT_SENT)
    except (OSError, ValueError):
        return say.refuse(Text("Khách mẫu không trả lời", "The demo customer does not answer"), nothing_sent, NOT_SENT)
    source = ScanSource.FILE if options.code_image else ScanSource.STDIN if options.code_stdin else ScanSource.DEMO
    reads = [till.read(text) for text in texts]
    code = next((read for read in reads if not isinstance(read, WrongCode)), None)
    if code is None:
        title = reads[0].title if reads else Text("Không thấy mã nào", "No code was found")
        return say.refuse(title, nothing_sent, NOT_SENT)
    del texts, reads
    watch.begin()
    till.charge(
        amount=amount, note=options.note, code=code, source=source, scanned_at_ns=time.monotonic_ns(), retry_of=""
    )
    return watch.until_known(till.stop)


def _code_texts(till: Any, options: argparse.Namespace) -> list[str]:
    if options.code_image:
        from pos_app.scanning.source import decode_file  # noqa: PLC0415 - dear to import

        return [seen.text for seen in decode_file(options.code_image)]
    if options.code_stdin:
        return [sys.stdin.readline()]
    return [till.demo_code()]


class _Watch:
    """Follows the one payment of `pay` until its result is known, or the waiting is over."""

    def __init__(self, told: "queue.SimpleQueue[object]", say: _Say, wait_s: float) -> None:
        self.begun = False
        self._told = told
        self._say = say
        self._wait_s = wait_s
        self._payment: Any = None
        self._older: set[str] = set()
        self._exit_code: int | None = None
        self._since = self._spoke_at = time.monotonic()

    def begin(self) -> None:
        """Right before the charge: what the till has told so far is about older payments it took up."""
        while not self._told.empty():
            self._older.add(getattr(self._told.get(), "payment_id", ""))
        self._since = self._spoke_at = time.monotonic()
        self.begun = True

    def until_known(self, stop: Callable[[], None]) -> int:
        """The exit code. Ctrl-C says what is open before it ends.

        Args:
            stop: ends the till: then nothing is under way any more, and what was told last stands.
        """
        over = False
        try:
            while not over and time.monotonic() < self._since + self._wait_s:
                over = self._take(self._next())
        except KeyboardInterrupt:
            self._say.progress(Text("Đã dừng chờ.", "Stopped waiting."))
        if not over:
            stop()
            self._take_all()
        return self._end()

    def interrupted(self) -> int:
        """Ctrl-C at any other moment after the beginning: never "nothing was sent" without the till's word."""
        import signal  # noqa: PLC0415 - only here

        before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is being answered
        try:
            return self._end_anyhow()
        finally:
            signal.signal(signal.SIGINT, before)

    def _end_anyhow(self) -> int:
        if self._exit_code is not None:
            return self._exit_code
        self._take_all()
        if self._payment is not None:
            return self._end()
        return self._say.refuse(
            Text("Chưa rõ kết quả. ĐỪNG thu lại", "Not known yet. Do NOT charge again"),
            Text("Xem `pos-app payments`.", "See `pos-app payments`."),
            NOT_KNOWN,
        )

    def _take_all(self) -> None:
        while not self._told.empty():
            if self._take(self._told.get()):
                return

    def _take(self, told: object) -> bool:
        """Take in what the till tells; whether the payment is over with it."""
        from pos_app.checkout.events import PrintState, PrintView, Refused  # noqa: PLC0415 - only here
        from pos_app.checkout.views import PaymentView, Stage  # noqa: PLC0415

        match told:
            case Refused():
                self._payment = told
                return True
            case PrintView() if told.state is not PrintState.PRINTING:
                return told.payment_id == getattr(self._payment, "payment_id", None)
            case PaymentView() if told.payment_id not in self._older:
                self._note(told)
                return told.stage in {Stage.DECLINED, Stage.NOT_SENT, Stage.MISMATCH}
            case _:
                return False

    def _next(self) -> object:
        now = time.monotonic()
        if now - self._spoke_at >= SPEAK_EVERY_SECONDS:
            self._spoke_at = now
            seconds = round(now - self._since)
            self._say.progress(Text("Vẫn đang đợi, {n} giây", "Still waiting, {n} s").fill(n=seconds))
        try:
            return self._told.get(timeout=0.2)
        except queue.Empty:
            return None

    def _note(self, payment: Any) -> None:
        before, self._payment = self._payment, payment
        if before is None or before.cause != payment.cause:
            self._say.progress(
                Text("{slip}  {amount}  {cause}", "{slip}  {amount}  {cause}").fill(
                    slip=payment.slip_number, amount=with_sign(payment.amount), cause=payment.cause
                )
            )

    def _end(self) -> int:
        from pos_app.checkout.events import Refused  # noqa: PLC0415 - only here
        from pos_app.checkout.records import payment_json  # noqa: PLC0415
        from pos_app.checkout.views import Stage  # noqa: PLC0415

        payment = self._payment
        if payment is None:
            return self._say.refuse(Text("Chưa gửi gì", "Nothing was sent"), Text("Thử lại.", "Try again."), NOT_SENT)
        if isinstance(payment, Refused):
            return self._say.refuse(payment.title, payment.advice, NOT_SENT)
        codes = {Stage.PAID: PAID, Stage.DECLINED: DECLINED, Stage.NOT_SENT: NOT_SENT}
        code = codes.get(payment.stage, NOT_KNOWN)
        self._say.result({**payment_json(payment), "exit_code": code})
        self._say.line(
            Text("{cause}: {amount}. {advice}", "{cause}: {amount}. {advice}").fill(
                cause=payment.cause, amount=with_sign(payment.amount), advice=payment.advice
            )
        )
        self._say.line(
            Text("Phiếu {slip} · mã đơn {id}", "Slip {slip} · order {id}").fill(
                slip=payment.slip_number, id=payment.payment_id
            )
        )
        if code == NOT_KNOWN:
            self._say.line(
                Text(
                    "Mở máy lại là máy hỏi tiếp. ĐỪNG thu lại.",
                    "The till goes on asking when it is opened again. Do NOT charge again.",
                )
            )
        self._exit_code = code
        return code


# --- scan, sandbox, payments, verify -------------------------------------------------------------------------------


def _scan(options: argparse.Namespace, settings: Settings, say: _Say) -> int:
    from pos_app.payments.payment_code import WrongCode, read_scan  # noqa: PLC0415 - only here
    from pos_app.scanning.decoders import NoDecoderError  # noqa: PLC0415 - dear to import
    from pos_app.scanning.source import UnreadableFileError, decode_file  # noqa: PLC0415

    found: list[dict[str, Any]] = []
    for path in options.files:
        if not path.exists():
            return say.refuse(
                Text("Không có tệp {path}", "There is no file {path}").fill(path=path),
                Text("Kiểm tra tên tệp.", "Check its name."),
            )
        say.progress(Text("{file}…", "{file}…").fill(file=path))
        try:
            codes = decode_file(path)
        except (UnreadableFileError, NoDecoderError) as error:
            return say.refuse(error.words, Text("{path}", "{path}").fill(path=path))
        for seen in codes:
            read = read_scan(seen.text, code_pattern=settings.scanning.code_pattern)
            what = read.title if isinstance(read, WrongCode) else Text("Mã thanh toán", "Payment code")
            kind = read.what.value if isinstance(read, WrongCode) else "payment_code"
            masked = f"•••• ({len(seen.text)})"
            found.append(
                {"file": str(path), "format": seen.format, "what": kind, "length": len(seen.text), "text": masked}
            )
            say.line(Text("{file}: {format} {masked} {what}", "{file}: {format} {masked} {what}").fill(
                file=path, format=seen.format, masked=masked, what=what))  # fmt: skip
    say.result({"found": found})
    if not found:
        say.line(Text("Không thấy mã nào.", "No code was found."))
    return 0 if found else 1


def _sandbox(options: argparse.Namespace, _settings: Settings, say: _Say) -> int:
    from pos_app.sandbox.server import Sandbox  # noqa: PLC0415 - only here

    try:
        started = Sandbox(options.port, tls=not options.no_tls, lan=options.lan).start()
    except (OSError, OverflowError):
        return say.refuse(
            Text("Cổng {port} đang bận", "Port {port} is taken").fill(port=options.port),
            Text("Chọn cổng khác.", "Choose another one."),
        )
    try:
        print(json.dumps(started.credentials()), flush=True)
        say.progress(Text("Ctrl-C để dừng.", "Ctrl-C stops it."))
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return 0
    finally:
        started.stop()


def _payments(options: argparse.Namespace, settings: Settings, say: _Say) -> int:
    from datetime import date  # noqa: PLC0415 - only here

    from pos_app.clock import MachineClock  # noqa: PLC0415

    try:
        date.fromisoformat(options.day or "2026-01-01")
    except ValueError:
        return say.refuse(
            Text("Ngày không hợp lệ", "The day is not valid"), Text("Ví dụ: 2026-11-22.", "Such as 2026-11-22.")
        )

    def read(journal: Any) -> Any:
        from pos_app.till import payments_of  # noqa: PLC0415 - dear to import

        return payments_of(journal, options.day, MachineClock().wall_ms())

    def told(data: dict[str, Any]) -> int:
        for payment in data["payments"]:
            cause = Text(**payment["cause"])
            say.line(
                Text("{slip}  {amount:>16}  {cause}  {id}", "{slip}  {amount:>16}  {cause}  {id}").fill(
                    slip=payment["slip_number"],
                    amount=with_sign(payment["amount"]),
                    cause=cause,
                    id=payment["order_id"],
                )
            )
            for line in payment["story"]:
                say.line(f"    {line['time']}  {say.words(Text(**line['text']))}")
        say.line(
            Text("{day}: {count} khoản đã thu, {total}", "{day}: {count} paid, {total}").fill(
                day=data["day_text"], count=data["paid_count"], total=with_sign(data["paid_total"])
            )
        )
        return 0

    return _ask_or_read("payments", {"day": options.day}, settings, say, read, told)


def _verify(_options: argparse.Namespace, settings: Settings, say: _Say) -> int:
    def read(journal: Any) -> Any:
        def progress(done: int, total: int) -> None:
            if sys.stderr.isatty():
                print(f"\r{done}/{total}", end="", file=sys.stderr, flush=True)

        from pos_app.checkout.records import report_json  # noqa: PLC0415 - dear to import

        return report_json(journal.verify(progress).result())

    def told(data: dict[str, Any]) -> int:
        for line in data["lines"]:
            say.line(Text(**line))
        return 0 if data["ok"] else 1

    return _ask_or_read("verify", {}, settings, say, read, told)


def _ask_or_read(
    question: str,
    arguments: dict[str, Any],
    settings: Settings,
    say: _Say,
    read: Callable[[Any], Any],
    told: Callable[[dict[str, Any]], int],
) -> int:
    """Ask the till that is open; where none is, read the journal ourselves."""
    import secrets  # noqa: PLC0415 - only here

    from pos_app.clock import MachineClock  # noqa: PLC0415
    from pos_app.door import NobodyHomeError, NotAnsweredError, ask  # noqa: PLC0415
    from pos_app.journal.errors import JournalError  # noqa: PLC0415
    from pos_app.journal.store import Journal  # noqa: PLC0415

    folder = data_folder()
    try:
        data = ask(folder, question, **arguments)
    except NobodyHomeError:
        try:
            journal = Journal.open(
                folder,
                till=settings.shop.till,
                now_ms=MachineClock().wall_ms(),
                entropy=secrets.token_bytes(16),
            )
            try:
                data = read(journal)
            finally:
                journal.close()
        except JournalError as error:
            return say.refuse(error.title, error.advice)
    except NotAnsweredError:
        return say.refuse(
            Text("Máy đang mở không trả lời được", "The open till cannot answer"),
            Text("Đóng máy rồi thử lại.", "Close the till and try again."),
        )
    say.result(data)
    return told(data)
