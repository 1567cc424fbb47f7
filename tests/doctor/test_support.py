"""The report for support holds what is on its list, whatever stands in settings, journal and log."""

import ast
import logging
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.checkout.events import PrintState, PrintView, StaffDone
from pos_app.checkout.staffing import StaffWish, Wish
from pos_app.checkout.views import ScanSource
from pos_app.clock import MachineClock
from pos_app.doctor.checks import Cause, Check, wrong
from pos_app.doctor.recent_log import LINES_MAX, RecentLog
from pos_app.doctor.support import SETTINGS, Gathered, support_text
from pos_app.payments.payment_code import PaymentCode
from pos_app.sandbox.server import Sandbox
from pos_app.setting_up import pages
from pos_app.setting_up.fields import taken
from pos_app.settings import (
    AppotaPaySettings,
    DisplaySettings,
    GatewaySettings,
    OwnVietQrSettings,
    PrinterSettings,
    ScanningSettings,
    Settings,
    ShopSettings,
)
from pos_app.staff.pin import Pins
from pos_app.staff.roles import Role
from pos_app.words import Text
from tests.end_to_end.world import _ONE_MIGRATION_AT_A_TIME, Counter, leaks
from tests.staff.doors import CHEAP

ROOT = Path(__file__).parents[2]
PIN, OTHER_PIN = "482915", "604715"
WORDS = (
    "Tiệm Chim Hoàng Yến", "12 Đường Canary", "0903111222", "0312345678", "Nguyễn Thị Canary", "camera-canary",
    "printer-canary", "slips-canary", "0071000999888", "970499", "terminal-canary", "pattern-canary", "Bàn canary 7",
    "Khách canary", "reason-canary", "/hybrid/canary", "https://canary.example", PIN, OTHER_PIN,
)  # fmt: skip
CANARY = Settings(
    shop=ShopSettings(store=WORDS[0], address=WORDS[1], phone=WORDS[2], tax_code=WORDS[3], cashier=WORDS[4]),
    scanning=ScanningSettings(camera="http://user:camera-canary@127.0.0.1:1/x", code_pattern="pattern-canary|.*"),
    printer=PrinterSettings(kind="network", host="127.0.0.1", port=1, device="printer-canary", folder="slips-canary"),
    own_vietqr=OwnVietQrSettings(bank="970499", account="0071000999888"),
    appotapay=AppotaPaySettings(terminal="terminal-canary", notify_url="https://canary.example/ipn"),
    gateway=GatewaySettings(hybrid_path="/hybrid/canary"),
)
_LINE = re.compile(r"|pos-app support report|\[[a-z]+\]|[A-Za-z0-9_.-]+ = .*|[0-9T:+-]+ [A-Z]+ pos_app[a-z_.]* '.*")


class Canaries(Counter):
    """A till where everything that may not be seen has been said somewhere."""

    def live(self) -> None:
        self.till.pins = Pins(self.folder, MachineClock(), secrets.token_bytes, CHEAP)
        with _ONE_MIGRATION_AT_A_TIME:
            self.till.start()
        code = self.sandbox.customer.fresh_code()
        self.codes = [code]
        self.till.charge(
            amount=20_000,
            note="Bàn canary 7",
            code=PaymentCode(code),
            source=ScanSource.SCANNER,
            scanned_at_ns=1,
            retry_of="",
        )
        self.paid = self.until_final().payment_id
        self.until(lambda told: isinstance(told, PrintView) and told.state is PrintState.WAITING)
        self.till.pins.set_first(PIN)
        wish = StaffWish(Wish.ADD, name="Nguyễn Thị Canary", role=Role.MANAGER, new_pin=OTHER_PIN)
        self.till.change_staff(wish, by="Chủ canary", pin=PIN)
        self.until(lambda told: isinstance(told, StaffDone))
        log = logging.getLogger("pos_app.checkout.slips")
        log.warning("slip not printed: %s", "printer-canary", extra={"slip": "slips-canary"})
        log.error("a printed slip could not be journalled", exc_info=OSError(f"{code} of Khách canary"))


@pytest.fixture(scope="module")
def till(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Canaries]:
    with Sandbox() as sandbox:
        made = Canaries(sandbox, tmp_path_factory.mktemp("canaries") / "data", settings=CANARY)
        made.live()
        yield made
        made.till.stop()


def test_no_canary_gets_in(till: Canaries) -> None:
    text = till.till.parts.doctor.report()
    sandbox = till.sandbox
    keys = [sandbox.key1, sandbox.key2, str(sandbox.credentials()["public_key"])]
    looked_for = [*WORDS, *keys, *till.codes, till.paid, till.folder.name, str(till.folder), "Chủ canary"]
    assert leaks(looked_for, Path("no such folder"), text) == []
    assert "canary" not in text.lower()
    assert "20000" not in text
    assert "20.000" not in text


