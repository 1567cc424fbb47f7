"""What somebody is in the shop. Pure."""

from enum import StrEnum

from pos_app.words import Text


class Role(StrEnum):
    """Whoever has a role may do all that those below may."""

    CASHIER = "cashier"
    MANAGER = "manager"
    OWNER = "owner"

    @property
    def rank(self) -> int:
        """How high it stands, from 0."""
        return tuple(Role).index(self)

    def covers(self, needed: "Role") -> bool:
        """Whether this role may do what that one may."""
        return self.rank >= needed.rank


ROLE_WORDS = {
    Role.CASHIER: Text("Thu ngân", "Cashier"),
    Role.MANAGER: Text("Quản lý", "Manager"),
    Role.OWNER: Text("Chủ tiệm", "Owner"),
}
