"""Bugs of what stands on a slip."""

from tests.controls.bug import Bug

CONTENT = "pos_app/receipts/content.py"
PAPER = "tests/receipts/test_content.py"

BUGS = (
    Bug(
        "waiting_slip_reads_paid",
        "The box of a slip that is not confirmed says paid.",
        "0.2, I16",
        CONTENT,
        '        box=Text("CHƯA XÁC NHẬN", "NOT CONFIRMED"),\n',
        '        box=Text("ĐÃ THANH TOÁN", "PAID"),\n',
        (f"{PAPER}::test_a_slip_that_is_not_paid_never_looks_paid",),
    ),
    Bug(
        "copy_mark_missing",
        "A second slip looks like the first.",
        "section 2 (C5), F64",
        CONTENT,
        "    if slip.copy_number:\n",
        "    if slip.copy_number < 0:\n",
        (f"{PAPER}::test_copies_and_demo_are_marked",),
    ),
    Bug(
        "transfer_slip_unmarked",
        "A slip of the shop's own account does not say that no gateway confirmed it.",
        "0.2, I16",
        CONTENT,
        "        *([Band(_NOT_CONFIRMED.say(language))] if slip.kind is SlipKind.BY_HAND else []),\n",
        "",
        (f"{PAPER}::test_a_transfer_that_the_shop_saw_is_marked_as_confirmed_by_nobody_else",),
    ),
    Bug(
        "demo_slip_unmarked",
        "A slip of the built-in gateway looks like real money.",
        "0.5",
        CONTENT,
        "    return [Band(_DEMO.say(language))] if slip.demo else []\n",
        "    return []\n",
        (f"{PAPER}::test_copies_and_demo_are_marked",),
    ),
)
