"""Bugs of what stands outside the rooms: money, days, the till that puts all together."""

from tests.controls.bug import Bug

MONEY = "pos_app/money.py"
DAY = "pos_app/vietnam_day.py"
TILL = "pos_app/till.py"
DOOR = "pos_app/door.py"
DOORS = "tests/test_door.py"
WRONG_CLOCK = "tests/end_to_end/test_a_wrong_clock.py"

BUGS = (
    Bug(
        "money_through_float",
        "Amounts are written by way of a float.",
        "I12",
        MONEY,
        'f"{abs(amount):,}"',
        'f"{abs(amount) / 1000:,.3f}"',
        ("tests/test_money.py::test_groups_are_three_digits",),
    ),
    Bug(
        "fractions_are_read_as_thousands",
        "`100.00` is read as 10,000 dong.",
        "F06",
        MONEY,
        "    if not _GROUPED.fullmatch(cleaned):\n",
        '    if not re.fullmatch(r"[0-9][0-9.,]*", cleaned):\n',
        ("tests/test_money.py::test_anything_else_is_refused",),
    ),
    Bug(
        "day_from_utc",
        "Between midnight and seven the order id carries yesterday's day.",
        "section 6, F63",
        DAY,
        ".astimezone(VIETNAM)",
        ".astimezone(UTC)",
        ("tests/payments/test_order_number.py::test_the_day_changes_at_midnight_in_vietnam",),
    ),
    Bug(
        "day_from_the_machine",
        "The day is that of whatever zone the machine is set to.",
        "section 6, F63",
        DAY,
        ".astimezone(VIETNAM)",
        ".astimezone()",
        ("tests/test_vietnam_day.py::test_the_machines_zone_does_not_matter",),
    ),
    Bug(
        "account_shows_its_keys",
        "The signing key stands in the repr of the account that the till is handed.",
        "I21, F84",
        "pos_app/gateway_access.py",
        "    key1: str = field(repr=False)\n",
        "    key1: str\n",
        ("tests/end_to_end/test_access_shows_no_key.py",),
    ),
    Bug(
        "order_time_not_corrected",
        "On a machine that is slow by a quarter of an hour every order is refused.",
        "0.8, section 6, F62",
        TILL,
        "            now_ms=self._offset.corrected_ms,\n",
        "            now_ms=self._clock.wall_ms,\n",
        (f"{WRONG_CLOCK}::test_orders_carry_the_gateways_time",),
    ),
    Bug(
        "charging_by_a_clock_nobody_checked",
        "A clock far off, and not checked lately, begins payments whose fence is wrong.",
        "section 6, F62",
        "pos_app/checkout/shop.py",
        "    if clock_doubtful():\n        raise RefusedError(",
        "    if not clock_doubtful:\n        raise RefusedError(",
        (f"{WRONG_CLOCK}::test_a_clock_that_nobody_can_check_begins_nothing",),
    ),
    Bug(
        "charging_on_a_full_disk",
        "A payment is begun without the room that it takes to finish it.",
        "0.9, F56",
        "pos_app/checkout/fitness.py",
        "        if not self._journal.room_left():\n",
        "        if not self._journal.room_left(1):\n",
        ("tests/end_to_end/test_a_disk_nearly_full.py",),
    ),
    Bug(
        "charging_on_a_file_that_cannot_be_read",
        "The daily check of a large journal ends at a broken page, and the till goes on taking money.",
        "I10, F58",
        "pos_app/checkout/fitness.py",
        "            return [str(error)]\n",
        "            return [] if str(error) else [str(error)]\n",
        ("tests/checkout/test_fitness.py",),
    ),
    Bug(
        "unknown_not_in_the_counter",
        "A payment that nobody knows is not in the head's counter.",
        "section 3.1, I8, F11",
        "pos_app/checkout/in_sight.py",
        "for view in open_now if view.stage in _UNKNOWN}\n",
        "for view in open_now if view.late}\n",
        ("tests/end_to_end/test_the_counter_in_the_head.py",),
    ),
    Bug(
        "door_key_lies_open",
        "Everybody on the machine can read the way in to the running till.",
        "section 9",
        DOOR,
        "        self._path.chmod(0o600)\n",
        "        self._path.chmod(0o644)\n",
        (f"{DOORS}::test_only_the_owner_can_read_the_key",),
    ),
    Bug(
        "door_asks_for_no_key",
        "Whoever finds the port is answered.",
        "section 9",
        DOOR,
        "            deliver_challenge(connection, self._key)\n            answer_challenge(connection, self._key)\n",
        "            deliver_challenge(connection, bytes(32))\n            answer_challenge(connection, bytes(32))\n",
        (f"{DOORS}::test_a_wrong_key_is_turned_away",),
    ),
    Bug(
        "command_says_paid_for_unknown",
        "A program that calls `pay` is told paid when nobody knows.",
        "0.2",
        "pos_app/cli/watch.py",
        "        code = EXIT_CODES.get(payment.stage, NOT_KNOWN)\n",
        "        code = EXIT_CODES.get(payment.stage, DONE)\n",
        ("tests/end_to_end/test_commands.py::test_no_result_in_time_is_not_known",),
    ),
)
