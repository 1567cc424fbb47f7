"""ZaloPay's public key, which encrypts the payment code: reading it as shops receive it, and using it.

The padding is PKCS#1 v1.5 because the gateway demands it (ZaloPay QuickPay API). Every published sandbox key has only
512 bits, so there is no larger minimum here; `weak` lets the set-up page say so.
"""

import base64
import binascii
import hashlib
import re

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

BITS_MIN = 512
_BITS_STRONG = 2048
_PADDING_BYTES = 11
_ARMOUR = re.compile(r"-----(BEGIN|END) [A-Z0-9 ]+-----")


class PublicKeyError(ValueError):
    """This text is no RSA public key that can be used. Its words never repeat the text."""


class PrivateKeyError(PublicKeyError):
    """It is a private key."""


class SmallKeyError(PublicKeyError):
    """It has fewer than `BITS_MIN` bits."""


class CodeTooLongError(ValueError):
    """The code does not fit into one block of the key."""


class PublicKey:
    """An RSA public key of the gateway, from 512 bits."""

    __slots__ = ("_key",)

    def __init__(self, text: str) -> None:
        """Read PEM, bare base64 of a SubjectPublicKeyInfo, or a certificate (PEM or bare base64), with stray blanks.

        Raises:
            PublicKeyError: it is something else, a private key, or smaller than 512 bits.
        """
        if "PRIVATE KEY" in text:
            raise PrivateKeyError("this is a private key; the gateway's public key is needed")
        key = _read_der(_der_of(text))
        if key.key_size < BITS_MIN:
            raise SmallKeyError(f"the key is smaller than {BITS_MIN} bits")
        self._key = key

    @property
    def bits(self) -> int:
        """The size of the key."""
        return self._key.key_size

    @property
    def weak(self) -> bool:
        """Whether the key is smaller than what is held safe today (2048 bits)."""
        return self.bits < _BITS_STRONG

    @property
    def code_bytes_max(self) -> int:
        """How long a code fits into one block."""
        return (self.bits + 7) // 8 - _PADDING_BYTES

    @property
    def text(self) -> str:
        """The key as bare base64, the same for every way it was written."""
        return base64.b64encode(self._spki()).decode()

    @property
    def fingerprint(self) -> str:
        """First 16 hex digits of the SHA-256 of the key, the same for every way it was written."""
        return hashlib.sha256(self._spki()).hexdigest()[:16]

    def _spki(self) -> bytes:
        return self._key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def encrypt(self, code: bytes) -> str:
        """The code encrypted and in base64, as `payment_code` carries it; different each time.

        Raises:
            CodeTooLongError: longer than `code_bytes_max`.
        """
        if len(code) > self.code_bytes_max:
            raise CodeTooLongError("the code does not fit the key")
        return base64.b64encode(self._key.encrypt(code, PKCS1v15())).decode()

    def __repr__(self) -> str:
        return f"PublicKey({self.bits} bits)"


def _der_of(text: str) -> bytes:
    bare = re.sub(r"\s", "", _ARMOUR.sub("", text.lstrip("\ufeff")))
    try:
        der = base64.b64decode(bare, validate=True)
    except (binascii.Error, ValueError):
        der = b""
    if not der:
        raise PublicKeyError("the key is neither PEM nor base64")
    return der


def _read_der(der: bytes) -> RSAPublicKey:
    for load in (load_der_public_key, _key_of_certificate):
        try:
            key = load(der)
        except (ValueError, UnsupportedAlgorithm):
            continue
        if isinstance(key, RSAPublicKey):
            return key
        raise PublicKeyError("the key is not an RSA key")
    raise PublicKeyError("the text holds no public key")


def _key_of_certificate(der: bytes) -> object:
    return x509.load_der_x509_certificate(der).public_key()
