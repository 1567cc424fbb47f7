"""The settings of one till: frozen, one section per thing, read from `settings.toml` in the data folder.

A file holds only what differs from the defaults. Keys of a gateway never stand in it. `VERSION` counts the shapes
of the file; `_UPGRADES` lifts an older one step by step.
"""

import os
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from pos_app.money import AMOUNT_MAX
from pos_app.payments.environment import Environment
from pos_app.private_file import put_in_place
from pos_app.words import Language

VERSION = 1
FILE_NAME = "settings.toml"
KEYS_NAME = "keys.sealed"
"""The sealed file of an environment's keys; see `keys`."""
ANY_CAMERA = "auto"


class SettingsError(Exception):
    """The settings file cannot be used; the text names the line and what is expected."""


class ShopSettings(NamedTuple):
    """What stands on screen and slip."""

    store: str = "Tạp hóa Minh Anh"
    address: str = ""
    phone: str = ""
    tax_code: str = ""
    till: str = "02"
    cashier: str = "Thu Hà"
    amount_max: int = 50_000_000
    """Largest single payment, in dong."""


class StaffSettings(NamedTuple):
    """The till when nobody is at it."""

    lock_after_min: int = 5
    """Minutes without a key, a tap or a scan after which whoever is signed in is signed out; 0 for never."""


class ShiftSettings(NamedTuple):
    """Shifts."""

    required: bool = False
    """Whether somebody has to open a shift (F6) before the first payment; else the first payment opens it."""


class CashSettings(NamedTuple):
    """Cash, for shops without another register."""

    enabled: bool = False
    """Whether this till takes cash: a key on the sale, a float, a drawer to be counted at each closing."""


class LookSettings(NamedTuple):
    """How the screen looks."""

    language: Language = Language.VI
    theme: str = "light"
    """"light", "dark" or "contrast"; where the system wants strong contrast, the till begins with that."""
    text: int = 100
    """How large the small texts are, in percent."""
    reduce_motion: bool = False
    """Whether stages change at once instead of fading."""
    speak: bool = False
    """Whether a paid amount is said aloud, from recorded words."""


class ScanningSettings(NamedTuple):
    """How codes come in."""

    camera: str = ANY_CAMERA
    """"auto" (the first camera, if there is one), "name:…" (as `pos-app scanners` lists it), a camera number, a video
    file, an MJPEG address, or "" for none."""
    mirror: bool = False
    """Whether the preview is turned like a mirror; codes are read from the picture as it is."""
    serial: str = ""
    """The port of a serial scanner, such as "/dev/ttyACM0" or "COM3", "" for none."""
    baud: int = 9600
    """Speed of a serial scanner, as it is set there."""
    exclusive: str = ""
    """Linux: the device of a scanner that plays keyboard, to be read by the till alone, "" for none."""
    prefix: str = ""
    """What hand-held scanners are set to send before a code, and `suffix` after it; taken away."""
    suffix: str = ""
    code_pattern: str = ""
    """A regular expression that every payment code of this shop's gateway matches whole; "" for any."""
    code_life_s: int = 300
    """After how many seconds a payment code is surely dead."""


class PrinterSettings(NamedTuple):
    """Where slips go."""

    kind: str = "auto"
    """"auto" (the network printer where `host` is set, else PDF), "network", "usb", "serial", "file" (raw bytes),
    "system" (a printer of this computer) or "pdf"."""
    host: str = ""
    """Address of an ESC/POS network printer, "" for none."""
    port: int = 9100
    device: str = ""
    """"usb": such as "/dev/usb/lp0", "" for the first one. "serial": such as "/dev/ttyUSB0" or "COM3". "file": a path.
    "system": the printer's name, "" for this computer's default."""
    baud: int = 19200
    """Speed of a serial printer, as it is set there."""
    paper: str = "80"
    """"58" (384 dots), "80" (576), "80-512" (an 80 mm printer of 512 dots) or "A5" (files and system printers only)."""
    cutter: bool = True
    """Whether the printer cuts; without, the slip is fed past the tear bar."""
    drawer: int = 0
    """The pin of the printer's socket that a cash drawer hangs on: 2 or 5, 0 for none."""
    folder: str = ""
    """Where slips are saved as PDF, "" for `slips` in the data folder."""


class DisplaySettings(NamedTuple):
    """What the customer sees."""

    screen: str = "auto"
    """"auto" (full screen on a second monitor, when there is one), "window" (a window where there is none) or "off"."""
    words: str = "vi_en"
    """"vi_en" (Vietnamese, English smaller beneath), "vi" or "en"."""


class GatewaySettings(NamedTuple):
    """How ZaloPay is spoken to."""

    api: str = "v2"
    """"v2", or "v1" for shops whose contract is of that time."""
    hybrid_path: str = ""
    """UNCONFIRMED: path of the one-call payment by token, as ZaloPay names it to the shop; "" leaves it off."""
    hybrid_mac: str = "order"
    """Which of its two unconfirmed signatures: "order" or "token"."""


