"""What every gateway must do, on each of `WAYS`, against the running built-in gateway over real TLS."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator

import pytest

from pos_app.gateways.gateway import Gateway, NotSentError, Order, PayMethod
from pos_app.payments.answer import Answer, AnswerClass, NotSentCause
from pos_app.payments.payment import MINUTE_MS, Attempt, Evidence, Source, State, fence_ms, fold
from pos_app.payments.payment_code import CodeUsedError, PaymentCode
from pos_app.payments.refund import Refund, refund_number
from pos_app.sandbox.faults import SCENARIOS
from pos_app.sandbox.scenario import Scenario, Truth, Twist, Wire
from pos_app.sandbox.server import Sandbox
from pos_app.vietnam_day import yymmdd
from tests.gateways.ways import WAYS, Way
from tests.sandbox.shop import FixedClock

PRICE = 69_000
CODE_LIFE_MS = 5 * MINUTE_MS
PAID, PROCESSING, NEGATIVE = AnswerClass.PAID, AnswerClass.PROCESSING, AnswerClass.NEGATIVE
NOT_FOUND, DUPLICATE, UNUSABLE = AnswerClass.NOT_FOUND, AnswerClass.DUPLICATE, AnswerClass.UNUSABLE


async def nothing() -> None:
    pass


class Counter:
    """A till at a built-in gateway whose clock stands still until a test moves it."""

    def __init__(self, way: Way, sandbox: Sandbox) -> None:
        assert isinstance(sandbox._clock, FixedClock)
        self.way, self.sandbox, self.clock = way, sandbox, sandbox._clock
        self.gateway: Gateway = way.open(sandbox, self.clock)
        self._refunds = 0

    def order(self, amount: int = PRICE) -> Order:
        now = self.clock.wall_ms()
        running = len(self.sandbox.orders()) + 1
        return Order(f"{yymmdd(now)}_02-{running:06}-k7qx", amount, now, "Quán cà phê Sớm + 1 & 2")

    def code(self) -> PaymentCode:
        return PaymentCode(self.sandbox.customer.fresh_code())

    async def charge(self, amount: int = PRICE) -> tuple[Order, Answer]:
        order = self.order(amount)
        return order, await self.gateway.submit(order, self.code(), nothing)

    def record(self, order: Order) -> dict[str, object]:
        """What the gateway's own book says."""
        (found,) = (one for one in self.sandbox.orders() if one["app_trans_id"] == order.app_trans_id)
        return found

    def refund(self, paid: Answer, amount: int) -> Refund:
        now, self._refunds = self.clock.wall_ms(), self._refunds + 1
        app_id = self.sandbox.app_id
        number = refund_number(
            now, app_id, "02", 1_000 * len(self.sandbox.orders()) + self._refunds, self.way.name[-2:]
        )
        return Refund(number, "02-000149", "", paid.zp_trans_id, amount, app_id, now, "i", "Trả hàng")


Story = Callable[[Counter], Awaitable[None]]
Tell = Callable[[Story], None]


@pytest.fixture(scope="module", params=WAYS, ids=lambda way: way.name)
def way(request: pytest.FixtureRequest) -> Way:
    found = request.param
    assert isinstance(found, Way)
    return found


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(clock=FixedClock(), seed=7) as running:
        yield running


@pytest.fixture
def tell(way: Way, sandbox: Sandbox) -> Tell:
    """Runs a story at a counter that has charged nothing."""

    def run(story: Story) -> None:
        async def all_of_it() -> None:
            counter = Counter(way, sandbox)
            try:
                await story(counter)
            finally:
                await counter.gateway.close()

        asyncio.run(all_of_it())

    return run


# --- a scanned code ----------------------------------------------------------------------------------------------


