"""What the journal calls each gateway, and what people call it."""

from functools import lru_cache

from pos_app.payments.environment import Environment
from pos_app.words import Text

ZALOPAY_V2 = "zalopay_v2"
ZALOPAY_V1 = "zalopay_v1"
APPOTAPAY_V1 = "appotapay_v1"
APPOTAPAY_V2 = "appotapay_v2"
APPOTAPAY_POS = "appotapay_pos"
OWN_VIETQR = "own_vietqr"
"""The shop's own code for its bank account: there is no gateway, only a person can say that money came."""
CASH = "cash"
"""Notes and coins in the shop's drawer: no gateway, and no payment of the journal has this name."""
DEMO = "demo"
"""The built-in gateway's ZaloPay v2; its other ways are `demo_` and their name."""
_SANDBOX = "sandbox_"
"""Before the names of ways at the gateways' test hosts."""

ZALOPAY = "ZaloPay"
_OWN = Text("Chuyển khoản", "Bank transfer")
_CASH = Text("Tiền mặt", "Cash")


def in_environment(name: str, environment: Environment) -> str:
    """What a way is called in that environment."""
    match environment:
        case Environment.LIVE:
            return name
        case Environment.SANDBOX:
            return _SANDBOX + name
        case Environment.BUILT_IN:
            return DEMO if name == ZALOPAY_V2 else f"{DEMO}_{name}"


@lru_cache(64)
def environment_of(name: str) -> Environment:
    """Whose money moves there."""
    if name == DEMO or name.startswith(f"{DEMO}_"):
        return Environment.BUILT_IN
    return Environment.SANDBOX if name.startswith(_SANDBOX) else Environment.LIVE


def is_demo(name: str) -> bool:
    """Whether it is the built-in gateway."""
    return environment_of(name) is Environment.BUILT_IN


def _bare(name: str) -> str:
    return name.removeprefix(f"{DEMO}_").removeprefix(_SANDBOX)


@lru_cache(64)
def asks_nobody(name: str) -> bool:
    """Whether there is no gateway that could be asked."""
    return _bare(name) == OWN_VIETQR


def is_appotapay(name: str) -> bool:
    """Whether it is AppotaPay, of any generation."""
    return _bare(name).startswith("appotapay")


@lru_cache(64)
def brand(name: str) -> Text:
    """Who takes the money, as customers know it."""
    if name == CASH:
        return _CASH
    if asks_nobody(name):
        return _OWN
    one = "AppotaPay" if is_appotapay(name) else ZALOPAY
    return Text(one, one)


def named(text: Text, name: str) -> Text:
    """A sentence about ZaloPay, said of the gateway of that name."""
    who = brand(name)
    return Text(text.vi.replace(ZALOPAY, who.vi), text.en.replace(ZALOPAY, who.en)) if who.vi != ZALOPAY else text
