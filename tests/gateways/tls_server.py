"""A real TLS server on the loopback whose manners each test chooses, and certificates good and bad.

It keeps every byte that clients sent it after the handshake: what "not sent" and "sent once" are proved with.
"""

import asyncio
import datetime
import ipaddress
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)
NOW = datetime.datetime.fromtimestamp(int(time.time()), tz=datetime.UTC)


@dataclass(frozen=True)
class Authority:
    """A CA of the tests."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()


def new_authority(name: str = "Test CA") -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(name, key, issuer=name, issuer_key=key, is_ca=True)
    return Authority(key, certificate)


def server_tls(
    folder: Path,
    authority: Authority | None,
    *,
    names: tuple[str, ...] = ("localhost",),
    addresses: tuple[str, ...] = ("127.0.0.1",),
    valid_from: datetime.datetime = NOW - DAY,
    valid_to: datetime.datetime = NOW + DAY,
) -> ssl.SSLContext:
    """A server's TLS with a new certificate; `authority` None makes it self-signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    sans: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
    sans += [x509.IPAddress(ipaddress.ip_address(address)) for address in addresses]
    certificate = _certificate(
        "server",
        key,
        issuer=authority.certificate.subject.rfc4514_string()[3:] if authority else "server",
        issuer_key=authority.key if authority else key,
        sans=sans,
        window=(valid_from, valid_to),
    )
    path = folder / f"{certificate.serial_number:x}.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    *,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    sans: list[x509.GeneralName] | None = None,
    is_ca: bool = False,
    window: tuple[datetime.datetime, datetime.datetime] = (NOW - 30 * DAY, NOW + 30 * DAY),
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(window[0])
        .not_valid_after(window[1])
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
    )
    if sans:
        builder = builder.add_extension(x509.SubjectAlternativeName(sans), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


Manners = Callable[["Peer"], Awaitable[None]]
"""What the server does once it has read one whole request."""


@dataclass
class Peer:
    """One request, and the way back to who sent it."""

    server: "Server"
    request: bytes
    writer: asyncio.StreamWriter

    async def say(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self, body: bytes, *, status: str = "200 OK", headers: str = "") -> None:
        shown = b"" if self.request.startswith(b"HEAD") else body
        await self.say(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + shown)

    async def answer_nothing(self) -> None:
        await asyncio.sleep(60)

    def reset(self) -> None:
        self.writer.transport.abort()

    @property
    def form(self) -> bytes:
        return self.request.partition(b"\r\n\r\n")[2]


@dataclass
class Server:
    port: int = 0
    connections: int = 0
    handshakes: int = 0
    received: bytearray = field(default_factory=bytearray)
    requests: list[bytes] = field(default_factory=list)

    @property
    def posts(self) -> int:
        return bytes(self.received).count(b"POST /")


@asynccontextmanager
async def serve(tls: ssl.SSLContext | None, manners: Manners) -> AsyncIterator[Server]:
    """Serve on a free port until the block ends."""
    server = Server()
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        server.handshakes += 1
        try:
            while await _one_request(server, manners, reader, writer):
                pass
        except (OSError, ssl.SSLError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            tasks.discard(task)
            writer.transport.abort()

    listening = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    # TLS errors of the bad set-ups are expected: the loop shall not log them
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    try:
        yield server
    finally:
        listening.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0.01)


async def _one_request(
    server: Server, manners: Manners, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> bool:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = await reader.read(1)
        if not byte:
            return False
        server.received += byte
        head += byte
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    body = await reader.readexactly(length)
    server.received += body
    server.requests.append(head + body)
    await manners(Peer(server, head + body, writer))
    return not writer.transport.is_closing()
