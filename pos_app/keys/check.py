"""Trying keys out: one signed question that is answered, about an order that does not exist. No money can move.

What it can tell: app id and key1. key2 is first used when ZaloPay calls us, the public key with the first payment code.
"""

import asyncio
from dataclasses import dataclass

from pos_app.clock import Clock
from pos_app.gateways.rotating import WRONG_SIGNATURE
from pos_app.keys.account import Account
from pos_app.payments.answer import Answer, AnswerClass, deciding_code
from pos_app.payments.environment import Environment
from pos_app.vietnam_day import yymmdd
from pos_app.words import Text

_NOT_ACCEPTED = -405


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of it.

    Attributes:
        ok: the gateway knows the account by its key1.
        title, advice: in words.
    """

    ok: bool
    title: Text
    advice: Text


_RIGHT = Checked(
    ok=True,
    title=Text("ZaloPay nhận app_id và key1", "ZaloPay accepts app_id and key1"),
    advice=Text(
        "key2 được thử khi ZaloPay gọi lại, khóa công khai khi quét mã đầu tiên.",
        "key2 is tried when ZaloPay calls back, the public key with the first code that is scanned.",
    ),
)
_SWAPPED = Checked(
    ok=False,
    title=Text("key1 và key2 bị đảo", "key1 and key2 are swapped"),
    advice=Text("Nhập lại, đổi chỗ hai khóa.", "Enter them again, the other way round."),
)
_WRONG = Checked(
    ok=False,
    title=Text("ZaloPay không nhận app_id hoặc key1", "ZaloPay does not accept the app_id or key1"),
    advice=Text(
        "So với trang của ZaloPay: app_id và key1 phải cùng một tài khoản, cùng môi trường.",
        "Compare with ZaloPay's page: both must be of one account, and of this environment.",
    ),
)
_CLOSED = Checked(
    ok=False,
    title=Text("ZaloPay chưa mở tài khoản này", "ZaloPay has not opened this account"),
    advice=Text("Gọi ZaloPay để mở tài khoản.", "Ask ZaloPay to open it."),
)
_SILENT = Checked(
    ok=False,
    title=Text("Chưa hỏi được ZaloPay", "ZaloPay could not be asked"),
    advice=Text("Khóa có thể vẫn đúng: xem mạng và giờ của máy, rồi thử lại.",
                "The keys may be right: look at the network and the clock, then try again."),
)  # fmt: skip


def check_account(account: Account, clock: Clock, *, api: str = "v2") -> Checked:
    """Ask once, and if that is refused for its signature, once more with key2 in key1's place. Blocks, 30 s at most.

    Args:
        account: the keys.
        clock: this machine's clocks.
        api: "v2" or "v1", as the settings say.
    """
    told = asyncio.run(_asked(account, account.key1, clock, api))
    if _refused(told):
        return _SWAPPED if _known(asyncio.run(_asked(account, account.key2, clock, api))) else _WRONG
    if _code(told) == _NOT_ACCEPTED:
        return _CLOSED
    return _RIGHT if _known(told) else _SILENT


def _refused(told: Answer) -> bool:
    return _code(told) in WRONG_SIGNATURE


def _known(told: Answer) -> bool:
    """It was read, and the order looked for."""
    return told.meaning not in (AnswerClass.UNUSABLE, AnswerClass.REFUSED)


def _code(told: Answer) -> int | None:
    return deciding_code(told.return_code, told.sub_return_code)


async def _asked(account: Account, key1: str, clock: Clock, api: str) -> Answer:
    from pos_app.gateways import trust  # noqa: PLC0415 - dear to import
    from pos_app.gateways.clock_offset import ClockOffset  # noqa: PLC0415
    from pos_app.gateways.zalopay.public_key import PublicKey  # noqa: PLC0415
    from pos_app.gateways.zalopay.requests import Credentials  # noqa: PLC0415
    from pos_app.gateways.zalopay.v1 import ZaloPayV1  # noqa: PLC0415
    from pos_app.gateways.zalopay.v2 import ZaloPayV2  # noqa: PLC0415

    live = account.environment is Environment.LIVE
    v2, v1 = (trust.LIVE, trust.LIVE_V1) if live else (trust.SANDBOX, trust.SANDBOX_V1)
    credentials = Credentials(account.app_id, key1, PublicKey(account.public_key), "pos_app")
    client, site = (ZaloPayV1, v1) if api == "v1" else (ZaloPayV2, v2)
    gateway = client(site, credentials, clock=clock, offset=ClockOffset(clock))
    try:
        return await gateway.query(f"{yymmdd(clock.wall_ms())}_keys-check")
    finally:
        await gateway.close()
