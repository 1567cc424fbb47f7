"""What is checked, in words: the one table that the page, the command and the report for support are made of.

It looks at nothing: that is done in `gateway_probe` and `machine_probes`. No check decides anything about a payment.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from pos_app.checkout.wording import CLOCK_REMEDY, MAKE_ROOM
from pos_app.words import NOTHING, Text, same


class Check(StrEnum):
    """What is checked, in the order in which it is told."""

    GATEWAY = "gateway"
    CLOCK = "clock"
    KEYS = "keys"
    CAMERA = "camera"
    DECODER = "decoder"
    SCANNER = "scanner"
    PRINTER = "printer"
    DISK = "disk"
    JOURNAL = "journal"
    BACKUP = "backup"
    DISPLAY = "display"
    """Whether the window could open; where it is open nobody needs to look."""


class Verdict(StrEnum):
    """How it is."""

    OK = "ok"
    WARN = "warn"
    """It works, and somebody should look at it."""
    BAD = "bad"
    UNKNOWN = "unknown"
    """It could not be checked."""


class Cause(StrEnum):
    """What is wrong, as a word of this closed list: the report for support holds it in place of any sentence."""

    NONE = ""
    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    EVERY_CODE_FAILS = "every_code_fails"
    WRONG_TIME = "wrong_time"
    NOT_USED = "not_used"
    NOT_FOUND = "not_found"
    CANNOT_OPEN = "cannot_open"
    NOT_INSTALLED = "not_installed"
    NOT_SEEN = "not_seen"
    TROUBLE = "trouble"
    PAPER_LOW = "paper_low"
    SLIPS_OWED = "slips_owed"
    NEARLY_FULL = "nearly_full"
    CANNOT_WRITE = "cannot_write"
    DAMAGED = "damaged"
    IN_USE = "in_use"
    NONE_YET = "none_yet"
    TOO_OLD = "too_old"
    TOO_LONG = "too_long"
    NOT_CONFIRMED = "not_confirmed"
    FAULT = "fault"


class About(NamedTuple):
    """One row of the table.

    Attributes:
        name: what is checked.
        well: what it means when all is well.
        matters: what it means when it is not.
        remedy: what to do then, where nobody knows better.
    """

    name: Text
    well: Text
    matters: Text
    remedy: Text


CHECK_AGAIN = Text("Thử lại sau một phút; vẫn vậy thì báo người hỗ trợ.", "Try again in a minute, then tell support.")
TABLE: Mapping[Check, About] = MappingProxyType({
    Check.GATEWAY: About(
        Text("Cổng thanh toán", "Gateway"),
        Text("Thu tiền được", "Payments go through"),
        Text("Chưa thu tiền bằng mã được.", "No payment by code is possible now."),
        Text("Kiểm tra mạng của máy này.", "Check the network of this computer."),
    ),
    Check.CLOCK: About(
        Text("Giờ của máy", "Computer’s clock"),
        Text("Đủ đúng để thu tiền", "Right enough for payments"),
        Text("Lệch nhiều thì ZaloPay không nhận.", "Far off, ZaloPay takes no payment."),
        CLOCK_REMEDY,
    ),
    Check.KEYS: About(
        Text("Khóa ZaloPay", "ZaloPay keys"),
        Text("Khóa được chấp nhận", "The keys are accepted"),
        Text("Cổng không nhận lệnh của quầy này.", "The gateway takes nothing from this till."),
        Text("Nhờ quản lý nhập lại khóa.", "Have a manager enter the keys again."),
    ),
    Check.CAMERA: About(
        same("Camera"),
        Text("Quét bằng camera được", "Codes can be read by camera"),
        Text("Không quét bằng camera được; máy quét vẫn dùng được.", "No codes by camera; a scanner still works."),
        Text("Tắt chương trình khác đang dùng camera, cắm lại dây.",
             "Close what else uses the camera, and plug it in again."),
    ),
    Check.DECODER: About(
        Text("Đọc mã", "Code reader"),
        Text("Đọc được mã mẫu", "It reads a sample code"),
        Text("Không đọc được mã bằng camera.", "No codes can be read by camera."),
        Text("Cài lại chương trình.", "Install the program again."),
    ),
    Check.SCANNER: About(
        Text("Máy quét", "Scanner"),
        Text("Quét được ngay", "Ready to scan"),
        Text("Chưa biết máy quét có chạy không.", "Nobody knows yet whether it works."),
        Text("Quét thử một mã bất kỳ khi trang này đang mở.", "Scan any code while the till's page is open."),
    ),
    Check.PRINTER: About(
        Text("Máy in", "Printer"),
        Text("Phiếu ra được", "Slips come out"),
        Text("Vẫn thu tiền được; phiếu được giữ lại để in sau.", "Payments go on; slips are kept for later."),
        Text("Xem dây điện, giấy và nắp máy in.", "Check its power, paper and cover."),
    ),
    Check.DISK: About(
        Text("Ổ đĩa", "Disk"),
        Text("Đủ chỗ để bán", "Room enough to sell"),
        Text("Máy tạm dừng thu cho đến khi ghi được.", "Charging is paused until there is room to write."),
        MAKE_ROOM,
    ),
    Check.JOURNAL: About(
        Text("Sổ giao dịch", "Journal"),
        Text("Không dòng nào bị sửa", "No entry was changed"),
        Text("Không thu tiền trên máy này.", "Do not charge on this computer."),
        Text("Giữ nguyên thư mục và gọi người hỗ trợ.", "Leave the folder as it is and call for support."),
    ),
    Check.BACKUP: About(
        Text("Sao lưu", "Backup"),
        Text("Mất máy vẫn lấy lại được sổ", "The journal outlives this computer"),
        Text("Hỏng máy thì mất những gì chưa sao lưu.", "With this computer, what is not backed up is lost."),
        Text("Cắm ổ USB, bấm Sao lưu ở trang Kiểm tra máy (F1, F9).",
             "Plug a USB stick in, press Back up on the doctor’s page (F1, F9)."),
    ),
    Check.DISPLAY: About(
        Text("Màn hình và phông chữ", "Display and fonts"),
        Text("Mở được cửa sổ", "The window can open"),
        Text("Cửa sổ không mở được; các lệnh vẫn chạy.", "The window cannot open; the commands work."),
        Text("Cài lại chương trình.", "Install the program again."),
    ),
})  # fmt: skip
STOPS_SELLING = frozenset({Check.GATEWAY, Check.KEYS, Check.DISK, Check.JOURNAL})
"""What a till cannot take money by code without."""
VERDICT_WORDS: Mapping[Verdict, Text] = MappingProxyType({
    Verdict.OK: Text("Tốt", "OK"),
    Verdict.WARN: Text("Nên xem", "To look at"),
    Verdict.BAD: Text("Hỏng", "Not OK"),
    Verdict.UNKNOWN: Text("Chưa biết", "Not checked"),
})  # fmt: skip
_NOT_KNOWN = Text("Chưa biết có ổn không.", "Nobody knows yet whether it is well.")
_WORST_FIRST = (Verdict.BAD, Verdict.WARN, Verdict.UNKNOWN, Verdict.OK)


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one check.

    Attributes:
        check: which.
        verdict: how it is.
        seen: what was seen, a few words for people; may name a printer or a gateway.
        remedy: what to do; nothing where all is well.
        cause: what is wrong, as one word.
        facts: what was measured, numbers only.
    """

    check: Check
    verdict: Verdict
    seen: Text
    remedy: Text = NOTHING
    cause: Cause = Cause.NONE
    facts: Mapping[str, int] = field(default_factory=dict)

    @property
    def name(self) -> Text:
        """What is checked."""
        return TABLE[self.check].name

    @property
    def to_do(self) -> bool:
        """Whether there is something to do."""
        return self.verdict in (Verdict.WARN, Verdict.BAD)

    @property
    def meaning(self) -> Text:
        """What it means; nothing where there is nothing yet."""
        if self.verdict is Verdict.OK and self.cause in (Cause.NONE_YET, Cause.NOT_USED):
            return NOTHING
        if self.verdict is Verdict.UNKNOWN and self.check is not Check.SCANNER:  # of that one the table speaks so
            return _NOT_KNOWN
        return TABLE[self.check].well if self.verdict is Verdict.OK else TABLE[self.check].matters


