"""What goes wrong in a world, and how often: rates are drawn anew for each world; each that strikes counts."""

from collections import Counter
from collections.abc import Callable, Collection
from enum import StrEnum
from random import Random


class Fault(StrEnum):
    """One kind of trouble, or of person."""

    # the network
    NO_CONNECTION = "no_connection"
    OUTAGE = "outage"
    REQUEST_LOST = "request_lost"
    REQUEST_DELAYED = "request_delayed"
    REQUEST_DOUBLED = "request_doubled"
    ANSWER_LOST = "answer_lost"
    ANSWER_SLOW = "answer_slow"
    ANSWER_GARBAGE = "answer_garbage"
    ANSWER_CUT = "answer_cut"
    SERVER_ERROR = "server_error"
    # the gateway
    DECLINED = "declined"
    REQUEST_REFUSED = "request_refused"
    SLOW_CUSTOMER = "slow_customer"
    STUCK = "stuck"
    FALSE_FAIL = "false_fail"
    SYSTEM_ERROR = "system_error"
    LAGGING_READ = "lagging_read"
    TOO_MANY_REQUESTS = "too_many_requests"
    OTHER_AMOUNT = "other_amount"
    NO_CANCEL = "no_cancel"
    REFUND_SLOW = "refund_slow"
    REFUND_DECLINED = "refund_declined"
    # the cashier, the customer, the manager
    RESCAN_SAME_CODE = "rescan_same_code"
    SCAN_WHILE_UNKNOWN = "scan_while_unknown"
    DOUBLE_SCAN = "double_scan"
    CANCEL = "cancel"
    ASK_NOW = "ask_now"
    RELEASE = "release"
    DECISION = "decision"
    DECISION_TOO_SOON = "decision_too_soon"
    REFUND = "refund"
    REFUND_PRESSED_TWICE = "refund_pressed_twice"
    REFUND_OVER_THE_REST = "refund_over_the_rest"
    # the computer
    CLOCK_WRONG = "clock_wrong"
    CLOCK_SET = "clock_set"
    COMPUTER_SLEEPS = "computer_sleeps"
    MIDNIGHT = "midnight"
    DISK_FULL = "disk_full"
    DISK_SLOW = "disk_slow"
    CLEAN_STOP = "clean_stop"
    CRASH_ANYWHERE = "crash_anywhere"
    CRASH_BEFORE_C1 = "crash_before_c1"
    CRASH_AFTER_C1 = "crash_after_c1"
    CRASH_BEFORE_C2 = "crash_before_c2"
    CRASH_AFTER_C2 = "crash_after_c2"
    CRASH_BEFORE_C3 = "crash_before_c3"
    CRASH_AFTER_C3 = "crash_after_c3"
    CRASH_BEFORE_C5 = "crash_before_c5"
    CRASH_AFTER_C5 = "crash_after_c5"
    # what the customer scans
    SHOWN = "shown"
    LINK = "link"
    WRONG_CODE = "wrong_code"
    NOBODY_SCANS = "nobody_scans"
    SCANS_LATE = "scans_late"
    SCANS_OLD_CODE = "scans_old_code"
    FIRST_TRY_FAILS = "first_try_fails"
    CANCEL_NOT_KEPT = "cancel_not_kept"
    CANCEL_AT_ONCE = "cancel_at_once"
    # what the gateway tells by itself
    NOTIFIED = "notified"
    NOTIFIED_TWICE = "notified_twice"
    NOTIFIED_EARLY = "notified_early"
    NOTIFIED_LATE = "notified_late"
    NOTIFIED_OTHER_AMOUNT = "notified_other_amount"
    NOTIFIED_OF_FAILURE = "notified_of_failure"
    NOTIFIED_ORPHAN = "notified_orphan"
    THANKS_LOST = "thanks_lost"