def test_paid_is_confirmed_with_amount_and_number(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        await counter.gateway.open_ahead()
        order, charged = await counter.charge()
        asked = await counter.gateway.query(order.app_trans_id)
        assert (charged.meaning, asked.meaning, asked.amount) == (PAID, PAID, PRICE)
        assert charged.zp_trans_id == asked.zp_trans_id == str(counter.record(order)["zp_trans_id"])
        assert (counter.record(order)["creates"], counter.record(order)["paid"]) == (1, PRICE)

    tell(story)


def test_the_customer_is_asked_and_decides(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        customer = counter.sandbox.customer
        for confirmed in (True, False):
            order, charged = await counter.charge(10_002)
            assert charged.meaning is PROCESSING
            assert (await counter.gateway.query(order.app_trans_id)).meaning is PROCESSING
            assert customer.confirm(order.app_trans_id) if confirmed else customer.decline(order.app_trans_id)
            assert (await counter.gateway.query(order.app_trans_id)).meaning is (PAID if confirmed else NEGATIVE)

    tell(story)


def test_a_decline_keeps_its_code(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        order, charged = await counter.charge(10_244)
        asked = await counter.gateway.query(order.app_trans_id)
        assert [(one.meaning, one.sub_return_code) for one in (charged, asked)] == [(NEGATIVE, -244)] * 2

    tell(story)


def test_a_code_that_nobody_showed_charges_nobody(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        order, before = counter.order(), counter.sandbox.customer.balance
        charged = await counter.gateway.submit(order, PaymentCode("289999999999999999"), nothing)
        assert (charged.meaning, charged.sub_return_code) == (NEGATIVE, -292)
        assert counter.sandbox.customer.balance == before

    tell(story)


def test_an_order_that_nobody_sent_is_not_found(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        assert (await counter.gateway.query("260628_nobody")).meaning is NOT_FOUND

    tell(story)


def test_the_same_order_twice_is_a_duplicate_and_charged_once(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        order, first = await counter.charge()
        again = await counter.gateway.submit(order, counter.code(), nothing)
        assert (first.meaning, again.meaning) == (PAID, DUPLICATE)
        assert counter.record(order)["paid"] == PRICE

    tell(story)


def test_a_used_code_sends_nothing(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        code = counter.code()
        await counter.gateway.submit(counter.order(), code, nothing)
        second = counter.order()
        with pytest.raises(CodeUsedError):
            await counter.gateway.submit(second, code, nothing)
        assert second.app_trans_id not in {one["app_trans_id"] for one in counter.sandbox.orders()}

    tell(story)


def test_what_could_not_be_written_down_never_leaves(tell: Tell) -> None:
    class DiskFullError(Exception):
        pass

    async def refuse() -> None:
        raise DiskFullError

    async def story(counter: Counter) -> None:
        known, order = len(counter.sandbox.orders()), counter.order()
        with pytest.raises(DiskFullError):
            await counter.gateway.submit(order, counter.code(), refuse)
        with pytest.raises(DiskFullError):
            await counter.gateway.create(order, 900, PayMethod.WALLET, refuse)
        with pytest.raises(DiskFullError):
            await counter.gateway.refund(counter.refund(Answer(PAID, zp_trans_id="1"), 1_000), refuse)
        assert len(counter.sandbox.orders()) == known

    tell(story)


def test_where_nobody_listens_not_sent_is_proven_and_questions_are_unusable(way: Way, sandbox: Sandbox) -> None:
    async def run() -> None:
        counter = Counter(way, sandbox)
        await counter.gateway.close()
        nobody = way.open(sandbox, counter.clock, port=1)
        await nobody.open_ahead()
        code = counter.code()
        with pytest.raises(NotSentError) as caught:
            await nobody.submit(counter.order(), code, nothing)
        assert (caught.value.cause, caught.value.__context__) == (NotSentCause.REFUSED, None)
        assert code.used
        with pytest.raises(NotSentError):
            await nobody.create(counter.order(), 900, PayMethod.WALLET, nothing)
        with pytest.raises(NotSentError):
            await nobody.refund(counter.refund(Answer(PAID, zp_trans_id="1"), 1_000), nothing)
        asked = [await nobody.query("260628_1"), await nobody.query_refund("260628_2553_1"), await nobody.cancel("1")]
        assert [one.meaning for one in asked] == [UNUSABLE] * 3
        await nobody.close()

    asyncio.run(run())


def test_no_secret_reaches_a_log_or_an_answer(tell: Tell, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def story(counter: Counter) -> None:
        text = counter.sandbox.customer.fresh_code()
        counter.sandbox.arm("answer_reset")
        answer = await counter.gateway.submit(counter.order(), PaymentCode(text), nothing)
        assert answer.meaning is UNUSABLE
        for secret in (text, counter.sandbox.key1):
            assert secret not in caplog.text
            assert secret not in repr((answer, counter.gateway, vars(counter.gateway)))

    tell(story)


# --- every scenario ----------------------------------------------------------------------------------------------


def attempt_of(order: Order, app_id: int) -> Attempt:
    fence = fence_ms(order.app_time_ms, CODE_LIFE_MS)
    name, now = order.app_trans_id, order.app_time_ms
    return Attempt(name, name, 1, "02-1", order.amount, app_id, now, fence, now, "camera", "", "demo")


NOT_THIS_ORDER = {Twist.OTHER_AMOUNT, Twist.OTHER_NUMBER, Twist.OTHER_ORDER, Twist.OTHER_APP}
PAID_IN_THE_END = {State.PAID}
NOT_PAID = {State.FAILED, State.NOT_CREATED}


def right_ends(scenario: Scenario) -> set[State]:
    if scenario.twist in NOT_THIS_ORDER:
        return {State.MISMATCH, State.PAID}  # another number is only seen to be another once there are two
    if scenario.truth is Truth.DONE:
        return PAID_IN_THE_END
    return {State.PROCESSING} if scenario.truth is Truth.STUCK else NOT_PAID


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda scenario: scenario.name)
def test_asked_for_long_enough_it_ends_in_its_true_state(tell: Tell, scenario: Scenario) -> None:
    async def story(counter: Counter) -> None:
        order, evidence = counter.order(scenario.amount or PRICE), []
        attempt = attempt_of(order, counter.sandbox.app_id)
        now = counter.clock.wall_ms()
        first = await counter.gateway.submit(order, counter.code(), nothing)
        if scenario.wire not in (Wire.PLAIN, Wire.TWICE):
            assert (first.meaning, first.return_code, first.zp_trans_id) == (UNUSABLE, None, "")
        evidence += [Evidence(Source.SENDING, now, now), Evidence(Source.CREATE, now, now, first)]
        state = fold(attempt, evidence).state
        assert state is not State.PAID, "only a question's answer is proof"
        for wait_ms in (1_000, 10_000, 15 * MINUTE_MS, MINUTE_MS):
            counter.clock.now_ms += wait_ms
            now = counter.clock.wall_ms()
            evidence.append(Evidence(Source.QUERY, now, now, await counter.gateway.query(order.app_trans_id)))
            state, paid = fold(attempt, evidence).state, counter.record(order)["paid"]
            assert state is not State.PAID or paid == order.amount
            assert state not in NOT_PAID or not paid, "never not paid when the money is gone"
        assert state in right_ends(scenario)

    tell(story)


# --- what is shown -----------------------------------------------------------------------------------------------


def test_an_order_is_shown_and_paid_once(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        order = counter.order()
        made = await counter.gateway.create(order, 900, PayMethod.WALLET, nothing)
        assert made.answer.meaning is PROCESSING, "created is not paid"
        assert made.order_url.startswith("https://")
        assert (await counter.gateway.query(order.app_trans_id)).meaning is counter.way.unpaid
        assert counter.sandbox.gateway.open_order(made.order_url), "the customer's phone reads it"
        assert counter.sandbox.customer.confirm(order.app_trans_id)
        asked = await counter.gateway.query(order.app_trans_id)
        assert (asked.meaning, asked.amount) == (PAID, PRICE)
        again = await counter.gateway.create(order, 900, PayMethod.WALLET, nothing)
        assert (again.answer.meaning, again.qr_code, again.order_url) == (DUPLICATE, "", "")

    tell(story)


def test_an_order_that_nobody_pays_is_over_after_its_time(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        order = counter.order()
        await counter.gateway.create(order, 900, PayMethod.ANY, nothing)
        counter.clock.now_ms += 900_000 - 1
        assert (await counter.gateway.query(order.app_trans_id)).meaning is counter.way.unpaid
        counter.clock.now_ms += 1
        assert (await counter.gateway.query(order.app_trans_id)).meaning is NEGATIVE

    tell(story)


def test_a_cancel_that_is_taken_ends_the_order_and_any_other_promises_nothing(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        order = counter.order()
        await counter.gateway.create(order, 900, PayMethod.ANY, nothing)
        cancelled = await counter.gateway.cancel(order.app_trans_id)
        assert cancelled.meaning is (PAID if counter.way.cancels else UNUSABLE)
        assert counter.sandbox.pay_order(order.app_trans_id) is not counter.way.cancels
        assert (await counter.gateway.cancel(order.app_trans_id)).meaning in (UNUSABLE, PAID)
        paid, _ = await counter.charge()
        assert (await counter.gateway.cancel(paid.app_trans_id)).meaning is UNUSABLE
        assert (await counter.gateway.query(paid.app_trans_id)).meaning is PAID

    tell(story)


@pytest.mark.parametrize("scenario", ["order_answer_lost", "order_answer_http_500", "order_answer_garbage"])
def test_a_spoiled_answer_shows_nothing(tell: Tell, scenario: str) -> None:
    async def story(counter: Counter) -> None:
        counter.sandbox.arm(scenario)
        order = counter.order()
        made = await counter.gateway.create(order, 900, PayMethod.ANY, nothing)
        assert (made.answer.meaning, made.qr_code, made.order_url) == (UNUSABLE, "", "")
        assert counter.sandbox.pay_order(order.app_trans_id), "it is there all the same"

    tell(story)


# --- money back --------------------------------------------------------------------------------------------------


def test_the_whole_of_it(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        before = counter.sandbox.customer.balance
        order, paid = await counter.charge()
        whole = counter.refund(paid, PRICE)
        told = await counter.gateway.refund(whole, nothing)
        asked = await counter.gateway.query_refund(whole.m_refund_id)
        assert (told.meaning, asked.meaning) == (PAID, PAID)
        assert told.zp_trans_id not in ("", paid.zp_trans_id), "the refund's own number"
        assert counter.sandbox.customer.balance == before
        assert counter.record(order)["refunded"] == PRICE

    tell(story)


def test_in_parts_up_to_the_rest_and_the_same_one_only_once(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        order, paid = await counter.charge()
        part, too_much, rest = (counter.refund(paid, amount) for amount in (20_000, PRICE, PRICE - 20_000))
        assert (await counter.gateway.query_refund(part.m_refund_id)).meaning is NOT_FOUND
        said = [(await counter.gateway.refund(one, nothing)).meaning for one in (part, part, too_much, rest)]
        assert said == [PAID, DUPLICATE, NEGATIVE, PAID]
        asked = [(await counter.gateway.query_refund(one.m_refund_id)).meaning for one in (part, too_much, rest)]
        assert asked == [PAID, NEGATIVE, PAID]
        assert counter.record(order)["refunded"] == PRICE

    tell(story)


@pytest.mark.parametrize(
    ("scenario", "first", "soon", "later"),
    [
        ("refunded_later", PROCESSING, PROCESSING, PAID),
        ("refund_fails_later", PROCESSING, PROCESSING, NEGATIVE),
        ("refund_accepted_then_failed", PAID, PROCESSING, NEGATIVE),
        ("refund_approved", PROCESSING, PROCESSING, PAID),
        ("refund_not_found_at_first", PAID, NOT_FOUND, PAID),
        ("refund_system_error", UNUSABLE, PROCESSING, PAID),
        ("refund_signature_refused", AnswerClass.REFUSED, NOT_FOUND, NOT_FOUND),
        ("refund_answer_lost", UNUSABLE, PAID, PAID),
        ("refund_never_arrived", UNUSABLE, NOT_FOUND, NOT_FOUND),
        ("refund_answer_twice", DUPLICATE, PAID, PAID),
        ("refund_answer_wrong_types", UNUSABLE, PAID, PAID),
        ("refund_answer_duplicate_keys", UNUSABLE, PAID, PAID),
    ],
)
def test_money_back_on_bad_days(
    tell: Tell, scenario: str, first: AnswerClass, soon: AnswerClass, later: AnswerClass
) -> None:
    async def story(counter: Counter) -> None:
        _, paid = await counter.charge()
        refund = counter.refund(paid, 20_000)
        counter.sandbox.arm(scenario)
        said = [(await counter.gateway.refund(refund, nothing)).meaning]
        for wait_ms in (1_000, 10_000):
            counter.clock.now_ms += wait_ms
            said.append((await counter.gateway.query_refund(refund.m_refund_id)).meaning)
        assert said == [first, soon, later]

    tell(story)
