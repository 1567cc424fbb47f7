"""A payment's moments: in their order, written once and late, and no trouble of the payment if they are lost."""

import itertools
from pathlib import Path

from pos_app.checkout.moments import WAITING_MAX, Moments, Step, Timed
from pos_app.checkout.records import record_story
from pos_app.checkout.shop import Charge
from pos_app.checkout.views import PaymentView, ScanSource
from pos_app.gateways.gateway import NotSentCause, NotSentError
from pos_app.journal.entries import Entry, GestureTimed
from pos_app.payments.acts import Act
from tests.checkout.scripted import NEGATIVE, PROCESSING, UNUSABLE, World, counter, on_a_loop, paid

SCANNED_NS, DECODED_NS = 5_000_000, 9_000_000
TURN_NS = 1_000_000_000


def moments() -> Moments:
    """By a clock on which a ms passes with each look."""
    ticks = itertools.count(10_000_000, 1_000_000)
    return Moments(lambda: next(ticks), scanned_at_ns=SCANNED_NS, decoded_at_ns=DECODED_NS)


async def charged(world: World, *, retry_of: str = "") -> PaymentView:
    request = Charge(50_000, "Bàn 5", ScanSource.CAMERA, world.clock.wall_ms() - 200, retry_of, moments())
    view = await world.desk.charge(request, world.code())
    await world.clock.move(0)
    return view


async def shown(world: World, payment_id: str) -> list[GestureTimed]:
    """What the journal has of its moments after its result was shown."""
    await world.desk.timed.shown(payment_id, TURN_NS)
    return await noted(world, payment_id)


async def noted(world: World, payment_id: str) -> list[GestureTimed]:
    return [one for _, one in (await world.record(payment_id)).entries if isinstance(one, GestureTimed)]


def there(one: GestureTimed) -> list[str]:
    """Its steps, in the order of their times."""
    found = {step.value: us for step in Step if (us := getattr(one, step.value)) is not None}
    return sorted(found, key=lambda step: found[step])


def test_each_step_counts_from_the_frame_and_once() -> None:
    at = moments()
    at.note(Step.C1)
    at.note(Step.C1)
    at.settled()
    at.heard()
    at.heard()
    at.settled()
    assert at.entry("a") == GestureTimed("a", decoded_us=4_000, c1_us=5_000, answered_us=7_000, known_us=8_000)


def test_a_code_that_waited_for_its_amount_counts_from_the_charge() -> None:
    ticks = itertools.count(10_000_000, 1_000_000)
    at = Moments(lambda: next(ticks), scanned_at_ns=SCANNED_NS)
    at.note(Step.C1)
    assert at.entry("a") == GestureTimed("a", c1_us=1_000)


def test_nothing_is_told_of_what_nobody_times() -> None:
    at = Moments()
    for step in Step:
        at.note(step)
    at.heard()
    at.settled()
    assert at.entry("a") is None


@on_a_loop
async def test_a_payments_steps_are_in_their_order_and_written_after_the_result(tmp_path: Path) -> None:
    async with counter(tmp_path, PROCESSING, PROCESSING, paid()) as world:
        view = await charged(world)
        await world.clock.move(5_000)
        assert "tell paid" in world.log
        assert await noted(world, view.payment_id) == [], "nothing before it was shown"
        (one,) = await shown(world, view.payment_id)
        assert there(one) == ["decoded_us", "c1_us", "connected_us", "c2_us", "answered_us", "known_us", "shown_us"]
        assert world.log.index("durable gesture_timed") > world.log.index("tell paid")
        assert await shown(world, view.payment_id) == [one], "once"
        assert (await world.ledger())["wallet"] == 50_000
        lines = [line.text.en for line in record_story(await world.record(view.payment_id))]
        assert "Timing: ZaloPay answered after" not in lines
        assert lines[-1].startswith("Timing: the result was on screen")


@on_a_loop
async def test_what_was_not_reached_is_left_out(tmp_path: Path) -> None:
    async with counter(tmp_path, UNUSABLE, UNUSABLE) as world:
        view = await charged(world)
        (unknown,) = await shown(world, view.payment_id)
        assert there(unknown) == ["decoded_us", "c1_us", "connected_us", "c2_us", "shown_us"]
        world.gateway.queries.append(paid())
        await world.clock.move(60_000)
        assert await world.states() == ["paid"]
        assert await shown(world, view.payment_id) == [unknown], "its gesture was over"
    async with counter(tmp_path / "not sent", NotSentError(NotSentCause.REFUSED)) as world:
        view = await charged(world)
        (not_sent,) = await shown(world, view.payment_id)
        assert there(not_sent) == ["decoded_us", "c1_us", "shown_us"]
        assert "Timing" not in record_story(await world.record(view.payment_id))[-1].text.en
    async with counter(tmp_path / "declined", NEGATIVE, NEGATIVE) as world:
        view = await charged(world)
        await world.clock.move(5_000)
        again = await charged(world, retry_of=view.payment_id)
        for one in (*await shown(world, view.payment_id), *await shown(world, again.payment_id)):
            assert there(one)[-3:] == ["answered_us", "known_us", "shown_us"]


@on_a_loop
async def test_a_managers_word_is_no_answer(tmp_path: Path) -> None:
    async with counter(tmp_path, PROCESSING) as world:
        view = await charged(world)
        await world.clock.move(200_000)
        await world.act(Act.DECIDE_PAID, view.payment_id)
        (one,) = await shown(world, view.payment_id)
        assert "answered_us" in there(one)
        assert "known_us" not in there(one)


@on_a_loop
async def test_moments_that_cannot_be_stored_change_nothing(tmp_path: Path) -> None:
    async with counter(tmp_path, paid(), paid()) as world:
        world.failing = lambda entries: any(isinstance(one, GestureTimed) for one in entries)
        view = await charged(world)
        before = await world.record(view.payment_id)
        assert before.state.value == "paid"
        assert await shown(world, view.payment_id) == []
        assert await world.record(view.payment_id) == before
        assert (await world.ledger())["wallet"] == 50_000
        world.failing = lambda _entries: False
        assert await shown(world, view.payment_id) == [], "what is lost is lost"


@on_a_loop
async def test_a_crash_before_they_are_written_loses_them_and_nothing_else(tmp_path: Path) -> None:
    async with counter(tmp_path, paid(), paid()) as world:
        view = await charged(world)
        await world.crash()
        assert await shown(world, view.payment_id) == []
        assert (await world.record(view.payment_id)).state.value == "paid"
        assert (await world.ledger())["wallet"] == 50_000


@on_a_loop
async def test_only_so_many_wait_to_be_shown(tmp_path: Path) -> None:
    written: list[Entry] = []

    async def write(entry: Entry) -> None:
        written.append(entry)

    timed = Timed(write)
    for number in range(WAITING_MAX + 1):
        timed.begin(str(number), moments())
    await timed.shown("0", TURN_NS)
    await timed.shown("1", TURN_NS)
    assert [one.app_trans_id for one in written if isinstance(one, GestureTimed)] == ["1"]
