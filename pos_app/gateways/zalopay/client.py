"""What ZaloPay's API v1 and v2 do alike: the connections, asking, and the list of banks. The calls are theirs."""

from pos_app.clock import Clock
from pos_app.gateways.banks import Bank, BankListError
from pos_app.gateways.clock_offset import ClockOffset
from pos_app.gateways.gateway import NotSentError
from pos_app.gateways.transport import Limits, Reply, Transport
from pos_app.gateways.trust import Site, bank_site
from pos_app.gateways.zalopay.bank_list import BANKS_PATH, banks_body, read_banks
from pos_app.gateways.zalopay.requests import Credentials


class ZaloPayClient:
    """One account's connections. Belongs to the event loop that first uses it.

    Args:
        site: live, sandbox, or the built-in gateway; each version of the API has its own host.
        credentials: what the shop got from ZaloPay.
        clock: this machine's clocks.
        offset: where measurements of the gateway's clock go.
        limits: how long each step may take.
    """

    def __init__(
        self, site: Site, credentials: Credentials, *, clock: Clock, offset: ClockOffset, limits: Limits | None = None
    ) -> None:
        self._site = site
        self._credentials = credentials
        self._clock = clock
        self._offset = offset
        self._limits = limits
        self._transport = Transport(site, clock=clock, offset=offset, limits=limits)

    async def open_ahead(self) -> None:
        """See `Gateway`."""
        await self._transport.open_ahead()

    async def close(self) -> None:
        """See `Gateway`."""
        await self._transport.close()

    async def banks(self) -> tuple[Bank, ...]:
        """The banks whose form an order can open with; POST /api/getlistmerchantbanks, on a host of its own.

        Raises:
            BankListError: there is no list that can be used.
        """
        body = banks_body(self._credentials, self._offset.corrected_ms())
        # That host's clock is not the one that order times are held to: it is measured for itself.
        transport = Transport(
            bank_site(self._site), clock=self._clock, offset=ClockOffset(self._clock), limits=self._limits
        )
        try:
            return read_banks(await transport.ask(BANKS_PATH, body))
        except NotSentError as error:
            raise BankListError(error.cause.value) from None
        finally:
            await transport.close()

    async def _ask(self, path: str, body: bytes) -> Reply:
        """What came back for a question; when it did not leave, why not, as the reply's fault."""
        try:
            return await self._transport.ask(path, body)
        except NotSentError as error:
            return Reply(fault=error.cause.value)
