"""The running till's door: other programs of the same user ask it here, and have it do things.

The journal belongs to one process. A command such as `pos-app payments` or `pos-app refund` that finds the till open
asks it through this door: a listener on loopback that lets in only who can read the key in the data folder. What goes
over it is JSON, sealed with that key, since it may hold a PIN: whoever took a dead till's port learns nothing. Nothing
is ever unpickled, and nothing that was asked is logged.
"""

import contextlib
import hashlib
import json
import secrets
import socket
import threading
from collections.abc import Callable
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Listener, answer_challenge, deliver_challenge
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

FILE_NAME = "till.door"
QUESTION_BYTES_MAX = 64 * 1024
ANSWER_BYTES_MAX = 64 * 1024 * 1024
SILENCE_S_MAX = 5.0
"""How long whoever listens at the other end may be silent before it counts as nobody."""

Answerer = Callable[[str, dict[str, Any]], Any]
"""Answers a question by its name and arguments with something that JSON can hold."""


_NONCE_BYTES = 12
_SEAL_BYTES = _NONCE_BYTES + 16
_QUESTION, _ANSWER = b"question", b"answer"
"""Which way something goes: a question sent back is no answer."""


class NobodyHomeError(Exception):
    """No till is open on this data folder."""


class CutOffError(NobodyHomeError):
    """The till was asked and went away before it answered: what it was asked to do may have been done."""


class NotAnsweredError(Exception):
    """The till is open and does not answer this question; the text is the kind of its trouble."""


class Door:
    """Answers questions of other processes of the same user, until closed.

    Args:
        folder: the data folder; the way in is written there, readable by its owner only.
        answer: called on the door's own thread. What it raises is told to the asker as a plain refusal.
    """

    def __init__(self, folder: Path, answer: Answerer) -> None:
        self._path = folder / FILE_NAME
        self._answer = answer
        self._key = secrets.token_bytes(32)
        self._listener = Listener(("127.0.0.1", 0))
        address: tuple[str, int] = self._listener.address
        self._address = address
        self._path.touch(mode=0o600)
        self._path.chmod(0o600)
        self._path.write_text(json.dumps({"port": address[1], "key": self._key.hex()}), encoding="ascii")
        self._closing = False
        self._thread = threading.Thread(target=self._serve, name="door", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while not self._closing:
            try:
                connection = self._listener.accept()
            except OSError:
                continue
            # A thread for each: who knocks and says nothing keeps nobody else waiting.
            threading.Thread(target=self._let_in, args=(connection,), name="door-guest", daemon=True).start()

    def _let_in(self, connection: Any) -> None:
        # The standard library's handshake answers a wrong first word with an AssertionError.
        with connection, contextlib.suppress(OSError, EOFError, AuthenticationError, AssertionError):
            deliver_challenge(connection, self._key)
            answer_challenge(connection, self._key)
            self._answer_one(connection)

    def _answer_one(self, connection: Any) -> None:
        asked = connection.recv_bytes(QUESTION_BYTES_MAX)
        try:
            question = json.loads(_unsealed(self._key, _QUESTION, asked))
            answer = self._answer(str(question["ask"]), dict(question["with"]))
            said = json.dumps({"answer": answer}, ensure_ascii=False)
            if len(said.encode()) > ANSWER_BYTES_MAX - _SEAL_BYTES:
                raise OverflowError  # noqa: TRY301 - told as any other; the asker would take it for a till that went away
        except Exception as error:  # noqa: BLE001 - whatever it was, the asker is told and the till lives on
            said = json.dumps({"refused": type(error).__name__})
        connection.send_bytes(_sealed(self._key, _ANSWER, said.encode()))

    def close(self) -> None:
        """Let nobody in any more."""
        self._closing = True
        self._path.unlink(missing_ok=True)
        # accept() does not notice that its socket was closed: one last knock wakes it.
        with contextlib.suppress(OSError), socket.create_connection(self._address, timeout=1):
            pass
        self._listener.close()


def somebody_home(folder: Path) -> bool:
    """Whether a till is open on `folder`."""
    try:
        connection, _ = _let_in(folder)
    except NobodyHomeError:
        return False
    connection.close()
    return True


def ask(folder: Path, question: str, **arguments: Any) -> Any:
    """Ask the till that is open on `folder`, or have it do something.

    Raises:
        NobodyHomeError: none is, or what is there is no till. `CutOffError`: it went away before it answered.
        NotAnsweredError: the till refuses the question.
    """
    asked = json.dumps({"ask": question, "with": arguments}).encode()
    connection, key = _let_in(folder)
    with connection:
        try:
            connection.send_bytes(_sealed(key, _QUESTION, asked))
            said = json.loads(_unsealed(key, _ANSWER, connection.recv_bytes(ANSWER_BYTES_MAX)))
        except (OSError, EOFError, InvalidTag) as error:
            raise CutOffError from error
    if "answer" not in said:
        raise NotAnsweredError(str(said.get("refused", "")))
    return said["answer"]


def _let_in(folder: Path) -> tuple[Any, bytes]:
    """A connection on which both sides have shown that they know the key, and the key."""
    try:
        way_in = json.loads((folder / FILE_NAME).read_text(encoding="ascii"))
        key = bytes.fromhex(way_in["key"])
        connection = Client(("127.0.0.1", int(way_in["port"])))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NobodyHomeError from error
    try:
        _knock(connection, key)
    except BaseException:
        connection.close()
        raise
    return connection, key


def _knock(connection: Any, key: bytes) -> None:
    """Show that we know the key, and see that who listens knows it too."""
    try:
        if not connection.poll(SILENCE_S_MAX):  # a dead till's port may have gone to another program
            raise NobodyHomeError
        answer_challenge(connection, key)
        deliver_challenge(connection, key)
    except (OSError, EOFError, ValueError, AuthenticationError, AssertionError) as error:
        raise NobodyHomeError from error


def _sealed(key: bytes, way: bytes, said: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _seal(key).encrypt(nonce, said, way)


def _unsealed(key: bytes, way: bytes, sent: bytes) -> bytes:
    return _seal(key).decrypt(sent[:_NONCE_BYTES], sent[_NONCE_BYTES:], way)


def _seal(key: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(hashlib.blake2b(key, digest_size=32, person=b"till.door").digest())
