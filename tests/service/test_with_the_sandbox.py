"""The built-in gateway tells the listening server, each with its own code for the same documents."""

import asyncio
from pathlib import Path

from pos_app.gateways.notification import Rejected, Taken
from pos_app.sandbox.server import Sandbox
from tests.sandbox.shop import Shop
from tests.service.listening import Listening, listening


async def until(till: Listening, sandbox: Sandbox, heard: list[int], **times: int) -> None:
    """The till has counted so much, and the gateway has heard this about its newest order."""
    async with asyncio.timeout(60):
        while dict(till.counts.of) != times or told(sandbox) != heard:
            await asyncio.sleep(0.02)


def told(sandbox: Sandbox) -> list[object]:
    callbacks = sandbox.orders()[-1]["callbacks"]
    assert isinstance(callbacks, list)
    return [one["return_code"] for one in callbacks]


def test_what_the_gateway_tells_is_taken_and_what_is_forged_is_not(tmp_path: Path) -> None:
    async def come() -> None:
        async with listening(tmp_path) as till:
            url = f"http://127.0.0.1:{till.server.port}/zalopay/v2/callback"
            with Sandbox(tls=False) as sandbox, Shop(sandbox) as shop:

                async def create(amount: int) -> str:
                    asked = shop.order(amount, callback_url=url, item='[{"itemname":"Cà phê \\"sữa\\" đá"}]')
                    await asyncio.to_thread(shop.create, asked)
                    return str(asked["app_trans_id"])

                paid = await create(13_001)
                await until(till, sandbox, [1], orphan=1)
                assert [line.split()[1] for line in till.book.lines()] == [paid]
                await create(13_902)  # told twice
                await until(till, sandbox, [1, 1], orphan=2, repeated=1)
                await create(13_905)  # with a wrong MAC
                await until(till, sandbox, [2], orphan=2, repeated=1, wrong_signature=1)
                till.book.trouble = OSError("disk full")
                await create(13_001)
                await until(till, sandbox, [0], orphan=2, repeated=1, wrong_signature=1, trouble=1)
            assert {Taken.ORPHAN, Taken.REPEATED, Rejected.WRONG_SIGNATURE} < set(till.counts.of)

    asyncio.run(come())
