"""Servers that must not be trusted (T18): each a real listener, none of which may ever see a byte of a request."""

import datetime
import ipaddress
import socket
import ssl
import subprocess
import threading
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from typing import Self

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.gateways.tls_server import DAY, NOW, Authority, new_authority, server_tls

BadTls = Callable[[Path, Authority], ssl.SSLContext]


def expired(folder: Path, ca: Authority) -> ssl.SSLContext:
    return server_tls(folder, ca, valid_from=NOW - 9 * DAY, valid_to=NOW - DAY)


def not_yet_valid(folder: Path, ca: Authority) -> ssl.SSLContext:
    return server_tls(folder, ca, valid_from=NOW + DAY, valid_to=NOW + 9 * DAY)


def wrong_host(folder: Path, ca: Authority) -> ssl.SSLContext:
    return server_tls(folder, ca, names=("openapi.zalopay.vn", "other.test"), addresses=("127.0.0.9",))


def self_signed(folder: Path, _: Authority) -> ssl.SSLContext:
    return server_tls(folder, None)


def unknown_ca(folder: Path, _: Authority) -> ssl.SSLContext:
    return server_tls(folder, new_authority("Nobody's CA"))


def same_name_ca(folder: Path, ca: Authority) -> ssl.SSLContext:
    """An authority that only calls itself like ours."""
    return server_tls(folder, new_authority(ca.certificate.subject.rfc4514_string()[3:]))


def inspecting_antivirus(folder: Path, _: Authority) -> ssl.SSLContext:
    """A man in the middle with a certificate for just our host, by a CA of its own."""
    return server_tls(folder, new_authority("Antivirus Web Shield Root"), names=("localhost",))


def _old(folder: Path, ca: Authority, version: ssl.TLSVersion) -> ssl.SSLContext:
    context = server_tls(folder, ca)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = version
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


def tls_1_0(folder: Path, ca: Authority) -> ssl.SSLContext:
    return _old(folder, ca, ssl.TLSVersion.TLSv1)


def tls_1_1(folder: Path, ca: Authority) -> ssl.SSLContext:
    return _old(folder, ca, ssl.TLSVersion.TLSv1_1)


def weak_key(folder: Path, ca: Authority) -> ssl.SSLContext:
    return _made(folder, ca, bits=1024)


def for_clients_only(folder: Path, ca: Authority) -> ssl.SSLContext:
    return _made(folder, ca, usage=ExtendedKeyUsageOID.CLIENT_AUTH)


def name_in_cn_only(folder: Path, ca: Authority) -> ssl.SSLContext:
    return _made(folder, ca, san=False)


def signed_by_no_ca(folder: Path, ca: Authority) -> ssl.SSLContext:
    """Signed by a certificate of our authority that may not sign: a shop's certificate is no authority."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    leaf = _certificate(ca.certificate.subject, ca, key, bits_name="a shop")
    return _made(folder, ca, signer=(leaf, key))


def sha1_signature(folder: Path, ca: Authority) -> ssl.SSLContext:
    """Our library makes none any more; the system's own tool still does."""
    if which("openssl") is None:
        pytest.skip("needs openssl")
    key, wish, own, ca_key, ca_pem = (folder / f"sha1-{name}.pem" for name in ("key", "wish", "own", "ca-key", "ca"))
    ca_key.write_bytes(ca.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    ca_pem.write_text(ca.pem)
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    for words in (
        f"req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout {key} -out {wish} -addext {names}",
        f"x509 -req -sha1 -in {wish} -out {own} -CA {ca_pem} -CAkey {ca_key} -set_serial 7 -copy_extensions copy",
    ):
        subprocess.run(["openssl", *words.split()], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.load_cert_chain(own, key)
    return context


def _made(
    folder: Path,
    ca: Authority,
    *,
    bits: int = 2048,
    usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
    san: bool = True,
    signer: tuple[x509.Certificate, rsa.RSAPrivateKey] | None = None,
) -> ssl.SSLContext:
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    issuer = signer[0].subject if signer else ca.certificate.subject
    certificate = _certificate(issuer, ca, key, usage=usage, san=san, signer_key=signer[1] if signer else None)
    chain = [certificate, *([signer[0]] if signer else [])]
    path = folder / f"{certificate.serial_number:x}.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + b"".join(one.public_bytes(Encoding.PEM) for one in chain)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.load_cert_chain(path)
    return context


def _certificate(
    issuer: x509.Name,
    ca: Authority,
    key: rsa.RSAPrivateKey,
    *,
    usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
    san: bool = True,
    signer_key: rsa.RSAPrivateKey | None = None,
    bits_name: str = "localhost",
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, bits_name)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - datetime.timedelta(days=1))
        .not_valid_after(NOW + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    )
    if san:
        names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(signer_key or ca.key, hashes.SHA256())


CERTIFICATES: tuple[BadTls, ...] = (
    expired,
    not_yet_valid,
    wrong_host,
    self_signed,
    unknown_ca,
    same_name_ca,
    inspecting_antivirus,
    tls_1_0,
    tls_1_1,
    weak_key,
    for_clients_only,
    name_in_cn_only,
    signed_by_no_ca,
    sha1_signature,
)


# --- listeners that speak no TLS, or not to its end ------------------------------------------------------------------

PORTAL = b"HTTP/1.1 302 Found\r\nLocation: http://login.wifi/\r\nContent-Length: 0\r\n\r\n"
PLAIN_HTTP = b'HTTP/1.1 200 OK\r\nContent-Length: 52\r\n\r\n{"return_code":1,"is_processing":false,"zp_trans_id":5}'
HALF_A_HANDSHAKE = b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03" + bytes(40)


@dataclass
class RawServer:
    """Answers whatever comes with the same bytes, and hangs up. Keeps what came."""

    reply: bytes
    received: bytearray = field(default_factory=bytearray)
    connections: int = 0

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(60)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self._listener.getsockname()[1]}"

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                with connection, suppress(OSError):
                    connection.settimeout(2)
                    self.received += connection.recv(65536)
                    connection.sendall(self.reply)


PLAIN = {"portal": PORTAL, "plain http": PLAIN_HTTP, "half a handshake": HALF_A_HANDSHAKE, "hangs up": b""}