USUAL = {
    Fault.NO_CONNECTION: 0.006,
    Fault.OUTAGE: 0.0005,
    Fault.REQUEST_LOST: 0.003,
    Fault.REQUEST_DELAYED: 0.003,
    Fault.REQUEST_DOUBLED: 0.008,
    Fault.ANSWER_LOST: 0.01,
    Fault.ANSWER_SLOW: 0.01,
    Fault.ANSWER_GARBAGE: 0.006,
    Fault.ANSWER_CUT: 0.006,
    Fault.SERVER_ERROR: 0.006,
    Fault.DECLINED: 0.012,
    Fault.REQUEST_REFUSED: 0.001,
    Fault.SLOW_CUSTOMER: 0.02,
    Fault.STUCK: 0.0002,
    Fault.FALSE_FAIL: 0.003,
    Fault.SYSTEM_ERROR: 0.003,
    Fault.LAGGING_READ: 0.01,
    Fault.TOO_MANY_REQUESTS: 0.004,
    Fault.OTHER_AMOUNT: 0.0002,
    Fault.NO_CANCEL: 0.3,
    Fault.REFUND_SLOW: 0.04,
    Fault.REFUND_DECLINED: 0.03,
    Fault.RESCAN_SAME_CODE: 0.15,
    Fault.SCAN_WHILE_UNKNOWN: 0.15,
    Fault.DOUBLE_SCAN: 0.005,
    Fault.CANCEL: 0.2,
    Fault.ASK_NOW: 0.2,
    Fault.RELEASE: 0.2,
    Fault.DECISION: 0.02,
    Fault.DECISION_TOO_SOON: 0.05,
    Fault.REFUND: 0.015,
    Fault.REFUND_PRESSED_TWICE: 0.2,
    Fault.REFUND_OVER_THE_REST: 0.1,
    Fault.CLOCK_WRONG: 0.3,
    Fault.CLOCK_SET: 0.001,
    Fault.COMPUTER_SLEEPS: 0.001,
    Fault.MIDNIGHT: 0.3,
    Fault.DISK_FULL: 0.0004,
    Fault.DISK_SLOW: 0.004,
    Fault.CLEAN_STOP: 0.0007,
    Fault.CRASH_ANYWHERE: 0.001,
    Fault.CRASH_BEFORE_C1: 0.0004,
    Fault.CRASH_AFTER_C1: 0.0004,
    Fault.CRASH_BEFORE_C2: 0.0004,
    Fault.CRASH_AFTER_C2: 0.0004,
    Fault.CRASH_BEFORE_C3: 0.0004,
    Fault.CRASH_AFTER_C3: 0.0004,
    Fault.CRASH_BEFORE_C5: 0.0004,
    Fault.CRASH_AFTER_C5: 0.0004,
    Fault.SHOWN: 0.04,
    Fault.LINK: 0.05,
    Fault.WRONG_CODE: 0.02,
    Fault.NOBODY_SCANS: 0.05,
    Fault.SCANS_LATE: 0.08,
    Fault.SCANS_OLD_CODE: 0.3,
    Fault.FIRST_TRY_FAILS: 0.1,
    Fault.CANCEL_NOT_KEPT: 0.1,
    Fault.CANCEL_AT_ONCE: 0.004,
    Fault.NOTIFIED: 0.12,
    Fault.NOTIFIED_TWICE: 0.1,
    Fault.NOTIFIED_EARLY: 0.05,
    Fault.NOTIFIED_LATE: 0.05,
    Fault.NOTIFIED_OTHER_AMOUNT: 0.005,
    Fault.NOTIFIED_OF_FAILURE: 0.02,
    Fault.NOTIFIED_ORPHAN: 0.005,
    Fault.THANKS_LOST: 0.05,
}
"""How likely each is at each opportunity for it, before a world makes it rarer or more common."""
_FACTORS = (0.0, 0.3, 0.6, 1.0, 1.0, 1.5, 3.0)
ALL_FAULTS = tuple(Fault)


class Faults:
    """The trouble of one world.

    Attributes:
        fired: how often each fault struck.
        noticed: told of each that strikes.
        over: nothing goes wrong any more: the network works, so that everything can come to its end.
    """

    def __init__(self, chance: Random, off: Collection[Fault] = ()) -> None:
        self._random = chance.random
        # Drawn for all, so that switching one off leaves the others as they are.
        drawn = {fault: usual * chance.choice(_FACTORS) for fault, usual in USUAL.items()}
        self._rates = {fault: 0.0 if fault in off else rate for fault, rate in drawn.items()}
        self.fired: Counter[Fault] = Counter()
        self.over = False
        self.noticed: Callable[[str], None] | None = None

    def between(self, low: int, high: int) -> int:
        """A number from `low` to below `high`: how long or how much."""
        return low + int(self._random() * (high - low))

    def strikes(self, fault: Fault, likely: int = 1) -> bool:
        """Whether it happens now; `likely` times as likely as usual."""
        if self._random() >= self._rates[fault] * likely or self.over:
            return False
        self.fired[fault] += 1
        if self.noticed is not None:
            self.noticed(fault.value)
        return True
