"""Releases for tests: a maker with a key of its own, and what it puts into a folder."""

import hashlib
import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PACKAGE = b"what would be installed" * 1_000


class Maker:
    """Who releases: signs whatever it is given."""

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.generate()
        self.public = self._key.public_key().public_bytes_raw()

    def signs(self, content: bytes) -> bytes:
        return self._key.sign(content)

    def release(self, folder: Path, version: str = "9.1.0", system: str = "linux-portable", **other: Any) -> Path:
        """A whole release in a folder; the manifest's path."""
        folder.mkdir(exist_ok=True)
        name = f"pos-app-{version}.run"
        (folder / name).write_bytes(PACKAGE)
        manifest = folder / "pos-app-update.json"
        manifest.write_bytes(told(version, name, system, **other))
        manifest.with_name(f"{manifest.name}.sig").write_bytes(self.signs(manifest.read_bytes()))
        return manifest


def told(version: str = "9.1.0", name: str = "pos-app.run", system: str = "linux-portable", **other: Any) -> bytes:
    package = {"name": name, "system": system, "size": len(PACKAGE), "sha256": hashlib.sha256(PACKAGE).hexdigest()}
    manifest = {"program": "pos-app", "version": version, "released_ms": 1_795_000_000_000, "schema": "0001"}
    return json.dumps(manifest | {"packages": [package]} | other).encode()
