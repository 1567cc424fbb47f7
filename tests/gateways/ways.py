"""Every gateway that charges a scanned code: the contract tests run on each of these. A new one joins by one line."""

from collections.abc import Callable
from dataclasses import dataclass

from pos_app.clock import Clock
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.gateway import Gateway
from pos_app.gateways.transport import Limits
from pos_app.gateways.trust import built_in
from pos_app.gateways.zalopay.public_key import PublicKey
from pos_app.gateways.zalopay.requests import Credentials
from pos_app.gateways.zalopay.v1 import ZaloPayV1
from pos_app.gateways.zalopay.v2 import ZaloPayV2
from pos_app.payments.answer import AnswerClass
from pos_app.sandbox.server import Sandbox

LIMITS = Limits(connect_ms=5_000, first_byte_ms=1_200, answer_ms=1_600)


@dataclass(frozen=True)
class Way:
    """A gateway of the contract.

    Attributes:
        name: as in the tests' names.
        make: the client of a running built-in gateway (or of a port where nobody listens).
        unpaid: what a query says of a shown order while nobody has paid it.
        cancels: whether it has a cancel.
    """

    name: str
    make: Callable[[Sandbox, Clock, int], Gateway]
    unpaid: AnswerClass = AnswerClass.PROCESSING
    cancels: bool = True

    def open(self, sandbox: Sandbox, clock: Clock, *, port: int | None = None) -> Gateway:
        """A client; `port` is the built-in gateway's own unless told."""
        return self.make(sandbox, clock, port or int(sandbox.url.rpartition(":")[2]))


def _zalopay(client: type[ZaloPayV1 | ZaloPayV2]) -> Callable[[Sandbox, Clock, int], Gateway]:
    def make(sandbox: Sandbox, clock: Clock, port: int) -> Gateway:
        credentials = Credentials(sandbox.app_id, sandbox.key1, PublicKey(sandbox.public_key), "quay-02")
        site = built_in(port, sandbox.ca_pem)
        return client(site, credentials, clock=clock, offset=ClockOffset(clock), limits=LIMITS)

    return make


WAYS = (
    Way("zalopay_v2", _zalopay(ZaloPayV2)),
    Way("zalopay_v1", _zalopay(ZaloPayV1), unpaid=AnswerClass.NOT_FOUND, cancels=False),
)
