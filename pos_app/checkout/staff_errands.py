"""What screens and other programs have done about people: signing in, permission for once, who works here, PINs.

Told as events or answers; who may what is not decided here (`checkout.duty`, `checkout.staffing`).
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from pos_app.checkout.duty import Duty
from pos_app.checkout.events import (
    PermitRefused,
    Permitted,
    PinChanged,
    PinRefused,
    PinState,
    SignInRefused,
    StaffDone,
    StaffRefused,
)
from pos_app.checkout.refused import RefusedError, refusal
from pos_app.checkout.staffing import Signature, Staffing, StaffWish, Wish, people_json, person_json
from pos_app.staff.errors import PinError, WaitError
from pos_app.staff.permissions import Right
from pos_app.staff.pin import Pins
from pos_app.staff.roles import Role

Given = dict[str, Any]


class StaffErrands:
    """Runs them. Lives on the desk's loop.

    Args:
        duty: who stands at the till, and the gate.
        tell: gets the events.
    """

    def __init__(self, duty: Duty, tell: Callable[[object], None]) -> None:
        self._duty, self._tell = duty, tell

    # --- for screens -----------------------------------------------------------------------------------------------

    async def sign_in(self, person_id: str, pin: str) -> None:
        """This person stands at the till from now on. Told as `DutyView`, or `SignInRefused`."""
        await self._tried(self._duty.sign_in(person_id, pin), SignInRefused)

    async def permit(self, right: Right, signature: Signature) -> None:
        """Somebody lets whoever stands here do this for once. Told as `Permitted`, or `PermitRefused`."""
        await self._tried(self._duty.permit(right, signature), PermitRefused, lambda _: Permitted(right))

    async def change(self, wish: StaffWish, signature: Signature) -> None:
        """Change who works here. Told as `DutyView` and `StaffDone`, or `StaffRefused`."""
        await self._tried(self._duty.change(wish, signature), StaffRefused, StaffDone)

    async def _tried(
        self,
        work: Coroutine[Any, Any, Any],
        refused: Callable[..., object],
        done: Callable[[Any], object] | None = None,
    ) -> None:
        try:
            came = await work
        except (PinError, RefusedError) as error:
            self._tell(refused(error.title, error.advice, getattr(error, "wait_s", 0)))
        else:
            if done is not None:
                self._tell(done(came))

    async def set_first_pin(self, pin: str) -> None:
        """Set the manager's first PIN. Told as `PinChanged`, with the recovery code, or `PinRefused`."""
        await self._set_pin(lambda pins: pins.set_first(pin))

    async def recover_pin(self, recovery_code: str, pin: str) -> None:
        """Set a new PIN by the owner's recovery code. Told as `PinChanged` with the next code, or `PinRefused`."""
        await self._set_pin(lambda pins: pins.reset(recovery_code, pin))

    async def _set_pin(self, change: Callable[[Pins], str]) -> None:
        try:
            recovery_code = await asyncio.to_thread(change, self._duty.staffing.pins)
        except PinError as error:
            self._tell(PinRefused(error.title, error.advice))
        else:
            self._tell(PinState(is_set=True))
            self._tell(PinChanged(recovery_code))

    # --- for other programs ----------------------------------------------------------------------------------------

    async def answer_change(self, given: Given) -> dict[str, Any]:
        """Change who works here; the person as from now on.

        Raises:
            RefusedError, PinError: nothing was changed.
            ValueError, KeyError: it is not understood.
        """
        return person_json(await self._duty.change(*staff_wish(given)))

    async def answer_list(self, _given: Given) -> dict[str, Any]:
        """Everybody."""
        return people_json(self._duty.staffing.roster)

    def answer_pin(self, given: Given) -> dict[str, Any]:
        """See `change_pin`; the screens are told whether there is one now. Blocks."""
        pins = self._duty.staffing.pins
        changed = change_pin(pins, given)
        self._tell(PinState(pins.is_set))
        return changed


def change_pin(pins: Pins, given: Given) -> dict[str, Any]:
    """Set the first PIN, change it, or reset it by the recovery code. Blocks.

    Returns: the new recovery code, "" when the old one stays; or a refusal.

    Raises:
        ValueError: not one of the three.
    """
    new = str(given["new"])
    try:
        match given["what"]:
            case "set":
                code = pins.set_first(new)
            case "change":
                pins.change(str(given["old"]), new)
                code = ""
            case "reset":
                code = pins.reset(str(given["code"]), new)
            case unknown:
                raise ValueError(unknown)
    except PinError as error:
        return refusal(error, again=isinstance(error, WaitError))
    return {"recovery_code": code}


def staff_wish(given: Given) -> tuple[StaffWish, Signature]:
    """What another program wishes to become of somebody, and who signs it.

    Raises:
        ValueError, KeyError: it is not understood.
    """
    role, active = given.get("role"), given.get("active")
    name = given.get("name")
    wish = StaffWish(
        Wish(given["wish"]),
        str(given.get("person", "")),
        None if name is None else str(name),
        None if role is None else Role(role),
        None if active is None else bool(active),
        str(given.get("new_pin", "")),
    )
    return wish, Signature(str(given["by"]), str(given["pin"]))


def change_staff(staffing: Staffing, given: Given) -> dict[str, Any]:
    """Change who works here, signed by somebody who may. Blocks.

    Returns: the person as from now on; or a refusal.

    Raises:
        ValueError, KeyError: it is not understood.
    """
    try:
        return person_json(staffing.change(*staff_wish(given)))
    except PinError as error:
        return refusal(error, again=isinstance(error, WaitError))
    except RefusedError as error:
        return refusal(error)
