"""Shifts at a real till: a shop that wants one opened first, what slips say of it, and who opened and closed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pos_app.checkout.events import PrintView, Refused, ShiftRefused, ShiftSaved, ShiftState, ShiftView
from pos_app.checkout.records import record_view
from pos_app.checkout.slips import SlipHead, slip_of
from pos_app.checkout.views import Stage
from pos_app.sandbox.server import Sandbox
from pos_app.settings import Settings, ShiftSettings, ShopSettings
from pos_app.shifts.shift import Shift
from tests.end_to_end.world import _ONE_MIGRATION_AT_A_TIME, Counter

HEAD = SlipHead("Tiệm", "", "", "", "02", "Thu Hà")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@contextmanager
def till(sandbox: Sandbox, folder: Path, *, required: bool = False) -> Iterator[Counter]:
    settings = Settings(shop=ShopSettings(cashier="Thu Hà"), shift=ShiftSettings(required=required))
    made = Counter(sandbox, folder, settings=settings)
    with _ONE_MIGRATION_AT_A_TIME:
        made.till.start()
    try:
        yield made
        assert made.till.journal.verify().result().ok
    finally:
        made.till.stop()


def told(at: Counter) -> Shift:
    view = at.until(lambda one: isinstance(one, ShiftView | ShiftRefused))
    assert isinstance(view, ShiftView), view
    return view.shift


def test_a_shop_may_want_a_shift_opened_first(sandbox: Sandbox, tmp_path: Path) -> None:
    with till(sandbox, tmp_path, required=True) as at:
        at.scan(50_000)
        refused = at.until(lambda one: isinstance(one, Refused))
        assert isinstance(refused, Refused)
        assert (refused.title.vi, "F6" in refused.advice.vi) == ("Chưa mở ca", True)
        at.till.open_shift()
        assert told(at).opened_by == "Thu Hà"
        at.scan(50_000)
        at.until_stage(Stage.PAID)
        at.till.open_shift()
        again = at.until(lambda one: isinstance(one, ShiftRefused))
        assert isinstance(again, ShiftRefused)
        assert again.title.vi == "Ca đã mở rồi"
        at.till.close_shift(1, (), reason="", by="", pin="")
        assert (told(at).z_number, at.till.journal.recent(9).result()[0].shift) == (1, 1)
        at.scan(50_000)
        assert isinstance(at.until(lambda one: isinstance(one, Refused)), Refused), "the next one is not open"
    with till(sandbox, tmp_path, required=True) as at:
        at.till.open_shift()
        assert told(at).number == 2, "it is known after a restart too"


def test_the_first_payment_opens_it_and_slips_name_it(sandbox: Sandbox, tmp_path: Path) -> None:
    with till(sandbox, tmp_path) as at:
        assert at.until(lambda one: isinstance(one, ShiftState)) == ShiftState(1, None, "")
        at.scan(50_000)
        paid = at.until_stage(Stage.PAID)
        at.till.look_at_shift()
        shift = told(at)
        assert (shift.opened_by, shift.opened_at_ms is not None, shift.totals.net) == ("Thu Hà", True, 50_000)
        record = at.till.journal.payment(paid.payment_id).result()
        assert record is not None
        assert slip_of(record_view(record), HEAD).shift == "1"
        at.till.close_shift(2, (), reason="", by="", pin="")
        refused = at.until(lambda one: isinstance(one, ShiftRefused))
        assert isinstance(refused, ShiftRefused)
        assert "closed meanwhile" in refused.advice.en


def test_a_report_is_printed_and_saved_as_it_was_closed(sandbox: Sandbox, tmp_path: Path) -> None:
    with till(sandbox, tmp_path) as at:
        at.scan(50_000)
        at.until_stage(Stage.PAID)
        at.till.close_shift(1, (), reason="", by="", pin="")
        told(at)
        at.till.save_shift(1)
        saved = at.until(lambda one: isinstance(one, ShiftSaved))
        assert isinstance(saved, ShiftSaved)
        assert (Path(saved.path).name, Path(saved.path).read_bytes()[:4]) == ("02-z-000001.pdf", b"%PDF")
        at.till.print_shift(1)
        at.until(lambda one: isinstance(one, PrintView) and one.payment_id == "02-z-000001")
        at.till.look_at_shift(9)
        assert isinstance(at.until(lambda one: isinstance(one, ShiftRefused)), ShiftRefused)
