"""What somebody could name as a keychain: it keeps everything, in the clear."""

from typing import ClassVar


class Plain:
    """Keeps it in memory."""

    kept: ClassVar[dict[str, str]] = {}
    priority = 9

    def get_password(self, _service: str, name: str) -> str | None:
        return self.kept.get(name)

    def set_password(self, _service: str, name: str, secret: str) -> None:
        self.kept[name] = secret

    def delete_password(self, _service: str, name: str) -> None:
        del self.kept[name]
