"""What people look up: the newest payments, one payment's time line, a search. Read from the journal, told as views."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from pos_app.checkout.cash import CashDesk
from pos_app.checkout.cash_views import cash_story
from pos_app.checkout.desk import Desk
from pos_app.checkout.events import FoundView, LatestView, RecentView, StoryView
from pos_app.checkout.records import record_story, record_view
from pos_app.checkout.search import fits
from pos_app.checkout.views import PaymentView
from pos_app.journal.cash_rows import sold_between
from pos_app.journal.projections import PaymentRecord
from pos_app.journal.store import Journal
from pos_app.vietnam_day import day_bounds_ms, day_of

RECENT_COUNT = 100
"""How many payments the list on screen holds."""
LATEST_COUNT = 10
"""How many payments answer the question "is it paid?"."""
SEARCH_DAYS = 31
FOUND_MAX = 50


class Lookup:
    """Answers what a screen wants to see. Lives on the desk's loop.

    Args:
        journal: what is read.
        desk: knows the open payments better than the journal does.
        tell: gets each view.
    """

    def __init__(self, journal: Journal, desk: Desk, tell: Callable[[object], None]) -> None:
        self._journal = journal
        self._desk = desk
        self._tell = tell
        self.cash: CashDesk

    async def recent(self) -> None:
        """The newest payments. Told as `RecentView`."""
        views = [view for view, _ in await self._newest(RECENT_COUNT)] + await self.cash.newest(RECENT_COUNT)
        self._tell(RecentView(tuple(sorted(views, key=_at_ms, reverse=True))[:RECENT_COUNT]))

    async def latest(self) -> None:
        """The last few with their stories. Told as `LatestView`."""
        newest = await self._newest(LATEST_COUNT)
        self._tell(LatestView(tuple(StoryView(view, record_story(record)) for view, record in newest)))

    async def story(self, payment_id: str) -> None:
        """A payment's time line. Told as `StoryView`."""
        record = await asyncio.wrap_future(self._journal.payment(payment_id))
        if record is not None:
            self._tell(StoryView(record_view(record), record_story(record)))
        elif (sale := await self.cash.record(payment_id)) is not None:
            self._tell(StoryView(await self.cash.view(payment_id), cash_story(sale)))

    async def find(self, text: str) -> None:
        """The payments of the last month that fit what was typed. Told as `FoundView`.

        Day by day: between two of them the journal takes what payments have to write.
        """
        found: list[PaymentView] = []
        today = day_of(self._desk.now_ms())
        for back in range(SEARCH_DAYS):
            start_ms, end_ms = day_bounds_ms(today - timedelta(days=back))
            left = FOUND_MAX - len(found)
            wanted = self._journal.find(start_ms, end_ms, lambda keys: fits(keys, text), left)
            records = await asyncio.wrap_future(wanted)
            found += map(record_view, records)
            sold = await asyncio.wrap_future(
                self._journal.read(partial(sold_between, start_ms=start_ms, end_ms=end_ms))
            )
            found += [view for view in self.cash.pictures(sold) if fits(view, text)][: FOUND_MAX - len(found)]
            if len(found) >= FOUND_MAX:
                break
        self._tell(FoundView(text, tuple(found)))

    async def _newest(self, count: int) -> list[tuple[PaymentView, PaymentRecord]]:
        """The newest payments as the desk knows them where it does, else as the journal does."""
        records = await asyncio.wrap_future(self._journal.recent(count))
        live = {view.payment_id: view for view in self._desk.open_views()}
        return [(live.get(one.attempt.app_trans_id) or record_view(one), one) for one in records]


def _at_ms(view: PaymentView) -> int:
    return view.scanned_at_ms
