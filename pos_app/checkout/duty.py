"""Who stands at the till, and the one gate that every act goes through: `Duty.allow`.

Screens show who may do what; here it is held. Each command of the till and each question of another program names the
right that it needs (`needs`, `RIGHT_OF`), and the table in `staff.permissions` says who has it. An act that is allowed
carries its person along (`acting`), so that a payment bears the name of whoever asked for it, also when somebody else
has signed in before its first entry is written.
"""

import asyncio
import functools
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Concatenate, ParamSpec, Protocol, TypeVar, cast

from pos_app.checkout.durable import when_stored
from pos_app.checkout.events import DutyView
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.staffing import Signature, Staffing, StaffWish
from pos_app.journal.entries import Entry, SignedIn, SignedOut
from pos_app.journal.errors import JournalError
from pos_app.journal.store import Journal
from pos_app.payments.payment_code import PaymentCode
from pos_app.staff.permissions import NEEDS, SIGNED_EACH_TIME, UNATTENDED, Right
from pos_app.staff.roles import ROLE_WORDS, Role
from pos_app.staff.roster import Person
from pos_app.words import Text

log = logging.getLogger(__name__)

LOCKED = Text("Máy đang khóa", "The till is locked")
SIGN_IN_FIRST = Text("Chọn tên và nhập PIN để vào.", "Choose your name and enter your PIN.")
_NEEDS = Text("Việc này cần {role} duyệt", "This needs: {role}")
_CALL = Text("Mời người có quyền nhập PIN.", "Ask somebody who may to enter the PIN.")
_SAY_WHO = Text("Thêm --by TÊN và nhập PIN.", "Add --by NAME, and enter the PIN.")
_WITH_PIN = Text("Việc này cần PIN", "This needs a PIN")

RIGHT_OF: Mapping[str, Right] = MappingProxyType({
    "payments": Right.LOOK_UP,
    "payment": Right.LOOK_UP,
    "find": Right.LOOK_UP,
    "report": Right.REPORTS,
    "reconcile": Right.RECONCILE,
    "verify": Right.LOOK_UP,
    "shift": Right.X_REPORT,
    "shift_open": Right.OPEN_SHIFT,
    "shift_close": Right.CLOSE_SHIFT,
    "cash": Right.TAKE_CASH,
    "cash_count": Right.TAKE_CASH,
    "staff_list": Right.LOOK_UP,
    "printer": Right.LOOK_UP,
    "doctor": Right.LOOK_UP,
    "support": Right.EXPORT,
    "drawer": Right.OPEN_DRAWER,
    "backup": Right.BACK_UP,
    "ask": Right.ASK_NOW,
    "cancel": Right.CANCEL,
    "show": Right.SHOW,
    "banks": Right.SHOW,
    "customers": Right.CHARGE_REGULAR,
    "balance": Right.CHARGE_REGULAR,
    "charge_customer": Right.CHARGE_REGULAR,
    "bind": Right.BIND_REGULAR,
    "unbind": Right.UNBIND_REGULAR,
})  # fmt: skip
"""What another program may ask, by the right that it needs."""
GOES_ALONG: Mapping[Right, frozenset[Right]] = MappingProxyType({
    Right.REPORTS: frozenset({Right.REPORTS, Right.EXPORT, Right.RECONCILE}),
})  # fmt: skip
"""What belongs to one permission: the reports with their files and the statement."""
SIGNED_THEMSELVES = frozenset({"act", "pin", "staff", "cash_move"})
"""Questions that bring their own PIN, which is looked at where they are answered, each time."""


class NotAllowedError(RefusedError):
    """Whoever stands at the till must not do this alone, or nobody is signed in.

    Attributes:
        right: what was wanted.
    """

    def __init__(self, right: Right, title: Text, advice: Text) -> None:
        super().__init__(title, advice)
        self.right = right


_ACTING: ContextVar[Person | None] = ContextVar("acting", default=None)


