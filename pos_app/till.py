"""The composition root: settings → one running till. The only room that knows the concrete parts on both sides.

The till lives on one I/O thread with one asyncio loop. Its commands may be called from any thread and return at
once; what happens is told through `post`, as frozen views and events.
"""

import asyncio
import logging
import secrets
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from pos_app import settings as settings_file
from pos_app.checkout.desk import Charge, Desk, RefusedError, Shop
from pos_app.checkout.events import (
    CameraView,
    OpenCount,
    Ready,
    RecentView,
    Refused,
    Seen,
    SlipView,
    StoryView,
)
from pos_app.checkout.lights import LitGateway
from pos_app.checkout.records import payments_json, record_story, record_view, report_json
from pos_app.checkout.slips import SlipHead, Slips, slip_of
from pos_app.checkout.views import Health, HealthView, Light, PaymentView, ScanSource, Stage
from pos_app.clock import Clock, MachineClock
from pos_app.door import Door
from pos_app.gateways.clock_offset import ClockHealth, ClockOffset
from pos_app.gateways.gateway import Gateway
from pos_app.journal.store import Journal
from pos_app.payments.payment import State
from pos_app.payments.payment_code import PaymentCode, WrongCode, read_scan
from pos_app.receipts.content import Slip
from pos_app.receipts.printers.printer import Printer
from pos_app.scanning.source import SourceHealth, SourceState
from pos_app.settings import ANY_CAMERA, Settings
from pos_app.vietnam_day import day_bounds_ms, day_of
from pos_app.words import NOTHING, Language, Text

log = logging.getLogger(__name__)

Post = Callable[[object], None]

NO_CAMERA = Text("không có camera", "no camera")
UNPRINTED_REMEDY = Text("F3, chọn giao dịch, rồi In lại.", "F3, choose the payment, then Reprint.")
CLOCK_REMEDY = Text("Chỉnh giờ máy tự động theo mạng.", "Set the computer's clock from the network.")
RECENT_COUNT = 100
"""How many payments the list on screen holds."""
STOP_SECONDS_MAX = 20


@dataclass(frozen=True, slots=True)
class GatewayAccess:
    """How to reach a gateway, and with what.

    Attributes:
        name: what the journal calls it ("zalopay_v2", "demo").
        url: scheme and host.
        app_id, key1, public_key: the account; never shown.
        ca_pem: certificate authority of the built-in gateway, "" for the system's.
        phone_url: the demo customer's phone, "" for none.
    """

    name: str
    url: str
    app_id: int
    key1: str = field(repr=False)
    public_key: str = field(repr=False)
    ca_pem: str = field(default="", repr=False)
    phone_url: str = ""


