"""Bugs of what needs a manager: refunds, releases, decisions, and the ledger that they move."""

from tests.controls.bug import Bug

ANSWER = "pos_app/payments/answer.py"
PAYMENT = "pos_app/payments/payment.py"
REFUND = "pos_app/payments/refund.py"
LEDGER = "pos_app/payments/ledger.py"
MANAGERS = "pos_app/payments/acts.py"
SCHEMA_2 = "pos_app/journal/migrations/versions/v0002_refunds_decisions_ledger.py"
BOOKKEEPING = "pos_app/journal/bookkeeping.py"
VERIFY = "pos_app/journal/verify.py"
DESK = "pos_app/checkout/desk.py"
BOOKS = "pos_app/checkout/open_payment.py"
REFUNDS = "pos_app/checkout/refunds.py"
REFUND_TESTS = "tests/payments/test_refund.py"
REFUND_ROWS = f"{REFUND_TESTS}::test_rows"
LEDGERS = "tests/payments/test_ledger.py"
BOOKS_KEPT = "tests/journal/test_bookkeeping.py"
LAWFUL = "tests/journal/test_refunds_are_lawful.py"
GIVING_BACK = "tests/checkout/test_refunds.py"
ACTS = "tests/checkout/test_acts.py"

BUGS = (
    Bug(
        "accepted_is_refunded",
        "A refund is done when the gateway has accepted it.",
        "3.5 (refund), F75",
        REFUND,
        "    return _said(answered, Source.QUERY, AnswerClass.PAID)\n",
        "    return [one for one in answered if one.answer and one.answer.meaning is AnswerClass.PAID]\n",
        (REFUND_ROWS,),
    ),
    Bug(
        "one_no_ends_a_refund",
        "One no to a refund closes it, and its amount can be given back again.",
        "3.5 (refund), I10, F72",
        REFUND,
        "    refused = _said(answered, Source.CREATE, AnswerClass.REFUSED)\n",
        "    refused = _said(answered, Source.CREATE, AnswerClass.REFUSED, AnswerClass.NEGATIVE)\n",
        (REFUND_ROWS,),
    ),
    Bug(
        "refund_not_found_too_early",
        "No-such-refund counts while our request may still arrive.",
        "3.5 (refund), I10, F72",
        REFUND,
        " if one.asked_at_ms >= fence]\n",
        "]\n",
        (REFUND_ROWS,),
    ),
    Bug(
        "open_refunds_not_reserved",
        "A refund that is not done yet leaves its amount to be given back again.",
        "I10, F74",
        REFUND,
        " if state not in NOT_REFUNDED)\n",
        " if state is RefundState.DONE)\n",
        (f"{REFUND_TESTS}::test_what_is_asked_for_counts_until_it_is_proven_not_to_happen",),
    ),
    Bug(
        "refund_ids_given_twice",
        "A restored journal gives refund ids that were given before.",
        "I11, F59",
        REFUND,
        "{till}{epoch}{running:06d}",
        "{till}{running:06d}",
        ("tests/payments/test_refund_ids.py",),
    ),
    Bug(
        "broken_bookkeeping_is_a_no",
        "A refund that went wrong half way at the gateway counts as not refunded.",
        "3.5 (refund), F72",
        ANSWER,
        "        (code in _BUSY | _REFUND_OPEN, AnswerClass.UNUSABLE),\n",
        "        (code in _BUSY, AnswerClass.UNUSABLE),\n",
        (f"{REFUND_TESTS}::test_every_code_of_both_calls",),
    ),
    Bug(
        "unknown_money_in_the_wallet",
        "What nobody knows stands in the books as taken.",
        "0.2, I13",
        LEDGER,
        "        return {Account.SUSPENSE: amount, Account.SALES_DUE: -amount}\n",
        "        return {Account.WALLET: amount, Account.SALES_DUE: -amount}\n",
        (f"{LEDGERS}::test_what_nobody_knows_stands_in_suspense_and_nowhere_else",),
    ),
    Bug(
        "decided_money_in_the_wallet",
        "What a manager decided to be paid stands in the books as the gateway's.",
        "3.7, I13",
        LEDGER,
        "        return {Account.MANUAL: amount, Account.SALES_DUE: -amount}\n",
        "        return {Account.WALLET: amount, Account.SALES_DUE: -amount}\n",
        (f"{LEDGERS}::test_paid_is_what_zalopay_owes_us_and_a_managers_word_is_not",),
    ),
    Bug(
        "late_money_kept",
        "Money that came when the sale was over belongs to the shop.",
        "3.6, I15, F46",
        LEDGER,
        "Account.SURPLUS if standing.late and not standing.kept else Account.SALES_DUE",
        "Account.SALES_DUE",
        (f"{LEDGERS}::test_late_money_is_owed_back_until_it_is_kept_or_refunded",),
    ),
    Bug(
        "uneven_posting",
        "A refund is taken from the wallet and booked nowhere.",
        "I12, I13",
        LEDGER,
        "owed_to: back - amount}",
        "owed_to: -amount}",
        (f"{LEDGERS}::test_every_posting_is_even",),
    ),
    Bug(
        "decided_at_once",
        "A person decides before the gateway could say anything.",
        "3.7",
        MANAGERS,
        "now_ms < attempt.app_time_ms + DECIDE_AFTER_MS",
        "now_ms < attempt.app_time_ms",
        ("tests/payments/test_acts.py::test_a_person_decides_only_after_the_gateway_had_its_time",),
    ),
    Bug(
        "refund_of_a_managers_word",
        "What only a manager took for paid is given back.",
        "F76",
        MANAGERS,
        "        (act is Act.REFUND and state is not State.PAID, _NOT_REFUNDABLE),\n",
        "        (act is Act.REFUND and state in LIVE, _NOT_REFUNDABLE),\n",
        ("tests/payments/test_acts.py::test_each_act_in_each_state",),
    ),
    Bug(
        "late_money_unnoticed",
        "Paid after the sale was let go on does not count as late.",
        "3.6, F46",
        PAYMENT,
        "    return released or (before not in LIVE and before is not State.MANUAL_PAID)\n",
        "    return before not in LIVE and before is not State.MANUAL_PAID\n",
        (f"{ACTS}::test_money_that_comes_after_a_release_is_late_and_stays_a_managers_work",),
    ),
    Bug(
        "refund_cap_not_checked",
        "The journal takes refunds over what was paid.",
        "I10, F74",
        SCHEMA_2,
        "AND state NOT IN ('failed', 'not_sent', 'not_created'))\n",
        "AND state = 'done')\n",
        (f"{LAWFUL}::test_an_open_refund_keeps_its_amount_reserved",),
    ),
    Bug(
        "one_press_two_refunds_stored",
        "The journal takes two refunds of one press of the button.",
        "I11, F73",
        SCHEMA_2,
        "        intent TEXT NOT NULL UNIQUE,\n",
        "        intent TEXT NOT NULL,\n",
        (f"{BOOKS_KEPT}::test_an_intent_stands_once",),
    ),
    Bug(
        "refund_without_its_manager",
        "The journal takes a refund that nobody allowed.",
        "3.5 (refund), section 9",
        BOOKKEEPING,
        "        if Act.REFUND not in self.allowed:\n",
        "        if Act.REFUND not in Act:\n",
        (f"{LAWFUL}::test_a_refund_needs_its_manager_in_the_same_write",),
    ),
    Bug(
        "decision_without_its_manager",
        "The journal takes a decision that nobody made.",
        "3.7, F86",
        BOOKKEEPING,
        "        if wanted is not None and wanted not in self.allowed:\n",
        "        if wanted is not None and wanted not in Act:\n",
        (f"{BOOKS_KEPT}::test_a_decision_needs_its_manager_in_the_same_write",),
    ),
    Bug(
        "release_of_what_has_its_result",
        "The journal notes that a sale was let go on which had its result.",
        "0.4, 3.4",
        BOOKKEEPING,
        "            case Act.RELEASE if self.verdict.state not in LIVE:\n",
        "            case Act.RELEASE if self.verdict.state in ():\n",
        (f"{BOOKS_KEPT}::test_what_has_its_result_in_time_needs_no_manager",),
    ),
    Bug(
        "ledger_moves_at_the_request",
        "A refund leaves the books before the gateway has done it.",
        "3.5 (refund), I13, F75",
        BOOKKEEPING,
        "            if one.verdict.state is RefundState.DONE:\n",
        "            if one.verdict.state is not RefundState.FAILED:\n",
        (f"{BOOKS_KEPT}::test_a_refund_is_done_with_its_proof_and_settled_as_what_is_proven",),
    ),
    Bug(
        "refund_done_without_its_settling",
        "The proof of a refund can be stored without its result in the same transaction.",
        "C5, I13",
        BOOKKEEPING,
        "        self.unsettled = now is RefundState.DONE\n",
        "        self.unsettled = False\n",
        (f"{BOOKS_KEPT}::test_a_refund_is_done_with_its_proof_and_settled_as_what_is_proven",),
    ),
    Bug(
        "refund_settled_by_decree",
        "The journal takes the end of a refund that the evidence does not prove.",
        "I7",
        BOOKKEEPING,
        "in OPEN or (settled.state, settled.refund_id) != (proven.state, proven.refund_id):\n",
        "in OPEN and proven:\n",
        (f"{BOOKS_KEPT}::test_a_refund_is_done_with_its_proof_and_settled_as_what_is_proven",),
    ),
    Bug(
        "over_refund_unsaid",
        "The audit does not see that more was given back than was paid.",
        "I10",
        "pos_app/journal/faults.py",
        "((it.refund.amount, it.state) for it in then)) < 0:\n",
        "((it.refund.amount, it.state) for it in then)) < -attempt.amount:\n",
        (f"{LAWFUL}::test_the_audit_sees_that_more_was_given_back_than_was_paid",),
    ),
    Bug(
        "ledger_not_audited",
        "The audit does not compare the ledger with the results.",
        "I13",
        "pos_app/journal/faults.py",
        "    return posted == {",
        "    return bool(posted) or posted == {",
        (f"{BOOKS_KEPT}::test_what_a_database_tool_can_do_is_found",),
    ),
    Bug(
        "refund_sent_before_it_is_written",
        "A refund leaves before the journal knows that it may.",
        "0.1, I2",
        REFUNDS,
        "            answer = await one.gateway.refund(one.refund, about_to_send)\n",
        "            async def nothing() -> None:\n"
        "                pass\n"
        "\n"
        "            answer = await one.gateway.refund(one.refund, nothing)\n"
        "            await about_to_send()\n",
        (f"{GIVING_BACK}::test_each_commit_point_is_durable_before_the_next_step",),
    ),
    Bug(
        "refund_sent_anew_under_another_id",
        "A refund whose answer was lost is sent again under a new id.",
        "3.5 (refund), I11, F72, T12",
        REFUNDS,
        "            answer = await one.gateway.refund(one.refund, about_to_send)\n",
        "            answer = await one.gateway.refund(one.refund, about_to_send)\n"
        "            if answer.meaning is AnswerClass.UNUSABLE:\n"
        "                payment = await self._find(one.refund.app_trans_id)\n"
        "                one.refund = self._new(payment, one.refund.amount, one.refund.intent)\n"
        "                answer = await one.gateway.refund(one.refund, about_to_send)\n",
        (f"{GIVING_BACK}::test_a_lost_answer_is_asked_about_for_days_under_the_same_id",),
    ),
    Bug(
        "refund_button_pressed_twice",
        "Each arrival of one press of the button is a refund of its own.",
        "I11, F73",
        REFUNDS,
        "        if pressed is not None:\n",
        "        if pressed is not None and record.refunds[-1].settled_at_ms:\n",
        (f"{GIVING_BACK}::test_the_same_press_twice_is_one_refund",),
    ),
    Bug(
        "another_refund_under_one_press",
        "Another amount under the same press of the button is answered as if it had been given back.",
        "I11, F73",
        REFUNDS,
        "        if pressed is not None and pressed.amount != amount:\n",
        "        if pressed is not None and pressed.amount < 0:\n",
        (f"{GIVING_BACK}::test_another_refund_under_the_same_press_is_refused_in_words",),
    ),
    Bug(
        "refund_amount_not_checked",
        "A refund over what is left goes out to be refused elsewhere.",
        "I10, F74",
        REFUNDS,
        "        if not 1 <= amount <= left:\n",
        "        if amount > payment.attempt.amount:\n",
        (f"{GIVING_BACK}::test_partial_refunds_stop_at_what_was_paid",),
    ),
    Bug(
        "recovery_forgets_refunds",
        "A refund that was open when the till died is not taken up again.",
        "I8, I23, F72",
        DESK,
        "        await self.refunds.recover()\n",
        "",
        (f"{GIVING_BACK}::test_a_restart_takes_it_up_under_the_same_id",),
    ),
    Bug(
        "late_refund_not_dated_by_its_age",
        "The answer to a refund is dated by a clock that it has just corrected: it came before it was asked for.",
        "0.8, F62",
        REFUNDS,
        "            await self._note_or_keep_asking(one, asked.answered(Source.CREATE, answer))\n",
        "            now = self._books.now_ms()\n"
        "            await self._note_or_keep_asking(one, Evidence(Source.CREATE, asked.at_ms, now, answer))\n",
        (f"{GIVING_BACK}::test_no_answer_came_before_its_question",),
    ),
    Bug(
        "conflict_not_kept",
        "A conflict older than what the list on screen holds is forgotten at the next start.",
        "F42, I8",
        BOOKKEEPING,
        '        "conflict": int(account.in_conflict),\n',
        "",
        ("tests/journal/test_finding.py::test_a_conflict_is_kept_and_cannot_be_hidden",),
    ),
    Bug(
        "approval_without_a_word",
        "The window's way to a manager's act needs no reason and no note, only the PIN.",
        "3.7",
        "pos_app/checkout/manager_acts.py",
        "        approval = _held_to_the_rule(act, gateway, approval)\n",
        "",
        ("tests/end_to_end/test_a_managers_word_is_whole.py",),
    ),
    Bug(
        "forbidden_acts_done",
        "A manager's act is done though its rule forbids it, such as a decision in the first minute.",
        "3.7, 0.4",
        DESK,
        "        refuse_forbidden(act, payment, self.now_ms())\n",
        "",
        (f"{ACTS}::test_a_decision_comes_after_three_minutes_and_frees_the_counter",),
    ),
    Bug(
        "released_before_it_is_written",
        "A release counts although the journal could not take it.",
        "0.1, 0.4, 0.9",
        DESK,
        "        acted = ManagerActed(payment_id, act, ",
        '        self._books.at_counter, payment.released = "", True\n        acted = ManagerActed(payment_id, act, ',
        (f"{ACTS}::test_an_act_that_cannot_be_stored_changes_nothing",),
    ),
    Bug(
        "late_money_not_on_the_list",
        "Paid after a release is an ordinary payment to the desk.",
        "3.6, I15, F46",
        BOOKS,
        "came_late(was, verdict.state, released=payment.released)",
        "came_late(was, verdict.state, released=False)",
        (f"{ACTS}::test_money_that_comes_after_a_release_is_late_and_stays_a_managers_work",),
    ),
)
