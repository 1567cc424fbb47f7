"""A damaged journal: no payment starts, what is left can be read, and its files are never touched (F58)."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from pos_app.checkout.events import Ready, RecentView
from pos_app.checkout.views import Stage
from pos_app.gateway_access import access_to
from pos_app.journal.errors import JournalDamagedError
from pos_app.journal.sqlite_file import FILE_NAME
from pos_app.sandbox.server import Sandbox
from pos_app.settings import Settings
from pos_app.till import Till
from tests.clocks import FastClock
from tests.end_to_end.world import Counter, counter


def damaged(sandbox: Sandbox, folder: Path) -> dict[str, bytes]:
    """A folder with one paid payment whose newest entry was rewritten by a database tool."""
    with counter(sandbox, folder) as till:
        till.scan(50_000)
        till.until_stage(Stage.PAID)
    with closing(sqlite3.connect(folder / FILE_NAME)) as tool:
        tool.execute("DROP TRIGGER entry_never_changes")
        tool.execute("UPDATE entry SET payload = replace(payload, '50000', '90000') WHERE kind = 'payment_prepared'")
        tool.execute("UPDATE journal SET clean_stop = 0")
        tool.commit()
    return {path.name: path.read_bytes() for path in folder.glob(f"{FILE_NAME}*")}


def test_it_can_be_read_and_not_charged_and_is_left_as_it_is(tmp_path: Path) -> None:
    with Sandbox(clock=FastClock()) as sandbox:
        before = damaged(sandbox, tmp_path)
        with pytest.raises(JournalDamagedError):
            Till(Settings(), tmp_path, lambda _told: None, access=access_to(sandbox), camera=False).start()

        made = Counter(sandbox, tmp_path)
        made.till = Till(
            Settings(), tmp_path, made.told.put, access=access_to(sandbox), camera=False, look_when_damaged=True
        ).start()
        try:
            made.until(lambda told: isinstance(told, Ready))
            assert made.until_refused().title == JournalDamagedError.title, "said without being asked"
            made.scan(10_000)
            assert made.until_refused().advice == JournalDamagedError.advice
            made.till.recent()
            seen = made.until(lambda told: isinstance(told, RecentView))
            assert isinstance(seen, RecentView)
            assert len(seen.payments) == 1, "what is left can be read"
            assert len(sandbox.orders()) == 1, "nothing was sent"
        finally:
            made.till.stop()
        assert {path.name: path.read_bytes() for path in tmp_path.glob(f"{FILE_NAME}*")} == before


def test_damage_that_comes_while_the_till_is_open_stops_new_payments(tmp_path: Path) -> None:
    clock = FastClock()
    with Sandbox(clock=clock) as sandbox, counter(sandbox, tmp_path, clock) as made:
        made.scan(50_000)
        made.until_stage(Stage.PAID)

        def rewrite(connection: Connection) -> None:
            connection.exec_driver_sql("DROP TRIGGER entry_never_changes")
            connection.exec_driver_sql("UPDATE entry SET at_ms = at_ms + 1 WHERE kind = 'payment_prepared'")

        made.till.journal._in_transaction(rewrite).result()
        clock.run(600)
        assert made.until_refused().title == JournalDamagedError.title, "told by the daily audit"
        clock.run(1)
        made.scan(10_000)
        assert made.until_refused().title == JournalDamagedError.title
        assert len(sandbox.orders()) == 1
