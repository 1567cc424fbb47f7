# ruff: noqa: INP001, T201 - a program of its own
"""Writes and signs the manifest of a release, for `make sign KEY=KEY.pem`.

KEY.pem is the maker's Ed25519 key, which never leaves its file; its public half goes into
`resources/release/keys.txt` before the packages are built. A package's name says its system: `.deb`, `.run`, `.exe`.
The manifest and its signature are put beside the first package.
"""

import hashlib
import json
import sys
import time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from pos_app import __version__
from pos_app.journal.migrations import REVISIONS
from pos_app.updates.manifest import PROGRAM, read

SYSTEMS = {".deb": "linux-deb", ".run": "linux-portable", ".exe": "windows"}


def package(file: Path) -> dict[str, object]:
    """What the manifest says of one file."""
    content = file.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    return {"name": file.name, "system": SYSTEMS[file.suffix], "size": len(content), "sha256": sha256}


def main(key_file: Path, *files: Path) -> None:
    """Write the manifest, sign it, and see that the program would believe it."""
    key = load_pem_private_key(key_file.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise SystemExit("the key is not an Ed25519 key")
    told = {"program": PROGRAM, "version": __version__, "released_ms": time.time_ns() // 1_000_000,
            "schema": REVISIONS[-1], "packages": [package(file) for file in files]}  # fmt: skip
    content = json.dumps(told, indent=1).encode()
    signature, public = key.sign(content), key.public_key().public_bytes_raw()
    read(content, signature, (public,))
    manifest = files[0].with_name("pos-app-update.json")
    manifest.write_bytes(content)
    manifest.with_name(f"{manifest.name}.sig").write_bytes(signature)
    print(f"{manifest}: version {__version__}, signed with {public.hex()}")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
