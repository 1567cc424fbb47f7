"""What the till tells, handed to the screens it is for; and the payments that the window knows of from that.

One line for each kind of event. What a screen makes of it is the screen's; nothing is asked of the till here but the
list of the newest payments, once theirs have changed.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from pos_app.checkout.standing import HealthView, ScanSource, Stage
from pos_app.newest import Newest
from pos_app.ui.at_the_counter import CHARGING
from pos_app.ui.sounds import Sound, Sounds

if TYPE_CHECKING:
    from pos_app.checkout.events import Refused, Seen
    from pos_app.checkout.report_views import OfReports
    from pos_app.checkout.views import PaymentView
    from pos_app.ui.commands import Commands
    from pos_app.ui.main_window import MainWindow

RECENT_AFTER_MS = 200
"""The list of the newest payments is read once a payment's views have come, and not between answer and picture."""
TOLD_MAX = 500
"""Of how many payments it is kept what was told last; an older one that is told of again counts as new."""
_SETTLED = {Stage.PAID: Sound.PAID, Stage.DECLINED: Sound.DECLINED, Stage.NOT_SENT: Sound.DECLINED,
            Stage.MISMATCH: Sound.UNKNOWN}  # fmt: skip


class Arrivals(QObject):
    """Takes each event of the bridge.

    Attributes:
        recent: today's payments, as far as the till has told them.
        last_id: the payment that was told of last, "" before there was one.
    """

    def __init__(self, window: "MainWindow", sounds: Sounds) -> None:
        super().__init__(window)
        self._window, self._sounds = window, sounds
        self._commands: Commands | None = None
        self.recent: tuple[PaymentView, ...] = ()
        self.last_id = ""
        self._told = Newest[str, tuple[object, ...]](TOLD_MAX)
        self._running: dict[str, PaymentView] = {}
        self._open: tuple[PaymentView, ...] = ()
        self._wants_recent = QTimer(self, singleShot=True, interval=RECENT_AFTER_MS)
        self._wants_recent.timeout.connect(self._ask_recent)

    def obey(self, commands: "Commands | None") -> None:
        """The till is there, and is asked for the newest payments; None when it ends."""
        self._commands = commands
        self._ask_recent()

    def watched(self) -> "tuple[PaymentView, ...]":
        """All that is not over, oldest first; what is being charged at the counter too."""
        views = {view.payment_id: view for view in self._open} | self._running
        return tuple(sorted(views.values(), key=lambda view: view.scanned_at_ms))

    @Slot(object)
    def receive(self, event: object) -> None:  # noqa: C901, PLR0912, PLR0915 - one line per kind of event
        """Hand an event of the till to the screen it is for."""
        from pos_app.checkout import events, report_views, views  # noqa: PLC0415 - the window comes up without them
        from pos_app.doctor.views import OfDoctor  # noqa: PLC0415 - the same

        window, screens = self._window, self._window.screens
        match event:
            case views.PaymentView():
                self._show_payment(event)
            case events.Seen():
                self._show_scan(event)
            case events.CameraView():
                window.sale.stage.show_camera(event)
                for doctor in screens.opened("doctor"):
                    doctor.show_frame(event)
            case HealthView():
                window.head.show_health(event)
            case events.Refused():
                self._show_refused(event)
            case events.CustomersView() | events.BindingView():
                for regulars in screens.opened("regulars"):  # asks for them itself when it is opened
                    regulars.receive(event)
            case events.PrintView():
                window.sale.show_print(event)
                for screen in screens.opened("slip", "refund", "shift"):
                    screen.show_print(event)
            case events.ShiftState():
                window.head.show_shift(event.number, event.opened_at_ms)
            case events.ShiftView() | events.ShiftRefused() | events.ShiftSaved() | events.DrawerMoved():
                for shift in screens.opened("shift"):
                    shift.receive(event)
            case events.CashDone() | events.CashRefused():
                window.sale.tender.show_cash(event)
            case events.OpenCount():
                self._show_open_count(event.views)
            case events.RecentView():
                self._show_recent(event.payments)
            case events.StoryView():
                for screen in screens.opened("payments", "open_payments", "refund", "approval"):
                    screen.show_story(event)
            case events.LatestView():
                screens.is_it_paid.show_latest(event)
            case events.FoundView():
                screens.refund.show_found(event)
            case events.SlipSeen():
                if window.on("refund"):
                    screens.refund.take_slip(event.payment_id)
            case events.ActDone() | events.ActRefused() | events.PinState() | events.PinChanged() | events.PinRefused():
                window.approvals.receive(event)
            case _ if isinstance(event, events.OfDuty):
                window.on_duty.receive(event)
            case events.SlipView():
                screens.slip.show_slip(event)
            case events.Ready():
                window.be_ready(event)
            case events.SettingsAllowed():
                window.leave_for_settings()
            case OfDoctor():
                for doctor in screens.opened("doctor"):
                    doctor.receive(event)
            case _ if isinstance(event, report_views.OfReports):
                self._tell_reports(event)
            case _:
                message = f"no screen for {type(event).__name__}"
                raise TypeError(message)
        window.refresh()

    # --- payments --------------------------------------------------------------------------------------------------

    def _show_payment(self, view: "PaymentView") -> None:
        window = self._window
        window.sale.show_payment(view)
        self._keep_running(view)
        for screen in window.screens.opened("payments", "open_payments", "refund", "approval"):
            screen.show_payment(view)
        if view.stage is not Stage.SENDING:
            self.last_id = view.payment_id
        now = (view.stage, view.work, view.released, *(one.stage for one in view.refunds))
        before = self._told.get(view.payment_id)
        self._told[view.payment_id] = now
        if view.late and view.stage in _SETTLED and (before is None or before[0] is not view.stage):
            window.head.show_news(view)
            self._sounds.play(_SETTLED[view.stage] if view.work is None else Sound.UNKNOWN)
        if self._commands is not None and now != before and view.stage is not Stage.SENDING:
            self._wants_recent.start()
            if window.on("is_it_paid"):
                window.screens.is_it_paid.renew()
        window.approvals.see(view)

    @Slot()
    def _ask_recent(self) -> None:
        if self._commands is not None:
            self._commands.recent()

    def _show_recent(self, views: "tuple[PaymentView, ...]") -> None:
        self.recent = views
        self._window.sale.stage.ready.show_recent(views)
        for payments in self._window.screens.opened("payments"):
            payments.show_list(views)
        for refund in self._window.screens.opened("refund"):
            refund.show_recent(views)
        self.last_id = views[0].payment_id if views else self.last_id

    def _keep_running(self, view: "PaymentView") -> None:
        if view.stage in CHARGING:
            self._running[view.payment_id] = view
        else:
            self._running.pop(view.payment_id, None)

    def _show_open_count(self, views: "tuple[PaymentView, ...]") -> None:
        from pos_app.ui.screens.situation import counts  # noqa: PLC0415 - the window comes up without it
        from pos_app.ui.signs import waits_away  # noqa: PLC0415

        self._open = views
        head = self._window.head
        head.show_links(sum(waits_away(view) for view in self.watched()))
        counted = [view for view in views if counts(view)]
        head.show_open(len(counted), settle=any(view.work is not None for view in counted))
        for screen in self._window.screens.opened("open_payments"):
            screen.show_open(self.watched())

    # --- what is for whatever screen is open -------------------------------------------------------------------------

    def _show_scan(self, seen: "Seen") -> None:
        """A code is taken only where the cashier sees what becomes of it."""
        from pos_app.payments.payment_code import PaymentCode  # noqa: PLC0415 - there since the till is

        window = self._window
        if window.on("doctor") and seen.source is ScanSource.SCANNER:
            window.screens.doctor.scanned()
        if window.on("sale"):
            window.sale.show_scan(seen)
        elif isinstance(seen.read, PaymentCode):
            seen.read.forget()

    def _show_refused(self, refused: "Refused") -> None:
        """A charge that was not begun, or what was asked for on the screen that is open."""
        window, screens = self._window, self._window.screens
        if window.on_duty.locked:
            screens.lock.show_refused(refused)
            return
        window.sale.show_refused(refused)
        if window.on("regulars"):
            screens.regulars.show_refused(refused)
        elif window.on("doctor"):
            screens.doctor.refuse(refused.title, refused.advice)
        elif window.on("reports") or window.on("payments"):
            from pos_app.checkout.report_views import ReportRefused  # noqa: PLC0415 - the window comes up without it

            self._tell_reports(ReportRefused(refused.title, refused.advice))

    def _tell_reports(self, event: "OfReports") -> None:
        """What was looked for, to the screen that asked for it."""
        from pos_app.checkout.report_views import Exported, Exporting, PaymentsListed, ReportRefused  # noqa: PLC0415

        for screen in self._window.screens.opened("payments"):
            if isinstance(event, PaymentsListed):
                screen.show_listed(event)
            elif isinstance(event, Exporting | Exported | ReportRefused) and self._window.on("payments"):
                screen.tell(event)
        for screen in self._window.screens.opened("reports"):
            screen.receive(event)