class OwnVietQrSettings(NamedTuple):
    """The shop's own bank account, for transfers that no gateway confirms; off without an account."""

    bank: str = ""
    """The bank's six digits (BIN)."""
    account: str = ""

    @property
    def receiver(self) -> str:
        """Both, as the journal names what the owner agreed to; "" where it is off."""
        return f"{self.bank} {self.account}" if self.bank and self.account else ""


class AppotaPaySettings(NamedTuple):
    """AppotaPay: bank and card payments on its page, and its QR."""

    api: str = ""
    """"v1", "v2", "pos" (for counters), or "" for none."""
    notify_url: str = ""
    """Where AppotaPay tells of payments: it wants one, also where nobody listens."""
    redirect_url: str = ""
    client_ip: str = "127.0.0.1"
    terminal: str = ""
    """The number of this till at AppotaPay, for "pos"."""


class NotificationSettings(NamedTuple):
    """Hearing from the gateways: only with a public address that leads here."""

    on: bool = False
    host: str = "127.0.0.1"
    listen_port: int = 8460
    public_url: str = ""
    """What the world calls it, such as "https://tiem.example"; put into links as the way back."""


class LinkSettings(NamedTuple):
    """Links for customers who are not at the counter."""

    life_min: int = 120
    """How long one can be paid, in minutes."""


class Settings(NamedTuple):
    """All settings of a till."""

    shop: ShopSettings = ShopSettings()
    staff: StaffSettings = StaffSettings()
    shift: ShiftSettings = ShiftSettings()
    cash: CashSettings = CashSettings()
    look: LookSettings = LookSettings()
    scanning: ScanningSettings = ScanningSettings()
    printer: PrinterSettings = PrinterSettings()
    display: DisplaySettings = DisplaySettings()
    gateway: GatewaySettings = GatewaySettings()
    own_vietqr: OwnVietQrSettings = OwnVietQrSettings()
    appotapay: AppotaPaySettings = AppotaPaySettings()
    notifications: NotificationSettings = NotificationSettings()
    links: LinkSettings = LinkSettings()


_UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From the version of the key to the next one."""


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


_PUBLIC = r"(https://[^\s/]+|http://127\.0\.0\.1:[0-9]+)(/[^\s]*)?"
_CHECKS: dict[str, Callable[[Any], bool]] = {
    "till": lambda value: re.fullmatch(r"[A-Za-z0-9]{1,8}", value) is not None,
    "amount_max": lambda value: 1 <= value <= AMOUNT_MAX,
    "lock_after_min": lambda value: 0 <= value <= 24 * 60,
    "theme": lambda value: value in ("light", "dark", "contrast"),
    "look.text": lambda value: value in (100, 125, 150),
    "code_life_s": lambda value: 60 <= value <= 900,  # noqa: PLR2004 - a minute to a quarter of an hour
    "port": lambda value: 1 <= value <= 65535,  # noqa: PLR2004 - TCP
    "printer.kind": lambda value: value in ("auto", "network", "usb", "serial", "file", "system", "pdf"),
    "baud": lambda value: value in (9600, 19200, 38400, 57600, 115200),
    "drawer": lambda value: value in (0, 2, 5),
    "paper": lambda value: value in ("58", "80", "80-512", "A5"),
    "code_pattern": _compiles,
    "screen": lambda value: value in ("auto", "window", "off"),
    "gateway.api": lambda value: value in ("v2", "v1"),
    "hybrid_path": lambda value: value == "" or re.fullmatch(r"/[A-Za-z0-9/_-]+", value) is not None,
    "hybrid_mac": lambda value: value in ("order", "token"),
    "appotapay.api": lambda value: value in ("", "v1", "v2", "pos"),
    "appotapay.terminal": lambda value: re.fullmatch(r"[!-~]{0,128}", value) is not None,
    "bank": lambda value: re.fullmatch(r"([0-9]{6})?", value) is not None,
    "account": lambda value: re.fullmatch(r"[0-9A-Za-z]{0,19}", value) is not None,
    "listen_port": lambda value: 1 <= value <= 65535,  # noqa: PLR2004 - TCP
    # Plain HTTP only within this machine, where the built-in gateway calls back.
    "public_url": lambda value: value == "" or re.fullmatch(_PUBLIC, value) is not None,
    "life_min": lambda value: 5 <= value <= 24 * 60,  # noqa: PLR2004 - what ZaloPay takes, and a day
    "words": lambda value: value in ("vi_en", "vi", "en"),
}


def fits(section: str, name: str, value: object) -> bool:
    """Whether a value of the right type can stand there."""
    check = _CHECKS.get(f"{section}.{name}") or _CHECKS.get(name, lambda _: True)
    return check(value)


def home_folder() -> Path:
    """Where everything of this till lies, the settings first: `POS_APP_HOME`, or the platform's own place."""
    chosen = os.environ.get("POS_APP_HOME")
    if chosen:
        return Path(chosen)
    import platformdirs  # noqa: PLC0415 - only where no folder is named

    return Path(platformdirs.user_data_dir("pos-app", appauthor=False))


