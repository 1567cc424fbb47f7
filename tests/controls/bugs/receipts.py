"""Bugs of what stands on a slip."""

from tests.controls.bug import Bug

CONTENT = "pos_app/receipts/content.py"
PAPER = "tests/receipts/test_content.py"
SPOOL = "pos_app/receipts/spool.py"

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
        "    if slip.demo:\n        return [Band(DEMO.say(language))]\n",
        "",
        (f"{PAPER}::test_copies_and_demo_are_marked",),
    ),
    Bug(
        "try_not_written_down",
        "A slip that was begun when the program died counts as never begun: the next one carries no copy mark.",
        "F64, T17",
        SPOOL,
        "        self.ledger.begin(job.key)\n",
        "",
        (
            "tests/receipts/test_spool.py::test_a_try_is_written_down_before_its_first_byte",
            "tests/receipts/test_spool.py::test_killed_while_it_prints",
        ),
    ),
    Bug(
        "fault_of_a_printer_told_to_nobody",
        "A fault in a printer's own program is no failed job: nobody is told, nothing says what to do.",
        "F64",
        SPOOL,
        '        except Exception:\n            log.exception("a printer',
        '        except MemoryError:\n            log.exception("a printer',
        ("tests/receipts/test_spool.py::test_a_fault_in_a_printers_own_program_is_a_failed_job",),
    ),
    Bug(
        "taken_is_printed",
        "Whatever the printer took counts as printed, though the roll ended in the middle.",
        "F64",
        "pos_app/receipts/printers/escpos.py",
        "return Outcome.SENT if before is None else self._until_printed(talk, picture.height)",
        "return Outcome.PRINTED",
        (
            "tests/receipts/test_network_printer.py::test_the_printers_own_word_makes_it_printed",
            "tests/receipts/test_network_printer.py::test_paper_that_ends_within_the_slip_is_told",
        ),
    ),
    Bug(
        "drawer_for_every_slip",
        "The cash drawer opens with a payment that brought no cash.",
        "0.2",
        "pos_app/receipts/printers/escpos.py",
        "if opens_drawer and self._drawer else",
        "if self._drawer else",
        ("tests/receipts/test_network_printer.py::test_the_drawer_opens_for_cash_and_for_nothing_else",),
    ),
)
