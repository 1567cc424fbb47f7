"""Bugs of the other ways to pay: who is asked, what a notification proves, whose word counts, and what stays secret."""

from tests.controls.bug import Bug

ASKING = "pos_app/checkout/asking.py"
DESK = "pos_app/checkout/desk.py"
NOTIFIED = "pos_app/checkout/notified.py"
REGULARS = "pos_app/checkout/regulars.py"
WAYS = "pos_app/checkout/ways.py"
LISTENING = "pos_app/listening.py"
PAYMENT = "pos_app/payments/payment.py"
ACTS = "pos_app/payments/acts.py"
ERRANDS = "pos_app/checkout/errands.py"
CALLS = "tests/fault_matrix/test_callbacks.py"
SIDE_BY_SIDE = "tests/end_to_end/test_ways_side_by_side.py"
OWN = "tests/end_to_end/test_own_vietqr.py"
REGULAR = "tests/end_to_end/test_regular_customers.py"
EVERY_WAY = "tests/end_to_end/test_every_way_to_pay.py"

BUGS = (
    Bug(
        "notified_counts_as_paid",
        "What a gateway tells by itself is proof, and nobody asks.",
        "3.3, F53",
        PAYMENT,
        "    return [one for one in facts.asked(AnswerClass.PAID) if _fits(facts, one)]\n",
        "    return [one for one in facts.asked(AnswerClass.PAID) + facts.notified() if _fits(facts, one)]\n",
        (f"{CALLS}::test_f53_told_and_the_gateway_does_not_say_so",),
    ),
    Bug(
        "negative_final_in_spite_of_a_notification",
        "Two negatives close a payment of which the gateway told by itself that it is paid.",
        "0.2, I4, F53",
        PAYMENT,
        "    return [] if facts.notified() else _agreeing_negatives(facts)\n",
        "    return _agreeing_negatives(facts)\n",
        (f"{CALLS}::test_f53_told_paid_and_answered_failed_is_a_persons_to_settle",),
    ),
    Bug(
        "notified_amount_not_compared",
        "A notification of another amount is no case for a manager.",
        "I4, F49",
        PAYMENT,
        "facts.asked(AnswerClass.PAID) + [one for one in facts.notified() if not _fits(facts, one)]\n",
        "facts.asked(AnswerClass.PAID)\n",
        (f"{CALLS}::test_f49_another_amount_is_a_managers_case_and_never_paid",),
    ),
    Bug(
        "notification_acknowledged_before_durable",
        "The gateway is told that its notification is stored while it is being stored.",
        "I18, F52",
        NOTIFIED,
        "        await self._books.note(payment, Evidence(Source.NOTIFIED, now, now, answer))\n",
        "        asyncio.ensure_future(self._books.note(payment, Evidence(Source.NOTIFIED, now, now, answer)))\n",
        (
            f"{CALLS}::test_f52_what_cannot_be_stored_is_not_acknowledged",
            f"{CALLS}::test_f52_killed_before_it_is_acknowledged",
        ),
    ),
    Bug(
        "notification_that_repeats_is_stored_again",
        "Each repetition of a notification is one more piece of evidence.",
        "I15, F45, F50",
        NOTIFIED,
        "        if any(one.source is Source.NOTIFIED and one.answer == answer for one in payment.evidence):\n"
        "            return Taken.REPEATED\n",
        "",
        (f"{CALLS}::test_f45_the_gateway_calls_back_and_it_is_paid_at_once",),
    ),
    Bug(
        "orphan_dropped",
        "A notification of an order that nobody knows is acknowledged and forgotten.",
        "3.3, F48",
        NOTIFIED,
        "        await self._books.write(orphan)\n",
        "",
        (f"{CALLS}::test_f48_signed_and_of_no_order_of_ours_is_kept_for_a_person",),
    ),
    Bug(
        "notified_of_what_never_left",
        "A notification makes a payment of an order that was never sent.",
        "0.6, F48",
        NOTIFIED,
        "            if payment.state in _NEVER_LEFT or not _is_of(payment, told):\n",
        "            if not _is_of(payment, told):\n",
        (f"{CALLS}::test_f48_an_order_that_never_left_here_is_not_paid_by_a_message",),
    ),
    Bug(
        "one_gateway_speaks_for_another",
        "One gateway's signature is good for an order at another.",
        "I19, F49",
        NOTIFIED,
        "            if payment.state in _NEVER_LEFT or not _is_of(payment, told):\n",
        "            if payment.state in _NEVER_LEFT:\n",
        (f"{CALLS}::test_f49_of_another_gateway_about_our_order",),
    ),
    Bug(
        "told_late_and_not_asked",
        "Of what was closed long ago a notification is stored, and nobody asks whether it is true.",
        "3.3, F46",
        NOTIFIED,
        "        else:\n            self._follow(payment)\n",
        "",
        (f"{CALLS}::test_f46_told_hours_after_the_sale_was_closed",),
    ),
    Bug(
        "key1_verifies_callbacks",
        "The service verifies callbacks with the key that signs our requests.",
        "I19, F47",
        LISTENING,
        "(access.key2,)) if",
        "(access.key1,)) if",
        (f"{CALLS}::test_f53_told_and_the_gateway_does_not_say_so",),
    ),
    Bug(
        "asked_at_the_gateway_of_the_settings",
        "A payment is asked about where payments are begun now, not where it was begun.",
        "3.1, F66",
        WAYS,
        "        way = self._by_name.get(attempt.gateway)\n",
        "        way = next((one for one in self._by_name.values() if one.shows), None)\n",
        (f"{SIDE_BY_SIDE}::test_a_payment_is_followed_where_it_was_begun_whatever_is_set_since",),
    ),
    Bug(
        "link_holds_the_counter",
        "While a link is open, nobody at the counter can pay.",
        "0.4, F08",
        DESK,
        "        if not away:\n            self._books.at_counter = payment.id\n",
        "        self._books.at_counter = payment.id\n",
        (f"{SIDE_BY_SIDE}::test_a_link_is_paid_from_afar_while_the_counter_takes_another",),
    ),
    Bug(
        "own_vietqr_paid_without_a_person",
        "The shop's own code counts as paid when the question about it is answered.",
        "3.7, F76",
        "pos_app/gateways/own_vietqr.py",
        "        return _NOBODY_CONFIRMED\n",
        '        return Answer(AnswerClass.PAID, zp_trans_id="1", amount=69_000)\n',
        (f"{OWN}::test_cancelled_and_the_counter_is_free",),
    ),
    Bug(
        "own_vietqr_decided_without_a_pin",
        "Whoever stands at the till takes a transfer for paid, without the PIN.",
        "3.7",
        ERRANDS,
        "        by, by_id = await self._duty.approve(OF_ACT[act], Signature(approval.by, pin))\n",
        '        by, by_id = approval.by, ""\n'
        "        if act is not Act.DECIDE_PAID:\n"
        "            by, by_id = await self._duty.approve(OF_ACT[act], Signature(approval.by, pin))\n",
        (f"{OWN}::test_paid_when_a_manager_saw_the_money_and_never_sooner",),
    ),
    Bug(
        "own_vietqr_decided_by_nobody",
        "A transfer is taken for paid, and nobody's name stands there.",
        "3.7",
        ERRANDS,
        "    if not by:\n",
        "    if not by and wants_proof(act, gateway):\n",
        (f"{OWN}::test_paid_when_a_manager_saw_the_money_and_never_sooner",),
    ),
    Bug(
        "own_vietqr_is_asked_about",
        "Nobody confirms a transfer, and that is taken for the gateway's no.",
        "0.2, F53",
        ASKING,
        "        if asks_nobody(payment.attempt.gateway) and not payment.cancel_sent:\n            return\n",
        "",
        (f"{OWN}::test_paid_when_a_manager_saw_the_money_and_never_sooner",),
    ),
    Bug(
        "v1_fence_of_a_scanned_code",
        "v1 says of an unpaid order that there is none: believed too soon, while it can still be paid.",
        "0.7, F36",
        WAYS,
        "        return shown_fence_ms(app_time_ms + code_life_ms + self.life_s * 1000)\n",
        "        return fence_ms(app_time_ms, code_life_ms)\n",
        ("tests/end_to_end/test_ways_side_by_side.py::test_a_code_charged_by_v1_is_not_given_up_before_its_order_is",),
    ),
    Bug(
        "unsigned_status_believed",
        'AppotaPay\'s "paid" counts without its signature.',
        "I4, F26",
        "pos_app/gateways/appotapay/v1_answers.py",
        "        _check_signature(told.members, _STATUS_SIGNED, secret, needed=meaning not in _TURNED_AWAY)\n",
        "        _check_signature(told.members, _STATUS_SIGNED, secret, needed=False)\n",
        ("tests/gateways/test_appotapay_v1.py::test_paid_is_believed_only_signed_and_of_our_order",),
    ),
    Bug(
        "what_the_customer_paid_is_the_bill",
        "What the customer paid with the fee is compared with the bill.",
        "I4, F40",
        "pos_app/gateways/appotapay/v2_answers.py",
        '        amount=number(transaction, "orderAmount"),\n',
        '        amount=number(transaction, "amount"),\n',
        ("tests/gateways/test_appotapay_v2.py::test_the_bill_counts_not_what_the_customer_paid_with_the_fee",),
    ),
    Bug(
        "token_charged_before_sending_is_durable",
        "A bound wallet is charged before the journal knows that it may be.",
        "0.1, I2",
        "pos_app/gateways/zalopay/agreement.py",
        "        return read_answer(Call.CREATE, await self._transport.charge(TOKEN_PAY_PATH, body, about_to_send))\n",
        "        answer = read_answer(Call.CREATE, await self._transport.ask(TOKEN_PAY_PATH, body))\n"
        "        await about_to_send()\n"
        "        return answer\n",
        ("tests/gateways/test_agreement.py::test_nothing_of_a_charge_leaves_before_it_may",),
    ),
    Bug(
        "token_in_repr",
        "A token shows wherever it is printed.",
        "I21, F84",
        "pos_app/payments/pay_token.py",
        '        return "PayToken(…)"\n',
        '        return f"PayToken({self._text})"\n',
        ("tests/customers/test_store.py::test_a_token_is_shown_nowhere",),
    ),
    Bug(
        "forgotten_before_it_is_ended",
        "A customer is forgotten here although the gateway did not end the binding.",
        "0.6",
        REGULARS,
        "        if answer.meaning is not AnswerClass.PAID:\n",
        "        if answer.meaning is AnswerClass.REFUSED:\n",
        (f"{REGULAR}::test_nobody_is_let_go_while_the_gateway_does_not_say_so",),
    ),
    Bug(
        "refused_token_leaves_its_order_open",
        "A wallet that refuses leaves its order open, and the sale waits for it.",
        "3.2",
        REGULARS,
        "            await self._desk.cancel(view.payment_id)",
        "            pass",
        (f"{REGULAR}::test_a_wallet_that_refuses_is_not_paid_and_its_order_is_not_left_open",),
    ),
    Bug(
        "more_than_the_customer_agreed_to",
        "A bound wallet is charged more than its owner agreed to.",
        "3.2",
        REGULARS,
        "        if customer.max_amount and amount > customer.max_amount:\n",
        "        if customer.max_amount and amount > 2 * customer.max_amount:\n",
        (f"{REGULAR}::test_more_than_the_customer_agreed_to_is_not_even_sent",),
    ),
)
