"""The customer's phone: a demo wallet with a balance, payment codes that live a minute, confirm and decline.

Knows nothing of orders beyond what the gateway asks it; the page that shows it lives in `resources/phone`.
"""

import threading
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from pos_app.clock import Clock

CODE_LIFE_MS = 60_000
"""A payment code is renewed every minute (ZaloPay's support page on the payment code)."""
START_BALANCE = 200_000_000
_FORGET_AFTER_MS = 3_600_000
_CODE_DIGITS = 18


class CodeState(StrEnum):
    """What a presented payment code is."""

    GOOD = "good"
    USED = "used"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class WalletCode:
    """One payment code of the wallet: 18 digits beginning with 28, good once and until `expires_at_ms`."""

    text: str = field(repr=False)
    expires_at_ms: int
    used: bool = False


@dataclass(slots=True)
class Question:
    """A payment the wallet asks its owner about. `answer` is None until the owner taps."""

    app_trans_id: str
    amount: int
    description: str
    answer: bool | None = None


class Customer:
    """The owner of the demo wallet and the phone it runs on. Safe to use from any thread.

    Attributes:
        asks_first: whether each payment waits for a tap on the phone.
        spent: how many codes were used, so that the page knows when to show another.
    """

    def __init__(self, *, clock: Clock, random: Random) -> None:
        self.asks_first = False
        self.spent = 0
        self._clock = clock
        self._random = random
        self._balance = START_BALANCE
        self._codes: dict[str, WalletCode] = {}
        self._questions: dict[str, Question] = {}
        self._lock = threading.RLock()

    @property
    def balance(self) -> int:
        """What the wallet holds, in dong."""
        return self._balance

    def fresh_code(self) -> str:
        """A payment code that was never shown before, good for a minute and once."""
        return self.new_code().text

    def new_code(self) -> WalletCode:
        """As `fresh_code`, with its end."""
        with self._lock:
            now = self._clock.wall_ms()
            self._codes = {
                text: code for text, code in self._codes.items() if now - code.expires_at_ms < _FORGET_AFTER_MS
            }
            text = f"28{self._random.randrange(10 ** (_CODE_DIGITS - 2)):0{_CODE_DIGITS - 2}}"
            if text in self._codes:
                return self.new_code()
            self._codes[text] = WalletCode(text, now + CODE_LIFE_MS)
            return self._codes[text]

    def spend(self, text: str) -> CodeState:
        """Present a code; a good one is used up by it."""
        with self._lock:
            code = self._codes.get(text)
            if code is None:
                return CodeState.UNKNOWN
            if code.used:
                return CodeState.USED
            if self._clock.wall_ms() >= code.expires_at_ms:
                return CodeState.EXPIRED
            code.used = True
            self.spent += 1
            return CodeState.GOOD

    def pay(self, amount: int) -> bool:
        """Take `amount` dong from the wallet, unless it holds less."""
        with self._lock:
            if amount > self._balance:
                return False
            self._balance -= amount
            return True

    def top_up(self, amount: int) -> None:
        """Put `amount` dong into the wallet."""
        with self._lock:
            self._balance += amount

    def ask(self, app_trans_id: str, amount: int, description: str) -> None:
        """Show a payment on the phone and wait for a tap."""
        with self._lock:
            self._questions[app_trans_id] = Question(app_trans_id, amount, description)

    def withdraw(self, app_trans_id: str) -> None:
        """Stop asking: the order has ended."""
        with self._lock:
            self._questions.pop(app_trans_id, None)

    def answer(self, app_trans_id: str) -> bool | None:
        """True confirmed, False declined, None not tapped yet or never asked."""
        with self._lock:
            question = self._questions.get(app_trans_id)
            return question.answer if question else None

    def questions(self) -> list[Question]:
        """The payments that wait for a tap, oldest first."""
        with self._lock:
            return [question for question in self._questions.values() if question.answer is None]

    def confirm(self, app_trans_id: str) -> bool:
        """Tap confirm. False when nothing waits under that id."""
        return self._tap(app_trans_id, answer=True)

    def decline(self, app_trans_id: str) -> bool:
        """Tap decline. False when nothing waits under that id."""
        return self._tap(app_trans_id, answer=False)

    def _tap(self, app_trans_id: str, *, answer: bool) -> bool:
        with self._lock:
            question = self._questions.get(app_trans_id)
            if question is None or question.answer is not None:
                return False
            question.answer = answer
            return True