@contextmanager
def acting(person: Person | None) -> Iterator[None]:
    """What is begun within is this person's doing, wherever it goes on."""
    token = _ACTING.set(person)
    try:
        yield
    finally:
        _ACTING.reset(token)


class Duty:
    """The gate of one till.

    Args:
        staffing: who works here.
        journal: where signing in and out is written.
        now_ms: corrected wall clock.
        tell: gets each new `DutyView`.
        unnamed: what slips call the cashier where nobody signs in.
    """

    def __init__(
        self,
        staffing: Staffing,
        journal: Journal,
        *,
        now_ms: Callable[[], int],
        tell: Callable[[object], None],
        unnamed: str,
    ) -> None:
        self.staffing = staffing
        self._journal = journal
        self._now_ms = now_ms
        self._tell = tell
        self._unnamed = unnamed
        self._signed_in: Person | None = None
        self._permitted: frozenset[Right] = frozenset()

    # --- who is it -------------------------------------------------------------------------------------------------

    @property
    def person(self) -> Person | None:
        """Who stands at the till; None while it is locked.

        Where nobody was entered yet, it is whoever stands there: the owner, as long as no PIN says who that is, and
        from then on a cashier without a name.
        """
        if self.staffing.roster.signs_in:
            return self._signed_in
        return Person("", self._unnamed, Role.CASHIER if self.staffing.pins.is_set else Role.OWNER)

    @property
    def view(self) -> DutyView:
        """As screens show it."""
        roster = self.staffing.roster
        return DutyView(self._signed_in if roster.signs_in else None, roster.signs_in, roster.people)

    def cashier(self) -> tuple[str, str]:
        """Name and id of the person whose doing this is, for payments and slips."""
        person = _ACTING.get() or self.person
        return (person.printed, person.id) if person is not None else ("", "")

    # --- the gate --------------------------------------------------------------------------------------------------

    def allow(self, right: Right) -> Person | None:
        """The person who does it: whoever stands at the till, or was named with a PIN for this one act.

        Raises:
            NotAllowedError: nobody is signed in, or the right is not there, or it has to be signed each time.
        """
        person = _ACTING.get() or self.person
        if person is None:
            if right in UNATTENDED:
                return None
            raise NotAllowedError(right, LOCKED, SIGN_IN_FIRST)
        if right in SIGNED_EACH_TIME:
            raise NotAllowedError(right, _WITH_PIN, _CALL)
        if not person.may(right) and right not in self._permitted:
            raise NotAllowedError(right, _NEEDS.fill(role=ROLE_WORDS[NEEDS[right]]), _CALL)
        return person

    async def approve(self, right: Right, signature: Signature) -> tuple[str, str]:
        """Name and id of the person who says yes to this one act with the PIN; no id where nobody was entered yet.

        Raises:
            RefusedError: nobody of that name, or without that right; it cost no guess.
            PinError: not that person's PIN.
        """
        person = await asyncio.to_thread(self.staffing.approve, right, signature)
        return person.printed, person.id if self.staffing.roster.signs_in else ""

    async def permit(self, right: Right, signature: Signature) -> None:
        """Somebody who may lets whoever stands here do this, until it is given back or somebody else signs in.

        Raises:
            RefusedError: nobody of that name, or without that right.
            PinError: not that person's PIN.
        """
        await asyncio.to_thread(self.staffing.approve, right, signature)
        self._permitted = GOES_ALONG.get(right, frozenset({right}))

    def give_back(self) -> None:
        """What was permitted is over."""
        self._permitted = frozenset()

    def admit(self, question: str, by: str = "", pin: str = "") -> Person | None:
        """The person who asks this through another program: named with a PIN, or whoever stands at the till. Blocks.

        Raises:
            NotAllowedError: see `allow`.
            RefusedError: nobody of that name, or without that right.
            PinError: not that person's PIN.
            ValueError: there is no such question.
        """
        if question in SIGNED_THEMSELVES:
            return self.person
        if question not in RIGHT_OF:
            raise ValueError(question)
        return self.admit_to(RIGHT_OF[question], by, pin)

    def admit_to(self, right: Right, by: str = "", pin: str = "") -> Person | None:
        """As `admit`, for what is done without a question."""
        if by:
            return self.staffing.approve(right, Signature(by, pin))
        try:
            return self.allow(right)
        except NotAllowedError as error:
            raise NotAllowedError(right, error.title, _SAY_WHO) from error

    # --- signing in and out ----------------------------------------------------------------------------------------

    async def sign_in(self, person_id: str, pin: str) -> Person:
        """This person stands at the till from now on.

        Raises:
            RefusedError: nobody of that id works here, or it cannot be written down.
            PinError: not that person's PIN.
        """
        person = self.staffing.find(person_id)
        await asyncio.to_thread(self.staffing.check_pin, person, pin)
        was = self._signed_in
        out = (SignedOut(was.id),) if was is not None and was.id != person.id else ()
        await self._write(*out, SignedIn(person.id, person.printed), take_in=lambda: self._stands(person_id))
        return person

    def _stands(self, person_id: str | None) -> None:
        """This person stands at the till from now on, or nobody."""
        self._signed_in = None if person_id is None else self.staffing.find(person_id)
        self.give_back()
        self.tell()

    async def lock(self) -> None:
        """Nobody stands at the till. Running payments go on. It is locked even where that cannot be written down."""
        was = self._signed_in
        self._stands(None)
        if was is not None:
            try:
                await self._write(SignedOut(was.id))
            except RefusedError:
                log.exception("signing out could not be journalled")

    async def change(self, wish: StaffWish, signature: Signature) -> Person:
        """Change who works here, see `Staffing.change`; whoever is not here any more is signed out."""
        person = await asyncio.to_thread(self.staffing.change, wish, signature)
        await self.renew()
        return person

    async def renew(self) -> None:
        """Somebody was changed: what is known of who stands here is what the roster says now."""
        if self._signed_in is not None:
            now = self.staffing.roster.person(self._signed_in.id)
            if now is None or not now.active:
                await self.lock()
                return
            self._signed_in = now
        self.tell()

    def tell(self) -> None:
        """Tell who stands at the till."""
        self._tell(self.view)

    async def _write(self, *entries: Entry, take_in: Callable[[], object] = lambda: None) -> None:
        if self._journal.read_only:
            take_in()
            return
        try:
            await when_stored(self._journal.write(*entries, at_ms=self._now_ms()), take_in)
        except JournalError as error:
            raise RefusedError(error.title, error.advice) from error


