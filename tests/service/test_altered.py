"""T6 in small: hostile messages from a seed. The long run is `python -m tests.service.altered 1000000`."""

import json
import random

import pytest

from pos_app.gateways.notification import Notification, Redirect, Rejected
from tests.service.altered import Receiver, every_flip, read, receive, run
from tests.service.messages import (
    APP_ID,
    APPOTA_BACK,
    APPOTA_POS,
    APPOTA_V1,
    APPOTA_V2,
    KEY2,
    ZALOPAY_BACK,
    ZALOPAY_V1,
    ZALOPAY_V2,
    Message,
    compact,
    hmac_hex,
    valid,
)

ADDRESSES = (ZALOPAY_V2, ZALOPAY_V1, ZALOPAY_BACK, APPOTA_V1, APPOTA_V2, APPOTA_POS, APPOTA_BACK)


def test_right_messages_are_taken() -> None:
    chance = random.Random(1)
    for address in ADDRESSES:
        for _ in range(50):
            assert receive(valid(chance, address)), address


def test_no_altered_message_is_taken() -> None:
    report = run(20_000)
    assert report.accepted == []
    assert report.unhandled == []
    assert report.count == 20_000
    assert report.grown_bytes < 20 * 1024 * 1024
    assert len(report.kinds) == 11
    assert min(report.kinds.values()) > 500
    assert set(report.reasons) == set(Rejected), "each reason must come up, or the generator has gone blind"


def test_every_single_bit_counts() -> None:
    chance = random.Random(2)
    messages = [valid(chance, address) for address in (*ADDRESSES, ZALOPAY_V2, ZALOPAY_BACK, APPOTA_V1, APPOTA_BACK)]
    count, taken = every_flip(messages)
    assert taken == []
    assert count > 30_000


def test_every_single_bit_of_a_callback_is_refused_outright() -> None:
    message = valid(random.Random(3), ZALOPAY_V2)
    for bit in range(len(message.body) * 8):
        place, of = divmod(bit, 8)
        body = bytearray(message.body)
        body[place] ^= 1 << of
        assert isinstance(read(message.with_body(bytes(body))), Rejected)


def test_ten_thousand_replays_read_the_same() -> None:
    message = valid(random.Random(4), ZALOPAY_V2)
    assert {read(message) for _ in range(10_000)} == {read(message)}


# --- controls: a receiver with a hole must be caught ---------------------------------------------------------------


def compares_parsed_json(message: Message) -> bool:
    """Writes the data anew before it checks the MAC, as a hurried colleague would."""
    if message.address != ZALOPAY_V2:
        return False
    try:
        members = json.loads(message.body)
        data = json.loads(members["data"])
        mac = hmac_hex(KEY2, compact(data))
        return bool(members["mac"] == mac and (data["app_trans_id"], data["amount"]) == (
            message.bill.app_trans_id, message.bill.amount
        ))  # fmt: skip
    except (ValueError, KeyError, TypeError, RecursionError, AttributeError):
        return False


def without_the_amount(message: Message) -> bool:
    told = read(message)
    return isinstance(told, Notification) and told.app_trans_id == message.bill.app_trans_id


def without_the_app(message: Message) -> bool:
    """Knows no app of its own, and does not look whether it is the order's."""
    from pos_app.gateways.zalopay.notifications import read_callback  # noqa: PLC0415 - this control's own

    if message.address != ZALOPAY_V2:
        return False
    told = read_callback(message.body, (KEY2,), range(1, 10**6))
    return isinstance(told, Notification) and told.agrees_with(
        message.bill.app_trans_id, message.bill.amount, told.app_id
    )


def takes_any_case(message: Message) -> bool:
    try:
        members = json.loads(message.body)
        return receive(message.with_body(compact({**members, "mac": members["mac"].strip().lower()}).encode()))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False


def lenient_json(message: Message) -> bool:
    try:
        return receive(message.with_body(json.dumps(json.loads(message.body)).encode()))
    except (ValueError, RecursionError, UnicodeError):
        return False


def believes_the_type(message: Message) -> bool:
    told = read(message)
    return isinstance(told, Redirect | Notification) or told is Rejected.UNREADABLE


@pytest.mark.parametrize(
    "hole",
    [compares_parsed_json, without_the_amount, without_the_app, takes_any_case, lenient_json, believes_the_type],
)
def test_a_receiver_with_a_hole_is_caught(hole: Receiver) -> None:
    assert run(1_500, receiver=hole).accepted


def test_a_receiver_that_breaks_is_caught() -> None:
    def breaks(message: Message) -> bool:
        return bool(json.loads(message.body)["mac"] == "x")

    assert run(500, receiver=breaks).unhandled
    assert APP_ID == 2553
