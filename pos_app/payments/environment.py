"""Which gateway stands behind a till, and the mark that says so. They are never mixed: each has data of its own."""

from enum import StrEnum

from pos_app.words import Text


class Environment(StrEnum):
    """Whose money moves."""

    LIVE = "live"
    SANDBOX = "sandbox"
    """The gateways' own test hosts: no real money, and keys of their own."""
    BUILT_IN = "built_in"
    """The demo: the gateway that comes with the program."""

    @property
    def badge(self) -> Text | None:
        """What every screen shows of it; None where real money moves."""
        return _BADGES.get(self)

    @property
    def note(self) -> Text | None:
        """The same for customers; None where real money moves."""
        return _NOTES.get(self)


_BADGES = {
    Environment.SANDBOX: Text("THỬ NGHIỆM", "SANDBOX"),
    Environment.BUILT_IN: Text("DÙNG THỬ", "DEMO"),
}
_NOTES = {
    Environment.SANDBOX: Text("Thử nghiệm – không có tiền thật", "Sandbox – no real money"),
    Environment.BUILT_IN: Text("Dùng thử – không có tiền thật", "Demo – no real money"),
}
