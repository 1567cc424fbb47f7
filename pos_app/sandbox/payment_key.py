"""The gateway's RSA key that payment codes are encrypted for. For trying and testing only: not constant-time."""

import base64
import binascii

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_private_key

PUBLISHED_BITS = 512
"""The size of every sandbox key that ZaloPay published. Too weak for anything but a sandbox."""

_PADDING_MIN = 8

# A 512-bit pair made for tests: libraries no longer generate keys this short.
_PAIR_OF_512_BITS = (
    "MIIBUwIBADANBgkqhkiG9w0BAQEFAASCAT0wggE5AgEAAkEAl9PdxXJG5fExqsiughJLWGgvkYHp4zIAm+0Oq7WYBUbqLTJ23EQhWdpszynu"
    "URFNTHug72Sxd4/p5kAurCczIQIDAQABAkBAMLcGj3YiKYNSLV56Z7mrOwFBh6eXAsD3K5aUSkZnlBke2jYG3de6ZC3gdcmp+kTJIcy+mEw8"
    "fIMK4AJRV/KxAiEAxzg+i7MUVsPOqZfYHRUZzCuILVVSLYQE4ELn0V069vsCIQDDGbslD/JFbbCf4SOs8d51h6FQ7sSMHI7sJvUM6ihTkwIg"
    "AzjhqhjHZ2/bU9rk3/OLa0X4+eK7ZYkRGx956GT9oykCIBptKNE7WLiYw/zT9Q4e8OAAkBQzU0IbOCy6liS6rt2rAiBz9NKWXk0VEq5ESjVc"
    "0JrRFoWWw4uKHuwUASKKNI/Tsw=="
)


class PaymentKey:
    """An RSA pair. `public_key` is what the gateway hands to the shop: the bare base64 of an X.509 SPKI."""

    def __init__(self, *, bits: int = PUBLISHED_BITS) -> None:
        private = _published() if bits == PUBLISHED_BITS else rsa.generate_private_key(65_537, bits)
        numbers = private.private_numbers()
        self._modulus, self._exponent = numbers.public_numbers.n, numbers.d
        self._size = (private.key_size + 7) // 8
        spki = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.public_key = base64.b64encode(spki).decode("ascii")

    def open_code(self, encrypted: str) -> str | None:
        """The raw payment code inside base64(RSA PKCS#1 v1.5), or None when there is none.

        Done by hand, because libraries answer a wrong padding with random bytes, and this gateway must tell
        "not for my key" (-292) from "wrong signature" (-402).
        """
        try:
            block = base64.b64decode(encrypted, validate=True)
        except (binascii.Error, ValueError):
            return None
        if len(block) != self._size:
            return None
        opened = pow(int.from_bytes(block), self._exponent, self._modulus).to_bytes(self._size)
        padding, separator, code = opened[2:].partition(b"\x00")
        if opened[:2] != b"\x00\x02" or len(padding) < _PADDING_MIN or not separator:
            return None
        text = code.decode("ascii", "replace")
        return text if text.isascii() and text.isprintable() and text else None


def _published() -> rsa.RSAPrivateKey:
    private = load_der_private_key(base64.b64decode(_PAIR_OF_512_BITS), password=None)
    if not isinstance(private, rsa.RSAPrivateKey):
        message = "not an RSA key"
        raise TypeError(message)
    return private
