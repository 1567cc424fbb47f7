"""The report for support: a text that holds what is named here and nothing else.

An allow-list: of the settings only switches, numbers and words of a known list; of the doctor's findings the check, the
verdict, one word and numbers; of the journal how many; of the log the sentences as they stand in the program. No name,
address, amount, id, key, PIN, code or path has a way in, whatever stands in settings, journal and log.
"""

import platform
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from types import MappingProxyType

from pos_app import __version__
from pos_app.doctor.checks import Finding
from pos_app.doctor.recent_log import LogLine
from pos_app.journal.tally import Tally
from pos_app.settings import ANY_CAMERA, Settings
from pos_app.vietnam_day import local_time
from pos_app.words import Language

SHOWN_FIRST = "pos-app support report"
LIBRARIES = (
    "PySide6-Essentials", "opencv-python", "numpy", "zxing-cpp", "pyzbar", "httpx", "cryptography",
    "SQLAlchemy", "pyserial", "python-escpos", "pillow",
)  # fmt: skip
ANY_NUMBER: frozenset[str] = frozenset()
"""Of a setting with this the number or switch is told; of any other only one of its words."""
SETTINGS: Mapping[str, frozenset[str]] = MappingProxyType({
    "shop.amount_max": ANY_NUMBER,
    "staff.lock_after_min": ANY_NUMBER,
    "shift.required": ANY_NUMBER,
    "cash.enabled": ANY_NUMBER,
    "look.language": frozenset(language.value for language in Language),
    "look.theme": frozenset({"light", "dark", "contrast"}),
    "look.text": ANY_NUMBER,
    "look.reduce_motion": ANY_NUMBER,
    "look.speak": ANY_NUMBER,
    "scanning.code_life_s": ANY_NUMBER,
    "printer.kind": frozenset({"auto", "network", "usb", "serial", "file", "system", "pdf"}),
    "printer.port": ANY_NUMBER,
    "printer.baud": ANY_NUMBER,
    "printer.paper": frozenset({"58", "80", "80-512", "A5"}),
    "printer.cutter": ANY_NUMBER,
    "printer.drawer": ANY_NUMBER,
    "display.screen": frozenset({"auto", "window", "off"}),
    "display.words": frozenset({"vi_en", "vi", "en"}),
    "gateway.api": frozenset({"v1", "v2"}),
    "appotapay.api": frozenset({"", "v1", "v2", "pos"}),
    "notifications.on": ANY_NUMBER,
    "notifications.listen_port": ANY_NUMBER,
    "links.life_min": ANY_NUMBER,
})  # fmt: skip
_OTHER = "other"


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a report is made from.

    Attributes:
        made_at_ms: wall clock.
        settings: of which only the allow-list is told.
        demo: whether the built-in gateway plays all others; None where that is not known.
        till_open: whether a till was open.
        findings: the doctor's.
        tally: of the journal, None where it cannot be read.
        log: the newest lines, where a till is open.
    """

    made_at_ms: int
    settings: Settings
    demo: bool | None
    till_open: bool
    findings: tuple[Finding, ...]
    tally: Tally | None = None
    log: tuple[LogLine, ...] = ()


def support_text(it: Gathered) -> str:
    """The whole report, a line for each fact; this very text is shown, and then saved."""
    lines = [SHOWN_FIRST, f"made = {local_time(it.made_at_ms).isoformat(timespec='seconds')}"]
    for title, told in (
        ("program", _program(it)),
        ("libraries", _libraries()),
        ("settings", _settings(it.settings)),
        ("doctor", _findings(it.findings)),
        ("journal", _journal(it.tally)),
        ("log", _log(it.log)),
    ):
        lines += ["", f"[{title}]", *told]
    return "\n".join(lines) + "\n"


def _program(it: Gathered) -> Iterator[str]:
    yield f"version = {__version__}"
    yield f"python = {platform.python_version()}"
    yield f"system = {platform.system()} {platform.release()} {platform.machine()}"
    yield f"installed = {_word(getattr(sys, 'frozen', False))}"
    yield f"till_open = {_word(it.till_open)}"
    if it.demo is not None:
        yield f"demo = {_word(it.demo)}"


def _libraries() -> Iterator[str]:
    for name in LIBRARIES:
        try:
            yield f"{name} = {metadata.version(name)}"
        except metadata.PackageNotFoundError:
            yield f"{name} = missing"


def _settings(settings: Settings) -> Iterator[str]:
    for name, words in SETTINGS.items():
        section, key = name.split(".")
        yield f"{name} = {_setting(getattr(getattr(settings, section), key), words)}"
    yield f"scanning.camera = {_kind_of_camera(settings.scanning.camera)}"


def _setting(value: object, words: frozenset[str]) -> str:
    if isinstance(value, int):
        return _word(value)
    return str(value) if value in words else _OTHER


def _kind_of_camera(setting: str) -> str:
    if setting in ("", ANY_CAMERA):
        return setting or "none"
    if setting.strip().isdecimal():
        return "number"
    return "name" if setting.startswith("name:") else "address" if "://" in setting else "file"


def _word(value: int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(int(value))


def _findings(findings: Iterable[Finding]) -> Iterator[str]:
    for one in findings:
        facts = " ".join(f"{name}={int(value)}" for name, value in one.facts.items())
        yield " ".join(part for part in (f"{one.check} = {one.verdict}", one.cause.value, facts) if part)


def _journal(tally: Tally | None) -> Iterator[str]:
    if tally is None:
        yield "readable = false"
        return
    yield f"entries = {tally.entries}"
    for state, count in sorted(tally.payments.items()):
        yield f"payments.{state} = {count}"


def _log(lines: Iterable[LogLine]) -> Iterator[str]:
    for line in lines:
        at = local_time(line.at_ms).isoformat(timespec="seconds")
        yield " ".join(part for part in (at, line.level, line.said_in, repr(line.sentence), line.error) if part)