_NO_FACTS: Mapping[str, int] = MappingProxyType({})


def well(check: Check, seen: Text, cause: Cause = Cause.NONE, *, facts: Mapping[str, int] = _NO_FACTS) -> Finding:
    """All is well with it."""
    return Finding(check, Verdict.OK, seen, cause=cause, facts=dict(facts))


def wrong(
    check: Check, cause: Cause, seen: Text, remedy: Text = NOTHING, *, verdict: Verdict = Verdict.BAD,
    facts: Mapping[str, int] = _NO_FACTS,
) -> Finding:  # fmt: skip
    """It is not well, or nobody knows; the table has the remedy where none is given."""
    return Finding(check, verdict, seen, remedy if remedy.vi else TABLE[check].remedy, cause, dict(facts))


def not_checked(check: Check, cause: Cause, seen: Text, remedy: Text = NOTHING) -> Finding:
    """It could not be checked."""
    return wrong(check, cause, seen, remedy, verdict=Verdict.UNKNOWN)


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """What is to be done on top; else in the order of the table."""
    order = tuple(Check)
    return tuple(sorted(findings, key=lambda one: (_WORST_FIRST.index(one.verdict), order.index(one.check))))


def summary(findings: Iterable[Finding]) -> Text:
    """All of it in one line: whether the till can sell, and how much there is to do."""
    found = tuple(findings)
    todo = sum(one.to_do for one in found)
    if any(one.verdict is Verdict.BAD and one.check in STOPS_SELLING for one in found):
        return Text("Chưa bán được, có {n} việc phải làm", "Not ready to sell: {n} to do").fill(n=todo)
    if todo:
        return Text("Bán được, còn {n} việc nên làm", "Ready to sell, {n} to do").fill(n=todo)
    return Text("Mọi thứ đều tốt", "Everything is fine")


def tally(findings: Iterable[Finding]) -> Text:
    """`8 tốt, 1 nên xem, 1 hỏng`."""
    found = tuple(findings)
    counts = {verdict: sum(one.verdict is verdict for one in found) for verdict in reversed(_WORST_FIRST)}
    parts = [(n, VERDICT_WORDS[verdict]) for verdict, n in counts.items() if n]
    return Text(
        ", ".join(f"{n} {words.vi.lower()}" for n, words in parts),
        ", ".join(f"{n} {words.en[0].lower()}{words.en[1:]}" if words.en != "OK" else f"{n} OK" for n, words in parts),
    )


def as_json(finding: Finding) -> dict[str, Any]:
    """For other programs."""
    return {
        **asdict(finding),
        **{name: getattr(finding, name)._asdict() for name in ("name", "seen", "meaning", "remedy")},
    }


def from_json(told: Mapping[str, Any]) -> Finding:
    """What `as_json` wrote.

    Raises:
        ValueError, KeyError, TypeError: it did not.
    """
    return Finding(
        Check(told["check"]), Verdict(told["verdict"]), Text(**told["seen"]), Text(**told["remedy"]),
        Cause(told["cause"]), {str(name): int(value) for name, value in told["facts"].items()},
    )  # fmt: skip
