"""The one table of who may do what. Pure: it is asked by the till for every act, see `checkout.duty`."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from pos_app.payments.acts import Act
from pos_app.staff.roles import Role


class Right(StrEnum):
    """An act that somebody has to have the right to."""

    CHARGE = "charge"
    """Charge a code that a customer holds out."""
    SHOW = "show"
    """Show a code for the customer to scan."""
    LINK = "link"
    """Make a link for a customer who is not here."""
    CANCEL = "cancel"
    ASK_NOW = "ask_now"
    LOOK_UP = "look_up"
    """See payments, their stories and their slips."""
    REPRINT = "reprint"
    CHARGE_REGULAR = "charge_regular"
    BIND_REGULAR = "bind_regular"
    UNBIND_REGULAR = "unbind_regular"
    OPEN_SHIFT = "open_shift"
    X_REPORT = "x_report"
    CLOSE_SHIFT = "close_shift"
    SIGN_OFF = "sign_off"
    """Close a shift although payments are not known."""
    RELEASE = "release"
    DECIDE = "decide"
    REFUND = "refund"
    KEEP = "keep"
    TAKE_CASH = "take_cash"
    """Take a sale in cash, and count the drawer."""
    MOVE_CASH = "move_cash"
    """Put money into the drawer, or take some out, without a sale."""
    OPEN_DRAWER = "open_drawer"
    REPORTS = "reports"
    EXPORT = "export"
    RECONCILE = "reconcile"
    BACK_UP = "back_up"
    RESTORE = "restore"
    """Put a backup in place of this till's journal; the journal is not there then, so only the first owner can."""
    STAFF = "staff"
    """Add people, rename them, give them another role, let them go."""
    RESET_PIN = "reset_pin"
    """Give somebody below oneself another PIN."""
    OWN_PIN = "own_pin"
    SETTINGS = "settings"
    """Close the till and change its settings."""
    KEYS = "keys"
    """Enter, replace, drop or confirm the gateways' keys."""


NEEDS: Mapping[Right, Role] = MappingProxyType({
    Right.CHARGE: Role.CASHIER,
    Right.SHOW: Role.CASHIER,
    Right.LINK: Role.CASHIER,
    Right.CANCEL: Role.CASHIER,
    Right.ASK_NOW: Role.CASHIER,
    Right.LOOK_UP: Role.CASHIER,
    Right.REPRINT: Role.CASHIER,
    Right.CHARGE_REGULAR: Role.CASHIER,
    Right.BIND_REGULAR: Role.CASHIER,
    Right.UNBIND_REGULAR: Role.CASHIER,
    Right.OPEN_SHIFT: Role.CASHIER,
    Right.X_REPORT: Role.CASHIER,
    Right.CLOSE_SHIFT: Role.CASHIER,
    Right.SIGN_OFF: Role.MANAGER,
    Right.RELEASE: Role.MANAGER,
    Right.DECIDE: Role.MANAGER,
    Right.REFUND: Role.MANAGER,
    Right.KEEP: Role.MANAGER,
    Right.TAKE_CASH: Role.CASHIER,
    Right.MOVE_CASH: Role.MANAGER,
    Right.OPEN_DRAWER: Role.MANAGER,
    Right.REPORTS: Role.MANAGER,
    Right.EXPORT: Role.MANAGER,
    Right.RECONCILE: Role.MANAGER,
    Right.BACK_UP: Role.CASHIER,
    Right.RESTORE: Role.OWNER,
    Right.STAFF: Role.OWNER,
    Right.RESET_PIN: Role.MANAGER,
    Right.OWN_PIN: Role.CASHIER,
    Right.SETTINGS: Role.MANAGER,
    Right.KEYS: Role.OWNER,
})  # fmt: skip
"""The lowest role that may do it."""

SIGNED_EACH_TIME = frozenset({
    Right.SIGN_OFF, Right.RELEASE, Right.DECIDE, Right.REFUND, Right.KEEP, Right.STAFF, Right.RESET_PIN, Right.OWN_PIN,
    Right.RESTORE, Right.KEYS, Right.MOVE_CASH,
})  # fmt: skip
"""A PIN is typed for each single one, whoever is signed in: a till left alone for a moment must not give money away."""

UNATTENDED = frozenset({Right.LOOK_UP, Right.ASK_NOW, Right.BACK_UP})
"""Other programs may do these while nobody is signed in: a backup at night, an answer about a payment. None of them
changes what is true of a payment, and a backup is sealed with a passphrase of its own."""

OF_ACT: Mapping[Act, Right] = MappingProxyType({
    Act.RELEASE: Right.RELEASE,
    Act.DECIDE_PAID: Right.DECIDE,
    Act.DECIDE_UNPAID: Right.DECIDE,
    Act.REFUND: Right.REFUND,
    Act.KEEP: Right.KEEP,
})  # fmt: skip


def may(role: Role, right: Right) -> bool:
    """Whether this role may do it."""
    return role.covers(NEEDS[right])