class Till:
    """One till: journal, gateway, desk, camera, printer, and the thread they live on.

    Args:
        settings: its settings.
        folder: its data folder.
        post: gets every view and event, on any thread.
        access: the gateway; None starts the built-in one.
        camera: whether the camera of the settings is used.
        clock: where time comes from.
    """

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        post: Post,
        *,
        access: GatewayAccess | None = None,
        camera: bool = True,
        clock: Clock | None = None,
    ) -> None:
        self._settings = settings
        self._folder = folder
        self._post = post
        self._access = access
        self._use_camera = camera
        self._clock = clock or MachineClock()
        self._offset = ClockOffset(self._clock)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="till", daemon=True)
        self._sandbox: Any = None
        self._camera: Any = None
        self._camera_ran = False
        self._stopped = False

    # --- life ------------------------------------------------------------------------------------------------------

    def start(self) -> "Till":
        """Build everything and take up what was open; blocks for a moment.

        Raises:
            JournalError: the journal cannot be used; nothing was started.
        """
        self.journal = Journal.open(
            self._folder,
            till=self._settings.shop.till,
            now_ms=self._clock.wall_ms(),
            entropy=secrets.token_bytes(16),
        )
        access = self._access or self._built_in_gateway()
        self._phone_url = access.phone_url
        self._thread.start()
        self._run(self._build(access)).result()
        self._door = Door(self._folder, self._answer)
        if self._use_camera and self._settings.scanning.camera:
            self._start_camera()
        else:
            self._post(HealthView(Light.SCANNER, Health.OK))
        self._post(Ready(self._phone_url))
        return self

    def _built_in_gateway(self) -> GatewayAccess:
        from pos_app.sandbox.server import Sandbox  # noqa: PLC0415 - only a demo needs it

        self._sandbox = Sandbox()
        self._sandbox.start()
        return GatewayAccess(
            "demo",
            self._sandbox.url,
            self._sandbox.app_id,
            self._sandbox.key1,
            self._sandbox.public_key,
            self._sandbox.ca_pem,
            self._sandbox.phone_url,
        )

    async def _build(self, access: GatewayAccess) -> None:
        gateway = LitGateway(open_gateway(access, self._clock, self._offset), self._post, self._clock.monotonic_ms)
        shop = self._settings.shop
        self._gateway: Gateway = gateway
        self._desk = Desk(
            gateway=gateway,
            journal=self.journal,
            clock=self._clock,
            offset_ms=lambda: self._offset.offset_ms,
            shop=Shop(
                app_id=access.app_id,
                gateway=access.name,
                description=shop.store,
                amount_max=shop.amount_max,
                code_life_ms=self._settings.scanning.code_life_s * 1000,
            ),
            tell=self._tell,
            chance=secrets.token_bytes,
            may_start=self._may_start,
        )
        self._head = SlipHead(shop.store, shop.address, shop.phone, shop.tax_code, shop.till, shop.cashier)
        self._slips = Slips(
            make_printer(self._settings, self._folder),
            journal=self.journal,
            clock=self._clock,
            head=self._head,
            tell=self._post,
        )
        await self._tell_unprinted()
        await self._desk.recover()
        await self._desk.open_ahead()
        self._tell_clock()
        self._post(HealthView(Light.GATEWAY, Health.OK))
        await self._tell_recent()

    async def _tell_unprinted(self) -> None:
        """A stop between the result and its slip: offered, not printed by itself, since it may have come out."""
        records = await asyncio.wrap_future(self.journal.recent(RECENT_COUNT))
        waiting = sum(record.state is State.PAID and record.copies == 0 for record in records)
        if waiting:
            cause = Text("{n} phiếu chưa in", "{n} slips not printed").fill(n=waiting)
            self._post(HealthView(Light.PRINTER, Health.WARN, cause, UNPRINTED_REMEDY))
        else:
            self._post(HealthView(Light.PRINTER, Health.OK))

    def stop(self) -> None:
        """End in order: no new commands, running payments journalled, connections, journal. May be called again."""
        if self._stopped:
            return
        self._stopped = True
        if self._camera is not None:
            self._camera.stop()
        if self._thread.is_alive():
            self._door.close()
            self._run(self._shut()).result(STOP_SECONDS_MAX)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(STOP_SECONDS_MAX)
        self._loop.close()
        self.journal.close()
        if self._sandbox is not None:
            self._sandbox.stop()

    async def _shut(self) -> None:
        await self._desk.stop()
        commands = asyncio.all_tasks() - {asyncio.current_task()}
        for command in commands:
            command.cancel()
        await asyncio.gather(*commands, return_exceptions=True)
        await self._gateway.close()

    # --- commands --------------------------------------------------------------------------------------------------

    def amount_stands(self, amount: int) -> None:
        """An amount stands and a code is awaited: have the connection ready."""
        self._do(self._desk.open_ahead())

    def charge(
        self, *, amount: int, note: str, code: PaymentCode, source: ScanSource, scanned_at_ns: int, retry_of: str
    ) -> None:
        """Charge `amount` dong to the code. Told as `PaymentView`s, or `Refused`."""
        age_ms = max(0, time.monotonic_ns() - scanned_at_ns) // 1_000_000
        request = Charge(amount, note, source, self._desk.now_ms() - age_ms, retry_of)
        self._do(self._charge(request, code))

    async def _charge(self, request: Charge, code: PaymentCode) -> None:
        try:
            await self._desk.charge(request, code)
        except RefusedError as error:
            self._post(Refused(error.title, error.advice))

    def ask_now(self, payment_id: str) -> None:
        """Ask the gateway at once what became of a payment."""
        self._loop.call_soon_threadsafe(self._desk.ask_now, payment_id)

    def next_customer(self) -> None:
        """The cashier turns to the next customer; an open payment goes on in the background."""
        self._loop.call_soon_threadsafe(self._desk.next_customer)

    def demo_customer_pays(self) -> None:
        """Demo only: the demo customer holds out the phone; the code comes back through a picture and the decoders."""
        self._do(asyncio.to_thread(self._hold_out_the_phone))

    def _hold_out_the_phone(self) -> None:
        self._post(Seen(self.read(self.demo_code()), ScanSource.DEMO, time.monotonic_ns()))

    def demo_code(self) -> str:
        """A fresh code of the demo customer, read from its picture; takes a moment.

        Raises:
            OSError: the demo phone does not answer.
        """
        from pos_app.scanning.demo import seen_on_the_demo_phone  # noqa: PLC0415 - only a demo needs it

        return seen_on_the_demo_phone(self._phone_url)

    def recent(self) -> None:
        """Wants the newest payments. Told as `RecentView`."""
        self._do(self._tell_recent())

    async def _tell_recent(self) -> None:
        records = await asyncio.wrap_future(self.journal.recent(RECENT_COUNT))
        live = {view.payment_id: view for view in self._desk.open_views()}
        views = (record_view(record) for record in records)
        self._post(RecentView(tuple(live.get(view.payment_id, view) for view in views)))
        self._tell_open()

    def story(self, payment_id: str) -> None:
        """Wants a payment's time line. Told as `StoryView`."""
        self._do(self._tell_story(payment_id))

    async def _tell_story(self, payment_id: str) -> None:
        record = await asyncio.wrap_future(self.journal.payment(payment_id))
        if record is not None:
            self._post(StoryView(record_view(record), record_story(record)))

    def slip(self, payment_id: str) -> None:
        """Wants the picture of a payment's slip. Told as `SlipView`."""
        self._do(self._tell_slip(payment_id))

    async def _tell_slip(self, payment_id: str) -> None:
        record = await asyncio.wrap_future(self.journal.payment(payment_id))
        if record is not None:
            slip = slip_of(record_view(record), self._head)
            self._post(SlipView(payment_id, await asyncio.to_thread(slip_png, slip, self._settings)))

    def reprint(self, payment_id: str) -> None:
        """Print the slip once more, marked as a copy. Told as `PrintView`."""
        self._do(self._print(payment_id))

    async def _print(self, payment_id: str) -> None:
        record = await asyncio.wrap_future(self.journal.payment(payment_id))
        if record is not None:
            await self._slips.print(record_view(record))

    def look_at_camera(self, *, on: bool) -> None:
        """Whether the screen shows the camera's picture now."""
        if self._camera is not None:
            self._camera.preview(on=on)

    def preferences(self, *, language: str, theme: str) -> None:
        """Remember another language or theme."""
        self._settings = replace(self._settings, look=settings_file.LookSettings(Language(language), theme))
        self._do(asyncio.to_thread(settings_file.save, self._settings, self._folder))

    # --- what is told ----------------------------------------------------------------------------------------------

    def _tell(self, payment: PaymentView) -> None:
        self._rest_camera(payment)
        self._post(payment)
        self._tell_open()
        self._tell_clock()
        if payment.stage is Stage.PAID and payment.copies == 0:
            self._do(self._print(payment.payment_id))

    def _tell_open(self) -> None:
        """The counter in the head: what nobody knows yet. A payment being charged at the counter has its own stage."""
        unknown = (Stage.UNKNOWN, Stage.MISMATCH)
        self._post(OpenCount(tuple(view for view in self._desk.open_views() if view.stage in unknown)))

    def _tell_clock(self) -> None:
        minutes = abs(self._offset.offset_ms) // 60_000
        match self._offset.health():
            case ClockHealth.OK | ClockHealth.UNMEASURED:
                self._post(HealthView(Light.CLOCK, Health.OK))
            case ClockHealth.WARN:
                cause = Text("lệch {n} phút", "{n} min off").fill(n=minutes)
                self._post(HealthView(Light.CLOCK, Health.WARN, cause, CLOCK_REMEDY))
            case ClockHealth.BAD | ClockHealth.STOP:
                self._post(HealthView(Light.CLOCK, Health.BAD, Text("giờ máy sai", "wrong time"), CLOCK_REMEDY))

    def _may_start(self) -> None:
        if self._offset.health() is ClockHealth.STOP:
            raise RefusedError(Text("Giờ máy sai", "The computer's clock is wrong"), CLOCK_REMEDY)
        if not self.journal.room_left():
            raise RefusedError(
                Text("Ổ đĩa gần đầy – tạm dừng thu", "The disk is nearly full – charging is paused"),
                Text("Dọn chỗ trống rồi thử lại.", "Free some space, then try again."),
            )

    # --- the camera ------------------------------------------------------------------------------------------------

    def _start_camera(self) -> None:
        from pos_app.scanning.source import open_camera  # noqa: PLC0415 - dear to import, after the window is up

        setting = self._settings.scanning.camera
        self._camera = open_camera(
            "0" if setting == ANY_CAMERA else setting, on_frame=self._frame, on_health=self._camera_health
        )
        self._camera.start()

    def _frame(self, frame: Any) -> None:
        """On the capture thread: the picture to the screen, each code as a scan."""
        outline = frame.outlines[0] if frame.outlines else ()
        if frame.width:
            self._post(CameraView(frame.rgb, frame.width, frame.height, outline))
        for decoded in frame.decoded:
            self._post(Seen(self.read(decoded.text), ScanSource.CAMERA, frame.captured_ns))

    def _rest_camera(self, payment: PaymentView) -> None:
        """No code is looked for while one is being charged: the customer still holds the phone there."""
        if self._camera is None or payment.late:
            return
        if payment.stage in (Stage.SENDING, Stage.PROCESSING):
            self._camera.pause()
        else:
            self._camera.resume()

    def _camera_health(self, health: SourceHealth) -> None:
        """On the capture thread: a camera in trouble is no end of selling, there is the hand-held scanner too."""
        well = health.state is not SourceState.TROUBLE
        self._camera_ran = self._camera_ran or health.state is SourceState.RUNNING
        missed = self._camera_ran or self._settings.scanning.camera != ANY_CAMERA
        light = Health.WARN if missed and not well else Health.OK
        self._post(HealthView(Light.SCANNER, light, NO_CAMERA if light is Health.WARN else NOTHING, health.trouble))
        if not well:
            self._post(CameraView(b"", 0, 0, ready=False))

    def scanned(self, text: str, scanned_at_ns: int) -> None:
        """The hand-held scanner read something."""
        self._post(Seen(self.read(text), ScanSource.SCANNER, scanned_at_ns))

    def read(self, text: str) -> PaymentCode | WrongCode:
        """What a scanned text is, by the shop's settings."""
        return read_scan(text, code_pattern=self._settings.scanning.code_pattern)

    # --- the door: commands that only read -------------------------------------------------------------------------

    def _answer(self, question: str, arguments: dict[str, Any]) -> Any:
        if question == "payments":
            return payments_of(self.journal, str(arguments.get("day", "")), self._clock.wall_ms())
        if question == "verify":
            return report_json(self.journal.verify().result())
        raise ValueError(question)

    # --- threads ---------------------------------------------------------------------------------------------------

    def _run(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def _do(self, work: Coroutine[Any, Any, Any]) -> None:
        """Let the till's thread do it; a fault is logged, never lost."""
        if self._stopped:
            work.close()
            return
        self._run(work).add_done_callback(_log_fault)


def _log_fault(done: Future[Any]) -> None:
    if not done.cancelled() and done.exception() is not None:
        log.error("a command ended by a fault", exc_info=done.exception())


def open_gateway(access: GatewayAccess, clock: Clock, offset: ClockOffset) -> Gateway:
    """The gateway behind an access. The built-in one is believed by its own certificate authority."""
    from urllib.parse import urlsplit  # noqa: PLC0415 - with its neighbours

    from pos_app.gateways.trust import LIVE, SANDBOX, built_in  # noqa: PLC0415 - dear to import
    from pos_app.gateways.zalopay.public_key import PublicKey  # noqa: PLC0415
    from pos_app.gateways.zalopay.requests import Credentials  # noqa: PLC0415
    from pos_app.gateways.zalopay.v2 import ZaloPayV2  # noqa: PLC0415

    credentials = Credentials(access.app_id, access.key1, PublicKey(access.public_key), app_user="pos_app")
    if access.name == "demo":
        site = built_in(urlsplit(access.url).port or 0, access.ca_pem)
    else:
        site = {LIVE.url: LIVE, SANDBOX.url: SANDBOX}[access.url]
    return ZaloPayV2(site, credentials, clock=clock, offset=offset)


def make_printer(settings: Settings, folder: Path) -> Printer:
    """The printer of the settings: the shop's network printer, or files in the data folder."""
    from pos_app.receipts.layout import PAPERS  # noqa: PLC0415 - dear to import
    from pos_app.receipts.printers.escpos import NetworkPrinter  # noqa: PLC0415
    from pos_app.receipts.printers.file import FilePrinter  # noqa: PLC0415

    paper = PAPERS[settings.printer.paper]
    if settings.printer.host and settings.printer.paper != "A5":
        return NetworkPrinter(
            settings.printer.host, settings.printer.port, paper=paper, language=settings.look.language
        )
    slips = Path(settings.printer.folder) if settings.printer.folder else folder / "slips"
    return FilePrinter(slips, paper=paper, language=settings.look.language)


def slip_png(slip: Slip, settings: Settings) -> bytes:
    """A slip as the screen shows it."""
    from pos_app.receipts.content import slip_blocks  # noqa: PLC0415 - dear to import
    from pos_app.receipts.layout import PAPERS, lay_out  # noqa: PLC0415
    from pos_app.receipts.raster import png  # noqa: PLC0415

    return png(lay_out(slip_blocks(slip, settings.look.language), PAPERS["80"]))


def payments_of(journal: Journal, day: str, now_ms: int) -> dict[str, Any]:
    """A Vietnamese day's payments with their time lines; today for "".

    Raises:
        ValueError: `day` is not `YYYY-MM-DD`.
    """
    wanted = date.fromisoformat(day) if day else day_of(now_ms)
    start_ms, end_ms = day_bounds_ms(wanted)
    return payments_json(journal.between(start_ms, end_ms).result(), wanted, start_ms)


class NoSandboxError(Exception):
    """No built-in gateway answers at the address, or what answers is something else."""

    title = Text("Không thấy cổng giả lập", "The built-in gateway was not found")
    advice = Text(
        "Chạy `pos-app sandbox` và dùng địa chỉ nó in ra.", "Run `pos-app sandbox` and use the URL it prints."
    )


def sandbox_access(url: str) -> GatewayAccess:
    """How to reach a running `pos-app sandbox`, by its own word; only one on this machine is believed.

    Raises:
        NoSandboxError: none answers there.
    """
    import json  # noqa: PLC0415 - only for a demo
    import ssl  # noqa: PLC0415
    from urllib.parse import urlsplit  # noqa: PLC0415
    from urllib.request import HTTPSHandler, ProxyHandler, build_opener  # noqa: PLC0415

    if urlsplit(url).scheme not in ("http", "https") or urlsplit(url).hostname not in ("127.0.0.1", "localhost", "::1"):
        raise NoSandboxError
    # The certificate authority itself comes with this first answer; it is believed for loopback only.
    first = ssl.create_default_context()
    first.check_hostname = False
    first.verify_mode = ssl.CERT_NONE
    opener = build_opener(ProxyHandler({}), HTTPSHandler(context=first))
    try:
        with opener.open(f"{url.rstrip('/')}/sandbox/about", timeout=5) as answer:
            about = json.load(answer)
        return GatewayAccess(
            "demo",
            about["url"],
            int(about["app_id"]),
            about["key1"],
            about["public_key"],
            about["ca_pem"],
            about["phone_url"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoSandboxError from error
