"""`pos-app run`: the till on screen. Nothing dear is imported before the window is shown."""

import argparse
import gc
from functools import cache
from typing import Any

from pos_app.cli.say import DONE, Say
from pos_app.payments.environment import Environment
from pos_app.settings import Settings, data_folder, environment_in_use, home_folder, load, nothing_yet, use_environment
from pos_app.words import Text

_AGAIN = -1
"""As `ui.app.OPEN_SETTINGS`, which is not imported before Qt is known to be there."""
_HOW_TO_GO_LIVE = Text(
    "Máy chạy thử, không có tiền thật. Để thu tiền thật: `pos-app keys set`.",
    "This is the demo: no real money. To take real money: `pos-app keys set`.",
)


def add_run(parser: argparse.ArgumentParser) -> None:
    """The arguments of `run`."""
    with_gateway = parser.add_mutually_exclusive_group()
    with_gateway.add_argument("--demo", action="store_true", help="with the built-in gateway: no real money")
    with_gateway.add_argument("--demo-url", metavar="URL", help="with a running `pos-app sandbox`")
    parser.add_argument("--keys-stdin", action="store_true", help="read the passphrase of the keys from standard input")
    parser.set_defaults(command=_run)


def _run(options: argparse.Namespace, settings: Settings, say: Say) -> int:
    lacks = _lacks()
    if lacks is not None:
        return say.refuse(*lacks)
    if _is_first_start(options):
        if not _set_up(options, settings):
            return DONE
        settings = load(home_folder())
    code, passphrase = _AGAIN, _Passphrase(options, say)
    while code == _AGAIN:
        while _wants_keys(options):
            if not _set_up(options, settings):
                return DONE
            settings = load(home_folder())
        code = _open_till(options, settings, say, passphrase)
        if code == _AGAIN:
            if not _set_up(options, load(home_folder()), afterwards=True):
                return DONE
            settings = load(home_folder())
    return code


def _set_up(options: argparse.Namespace, settings: Settings, *, afterwards: bool = False) -> bool:
    """The window of the set-up, or of the settings; False when it was closed with nothing to open.

    Who closes the settings goes back to the till, unless the system wants the program to end.
    """
    from pos_app.ui.setting_up.window import Ended, open_first_start  # noqa: PLC0415 - rarely

    gc.enable()
    ended = open_first_start(settings, afterwards=afterwards)
    if ended is Ended.NEW_KEYS:
        options.demo, options.demo_url = False, None
        if not options.sandbox:  # who asked for the test hosts never comes to real money by it
            use_environment(None)
    return ended is not Ended.BY_SIGNAL and (afterwards or ended is not Ended.GIVEN_UP)


class _Passphrase:
    """Of the keys: one line of standard input, asked for once, or what was typed in the window."""

    def __init__(self, options: argparse.Namespace, say: Say) -> None:
        self._options, self._say = options, say
        self.typed = ""

    def __call__(self) -> str:
        """It, "" for not yet."""
        if self._options.keys_stdin and not self.typed:
            from pos_app.cli.own_till import passphrase_of  # noqa: PLC0415 - dear to import

            self.typed = passphrase_of(self._options, self._say)
        return self.typed

    def forget(self) -> None:
        """The till is built. What came by standard input opens it again after the settings: nobody here may know it."""
        if not self._options.keys_stdin:
            self.typed = ""


def _open_till(options: argparse.Namespace, settings: Settings, say: Say, passphrase: _Passphrase) -> int:
    """The till on screen, until it is closed; `_AGAIN` when its settings are wanted."""
    from pos_app.ui.app import run  # noqa: PLC0415 - as above
    from pos_app.ui.place import Place  # noqa: PLC0415
    from pos_app.ui.theme import Theme  # noqa: PLC0415

    def unlock(bridge: Any, typed: str) -> Any:
        passphrase.typed = typed
        return make_till(bridge)

    def make_till(bridge: Any, pin: str = "") -> Any:
        from pos_app.cli.own_till import gateway_of  # noqa: PLC0415 - dear to import: the window is on screen by now
        from pos_app.till import Till  # noqa: PLC0415 - dear to import: the window is on screen by now

        if pin and pins().is_set:
            pins().check(pin)
        till = Till(
            settings, data_folder(), bridge.post, **gateway_of(options, passphrase), settings_folder=home_folder(),
            look_when_damaged=True, take_over=bool(pin),
        )  # fmt: skip
        till.start()
        passphrase.forget()
        say.result({"till": "ready"})
        return till

    def agree(bridge: Any, pin: str) -> Any:
        from pos_app.checkout.enrolment import owner_agrees  # noqa: PLC0415 - dear to import
        from pos_app.clock import MachineClock  # noqa: PLC0415 - as above

        owner_agrees(settings, MachineClock(), pin, pins())
        return make_till(bridge)

    @cache
    def pins() -> Any:
        """The same for every try: after a miss the next one waits from that miss on."""
        from secrets import token_bytes  # noqa: PLC0415 - dear to import

        from pos_app.clock import MachineClock  # noqa: PLC0415 - as above
        from pos_app.staff.pin import Pins  # noqa: PLC0415 - as above

        return Pins(data_folder(), MachineClock(), token_bytes)

    def shown() -> None:
        if say.as_json:  # says when each is reached, for those who measure; without the library that writes JSON
            print('{"window": "shown"}', flush=True)

    shop, look, display = settings.shop, settings.look, settings.display
    environment = _whose_money(options, say)
    place = Place(
        shop.store, shop.till, shop.cashier, demo=environment is Environment.BUILT_IN,
        sandbox=environment is Environment.SANDBOX, customer_screen=display.screen, customer_words=display.words,
        lock_after_min=settings.staff.lock_after_min, takes_cash=settings.cash.enabled,
    )  # fmt: skip
    return run(
        make_till, place, language=look.language, theme=Theme(look.theme), text=look.text,
        motion=not look.reduce_motion, speak=look.speak, take_over=make_till, unlock=unlock, agree=agree,
        shown=shown,
    )  # fmt: skip


def _lacks() -> tuple[Text, Text] | None:
    """What keeps the window from opening, and what to do; None for nothing: Qt is imported then."""
    from pos_app.ui.start_check import missing, on_x  # noqa: PLC0415 - before anything of Qt

    lacks = missing() if on_x() else None
    if lacks is not None:
        return lacks
    gc.disable()  # what is made before the window is shown stays: looking through it would only take time
    try:
        import pos_app.ui.app  # noqa: F401, PLC0415 - Qt only for the window
    except ImportError:
        lacks = missing()
        if lacks is None:
            raise
    return lacks


def _is_first_start(options: argparse.Namespace) -> bool:
    """Nothing is here yet, and nobody said what to open."""
    return nothing_yet() and not (options.demo or options.demo_url or options.sandbox or options.json)


def _wants_keys(options: argparse.Namespace) -> bool:
    """Real payments were begun or restored here without keys: no till opens before these are entered."""
    from pos_app.setting_up.standing import lacks_keys  # noqa: PLC0415 - not needed to say what this command takes

    return lacks_keys() and not options.json


def _whose_money(options: argparse.Namespace, say: Say) -> Environment:
    """The environment in use; that it is the demo is said to whoever did not ask for it."""
    environment = environment_in_use()
    if environment is Environment.BUILT_IN and not (options.demo or options.demo_url):
        say.progress(_HOW_TO_GO_LIVE)
    return environment
