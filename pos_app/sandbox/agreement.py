"""Agreements: a customer binds the wallet to a shop, which then has a token that stands for the wallet.

Written from the documentation of ZaloPay's v2 API (agreement). What is paid with a token stands in `token_payments`,
what a right request is in `agreement_requests`.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from random import Random

from pos_app.clock import Clock
from pos_app.sandbox.agreement_requests import (
    AskedBinding,
    right_balance_question,
    right_bind,
    right_binding_question,
    right_unbind,
    right_user_question,
)
from pos_app.sandbox.answers import FAILURE, PROCESSING, SUCCESS, create_answer
from pos_app.sandbox.callbacks import Callbacks
from pos_app.sandbox.customer import Customer
from pos_app.sandbox.requests import APP_ID, Fields, RefusedError
from pos_app.vietnam_day import yymmdd

BIND_LIFE_MS = 15 * 60_000
NEVER = -62_135_596_800_000
"""The end of a binding that has none: the year 1."""
PHONE = "****6938"
_WALLET, _CONFIRM, _UPDATE = 38, 1, 2
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_EXPIRED, _WRONG_TOKEN, _WRONG_STATE = -1007, -7202, -7217


class BindingState(IntEnum):
    """Where a binding is, as `status` tells it."""

    WAITING = 0
    CONFIRMED = 1
    CANCELLED = 3
    DISABLED = 4


@dataclass(slots=True)
class Binding:
    """One wish to bind, and what became of it. Times are ms since 1970."""

    asked: AskedBinding
    id: str
    pay_token: str = field(repr=False)
    created_ms: int
    state: BindingState = BindingState.WAITING
    expires_at_ms: int = NEVER


class Agreements:
    """All bindings. Not locked: see `zalopay`."""

    def __init__(self, *, clock: Clock, random: Random, customer: Customer, callbacks: Callbacks) -> None:
        self._clock = clock
        self._random = random
        self._customer = customer
        self._callbacks = callbacks
        self._bindings: dict[str, Binding] = {}

    # The calls

    def bind(self, fields: Fields) -> dict[str, object]:
        """`POST /v2/agreement/bind`: a link with which the customer agrees."""
        try:
            name = self._enter(right_bind(fields, now_ms=self._clock.wall_ms())).id
        except RefusedError as refused:
            return create_answer(FAILURE, code=refused.code)
        return {
            **create_answer(SUCCESS), "binding_token": name,
            "deep_link": f"zalopay://launch/app/730?view=authorize&b={name}",
            "binding_qr_link": f"https://sbbinding.zalopay.vn?binding_token={name}",
            "short_link": f"https://zlpmcagp.zalopay.vn/oauthbe/agreement/{name}",
        }  # fmt: skip

    def query(self, fields: Fields) -> dict[str, object]:
        """`POST /v2/agreement/query`: the binding as it is now."""
        try:
            binding = self._asked(right_binding_question(fields, now_ms=self._clock.wall_ms()))
        except RefusedError as refused:
            return create_answer(FAILURE, code=refused.code)
        if binding.state is BindingState.WAITING:
            return create_answer(PROCESSING, code=PROCESSING)
        return {**create_answer(SUCCESS), "data": self._data(binding)}

    def balance(self, fields: Fields) -> dict[str, object]:
        """`POST /v2/agreement/balance`: whether the wallet can pay so much."""
        try:
            token, identifier, amount = right_balance_question(fields, now_ms=self._clock.wall_ms())
            binding = self.usable(token, identifier)
        except RefusedError as refused:
            return create_answer(FAILURE, code=refused.code)
        payable = amount <= self._customer.balance and amount <= (binding.asked.max_amount or amount)
        channel = {"channel": _WALLET, "payable": payable, "bank_code": "zp_app"}
        return {**create_answer(SUCCESS), "data": [channel], "discount_amount": 0}

    def query_user(self, fields: Fields) -> dict[str, object]:
        """`POST /v2/agreement/query_user`: the masked phone number of the wallet's owner."""
        try:
            self.usable(right_user_question(fields, now_ms=self._clock.wall_ms()))
        except RefusedError as refused:
            return create_answer(FAILURE, code=refused.code)
        return {**create_answer(SUCCESS), "phone": PHONE}

    def unbind(self, fields: Fields) -> dict[str, object]:
        """`POST /v2/agreement/unbind`: the shop lets the wallet go."""
        try:
            identifier, binding_id = right_unbind(fields, now_ms=self._clock.wall_ms())
            binding = self._named(identifier, binding_id)
        except RefusedError as refused:
            return create_answer(FAILURE, code=refused.code)
        binding.state = BindingState.CANCELLED
        return create_answer(SUCCESS)

    # What a token is good for

    def usable(self, token: str, identifier: str | None = None) -> Binding:
        """The binding that can be charged by this token.

        Raises:
            RefusedError: no such token, or another customer's (-7202); ended (-7217); too old (-1007).
        """
        binding = next((one for one in self._bindings.values() if one.pay_token == token), None)
        unknown = binding is None or binding.state is BindingState.WAITING
        if binding is None or unknown or (identifier is not None and binding.asked.identifier != identifier):
            raise RefusedError(_WRONG_TOKEN)
        if binding.state is not BindingState.CONFIRMED:
            raise RefusedError(_WRONG_STATE)
        if binding.expires_at_ms != NEVER and self._clock.wall_ms() >= binding.expires_at_ms:
            raise RefusedError(_EXPIRED)
        return binding

    # What the customer does on the phone, and tests

    def waiting(self) -> list[Binding]:
        """The wishes that the customer has not answered, oldest first."""
        return [binding for binding in self._bindings.values() if self._waits(binding)]

    def opens(self, shown: str) -> bool:
        """Whether it is the link of a wish that waits."""
        return any(binding.id in shown for binding in self.waiting())

    def answer(self, app_trans_id: str, *, confirmed: bool) -> bool:
        """The customer confirms or declines. False when no such wish waits."""
        binding = self._bindings.get(app_trans_id)
        if binding is None or not self._waits(binding):
            return False
        self._become(binding, BindingState.CONFIRMED if confirmed else BindingState.CANCELLED)
        return True

    def end(self, app_trans_id: str, *, disabled: bool = False) -> bool:
        """The customer ends a binding in the wallet, or ZaloPay disables it. False when it is not confirmed."""
        binding = self._bindings.get(app_trans_id)
        if binding is None or binding.state is not BindingState.CONFIRMED:
            return False
        self._become(binding, BindingState.DISABLED if disabled else BindingState.CANCELLED)
        return True

    def expire(self, app_trans_id: str, *, at_ms: int) -> bool:
        """Let a binding end at `at_ms`. False when there is none."""
        binding = self._bindings.get(app_trans_id)
        if binding is None:
            return False
        binding.expires_at_ms = at_ms
        return True

    # Their life

    def _enter(self, asked: AskedBinding) -> Binding:
        """A new binding. Refused with -68 when there is one with that id."""
        if asked.app_trans_id in self._bindings:
            raise RefusedError(-68)
        now = self._clock.wall_ms()
        binding = Binding(asked, f"{yymmdd(now)}{self._letters(26)}", self._letters(48), now)
        self._bindings[asked.app_trans_id] = binding
        return binding

    def _asked(self, app_trans_id: str) -> Binding:
        binding = self._bindings.get(app_trans_id)
        if binding is None:
            raise RefusedError(-101)
        if binding.state is BindingState.WAITING and not self._waits(binding):
            raise RefusedError(-54)
        return binding

    def _waits(self, binding: Binding) -> bool:
        young = self._clock.wall_ms() - binding.created_ms < BIND_LIFE_MS
        return binding.state is BindingState.WAITING and young

    def _become(self, binding: Binding, state: BindingState) -> None:
        kind = _CONFIRM if binding.state is BindingState.WAITING else _UPDATE
        binding.state = state
        self._callbacks.tell(
            binding.asked.app_trans_id, binding.asked.callback_url, {**self._data(binding), "msg_type": kind}
        )

    def _data(self, binding: Binding) -> dict[str, object]:
        token = {"pay_token": binding.pay_token} if binding.state is BindingState.CONFIRMED else {}
        return {
            "app_id": APP_ID, "app_trans_id": binding.asked.app_trans_id, "binding_id": binding.id, **token,
            "server_time": self._clock.wall_ms() // 1_000, "merchant_user_id": binding.asked.identifier,
            "status": int(binding.state), "msg_type": _CONFIRM, "zp_user_id": "demo", "masked_user_phone": PHONE,
            "expiry_timestamp_in_ms": binding.expires_at_ms,
        }  # fmt: skip

    def _named(self, identifier: str, binding_id: str) -> Binding:
        for binding in self._bindings.values():
            if (binding.id, binding.asked.identifier) == (binding_id, identifier):
                if binding.state is not BindingState.CONFIRMED:
                    raise RefusedError(_WRONG_STATE)
                return binding
        raise RefusedError(-101)

    def _letters(self, count: int) -> str:
        return "".join(self._random.choices(_LETTERS, k=count))