# --- commands --------------------------------------------------------------------------------------------------------


class Guarded(Protocol):
    """Something with commands that go through the gate."""

    @property
    def duty(self) -> Duty:
        """The gate."""
        ...

    def refuse(self, error: RefusedError) -> None:
        """Say that a command was not done."""
        ...


_Self = TypeVar("_Self", bound=Guarded)
_Given = ParamSpec("_Given")


def needs(
    right: Right,
) -> Callable[[Callable[Concatenate[_Self, _Given], None]], Callable[Concatenate[_Self, _Given], None]]:
    """A command that somebody must have the right to; refused, it is as if it had never been given.

    A payment code that came with it is used up all the same.
    """

    def guard(command: Callable[Concatenate[_Self, _Given], None]) -> Callable[Concatenate[_Self, _Given], None]:
        @functools.wraps(command)
        def guarded(self: _Self, *args: _Given.args, **given: _Given.kwargs) -> None:
            try:
                person = self.duty.allow(right)
            except RefusedError as error:
                for code in given.values():
                    if isinstance(code, PaymentCode):
                        code.forget()
                self.refuse(error)
                return
            with acting(person):
                command(self, *args, **given)

        guarded.needs = right  # type: ignore[attr-defined]
        return cast("Callable[Concatenate[_Self, _Given], None]", guarded)

    return guard
