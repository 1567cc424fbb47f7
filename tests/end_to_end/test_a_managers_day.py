"""A manager's day: every figure on every paper and file is what the gateway's own books and the people's notes come to.

Two cashiers, 200 payments of all kinds and outcomes, refunds, payments that nobody knew when the shift was closed and
that settled after, a copy, the last second of a day and the first of the next. What must be is reckoned in
`tests.end_to_end.reckoning`, from the built-in gateway's record and from what was really done; the journal has no say.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from pos_app.checkout.how_paid import method_words
from pos_app.checkout.views import RefundStage, ScanSource
from pos_app.checkout.wording import closed_words
from pos_app.payments.payment import State
from pos_app.receipts.blocks import Box, Centred, Row, Total
from pos_app.receipts.layout import PAPERS, lay_out
from pos_app.receipts.raster import raster
from tests.end_to_end.reckoning import VIETNAM_MS, Moved, Sum, by_way, day_number, hour_number, not_paid, sums
from tests.end_to_end.shop_day import FIRST, MANAGER, PINS, SECOND, Printed, Sale, ShopDay, kind_of, ms
from tests.end_to_end.the_day import DAY, HALF_A_BILLION, NEXT, ONE_DONG, PAYMENTS, WHY, TheDay, play
from tests.end_to_end.world import leaks
from tests.fault_matrix.world import copy_of, on_disk, without_ballast

pytestmark = pytest.mark.timeout(600)
"""A whole day: some 20 s where nobody else works, and minutes beside many."""
LOOKS = {"x": (None, 1), "z1": (None, 1), "x2": ("z1", 2), "z2": ("z1", 2)}
"""What was looked at: what was closed before it, and which shift it is of."""
RANGES = {DAY.date().isoformat(): (DAY,), NEXT.date().isoformat(): (NEXT,), f"{DAY.date()}..{NEXT.date()}": (DAY, NEXT)}
SOURCES = {"scanned": ScanSource.SCANNER, "shown": ScanSource.SHOWN, "link": ScanSource.LINK,
           "regular": ScanSource.REGULAR, "": ScanSource.SHOWN}  # fmt: skip


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TheDay]:
    folder = tmp_path_factory.mktemp("day")
    with pytest.MonkeyPatch.context() as patch:
        shop = ShopDay(folder, patch, DAY.replace(hour=8, minute=5))
        shop.begin()
        try:
            played = play(shop)
            shop.close_till()
            yield played
        finally:
            shop.end()
        without_ballast(folder)
        assert leaks([shop.sandbox.key1, *PINS.values()], folder, shop.said) == []


# --- what must be ----------------------------------------------------------------------------------------------------


def dots(dong: int) -> str:
    return ("−" if dong < 0 else "") + f"{abs(dong):,}".replace(",", ".") + "\u00a0₫"


def way_words(who: str, how: str) -> str:
    return method_words(who, SOURCES[how]).vi


def of_sale(sale: Sale) -> str:
    return way_words(sale.who, sale.how)


class Must:
    """What a look at a shift has to say."""

    def __init__(self, day: TheDay, name: str) -> None:
        before, self.shift = LOOKS[name]
        self.day, self.look = day, day.looked[name]
        earlier = day.looked[before] if before else None
        self.sales = list(day.shop.sales.values())[earlier.sales if earlier else 0 : self.look.sales]
        self.acts = day.shop.decisions[earlier.acts if earlier else 0 : self.look.acts]
        self.moved = self.look.books.since(earlier.books if earlier else None)
        self.ways = by_way(self.moved, day.shop.sales)
        self.total = sum(self.ways.values(), Sum())
        self.late = [one for one in day.late if any(it.key == one.number for it in self.moved)]

    @property
    def by_hand(self) -> dict[tuple[str, str], tuple[int, int]]:
        """What managers took for paid, less what a gateway confirmed after that."""
        found: Counter[tuple[str, str, str]] = Counter()
        for act in self.acts:
            if act.act == "decide_paid":
                self._count(found, self.day.shop.sales[act.number], 1)
        decided = {act.number for act in self.day.shop.decisions if act.act == "decide_paid"}
        for one in self.moved:
            if one.key in decided:
                self._count(found, self.day.shop.sales[one.key], -1)
        ways = {key[:2] for key, count in found.items() if count}
        return {way: (found[*way, "count"], found[*way, "amount"]) for way in ways}

    @property
    def by_hand_dong(self) -> int:
        return sum(amount for _, amount in self.by_hand.values())

    @property
    def moves(self) -> dict[str, int]:
        """By how many dong each account of the ledger must have moved; late money went back, nothing is left of it."""
        open_before = sum(one.amount for one in self.day.open_at_close) if self.shift == 2 else 0
        suspense = sum(one.amount for one in self.open) - open_before
        return {"wallet": self.total.net, "manual": self.by_hand_dong, "suspense": suspense, "surplus": 0}

    @staticmethod
    def _count(found: Counter[tuple[str, str, str]], sale: Sale, sign: int) -> None:
        found[sale.who, sale.how, "count"] += sign
        found[sale.who, sale.how, "amount"] += sign * sale.amount

    @property
    def open(self) -> list[Sale]:
        return self.day.open_at_close if self.look is self.day.looked["z1"] else []

    @property
    def adjusted(self) -> list[Sale]:
        return [one for one in self.day.settled_after if self.shift == 2]

    @property
    def refunds(self) -> list[tuple[str, Moved]]:
        """Each refund that was done, with its slip."""
        return [(self.day.shop.refunds[one.key].slip_number, one) for one in self.moved if one.dong < 0]

    @property
    def waiting(self) -> list[str]:
        """The refund that was on its way at that moment."""
        return [self.day.refund_at_close] if self.look is self.day.looked["z1"] else []


# --- X and Z ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LOOKS)
def test_a_shift_for_programs(day: TheDay, name: str) -> None:
    must, told = Must(day, name), day.looked[name].x
    totals = told["totals"]
    assert (told["shift"], told["z_number"]) == (must.shift, must.shift if name.startswith("z") else None)
    assert (told["count"], told["amount"], told["refunded"], told["net"]) == (
        must.total.count, must.total.amount, must.total.refunded, must.total.net)  # fmt: skip
    assert {
        (one["method"]["who"], one["method"]["how"]): Sum(
            one["count"], one["amount"], one["refunds"], one["refunded"]
        ) for one in totals["confirmed"]
    } == must.ways  # fmt: skip
    assert {
        (one["method"]["who"], one["method"]["how"]): (one["count"], one["amount"]) for one in totals["by_hand"]
    } == must.by_hand
    assert told["decided"] == sum(amount for _, amount in must.by_hand.values())
    assert Counter({(one["who"], one["state"], one["cause"]): one["count"] for one in totals["declined"]}) == not_paid(
        must.sales
    )
    assert [(one["slip_number"], one["amount"], one["shift"]) for one in totals["open"]] == [
        (one.slip, one.amount, one.shift) for one in must.open
    ]
    assert told["open_amount"] == sum(one.amount for one in must.open)
    assert [one["number"] for one in totals["open_refunds"]] == must.waiting
    sales, refunds = day.shop.sales, day.shop.refunds
    assert sorted(
        (one["slip_number"], one["of_slip"], one["amount"], one["by"]) for one in totals["refunds"]
    ) == sorted((slip, sales[one.order].slip, -one.dong, MANAGER) for slip, one in must.refunds)
    assert sorted((one["shift"], one["slip_number"], one["amount"], one["now"]) for one in totals["adjustments"]) == (
        sorted(
            [(1, one.slip, one.amount, "paid") for one in must.adjusted]
            + [
                (1, refunds[one].slip_number, refunds[one].amount, "done")
                for one in [day.refund_at_close][: must.shift - 1]
            ]
        )
    )
    assert {(one["by"], one["act"]): (one["count"], one["amount"]) for one in totals["acts"]} == {
        (MANAGER, act): (
            sum(one.act == act for one in must.acts), sum(one.amount for one in must.acts if one.act == act)
        ) for act in {one.act for one in must.acts}
    }  # fmt: skip
    assert (totals["late_count"], totals["late_amount"]) == (len(must.late), sum(one.amount for one in must.late))
    assert totals["reprints"] == must.look.reprints
    slips = [one.slip for one in must.sales] + [
        refunds[it].slip_number for it, shift in day.shop.refund_by.items() if shift == must.shift
    ]
    assert totals["first_slip"] == min(slips)
    assert totals["last_slip"] <= max(slips)
    if name.startswith("z"):
        assert totals["last_slip"] == max(slips)
    assert totals["grand_total"] == must.look.books.net, "since the till was installed, by the gateway's own books"
    assert totals["grand_by_hand"] == sum(Must(day, one).by_hand_dong for one in _up_to(name))


def _up_to(name: str) -> tuple[str, ...]:
    return (name,) if LOOKS[name][0] is None else ("z1", name)


@pytest.mark.parametrize("name", LOOKS)
def test_a_shift_and_the_ledger(day: TheDay, name: str) -> None:
    must, told = Must(day, name), day.looked[name].x
    assert told["agrees"]
    assert told["totals"]["moves"] == must.moves
    ledger = {account: dong for account, dong in told["ledger"].items() if dong}
    assert ledger.pop("sales_due") == -sum(must.moves.values())
    assert ledger == {account: dong for account, dong in must.moves.items() if dong}


def test_who_opened_closed_and_signed(day: TheDay) -> None:
    code, told = day.unsigned
    assert (code, [one["slip_number"] for one in told["open"]]) == (2, [one.slip for one in day.open_at_close])
    first, second = (day.looked[name].x for name in ("z1", "z2"))
    for z, by in ((first, FIRST), (second, SECOND)):
        assert (z["opened_by"], z["closed_by"]) == (by, by)
    assert (first["signed_off_by"], first["reason"]) == (MANAGER, WHY)
    assert (second["signed_off_by"], second["reason"]) == ("", "")


def report_of(paper: Printed) -> str:
    """Which report it is; what stands behind the stroke tells one look at a running shift from the next."""
    return paper.key.partition("/")[0]


@pytest.mark.parametrize(("name", "key"), [("x", "02-x-000001"), ("z1", "02-z-000001"), ("z2", "02-z-000002")])
def test_a_shift_on_paper(day: TheDay, name: str, key: str) -> None:
    """Each line with a figure, in whatever order."""
    must = Must(day, name)
    (paper,) = (one for one in day.shop.printed if report_of(one) == key)
    assert [one.amount for one in paper.document.blocks if isinstance(one, Total)] == [dots(must.total.net)]
    lines = Counter((one.label, one.value) for one in paper.document.blocks if isinstance(one, Row))
    facts = [label for label, _ in lines if label in FACTS]
    assert Counter({line: count for line, count in lines.items() if line[0] not in FACTS}) == Counter(
        (label, value.replace("\u00a0", " ")) for label, value in _lines(must)
    )
    assert dict(line for line in lines if line[0] in ("Phiếu đầu", "Phiếu cuối", "Ca số")) == {
        "Ca số": str(must.shift), "Phiếu đầu": day.looked[name].x["totals"]["first_slip"],
        "Phiếu cuối": day.looked[name].x["totals"]["last_slip"],
    }  # fmt: skip
    assert len(facts) == (9 if name == "x" else 10), "with a line each for the two who sign"
    assert paper.is_whole


FACTS = ("Quầy", "Ca số", "Mở ca", "Người mở", "Chốt ca", "Xem lúc", "Người chốt", "Phiếu đầu", "Phiếu cuối",
         "Thu ngân", "Quản lý")  # fmt: skip


def _lines(must: Must) -> Iterator[tuple[str, str]]:
    yield from _money_lines(must)
    yield from _open_lines(must)
    yield from _past_lines(must)
    brands = {"zalopay": "ZaloPay", "appotapay": "AppotaPay", "own_vietqr": "Chuyển khoản"}
    for (who, state, code), count in not_paid(must.sales).items():
        yield f"{brands[who]}: {closed_words(who, State(state), code).vi}", str(count)
    for act, words in ACTS.items():
        done = [one for one in must.acts if one.act == act]
        if done:
            yield f"{MANAGER}: {words}", f"{len(done)} · {dots(sum(one.amount for one in done))}"
    yield "Số phiếu in lại", str(must.look.reprints)
    yield "Sổ cái", "khớp"
    yield "Tổng từ khi cài máy", dots(must.look.books.net)
    by_hand = sum(Must(must.day, one).by_hand_dong for one in ("z1", "z2")[: must.shift])
    yield "Quản lý xác nhận từ khi cài máy", dots(by_hand if must.shift == 2 else must.by_hand_dong)


def _money_lines(must: Must) -> Iterator[tuple[str, str]]:
    total = must.total
    for way, one in must.ways.items():
        yield way_words(*way), f"{one.count} · {dots(one.amount)}"
        if one.refunds:
            yield "· hoàn", f"{one.refunds} · {dots(-one.refunded)}"
            yield "· còn", dots(one.net)
    yield "Thu", f"{total.count} · {dots(total.amount)}"
    yield "Hoàn", f"{total.refunds} · {dots(-total.refunded)}"
    yield "Thực thu", dots(total.net)
    if must.late:
        yield "Trong đó tiền về muộn", f"{len(must.late)} · {dots(sum(one.amount for one in must.late))}"
    for way, (count, amount) in must.by_hand.items():
        yield way_words(*way), f"{count} · {dots(amount)}"


def _open_lines(must: Must) -> Iterator[tuple[str, str]]:
    for sale in must.open:
        yield sale.slip, dots(sale.amount)
    for refund in (must.day.shop.refunds[number] for number in must.waiting):
        yield f"Hoàn {refund.slip_number}", dots(refund.amount)
    if must.open:
        yield "Cộng, không tính vào thực thu", f"{len(must.open)} · {dots(sum(one.amount for one in must.open))}"
        yield "Quản lý ký", MANAGER
        yield "Lý do", WHY


def _past_lines(must: Must) -> Iterator[tuple[str, str]]:
    """Refunds, and what changed of the other shift."""
    for slip, moved in must.refunds:
        yield f"{slip} của {must.day.shop.sales[moved.order].slip}, {MANAGER} duyệt", dots(moved.dong)
    for sale in must.adjusted:
        was = "chưa rõ" if sale in must.day.open_at_close else "quản lý nhận đã trả"
        yield f"ca 1, {sale.slip}: {was}, nay đã thu", dots(sale.amount)
    if must.shift == 2:
        late = must.day.shop.refunds[must.day.refund_at_close]
        yield f"ca 1, {late.slip_number}: đang hoàn, nay đã hoàn", dots(late.amount)


ACTS = {"release": "cho đơn đi tiếp", "decide_paid": "nhận đã trả", "decide_unpaid": "nhận chưa trả"}


# --- slips -----------------------------------------------------------------------------------------------------------


def test_each_payment_and_refund_has_its_slip_and_a_copy_is_marked(day: TheDay) -> None:
    shop, books = day.shop, day.looked["z2"].books
    by_key: dict[str, list[Printed]] = {}
    for one in shop.printed:
        by_key.setdefault(one.key, []).append(one)
    transfers = {one.number for one in shop.sales.values() if one.who == "own_vietqr" and one.decided == "paid"}
    for number, sale in shop.sales.items():
        papers = by_key.pop(number, [])
        if not books.orders.get(number, {}).get("paid") and number not in transfers:
            assert papers == [], sale
            continue
        _is_slip(papers, "TIỆM TỰ XÁC NHẬN" if number in transfers else "ĐÃ THANH TOÁN", sale.amount)
        assert ("Số phiếu", sale.slip) in _rows(papers[0])
        assert ("Thu ngân", sale.cashier) in _rows(papers[0])
    for number, refund in shop.refunds.items():
        papers = by_key.pop(f"{refund.payment_id}/{number}", [])
        if refund.stage is not RefundStage.DONE:
            assert papers == []
            continue
        _is_slip(papers, "ĐÃ HOÀN TIỀN", refund.amount)
        assert {("Phiếu gốc", shop.sales[refund.payment_id].slip), ("Người duyệt", MANAGER)} <= _rows(papers[0])
    reports = sorted(report_of(one) for papers in by_key.values() for one in papers)
    assert reports == ["02-x-000001", "02-z-000001", "02-z-000002"], "and nothing else came out"
    assert len(shop.printer.pages) == len(shop.printed)
    copies = [one for one in shop.printed if any("IN LẠI" in text for text in _centred(one))]
    assert len(copies) == sum(shop.reprints.values()) == 4
    assert all(one.is_whole for one in copies)


def test_what_came_out_of_the_printer_is_what_stands_on_it(day: TheDay) -> None:
    """Dot for dot: each kind of paper whole, and of those like it the line that names them, in their order."""
    papers = day.shop.printed
    for paper, page in zip(papers, day.shop.printer.pages, strict=True):
        assert page.tobytes() == raster(lay_out(paper.drawn.blocks, PAPERS[paper.dots])).tobytes(), paper.key
    kinds = {kind_of(one.document, one.dots) for one in papers}
    assert {kind_of(one.document, one.dots) for one in papers if one.is_whole} == kinds
    assert len(kinds) < len(papers) / 3, "else most are drawn for nothing"


def _is_slip(papers: list[Printed], box: str, dong: int) -> None:
    for copy, paper in enumerate(papers):
        assert [one.text for one in paper.document.blocks if isinstance(one, Box)] == [box]
        assert [one.amount for one in paper.document.blocks if isinstance(one, Total)] == [dots(dong)]
        assert (f"IN LẠI lần {copy}" in _centred(paper)) is (copy > 0)
    assert papers


def _rows(paper: Printed) -> set[tuple[str, str]]:
    return {(one.label, one.value) for one in paper.document.blocks if isinstance(one, Row)}


def _centred(paper: Printed) -> list[str]:
    return [one.text for one in paper.document.blocks if isinstance(one, Centred)]


# --- the journal and the gateway -------------------------------------------------------------------------------------


def test_the_journal_says_what_the_gateways_books_say(day: TheDay) -> None:
    books, kept = day.looked["z2"].books, on_disk(day.shop.folder)
    assert [one.facts["app_trans_id"] for one in kept] == list(day.shop.sales), "200, in their order"
    assert len(kept) == PAYMENTS
    assert {ONE_DONG, HALF_A_BILLION} <= {one.facts["amount"] for one in kept}
    for one in kept:
        order, sale = books.orders.get(one.facts["app_trans_id"]), day.shop.sales[one.facts["app_trans_id"]]
        assert (one.state == State.PAID) is (order is not None and order["paid"] > 0), sale
        assert (one.state == State.MANUAL_PAID) is (sale.decided == "paid")
        if order is not None:
            assert order["paid"] in (0, one.facts["amount"])
            assert sum(it.amount for it in one.refunds if it.state == "done") == order["refunded"]
    accounts: Counter[str] = Counter()
    for one in kept:
        accounts.update(one.ledger)
    by_hand = sum(one.amount for one in day.shop.sales.values() if one.decided == "paid")
    assert {account: dong for account, dong in accounts.items() if dong} == {
        "wallet": books.net, "manual": by_hand, "sales_due": -books.net - by_hand,
    }  # fmt: skip
    with copy_of(day.shop.folder) as copy:
        assert copy.execute("SELECT sum(amount) FROM posting").fetchone() == (0,)
    code, told = day.verified
    assert (code, told["ok"]) == (0, True)


# --- reports ---------------------------------------------------------------------------------------------------------


def moved_in(day: TheDay, name: str) -> list[Moved]:
    days = {day_number(ms(one)) for one in RANGES[name]}
    return [one for one in day.looked["z2"].books.moved() if day_number(one.at_ms) in days]


def sales_in(day: TheDay, name: str) -> list[Sale]:
    """Those that came to an end without money in these days: all of them on the first."""
    return list(day.shop.sales.values()) if DAY in RANGES[name] else []


def money(one: dict[str, Any]) -> Sum:
    found = Sum(one["count"], one["amount"], one["refunds"], one["refunded"])
    assert one["net"] == found.net
    return found


@pytest.mark.parametrize("name", RANGES)
def test_a_report_for_programs(day: TheDay, name: str) -> None:
    told, moved, sales, noted = day.reports[name], moved_in(day, name), day.shop.sales, sales_in(day, name)
    assert money(told["total"]) == sum((one.sum for one in moved), Sum())
    by_day = sums(moved, lambda one: day_number(one.at_ms))
    assert [(one["day"], money(one)) for one in told["by_day"]] == [
        (f"{one.date()}", by_day.get(day_number(ms(one)), Sum())) for one in RANGES[name]
    ]
    by_hour = sums(moved, lambda one: hour_number(one.at_ms))
    assert [(one["hour"], money(one)) for one in told["by_hour"]] == [
        (hour, by_hour.get(hour, Sum())) for hour in range(24)
    ]
    assert {one["method"]["vi"]: money(one) for one in told["by_method"]} == sums(
        moved, lambda one: of_sale(sales[one.order])
    )
    assert {one["cashier"]: money(one) for one in told["by_cashier"]} == sums(
        moved, lambda one: sales[one.order].cashier
    )
    assert {one["till"]: money(one) for one in told["by_till"]} == {"02": sum((one.sum for one in moved), Sum())}
    decided = [one for one in noted if one.decided == "paid"]
    assert told["decided"] == {"count": len(decided), "amount": sum(one.amount for one in decided)}
    not_made = [one for one in noted if one.declined is not None]
    assert told["declined"] == {"count": len(not_made), "amount": sum(one.amount for one in not_made)}
    assert {one["cause"]["vi"]: (one["count"], one["amount"]) for one in told["causes"]} == _causes(not_made)
    assert sum(one["permille"] for one in told["causes"]) == (1000 if not_made else 0)
    assert told["open"] == {"count": 0, "amount": 0}
    assert (told["median_s"], told["p95_s"]) == _waits(day, moved)


def _causes(sales: list[Sale]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for one in sales:
        assert one.declined is not None
        words = closed_words(one.who, State(one.declined[0]), one.declined[1]).vi
        count, amount = found.get(words, (0, 0))
        found[words] = count + 1, amount + one.amount
    return found


def _waits(day: TheDay, moved: list[Moved]) -> tuple[int | None, int | None]:
    """Seconds from the scan until it was known, as the till told them at the time: the middle, and 95 of a hundred."""
    views = (day.shop.last_views[one.key] for one in moved if one.key in day.shop.sales)
    seconds = sorted(
        (view.settled_at_ms - view.scanned_at_ms + 500) // 1000
        for view in views
        if day.shop.sales[view.payment_id].scanned and view.settled_at_ms is not None
    )
    ranks = (-(-len(seconds) * percent // 100) for percent in (50, 95))
    middle, most = (seconds[rank - 1] if seconds else None for rank in ranks)
    return middle, most


@pytest.mark.parametrize("name", RANGES)
def test_what_people_did_in_a_report(day: TheDay, name: str) -> None:
    told, sales, refunds = day.reports[name], day.shop.sales, day.shop.refunds
    back = [one for one in moved_in(day, name) if one.dong < 0]
    assert sorted(
        (one["slip_number"], one["of_slip"], one["amount"], one["by"], one["reason"]) for one in told["refunds"]
    ) == (
        sorted(
            (refunds[one.key].slip_number, sales[one.order].slip, -one.dong, MANAGER, "goods_returned") for one in back
        )
    )
    acts = day.shop.decisions if DAY in RANGES[name] else []
    assert [(one["act"], one["payment"], one["amount"], one["by"]) for one in told["acts"]] == [
        (one.act, one.number, one.amount, MANAGER) for one in acts
    ]

    def of(act: str) -> dict[str, int]:
        mine = [one.amount for one in acts if one.act == act]
        return {"count": len(mine), "amount": sum(mine)}

    assert told["people"] == [
        {
            "name": MANAGER, "refunds": {"count": len(back), "amount": -sum(one.dong for one in back)},
            "paid": of("decide_paid"), "unpaid": of("decide_unpaid"), "released": of("release"), "kept": of("keep"),
        }
    ]  # fmt: skip


def test_the_bounds_of_a_day(day: TheDay) -> None:
    last, first = day.last_second, day.first_second
    assert last is not None
    assert first is not None
    books = day.looked["z2"].books.orders
    (end, begin) = (books[one.number]["ended_ms"] for one in (last, first))
    assert end < ms(NEXT) <= begin
    assert begin - end < 2_000
    today, tomorrow = (day.reports[name]["by_hour"] for name in list(RANGES)[:2])
    assert today[23]["count"] == 4
    assert tomorrow[0]["count"] == 7
    assert [one["refunded"] > 0 for one in (today[0], tomorrow[0])] == [False, True]


def test_the_report_that_a_cashier_was_allowed_to_see(day: TheDay) -> None:
    assert day.in_place is not None
    moved = day.looked["in_place"].books.moved()
    total, report = sum((one.sum for one in moved), Sum()), day.in_place.report
    assert Sum(report.total.count, report.total.amount, report.total.refunds, report.total.refunded) == total


# --- files -----------------------------------------------------------------------------------------------------------


def table_rows(day: TheDay) -> list[dict[str, str]]:
    with day.files["csv"].open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_csv_has_every_payment(day: TheDay) -> None:
    books, found = day.looked["z2"].books.orders, {}
    for row in table_rows(day):
        number = row["Mã đơn"]
        sale, order = day.shop.sales[number], books.get(number, {"paid": 0, "refunded": 0, "zp_trans_id": ""})
        assert row["Số phiếu"].strip('="') == sale.slip
        assert (row["Cách trả"], row["Thu ngân"], int(row["Ca"])) == (of_sale(sale), sale.cashier, sale.shift)
        assert int(row["Số tiền, ₫"]) == sale.amount
        assert int(row["Đã hoàn, ₫"] or 0) == order["refunded"]
        assert (row["Trạng thái"] == "Đã thanh toán") is (order["paid"] > 0)
        if order["paid"]:
            assert row["Mã giao dịch"].strip('="') == str(order["zp_trans_id"])
            assert row["Có kết quả"][:13] == _wall(order["ended_ms"])[:13], "by Vietnam's clock, to the hour"
        assert (row["Lý do"] != "") is (sale.declined is not None)
        found[number] = sale
    assert found.keys() == day.shop.sales.keys()


def _wall(at_ms: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at_ms + VIETNAM_MS)).strftime("%Y-%m-%d %H:%M:%S")


def test_the_workbook(day: TheDay) -> None:
    book = CalamineWorkbook.from_path(day.files["xlsx"])
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    moved, sales = moved_in(day, list(RANGES)[2]), day.shop.sales
    total = sum((one.sum for one in moved), Sum())

    def sheet(name: str) -> dict[str, Sum]:
        rows = sheets[name][1:]
        assert rows[-1] == ["Cộng", *_cells(total)]
        return {str(row[0]): tuple(row[1:]) for row in rows[:-1]}  # type: ignore[misc]

    def must(key: Any) -> dict[str, Any]:
        return {name: tuple(_cells(one)) for name, one in sums(moved, key).items()}

    assert sheet("Cách trả") == must(lambda one: of_sale(sales[one.order]))
    assert sheet("Thu ngân") == must(lambda one: sales[one.order].cashier)
    assert sheet("Quầy") == must(lambda one: "02")
    assert sheet("Theo ngày") == must(lambda one: _wall(one.at_ms)[:10])
    assert sheet("Theo giờ") == must(lambda one: f"{hour_number(one.at_ms)}:00 – {hour_number(one.at_ms)}:59")
    summary = {str(row[0]): row[1:] for row in sheets["Tổng quan"][1:]}
    decided = [one.amount for one in sales.values() if one.decided == "paid"]
    not_made = [one.amount for one in sales.values() if one.declined is not None]
    assert summary["Thực thu"][1] == total.net
    assert summary["Cổng xác nhận đã thu"] == [total.count, total.amount]
    assert summary["Đã hoàn"] == [total.refunds, total.refunded]
    assert summary["Quản lý xác nhận, không qua cổng"] == [len(decided), sum(decided)]
    assert summary["Chưa thu được"] == [len(not_made), sum(not_made)]
    assert summary["Chưa rõ"] == [0, 0]
    back = sheets["Hoàn tiền"][1:]
    refunds = day.shop.refunds
    assert sorted((row[1], row[2], row[3]) for row in back[:-1]) == sorted(
        (refunds[one.key].slip_number, sales[one.order].slip, -one.dong) for one in moved if one.dong < 0
    )
    assert back[-1][3] == total.refunded
    assert [row[6] for row in sheets["Quản lý quyết định"][1:]] == [one.amount for one in day.shop.decisions]
    assert sheets["Chưa thu được"][-1][1:] == [len(not_made), 1.0, sum(not_made)]
    listed = [[_said(cell) for cell in row] for row in sheets["Từng giao dịch"]]
    assert listed == [
        list(table_rows(day)[0]),
        *([cell.strip('="') for cell in row.values()] for row in table_rows(day)),
    ]


def _cells(one: Sum) -> list[float]:
    return [one.count, one.amount, one.refunded, one.net]


def _said(cell: Any) -> str:
    if type(cell) is date:
        return f"{cell} 00:00:00"  # midnight
    return str(int(cell)) if isinstance(cell, float) else str(cell)


def test_the_pdf_says_the_same(day: TheDay) -> None:
    words = " ".join("\n".join(page.extract_text() for page in PdfReader(day.files["pdf"]).pages).split())
    moved, sales = moved_in(day, list(RANGES)[2]), day.shop.sales
    total = sum((one.sum for one in moved), Sum())
    for key in (lambda one: of_sale(sales[one.order]), lambda one: sales[one.order].cashier):
        for name, one in sums(moved, key).items():
            assert f"{name} {_figures(one)}" in words
    assert words.count(f"Cộng {_figures(total)}") == 5
    for back in (one for one in moved if one.dong < 0):
        slip = day.shop.refunds[back.key].slip_number
        assert f"{slip} {sales[back.order].slip} {_dotted(-back.dong)} {MANAGER}" in words
    for text in ("Báo cáo", "Tạp hóa Nguyễn Thị Thuỷ", "Quản lý quyết định", "Đã thấy tiền vào tài khoản của tiệm"):
        assert text in words, "found by its composed letters"


def _dotted(dong: int) -> str:
    return dots(dong).removesuffix("\u00a0₫")


def _figures(one: Sum) -> str:
    return f"{one.count} {_dotted(one.amount)} {_dotted(one.refunded)} {_dotted(one.net)}"


# --- the gateways' statements ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "who"), [("ZaloPay", "zalopay"), ("AppotaPay", "appotapay"), ("next", "zalopay")])
def test_a_statement_agrees(day: TheDay, name: str, who: str) -> None:
    code, told = day.compared[name]
    moved = [
        one for one in moved_in(day, list(RANGES)[1 if name == "next" else 2]) if day.shop.sales[one.order].who == who
    ]
    total = sum((one.sum for one in moved), Sum())
    assert (money(told["ours"]), money(told["theirs"])) == (total, total)
    assert (told["matched"], told["matched_amount"], told["matched_refunds"]) == (
        total.count,
        total.amount,
        total.refunds,
    )
    assert told["explained"]
    never = [] if name != "ZaloPay" else day.taken
    assert [(one["kind"], one["payment_id"], one["ours"], one["theirs"]) for one in told["differences"]] == [
        ("decided_missing", one.number, 0, 0) for one in never
    ], "what a manager took for paid and no gateway ever had: told, and in no sum"
    assert code == (1 if never else 0)
