"""What somebody could name as a keychain: it keeps everything, in the clear."""

from typing import ClassVar

from keyring.backend import KeyringBackend


class Plain(KeyringBackend):
    """Keeps it in memory."""

    kept: ClassVar[dict[str, str]] = {}
    priority = 9

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[username]