def folder_of(environment: Environment) -> Path:
    """Where the data of an environment lie: journal, people, PINs, slips, keys. The demo's lie at home.

    They never share a folder: what was tried out is not among the real payments, and the reverse.
    """
    return home_folder() if environment is Environment.BUILT_IN else home_folder() / environment.value


_chosen: Environment | None = None


def use_environment(environment: Environment | None) -> None:
    """What this process works with from now on; None for what is set up."""
    global _chosen  # noqa: PLW0603 - as the variable above, it is one for the process
    _chosen = environment


def environment_in_use() -> Environment:
    """What was chosen by `use_environment`; else what keys were entered or a journal was restored for, live first.

    Else the demo: as soon as there is anything of real payments, nobody comes to the demo by mistake.
    """
    begun = (one for one in (Environment.LIVE, Environment.SANDBOX) if os.path.isdir(folder_of(one)))  # noqa: PTH112 - False too where it may not be asked
    return _chosen or next(begun, Environment.BUILT_IN)


def data_folder() -> Path:
    """Where the data of the environment in use lie."""
    return folder_of(environment_in_use())


def nothing_yet() -> bool:
    """Whether nobody ever set up, tried out or restored anything here."""
    home = home_folder()
    begun = (home / FILE_NAME).exists() or any(home.glob("journal.*"))
    return environment_in_use() is Environment.BUILT_IN and not begun


def load(folder: Path) -> Settings:
    """The settings kept in `folder`; the defaults when there are none.

    Raises:
        SettingsError: the file is there and cannot be used. Nothing is guessed.
    """
    path = folder / FILE_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}: {error}"
        raise SettingsError(message) from error
    import tomllib  # noqa: PLC0415 - only where something was set: the window comes up without it

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = f"{path}: {error}"
        raise SettingsError(message) from error
    return _from_data(data, str(path))


def _from_data(data: dict[str, Any], where: str) -> Settings:
    version = data.pop("version", VERSION)
    if type(version) is not int or version < 1:
        message = f"{where}: version = {version!r} cannot be; it is {VERSION}"
        raise SettingsError(message)
    if version > VERSION:
        message = f"{where}: written by a newer program (version {version}); please update this one"
        raise SettingsError(message)
    for step in range(version, VERSION):
        data = _UPGRADES[step](data)
    sections: dict[str, Any] = {}
    for section in Settings._fields:
        sections[section] = _section(section, data.pop(section, {}), where)
    if data:
        message = f"{where}: unknown section {', '.join(sorted(data))}"
        raise SettingsError(message)
    return Settings(**sections)


def _section(section: str, values: object, where: str) -> Any:
    default = getattr(Settings(), section)
    where = f"{where}: [{section}]"
    if not isinstance(values, dict):
        message = f"{where} must be a section"
        raise SettingsError(message)
    known = default._asdict()
    checked: dict[str, Any] = {}
    for name, value in values.items():
        if name not in known:
            message = f"{where} does not know {name!r}"
            raise SettingsError(message)
        checked[name] = _value(name, value, known[name], where, partial(fits, section, name))
    return default._replace(**checked)


def _value(name: str, value: object, default: object, where: str, check: Callable[[Any], bool]) -> object:
    wanted = Language if isinstance(default, Language) else type(default)
    fits = value in list(Language) if wanted is Language else type(value) is wanted and check(value)
    if not fits:
        message = f"{where} {name} = {value!r} cannot be; an example is {default!r}"
        raise SettingsError(message)
    return Language(str(value)) if wanted is Language else value


def save(settings: Settings, folder: Path, *, first: Callable[[], object] = lambda: None) -> None:
    """Keep the settings in `folder`, whole or not at all; `first` is done just before they count.

    Raises:
        OSError: the disk did not take them. Whatever `first` raises: they are as they were.
    """
    lines = [f"version = {VERSION}"]
    for section, values in settings._asdict().items():
        default = getattr(Settings(), section)._asdict()
        changed = {name: value for name, value in values._asdict().items() if value != default[name]}
        if changed:
            lines += ["", f"[{section}]"]
            lines += [f"{name} = {_toml(value)}" for name, value in changed.items()]
    put_in_place(("\n".join(lines) + "\n").encode(), folder / FILE_NAME, first=first)


def keep_look(folder: Path, *, language: Language, theme: str, text: int) -> None:
    """Remember another look; all else stays as the file has it now. Raises as `load` and `save`: then all does."""
    kept = load(folder)
    save(kept._replace(look=kept.look._replace(language=language, theme=theme, text=text)), folder)


def _toml(value: object) -> str:
    """As JSON writes it, but for the one character that TOML wants escaped and JSON does not."""
    import json  # noqa: PLC0415 - only where settings are written

    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
