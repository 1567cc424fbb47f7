"""ZaloPay's agreement calls as an `AgreementGateway`: bind a wallet, charge it by its token, let it go again.

A charge is two calls: the order is created, which moves no money, and only `agreement/pay` charges it. So whatever
goes wrong before the second call is "not sent".
"""

from pos_app.gateways.agreement import Balance, Binding, BindWish, Bound, NoOrderError, Owner
from pos_app.gateways.gateway import AboutToSend, Order
from pos_app.gateways.zalopay.agreement_answers import (
    read_balance,
    read_binding,
    read_bound,
    read_order_token,
    read_owner,
)
from pos_app.gateways.zalopay.agreement_requests import (
    BALANCE_PATH,
    BIND_PATH,
    BINDING_PATH,
    QUERY_USER_PATH,
    TOKEN_PAY_PATH,
    UNBIND_PATH,
    balance_body,
    bind_body,
    binding_body,
    check_identifier,
    query_user_body,
    token_order_body,
    token_pay_body,
    unbind_body,
)
from pos_app.gateways.zalopay.answers import read_answer
from pos_app.gateways.zalopay.client import ZaloPayClient
from pos_app.gateways.zalopay.hybrid import Hybrid, hybrid_body
from pos_app.gateways.zalopay.requests import CREATE_PATH
from pos_app.payments.answer import Answer, Call, NotSentCause, deciding_code
from pos_app.payments.pay_token import PayToken

_CAUSES_BY_CODE = {
    -402: NotSentCause.KEY,
    -403: NotSentCause.KEY,
    -4: NotSentCause.CLOCK,
    -54: NotSentCause.CLOCK,
}
_CAUSES_BY_FAULT = {
    "timeout": NotSentCause.TIMEOUT,
    "reset": NotSentCause.NO_NETWORK,
    "cut": NotSentCause.NO_NETWORK,
}


class Agreements(ZaloPayClient):
    """An `AgreementGateway`. Belongs to the event loop that first uses it; made like every `ZaloPayClient`.

    Attributes:
        hybrid: the unconfirmed one-call payment, off unless somebody switches it on.
    """

    hybrid = Hybrid()

    async def bind(self, wish: BindWish) -> Bound:
        """See `AgreementGateway`; POST /v2/agreement/bind.

        Raises:
            ValueError: the wish breaks a rule of the API; nothing was sent.
        """
        return read_bound(await self._ask(BIND_PATH, bind_body(self._credentials, wish)))

    async def binding(self, app_trans_id: str) -> Binding:
        """See `AgreementGateway`; POST /v2/agreement/query."""
        reply = await self._ask(BINDING_PATH, binding_body(self._credentials, app_trans_id, self._now_ms()))
        return read_binding(reply, app_id=self._credentials.app_id, app_trans_id=app_trans_id)

    async def balance(self, token: PayToken, identifier: str, amount: int) -> Balance:
        """See `AgreementGateway`; POST /v2/agreement/balance."""
        body = balance_body(self._credentials, token, identifier, amount, self._now_ms())
        return read_balance(await self._ask(BALANCE_PATH, body))

    async def charge(self, order: Order, identifier: str, token: PayToken, about_to_send: AboutToSend) -> Answer:
        """See `AgreementGateway`; POST /v2/create, then /v2/agreement/pay. `about_to_send` is of the second.

        With `hybrid` on, which is unconfirmed, one call to its path instead of the two.

        Raises:
            NotSentError: no byte of the charge has left. `NoOrderError`: since its order was not made.
            ValueError: the order or the identifier breaks a rule of the API; nothing was sent.
        """
        if self.hybrid.on:
            body = hybrid_body(self._credentials, self.hybrid, order, identifier, token)
            return read_answer(Call.CREATE, await self._transport.charge(self.hybrid.path, body, about_to_send))
        check_identifier(identifier)
        zp_trans_token = await self._make_order(order)
        body = token_pay_body(self._credentials, zp_trans_token, identifier, token, self._now_ms())
        return read_answer(Call.CREATE, await self._transport.charge(TOKEN_PAY_PATH, body, about_to_send))

    async def unbind(self, identifier: str, binding_id: str) -> Answer:
        """See `AgreementGateway`; POST /v2/agreement/unbind.

        Raises:
            ValueError: no such identifier or id can be; nothing was sent.
        """
        body = unbind_body(self._credentials, identifier, binding_id, self._now_ms())
        return read_answer(Call.CANCEL, await self._ask(UNBIND_PATH, body))

    async def customer(self, token: PayToken) -> Owner:
        """See `AgreementGateway`; POST /v2/agreement/query_user."""
        return read_owner(await self._ask(QUERY_USER_PATH, query_user_body(self._credentials, token, self._now_ms())))

    async def _make_order(self, order: Order) -> str:
        """The `zp_trans_token` of a new order that only a token can pay: nobody is shown it."""
        answer, zp_trans_token = read_order_token(
            await self._transport.ask(CREATE_PATH, token_order_body(self._credentials, order))
        )
        if not zp_trans_token:
            raise NoOrderError(_cause_of(answer), answer)
        return zp_trans_token

    def _now_ms(self) -> int:
        return self._offset.corrected_ms()


def _cause_of(answer: Answer) -> NotSentCause:
    """Why there is no order, as near as the causes can say it."""
    code = deciding_code(answer.return_code, answer.sub_return_code)
    by_code = _CAUSES_BY_CODE.get(code) if code is not None else None
    return by_code or _CAUSES_BY_FAULT.get(answer.fault, NotSentCause.NO_ORDER)