def test_it_says_what_support_needs(till: Canaries) -> None:
    lines = till.till.parts.doctor.report().splitlines()
    for line in (
        "till_open = true", "demo = true", "printer.kind = network", "scanning.camera = address", "payments.paid = 1",
        "look.language = vi", "camera = ok not_used",
    ):  # fmt: skip
        assert line in lines
    assert any(re.fullmatch(r"printer = bad trouble owed=\d+", line) for line in lines)
    assert any(re.fullmatch(r"gateway = ok ms=\d+ gateways=2", line) for line in lines)
    assert any(line.endswith("WARNING pos_app.checkout.slips 'slip not printed: %s'") for line in lines)
    assert any(line.endswith("'a printed slip could not be journalled' OSError") for line in lines)
    assert all(_LINE.fullmatch(line) for line in lines)


def test_the_search_finds_what_it_is_for(till: Canaries) -> None:
    text = support_text(Gathered(0, CANARY, demo=True, till_open=True, findings=()))
    for canary in WORDS:
        assert leaks([canary], Path("no such folder"), f"{text}\nnote = {canary}") == ["text 0"]


def test_of_a_setting_only_words_that_are_known_are_told() -> None:
    forged = CANARY._replace(
        display=DisplaySettings(screen="Khách canary", words="Khách canary"),
        gateway=GatewaySettings(api="Khách canary"),
        printer=PrinterSettings(kind="Khách canary", paper="Khách canary"),
    )
    lines = support_text(Gathered(0, forged, demo=None, till_open=False, findings=())).splitlines()
    assert "canary" not in "\n".join(lines)
    assert "gateway.api = other" in lines
    named = {f"{section}.{name}" for section, values in Settings()._asdict().items() for name in values._asdict()}
    assert set(SETTINGS) <= named


def test_of_a_finding_no_sentence_is_told() -> None:
    said = Text("Máy in của Khách canary", "Khách canary's printer")
    finding = wrong(Check.PRINTER, Cause.TROUBLE, said, said, facts={"owed": 3})
    text = support_text(Gathered(0, Settings(), demo=None, till_open=False, findings=(finding,)))
    assert "\nprinter = bad trouble owed=3\n" in text
    assert "canary" not in text
    with pytest.raises(ValueError, match="invalid literal"):
        support_text(
            Gathered(0, Settings(), None, till_open=False,
                     findings=(wrong(Check.PRINTER, Cause.TROUBLE, said, facts={"x": "Khách"}),))  # type: ignore[dict-item]
        )  # fmt: skip


def test_the_log_keeps_sentences_of_ours_alone() -> None:
    kept = RecentLog()
    kept.begin()
    try:
        logging.getLogger("pos_app.x").warning("so many: %d", 7, extra={"who": "Khách canary"})
        logging.getLogger("httpx").warning("GET https://canary.example")
        logging.getLogger("pos_app.x").info("not worth it")
        for _ in range(2 * LINES_MAX):
            logging.getLogger("pos_app.y").error("again")
        assert len(kept.lines) == LINES_MAX
        assert {(line.said_in, line.sentence) for line in kept.lines} == {("pos_app.y", "again")}
        logging.getLogger("pos_app.x").warning("so many: %d", 7)
        assert kept.lines[-1][1:] == ("WARNING", "pos_app.x", "so many: %d", "")
    finally:
        kept.end()
    logging.getLogger("pos_app.x").warning("after the end")
    assert kept.lines[-1].sentence == "so many: %d"


def logged_sentences(tree: ast.AST) -> Iterator[ast.expr]:
    """The first argument of each call of a log."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
        ):
            levels = {"debug", "info", "warning", "error", "exception", "critical"}
            if node.func.value.id in ("log", "logger", "logging") and node.func.attr in levels:
                yield node.args[0]


def test_every_sentence_of_the_log_stands_in_the_program() -> None:
    """What the report tells of a line is its sentence before anything was put in: it has to be one."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "pos_app").rglob("*.py")]
    sentences = [one for text in texts if "getLogger" in text for one in logged_sentences(ast.parse(text))]
    assert len(sentences) > 20
    assert [ast.unparse(one) for one in sentences if not isinstance(one, ast.Constant)] == []
    made_up = ast.parse('log.error(f"no key for {name}")')
    assert not isinstance(next(logged_sentences(made_up)), ast.Constant)


@pytest.mark.parametrize("page", [pages.SCANNER, pages.PRINTER, pages.HABITS, pages.WAYS], ids=lambda page: page.id)
def test_every_choice_of_the_settings_is_told_as_what_it_is(page: pages.Page) -> None:
    for field in page.fields:
        for value in field.choices or {}:
            settings = taken(Settings(), [field], {field.name: value}).settings
            text = support_text(Gathered(0, settings, demo=True, till_open=True, findings=()))
            if f"\n{field.name} = " in text:
                assert f"\n{field.name} = {value}\n" in text
    assert "look.theme" in SETTINGS
