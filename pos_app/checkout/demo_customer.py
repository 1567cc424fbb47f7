"""The customer of a demo, played by the built-in gateway's phone; where there is no such phone, nothing happens."""

import asyncio
import time
from collections.abc import Callable

from pos_app.checkout.desk import Desk
from pos_app.checkout.events import Seen
from pos_app.checkout.regulars import Regulars
from pos_app.checkout.scans import Scans
from pos_app.checkout.views import ScanSource


class DemoCustomer:
    """Does what a customer does with the phone. Lives on the desk's loop.

    Args:
        phone_url: where the demo phone is, "" for none.
        desk: knows what is shown to be scanned.
        regulars: knows who was asked to be one.
        scans: says what a code is.
        tell: gets each `Seen`.
    """

    def __init__(
        self, phone_url: str, desk: Desk, regulars: Regulars, scans: Scans, tell: Callable[[object], None]
    ) -> None:
        self.phone_url = phone_url
        self._desk, self._regulars, self._scans, self._tell = desk, regulars, scans, tell

    async def pay(self) -> None:
        """Hold out the phone; the code comes back through a picture and the decoders. Told as `Seen`."""
        code = await asyncio.to_thread(self.code)
        self._tell(Seen(self._scans.read(code), ScanSource.DEMO, time.monotonic_ns()))

    def code(self) -> str:
        """A fresh code, read from its picture. Blocks for a moment.

        Raises:
            OSError: the demo phone does not answer.
        """
        from pos_app.scanning.demo import seen_on_the_demo_phone  # noqa: PLC0415 - only a demo needs it

        return seen_on_the_demo_phone(self.phone_url)

    async def scan(self, payment_id: str) -> None:
        """Scan the order that is shown, and pay it. Told as `PaymentView`s."""
        view = next((one for one in self._desk.open_views() if one.payment_id == payment_id), None)
        if self.phone_url and view is not None and view.shown is not None:
            from pos_app.scanning.demo import scan_and_pay  # noqa: PLC0415 - only a demo needs it

            shown = view.shown.link if view.source is ScanSource.LINK else view.shown.text
            await asyncio.to_thread(scan_and_pay, self.phone_url, shown, payment_id)
            self._desk.ask_now(payment_id)

    async def agree(self, binding_id: str) -> None:
        """Agree to be a regular one. Told as `BindingView`."""
        if self.phone_url:
            from pos_app.scanning.demo import agree  # noqa: PLC0415 - only a demo needs it

            await asyncio.to_thread(agree, self.phone_url, binding_id)
            self._regulars.told(binding_id)
