"""`pos-app keys show | set | check | rotate | drop | confirm`: the gateways' keys. None is an argument, or printed."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from pos_app.checkout.enrolment import DAYS_BOTH, Enrolment, open_enrolment
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.staffing import Signature
from pos_app.cli.approval import wait_for_pin
from pos_app.cli.hidden import Hidden, NotTypedError
from pos_app.cli.keys_typed import keys_of_stdin, keys_typed
from pos_app.cli.own_till import KEYS_PASSPHRASE
from pos_app.cli.say import DONE, FOUND_WRONG, USAGE, Say
from pos_app.clock import MachineClock
from pos_app.journal.errors import AlreadyOpenError, JournalError
from pos_app.keys.account import Account, AccountError, Typed, account_of
from pos_app.keys.check import check_account
from pos_app.keys.errors import KeysDamagedError, KeysError, ShortPassphraseError
from pos_app.keys.fingerprint import marks
from pos_app.keys.held import Held, held_in
from pos_app.keys.home_check import hosts_of
from pos_app.keys.keys_file import FIELDS, NotKeysError, keys_of_file
from pos_app.keys.keystore import PASSPHRASE_LENGTH_MIN, SealedBy, open_keystore, sealed_by
from pos_app.payments.environment import Environment
from pos_app.settings import Settings, environment_in_use, folder_of
from pos_app.staff.errors import PinError, WaitError
from pos_app.staff.pin import Pins
from pos_app.vietnam_day import clock_time, day_text
from pos_app.words import Text

_ACTS = ("show", "set", "check", "rotate", "drop", "confirm")
_DAYS_MAX = 90
_DAY_MS = 24 * 3_600_000
_OWNERS_PIN = Text("PIN chủ tiệm", "Owner's PIN")
_NEW_PASSPHRASE = Text("Mật khẩu mới của khóa, ít nhất {n} ký tự", "New passphrase of the keys, {n} characters or more")
_SEALED = {
    SealedBy.KEYCHAIN: Text("niêm bằng kho khóa của máy", "sealed by this computer's keychain"),
    SealedBy.PASSPHRASE: Text("niêm bằng mật khẩu", "sealed by a passphrase"),
    SealedBy.FILE: Text(
        "máy không có kho khóa: khóa niêm nằm cạnh tệp, ai có cả ổ đĩa thì mở được",
        "no keychain here: the seal's key lies beside the file, and whoever has the whole disk can open it",
    ),
}
_WHOSE = {Environment.LIVE: Text("TIỀN THẬT", "LIVE"), Environment.SANDBOX: Text("THỬ NGHIỆM", "SANDBOX")}
_OWN = Text("Tài khoản ngân hàng của tiệm: {own}", "The shop's own bank account: {own}")
_GONE = Text(
    "Khóa cũ và ví khách quen đã liên kết không đọc lại được nữa, và bị xóa khỏi máy này.",
    "The old keys, and the regulars' linked wallets, cannot be read any more and are removed from this computer.",
)
_CLOSE_FIRST = Text("Đóng máy rồi đổi khóa.", "Close the till, then change the keys.")


def add_keys(parser: argparse.ArgumentParser) -> None:
    """The arguments of `keys`."""
    parser.description = (
        "The gateways' keys: live ones, or those of the test hosts with --sandbox. `set` and `rotate` ask for each, or "
        f"read lines `name: value`: {', '.join(FIELDS)}; a PEM block is the public key. What `rotate` leaves out stays."
    )
    about = "fingerprints; enter keys; ask the gateway; new keys beside the old; end the old; the owner agrees"
    parser.add_argument("what", choices=_ACTS, help=about)
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--from", dest="file", type=Path, metavar="FILE", help="read the keys from a file; then delete it"
    )
    source.add_argument("--stdin", action="store_true", help="read the keys from standard input, up to an empty line")
    parser.add_argument("--by", default="", metavar="WHO", help="the owner's name or id, where people sign in")
    parser.add_argument(
        "--pin-stdin", action="store_true", help="read the owner's PIN from standard input, after all else"
    )
    parser.add_argument(
        "--passphrase", action="store_true", help="set: seal the keys by a passphrase that is asked for"
    )
    parser.add_argument("--forget", action="store_true",
                        help="set: the passphrase or the keychain is lost: what was sealed goes")  # fmt: skip
    parser.add_argument("--keys-stdin", action="store_true",
                        help="read passphrases of the keys from standard input, first: the old, the new")  # fmt: skip
    parser.add_argument("--days", type=int, default=DAYS_BOTH, metavar="N",
                        help=f"rotate: for how many days the old keys count too, {DAYS_BOTH} by default")  # fmt: skip
    parser.set_defaults(command=_keys)


def _keys(options: argparse.Namespace, settings: Settings, say: Say) -> int:
    try:
        return _Call(options, settings, say).run()
    except AlreadyOpenError as error:
        return say.refuse(error.title, _CLOSE_FIRST)
    except AccountError as error:
        return _mistaken(error, say)
    except (JournalError, KeysError, NotKeysError, NotTypedError, PinError, RefusedError) as error:
        return say.refuse(error.title, error.advice)


def _mistaken(error: AccountError, say: Say) -> int:
    if say.as_json:
        mistakes = {name: mistake._asdict() for name, mistake in error.mistakes.items()}
        return say.refuse(error.title, error.advice, mistakes=mistakes)
    for mistake in error.mistakes.values():
        print(say.words(mistake), file=sys.stderr)
    return USAGE


class _Call:
    """One call of the command."""

    def __init__(self, options: argparse.Namespace, settings: Settings, say: Say) -> None:
        self._options, self._settings, self._say = options, settings, say
        self._clock = MachineClock()
        live = environment_in_use() is Environment.BUILT_IN or (options.what == "set" and not options.sandbox)
        self._environment = Environment.LIVE if live else environment_in_use()
        self._folder = folder_of(self._environment)
        self._secrets = Hidden(say, option="--keys-stdin", from_stdin=options.keys_stdin)
        self._passphrase = ""

    def run(self) -> int:
        """Do it; returns the exit code."""
        try:
            if sealed_by(self._folder) is SealedBy.PASSPHRASE and not self._forgets:
                self._passphrase = self._secrets.get(KEYS_PASSPHRASE)
        except KeysDamagedError:
            if self._options.what != "set":  # which takes its place
                raise
        match self._options.what:
            case "show":
                return self._show(self._held())
            case "check":
                return self._check(self._held().account)
            case "set":
                return self._set()
            case "rotate":
                return self._rotate()
            case "drop":
                return self._changed(lambda keys, by: keys.drop_old(by))
            case _:
                return self._confirm()

    @property
    def _forgets(self) -> bool:
        return self._options.what == "set" and bool(self._options.forget)

    def _held(self) -> Held:
        return held_in(open_keystore(self._folder, passphrase=self._passphrase))

    def _set(self) -> int:
        new = self._new_passphrase()
        account = self._account(self._typed(keep=False))
        if self._forgets:
            self._say.progress(_GONE)
        return self._changed(lambda keys, by: keys.enter(account, by, passphrase=new, forget=self._forgets))

    def _confirm(self) -> int:
        self._say.line(self._told(self._held()))
        if own := self._settings.own_vietqr.receiver:
            self._say.line(_OWN.fill(own=own))
        return self._changed(lambda keys, by: keys.confirm(by))

    def _rotate(self) -> int:
        now, days = self._held().account, min(max(0, self._options.days), _DAYS_MAX)
        until_ms = self._clock.wall_ms() + days * _DAY_MS
        other = now.appotapay
        kept = {
            "app_id": str(now.app_id), "key1": now.key1, "key2": now.key2, "public_key": now.public_key,
            "partner_code": other.partner_code if other else "", "api_key": other.api_key if other else "",
            "secret": other.secret if other else "", "terminal": other.terminal if other else "",
        }  # fmt: skip
        account = self._account({**kept, **self._typed(keep=True)})
        return self._changed(lambda keys, by: keys.rotate(account, until_ms, by))

    def _typed(self, *, keep: bool) -> dict[str, str]:
        if self._options.file:
            return keys_of_file(self._options.file)
        return keys_of_stdin() if self._options.stdin else keys_typed(self._say, keep=keep)

    def _account(self, fields: dict[str, str]) -> Account:
        return account_of(Typed(self._environment, **fields))

    def _new_passphrase(self) -> str:
        if not self._options.passphrase:
            return ""
        new = self._secrets.get_new(_NEW_PASSPHRASE.fill(n=PASSPHRASE_LENGTH_MIN))
        if len(new) < PASSPHRASE_LENGTH_MIN:
            raise ShortPassphraseError
        return new

    def _changed(self, change: Callable[[Enrolment, Signature], Held]) -> int:
        """Have it changed, in the owner's name."""
        signature = Signature(self._options.by, self._pin())
        opened = open_enrolment(
            self._environment, till=self._settings.shop.till, clock=self._clock,
            own_account=self._settings.own_vietqr.receiver, passphrase=self._passphrase,
        )  # fmt: skip
        with opened as enrolment:
            return self._show(self._patiently(lambda: change(enrolment, signature)))

    def _patiently(self, change: Callable[[], Held]) -> Held:
        """After a miss the PIN is looked at again only when a wait is over."""
        while True:
            try:
                return change()
            except WaitError as error:
                wait_for_pin(error.wait_s, self._say)

    def _pin(self) -> str:
        """The owner's PIN, where one is set for this environment."""
        import secrets  # noqa: PLC0415 - for a constructor that draws nothing here

        if not Pins(self._folder, self._clock, secrets.token_bytes).is_set:
            return ""
        return Hidden(self._say, option="--pin-stdin", from_stdin=self._options.pin_stdin).get(_OWNERS_PIN)

    def _check(self, account: Account) -> int:
        self._say.progress(Text("Đang hỏi ZaloPay…", "Asking ZaloPay…"))
        checked = check_account(account, self._clock, api=self._settings.gateway.api)
        code = DONE if checked.ok else FOUND_WRONG
        if not checked.ok:
            return self._say.refuse(checked.title, checked.advice, code)
        self._say.result({"ok": True, "said": checked.title._asdict(), "exit_code": code})
        self._say.line(Text("{title}. {advice}", "{title}. {advice}").fill(title=checked.title, advice=checked.advice))
        return code

    def _show(self, held: Held) -> int:
        account = held.account
        found = sealed_by(self._folder)
        self._say.result({
            "environment": account.environment.value, "app_id": account.app_id, "marks": marks(account),
            "partner_code": account.appotapay.partner_code if account.appotapay else "",
            "old_marks": marks(held.old) if held.old else None, "old_until_ms": held.old_until_ms or None,
            "hosts": hosts_of(account.environment).split(), "sealed_by": found,
            "own_account": self._settings.own_vietqr.receiver, "exit_code": DONE,
        })  # fmt: skip
        self._say.line(self._told(held))
        if found is not None:
            self._say.line(Text("Khóa được {how}.", "The keys are {how}.").fill(how=_SEALED[found]))
        return DONE

    def _told(self, held: Held) -> Text:
        """The fingerprints in lines."""
        account = held.account
        head = Text("{whose} · app_id {app_id}", "{whose} · app_id {app_id}")
        lines = [head.fill(whose=_WHOSE[account.environment], app_id=account.app_id)]
        lines += [Text(f"  {name:<10} {mark}", f"  {name:<10} {mark}") for name, mark in marks(account).items()]
        if held.old is not None:
            until = f"{clock_time(held.old_until_ms)} {day_text(held.old_until_ms)}"
            lines.append(Text("Khóa cũ, còn nhận đến {until}:", "Old keys, accepted until {until}:").fill(until=until))
            lines += [Text(f"  {name:<10} {mark}", f"  {name:<10} {mark}") for name, mark in marks(held.old).items()]
        return Text("\n".join(line.vi for line in lines), "\n".join(line.en for line in lines))
