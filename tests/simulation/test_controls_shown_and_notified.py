"""Seeded bugs about what the customer scans, what the gateway tells by itself, and the clock: each must be found."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pos_app.checkout import attempts, desk
from pos_app.checkout.attempts import Attempts
from pos_app.checkout.desk import Desk
from pos_app.checkout.notified import Notified
from pos_app.checkout.open_payment import Books, OpenPayment
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.views import ShownCode
from pos_app.gateways.gateway import Created
from pos_app.gateways.notification import Notification, Taken
from pos_app.payments import payment as rules
from pos_app.payments.answer import AnswerClass
from pos_app.payments.payment import Evidence, Source, State
from pos_app.simulation.store import Store
from pos_app.words import NOTHING
from tests.simulation.control import Control, Patch, control


def rule(patch: Patch, of: State, proof: Callable[[Any], list[Evidence]]) -> None:
    """Have another proof count for a state."""
    patch.setattr(rules, "RULES", tuple((state, proof if state is of else its) for state, its in rules.RULES))


def shown_fails_before_its_time(patch: Patch) -> None:
    """What the customer could not pay at one try counts as failed, though the code is still shown."""

    def as_scanned(facts: Any) -> list[Evidence]:
        was = facts.attempt
        facts.attempt = replace(was, expires_at_ms=None)
        try:
            return rules._failed(facts)
        finally:
            facts.attempt = was

    rule(patch, State.FAILED, as_scanned)


def shown_expires_before_its_time(patch: Patch) -> None:
    """One "failed" means that what is shown is over."""
    rule(patch, State.EXPIRED, lambda facts: facts.asked(AnswerClass.NEGATIVE) if facts.attempt.expires_at_ms else [])


def shown_order_is_fenced_too_soon(patch: Patch) -> None:
    """ "No such order" counts although what is shown can still be paid."""
    patch.setattr(attempts, "shown_fence_ms", lambda expires_at_ms: expires_at_ms - 4 * rules.MINUTE_MS)


def cancel_believed_without_a_question(patch: Patch) -> None:
    """The gateway took the cancel: nobody asks whether that is so."""
    rule(patch, State.CANCELLED, lambda facts: facts.happened(Source.CANCEL, AnswerClass.PAID))


def cancel_confirmed_by_books_that_never_had_it(patch: Patch) -> None:
    """The order was made, the cancel was taken: then "no such order" agrees, whoever says so."""
    patch.setattr(rules, "_in_the_books_from_ms", lambda _facts: 0)


def silence_counts_at_once(patch: Patch) -> None:
    """A gateway that tells nothing of what waits has said that it was not paid."""
    patch.setattr(rules, "_silence_counts_from_ms", lambda attempt: attempt.app_time_ms)


def replaced_while_the_first_is_live(patch: Patch) -> None:
    """A wish to cancel frees the sale for another code, and no constraint of the journal stops it."""
    sale_of = Attempts._sale_of
    is_open: dict[Books, dict[str, OpenPayment]] = {}

    async def free(self: Attempts, payment_id: str) -> tuple[str, int]:
        payment = is_open[self._books].get(payment_id)
        if payment is None or not payment.cancel_wished:
            return await sale_of(self, payment_id)
        self._books.at_counter = ""
        return payment.attempt.sale_id, payment.attempt.attempt + 1

    def guard(self: Desk, _amount: int, **_more: Any) -> None:
        is_open[self._books] = self._open
        payment = self._open.get(self._books.at_counter)
        if payment is not None and payment.live and not payment.cancel_wished:
            raise RefusedError(NOTHING, NOTHING)

    patch.setattr(Attempts, "_sale_of", free)
    patch.setattr(Desk, "_guard", guard)
    patch.setattr(Store, "_check_changed", lambda _self, _payment, _row: None)


def any_code_is_shown(patch: Patch) -> None:
    """What the gateway sends is shown, whatever it says."""

    def unread(created: Created, *_: object, **__: object) -> ShownCode | None:
        return ShownCode(created.qr_code, any_bank=True, link="") if created.qr_code else None

    patch.setattr(desk, "code_to_show", unread)


def notification_counts_as_paid(patch: Patch) -> None:
    """What the gateway tells by itself is believed."""
    paid = rules._paid
    rule(patch, State.PAID, lambda facts: paid(facts) + [one for one in facts.notified() if rules._fits(facts, one)])


def notification_forbids_nothing(patch: Patch) -> None:
    """What the gateway told by itself is stored, and stops no "not paid"."""
    patch.setattr(rules._Facts, "notified", lambda _self: [])


def acknowledged_before_it_is_stored(patch: Patch) -> None:
    """The gateway is thanked at once, and the notification is written down after that."""
    take = Notified.take

    async def at_once(self: Notified, told: Notification) -> Taken:
        async def later() -> None:
            await take(self, told)

        self._tasks.spawn(later())
        return Taken.NEW

    patch.setattr(Notified, "take", at_once)


def orphan_is_thanked_and_forgotten(patch: Patch) -> None:
    """What is told of an order that nobody knows is kept nowhere."""

    async def forget(_self: Notified, _told: Notification) -> Taken:
        return Taken.ORPHAN

    patch.setattr(Notified, "_orphan", forget)


def notification_is_stored_and_left(patch: Patch) -> None:
    """Nobody asks about what the gateway told by itself."""

    async def nothing(*_: object, **__: object) -> None:
        pass

    patch.setattr(Notified, "_ask", nothing)


def doubtful_clock_is_believed(patch: Patch) -> None:
    """After a sleep the till does not ask for the time before it dates a charge."""

    async def nobody_asks(*_: object) -> None:
        pass

    patch.setattr(desk, "ask_the_time", nobody_asks)


CONTROLS = (
    control(shown_fails_before_its_time, "I5", shown=0.3),
    control(shown_expires_before_its_time, "I5", shown=0.3),
    control(shown_order_is_fenced_too_soon, "I5", worlds=20, shown=0.3, request_lost=0.03),
    control(cancel_believed_without_a_question, "I5", worlds=20, shown=0.3, nobody_scans=0.3, cancel_not_kept=0.3),
    control(
        cancel_confirmed_by_books_that_never_had_it,
        "I5",
        worlds=20,
        shown=0.3,
        nobody_scans=0.3,
        cancel_at_once=0.3,
        cancel_not_kept=0.3,
        lagging_read=0.1,
    ),
    control(silence_counts_at_once, "I5", shown=0.3),
    control(replaced_while_the_first_is_live, "I1", shown=0.3, nobody_scans=0.3),
    control(any_code_is_shown, "mis-stated", shown=0.3, wrong_code=0.05),
    control(notification_counts_as_paid, "I4", "mis-stated"),
    control(notification_forbids_nothing, "I5", worlds=20, notified_of_failure=0.3, declined=0.05),
    control(acknowledged_before_it_is_stored, "I18"),
    control(notification_is_stored_and_left, "I22", notified=0.5, slow_customer=0.1, answer_lost=0.05),
    control(orphan_is_thanked_and_forgotten, "I18", worlds=20, notified=0.5, notified_orphan=0.05),
    control(doubtful_clock_is_believed, "clock", worlds=20, computer_sleeps=0.1),
)


@pytest.mark.parametrize("one", CONTROLS, ids=lambda one: one.bug.__name__)
def test_the_simulation_finds(one: Control, monkeypatch: Patch) -> None:
    one.must_be_found(monkeypatch)
