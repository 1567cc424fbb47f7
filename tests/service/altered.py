"""Hostile messages from a seed: right ones that somebody altered, and wrong ones that are rightly signed.

`run` counts what a receiver takes of them: nothing. `python -m tests.service.altered 1000000` is the long run.
"""

import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pos_app.gateways.appotapay import notifications as appotapay
from pos_app.gateways.notification import Notification, Redirect, Rejected
from pos_app.gateways.zalopay import notifications as from_zalopay
from tests.figures import note
from tests.service.alterations import ALTERATIONS, flipped
from tests.service.messages import (
    APP_ID,
    APPOTA_BACK,
    APPOTA_POS,
    APPOTA_V1,
    APPOTA_V2,
    KEY2,
    PARTNER,
    SECRET,
    ZALOPAY_BACK,
    ZALOPAY_V1,
    ZALOPAY_V2,
    Message,
    valid,
)

SEED = 20_261_122
Receiver = Callable[[Message], bool]
READERS: dict[str, Callable[[bytes], Notification | Redirect | Rejected]] = {
    ZALOPAY_V2: lambda body: from_zalopay.read_callback(body, (KEY2,), (APP_ID,)),
    ZALOPAY_V1: lambda body: from_zalopay.read_callback(body, (KEY2,), (APP_ID,), from_zalopay.V1),
    ZALOPAY_BACK: lambda body: from_zalopay.read_redirect(body.decode("latin-1"), (KEY2,), (APP_ID,)),
    APPOTA_V1: lambda body: appotapay.read_ipn_v1(body, (SECRET,), PARTNER),
    APPOTA_V2: lambda body: appotapay.read_ipn_v2(body, (SECRET,), PARTNER),
    APPOTA_POS: lambda body: appotapay.read_ipn_pos(body, (SECRET,)),
    APPOTA_BACK: lambda body: appotapay.read_redirect(body.decode("latin-1"), (SECRET,), PARTNER),
}


def read(message: Message) -> Notification | Redirect | Rejected:
    """What the program reads."""
    return READERS[message.address](message.body)


def receive(message: Message) -> bool:
    """Whether the message counts for the order that it is about."""
    told, bill = read(message), message.bill
    if isinstance(told, Rejected):
        return False
    if isinstance(told, Redirect):
        return told.app_trans_id == bill.app_trans_id
    return told.agrees_with(bill.app_trans_id, bill.amount, bill.app_id)


def altered(seed: int, count: int) -> Iterator[tuple[str, Message]]:
    """`count` messages of which none may be taken, each with the name of what was done to it."""
    chance = random.Random(seed)
    made = 0
    while made < count:
        message, alter = valid(chance), chance.choice(ALTERATIONS)
        other = alter(message, chance)
        if other.core() != message.core():
            made += 1
            yield alter.__name__.strip("_"), other


@dataclass
class Report:
    """What a receiver did with hostile messages."""

    count: int = 0
    accepted: list[str] = field(default_factory=list)
    unhandled: list[str] = field(default_factory=list)
    grown_bytes: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def sound(self) -> bool:
        return not self.accepted and not self.unhandled


def run(count: int, *, seed: int = SEED, receiver: Receiver = receive) -> Report:
    """Let the receiver have `count` hostile messages; memory is measured after the first thousand."""
    report = Report()
    before = 0
    for kind, message in altered(seed, count):
        if report.count == min(1_000, count // 2):
            before = _memory_bytes()
        report.count += 1
        report.kinds[kind] += 1
        try:
            if receiver(message):
                report.accepted.append(f"{kind} {message.address} {message.body[:500]!r}")
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            report.unhandled.append(f"{kind} {message.address} {type(error).__name__} {message.body[:500]!r}")
        if receiver is receive and report.count % 16 == 0 and isinstance(told := read(message), Rejected):
            report.reasons[told] += 1
    report.grown_bytes = _memory_bytes() - before
    return report


def _memory_bytes() -> int:
    """What this process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def every_flip(messages: list[Message], receiver: Receiver = receive) -> tuple[int, list[str]]:
    """Each bit of each message flipped: how many, and those that were taken though what counts was another."""
    count, taken = 0, []
    for message in messages:
        for bit in range(len(message.body) * 8):
            other = message.with_body(flipped(message.body, bit))
            count += 1
            if receiver(other) and other.core() != message.core():
                taken.append(f"{message.address} bit {bit}")
    return count, taken


def main(count: int) -> int:
    """The long run; 1 when anything was taken, broke, or memory grew by 20 MiB."""
    report = run(count)
    chance = random.Random(SEED)
    flips, taken = every_flip([valid(chance) for _ in range(100)])
    note(
        "hostile notifications", altered=report.count, accepted=len(report.accepted), unhandled=len(report.unhandled),
        memory_growth_kib=report.grown_bytes // 1024, single_bit_flips=flips, flips_accepted=len(taken), seed=str(SEED),
    )  # fmt: skip
    print(f"{report.count:,} altered: {len(report.accepted)} accepted, {len(report.unhandled)} unhandled, "
          f"{report.grown_bytes // 1024:,} KiB more; {flips:,} flips: {len(taken)} accepted")  # fmt: skip
    print(*report.accepted[:10], *report.unhandled[:10], *taken[:10], sep="\n")
    return 0 if report.sound and not taken and report.grown_bytes < 20 * 1024 * 1024 else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000))
