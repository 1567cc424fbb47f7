"""`pos-app pay`: a whole payment without a window."""

import argparse
import sys
import time
from pathlib import Path
from queue import SimpleQueue

from pos_app.checkout.duty import acting
from pos_app.checkout.errands import find_payment
from pos_app.checkout.refused import RefusedError
from pos_app.checkout.views import ScanSource
from pos_app.cli.hidden import NotTypedError
from pos_app.cli.own_till import add_gateway, add_wait, own_till
from pos_app.cli.person import add_person, who_does_it
from pos_app.cli.say import NOT_SENT, Say
from pos_app.cli.watch import Watch
from pos_app.journal.errors import JournalError
from pos_app.keys.errors import NoGatewayError
from pos_app.money import read_amount
from pos_app.payments.payment_code import WrongCode, of_one_picture
from pos_app.scanning.decoders import NoDecoderError
from pos_app.scanning.source import UnreadableFileError, decode_file
from pos_app.settings import Settings
from pos_app.staff.errors import PinError
from pos_app.staff.permissions import Right
from pos_app.till import Till
from pos_app.words import Text

WAIT_SECONDS = 75
"""How long to wait for a result: a minute, as at the counter, and a little."""
WRONG_AMOUNT = Text("Số tiền không hợp lệ", "The amount is not valid")
WRONG_AMOUNT_ADVICE = Text("Nhập số đồng nguyên, ví dụ 50000.", "Enter whole dong, such as 50000.")
_NOTHING_SENT = Text("Chưa gửi gì, chưa thu tiền.", "Nothing was sent, nothing was charged.")


def add_pay(parser: argparse.ArgumentParser) -> None:
    """The arguments of `pay`."""
    parser.add_argument("--amount", required=True, help="whole dong, such as 50000 or 50.000")
    parser.add_argument("--note", default="", help="bill number or note")
    parser.add_argument("--retry-of", default="", metavar="PAYMENT",
                        help="order id or slip number of the payment that this one tries again")  # fmt: skip
    add_wait(parser, WAIT_SECONDS)
    add_person(parser)
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--code-image", type=Path, metavar="FILE", help="a picture of the customer's payment code")
    source.add_argument("--code-stdin", action="store_true", help="read the payment code from standard input")
    add_gateway(parser)
    parser.set_defaults(command=_pay)


def _pay(options: argparse.Namespace, settings: Settings, say: Say) -> int:
    try:
        amount = read_amount(options.amount)
    except ValueError:
        return say.refuse(WRONG_AMOUNT, WRONG_AMOUNT_ADVICE)
    told: SimpleQueue[object] = SimpleQueue()
    watch = Watch(told, say, options.wait)
    try:
        who = who_does_it(options, say)
        with own_till(settings, options, say, told.put) as till, acting(till.duty.admit_to(Right.CHARGE, **who)):
            return _pay_with(till, amount, options, watch, say)
    except (JournalError, NoGatewayError, RefusedError, PinError, NotTypedError) as error:
        return say.refuse(error.title, error.advice)
    except KeyboardInterrupt:
        if not watch.begun:
            raise
        return watch.interrupted()


def _pay_with(till: Till, amount: int, options: argparse.Namespace, watch: Watch, say: Say) -> int:
    retry_of = find_payment(till.journal, options.retry_of).attempt.app_trans_id if options.retry_of else ""
    try:
        texts = _code_texts(till, options)
    except (UnreadableFileError, NoDecoderError) as error:
        return say.refuse(error.words, _NOTHING_SENT, NOT_SENT)
    except (OSError, ValueError):
        title = Text("Khách mẫu không trả lời", "The demo customer does not answer")
        return say.refuse(title, _NOTHING_SENT, NOT_SENT)
    source = ScanSource.FILE if options.code_image else ScanSource.STDIN if options.code_stdin else ScanSource.DEMO
    reads = [till.read(text) for text in texts]
    code = of_one_picture(reads)
    if code is None or isinstance(code, WrongCode):
        title = code.title if code else Text("Không thấy mã nào", "No code was found")
        return say.refuse(title, _NOTHING_SENT, NOT_SENT)
    del texts, reads
    watch.begin()
    till.charge(
        amount=amount, note=options.note, code=code, source=source, scanned_at_ns=time.monotonic_ns(),
        retry_of=retry_of,
    )  # fmt: skip
    return watch.until_known(till.stop)


def _code_texts(till: Till, options: argparse.Namespace) -> list[str]:
    if options.code_image:
        return [seen.text for seen in decode_file(options.code_image)]
    return [sys.stdin.readline() if options.code_stdin else till.demo_code()]
