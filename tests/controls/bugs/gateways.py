"""Bugs of the gateways: the wire, whom we believe, and ZaloPay's language."""

from tests.controls.bug import Bug

TRANSPORT = "pos_app/gateways/transport.py"
TRUST = "pos_app/gateways/trust.py"
OFFSET = "pos_app/gateways/clock_offset.py"
ANSWERS = "pos_app/gateways/zalopay/answers.py"
STRICT_JSON = "pos_app/gateways/strict_json.py"
REQUESTS = "pos_app/gateways/zalopay/requests.py"
V2 = "pos_app/gateways/zalopay/v2.py"
ON_THE_WIRE = "tests/gateways/test_transport.py"
FORMATS = "tests/gateways/test_zalopay_formats.py"
AFTER_SENDING = f"{ON_THE_WIRE}::test_whatever_goes_wrong_after_sending_is_a_fault_and_never_a_second_request"

BUGS = (
    Bug(
        "sending_not_awaited",
        "The first byte leaves before SENDING is known to be durable.",
        "0.1, I2",
        TRANSPORT,
        "                self._told_left = await self._about_to_send()\n",
        "                asyncio.ensure_future(self._about_to_send())\n",
        (f"{ON_THE_WIRE}::test_when_the_step_refuses_nothing_is_sent_and_its_error_comes_out",),
    ),
    Bug(
        "lost_answer_is_not_sent",
        "A request that left and got no answer is reported as never sent.",
        "0.6, F19, F20",
        TRANSPORT,
        "        if sending.may_have_left:\n            return Reply(",
        "        if sending.answered:\n            return Reply(",
        (AFTER_SENDING,),
    ),
    Bug(
        "retry_after_reset",
        "A connection that broke under the request gets the request once more.",
        "0.3, I3, F20",
        TRANSPORT,
        '        return await self._exchange(self._charging, _Message("POST", path, headers, body), about_to_send)\n',
        '        message = _Message("POST", path, headers, body)\n'
        "        reply = await self._exchange(self._charging, message, about_to_send)\n"
        '        if reply.fault == "reset":\n'
        "            reply = await self._exchange(self._charging, message, about_to_send)\n"
        "        return reply\n",
        (f"{ON_THE_WIRE}::test_a_kept_connection_that_breaks_under_the_request_is_not_replaced",),
    ),
    Bug(
        "connecting_is_retried",
        "The HTTP library connects again and again by itself.",
        "F17",
        TRANSPORT,
        "            retries=0,\n",
        "            retries=5,\n",
        (f"{ON_THE_WIRE}::test_a_connection_that_is_cut_at_once_is_tried_once",),
    ),
    Bug(
        "redirect_followed",
        "A redirect is followed to wherever it points.",
        "section 7, F25",
        TRANSPORT,
        "        response = await pool.handle_async_request(request)\n",
        "        response = await pool.handle_async_request(request)\n"
        '        if "location" in response.headers:\n'
        '            request.url = httpx.URL(response.headers["location"])\n'
        "            response = await pool.handle_async_request(request)\n",
        (f"{ON_THE_WIRE}::test_other_statuses_come_out_as_they_are_and_are_not_followed",),
    ),
    Bug(
        "body_limit_off",
        "An answer of any size is read into memory.",
        "section 7, F23",
        TRANSPORT,
        "        if len(body) > BODY_BYTES_MAX:\n            raise _TooLargeError\n",
        "",
        (f"{ON_THE_WIRE}::test_the_limit_of_the_body_is_exact",),
    ),
    Bug(
        "headers_limit_off",
        "Headers larger than their limit are taken.",
        "section 7, F23",
        TRANSPORT,
        "> HEADERS_BYTES_MAX:",
        "> 64 * HEADERS_BYTES_MAX:",
        (AFTER_SENDING,),
    ),
    Bug(
        "packed_body_unpacked",
        "A small packed answer unfolds to any size.",
        "section 7, F23",
        TRANSPORT,
        "    async for part in stream:\n",
        "    async for part in response.aiter_bytes():\n",
        (f"{ON_THE_WIRE}::test_a_compressed_body_stays_as_it_is",),
    ),
    Bug(
        "total_deadline_missing",
        "One byte per second keeps the cashier waiting without end.",
        "section 7, F22",
        TRANSPORT,
        "        self._deadline.reschedule(asyncio.get_running_loop().time() + self._limits.answer_ms / 1000)\n",
        "",
        (AFTER_SENDING,),
    ),
    Bug(
        "journal_eats_the_answers_time",
        "A slow disk uses up the time that the gateway has for its answer.",
        "F57",
        TRANSPORT,
        "        self._deadline.reschedule(None)  # the journal takes the time that it needs\n",
        "",
        (f"{ON_THE_WIRE}::test_a_slow_journal_does_not_eat_the_time_for_the_answer",),
    ),
    Bug(
        "asking_uses_the_connection_for_charging",
        "A question takes the connection that was opened ahead for the next charge.",
        "section 2",
        TRANSPORT,
        '        return await self._exchange(self._asking, _Message("POST", path, headers, body), None)\n',
        '        return await self._exchange(self._charging, _Message("POST", path, headers, body), None)\n',
        (f"{ON_THE_WIRE}::test_asking_never_borrows_the_connection_for_charging",),
    ),
    Bug(
        "tls_not_verified",
        "Any certificate is believed.",
        "section 7, F15, T18",
        TRUST,
        "    context.verify_mode = ssl.CERT_REQUIRED\n",
        "    context.check_hostname = False\n    context.verify_mode = ssl.CERT_NONE\n",
        (f"{ON_THE_WIRE}::test_a_connection_that_cannot_be_trusted_gets_no_byte",),
    ),
    Bug(
        "host_name_not_checked",
        "A good certificate of somebody else is believed.",
        "section 7, F15",
        TRUST,
        "    context.check_hostname = True\n",
        "    context.check_hostname = False\n",
        (f"{ON_THE_WIRE}::test_a_connection_that_cannot_be_trusted_gets_no_byte",),
    ),
    Bug(
        "any_host_allowed",
        "An address from the settings is called though it is none of ours.",
        "section 7, F79",
        TRUST,
        "        if self.host not in HOSTS[self.environment]:\n            return False\n",
        "",
        (f"{ON_THE_WIRE}::test_no_other_host_is_ever_called",),
    ),
    Bug(
        "clock_blamed_for_bad_certificates",
        "An expired certificate is always put down to this machine's clock.",
        "F15, F18",
        TRUST,
        "    if error.verify_code == _EXPIRED and (known_off or offset.jumped):\n",
        "    if error.verify_code == _EXPIRED:\n",
        (f"{ON_THE_WIRE}::test_a_connection_that_cannot_be_trusted_gets_no_byte",),
    ),
    Bug(
        "offset_outlives_a_set_clock",
        "After the clock was set, order times are still corrected by the old error.",
        "0.8, F62",
        OFFSET,
        "        if self.jumped:\n            self._samples.clear()\n",
        "",
        ("tests/gateways/test_clock_offset.py::test_a_clock_that_was_set_makes_old_measurements_worthless",),
    ),
    Bug(
        "http_5xx_is_failed",
        "A 502 counts as the gateway's no.",
        "0.6, F24",
        ANSWERS,
        '        return _unusable(f"http_{reply.status}")\n',
        '        return Answer(AnswerClass.NEGATIVE) if reply.status >= 500 else _unusable(f"http_{reply.status}")\n',
        (f"{FORMATS}::test_replies_that_are_no_answer",),
    ),
    Bug(
        "timeout_is_failed",
        "No answer in time counts as the gateway's no.",
        "0.6, F19",
        ANSWERS,
        "    if reply.fault:\n",
        '    if reply.fault == "timeout":\n        return Answer(AnswerClass.NEGATIVE)\n    if reply.fault:\n',
        (f"{FORMATS}::test_replies_that_are_no_answer",),
    ),
    Bug(
        "success_without_a_number",
        "Success without the gateway's transaction number is success.",
        "I4, F27",
        ANSWERS,
        '    if not fields.zp_trans_id:\n        return "no_zp_trans_id"\n',
        "",
        (f"{FORMATS}::test_answers",),
    ),
    Bug(
        "number_zero_is_a_number",
        "The transaction number 0 counts as one.",
        "F27",
        ANSWERS,
        '    return value if value.strip("0") else ""\n',
        "    return value\n",
        (f"{FORMATS}::test_answers",),
    ),
    Bug(
        "bool_is_an_integer",
        '`"amount": true` is read as 1 dong.',
        "3.3, F26",
        ANSWERS,
        "    if type(value) is not int or value not in _INT64:\n",
        "    if not isinstance(value, int) or value not in _INT64:\n",
        (f"{FORMATS}::test_answers",),
    ),
    Bug(
        "floats_are_amounts",
        '`"amount": 69000.0` is read as an amount.',
        "3.3, F26",
        STRICT_JSON,
        "            parse_float=lambda _: _NOT_AN_INTEGER,\n",
        "            parse_float=lambda digits: int(float(digits)),\n",
        (f"{FORMATS}::test_answers",),
    ),
    Bug(
        "duplicate_keys_accepted",
        "Of a key that stands twice the last one counts.",
        "3.3, F26",
        STRICT_JSON,
        "            object_pairs_hook=_each_key_once,\n",
        "",
        (f"{FORMATS}::test_what_is_not_strict_json",),
    ),
    Bug(
        "nan_accepted",
        "NaN is read as a number.",
        "3.3, F26",
        STRICT_JSON,
        "            parse_constant=_refuse_constant,\n",
        "",
        (f"{FORMATS}::test_what_is_not_strict_json",),
    ),
    Bug(
        "depth_not_limited",
        "An answer may nest without end.",
        "3.3, F26",
        STRICT_JSON,
        "        _check_depth(text)\n",
        "",
        (f"{FORMATS}::test_what_is_not_strict_json",),
    ),
    Bug(
        "order_id_of_another_day",
        "An order id whose day is not that of its time is sent.",
        "section 6, F63",
        REQUESTS,
        "    if not order.app_trans_id.startswith(yymmdd(order.app_time_ms)):\n"
        '        raise ValueError("the order id does not begin with the Vietnamese day of its time")\n',
        "",
        (f"{FORMATS}::test_bad_orders_never_leave", f"{FORMATS}::test_the_day_of_an_order_is_vietnams"),
    ),
    Bug(
        "key_in_repr",
        "The signing key shows wherever the credentials are printed.",
        "I21, F84",
        REQUESTS,
        "    key1: str = field(repr=False)\n",
        "    key1: str\n",
        (f"{FORMATS}::test_credentials_show_no_secret",),
    ),
    Bug(
        "code_in_the_log",
        "The payment code is written to the log.",
        "0.10, I21, F84",
        V2,
        "        body = self._quick_pay_body(order, code.take())\n",
        "        taken = code.take()\n"
        '        __import__("logging").getLogger(__name__).debug("charging %s", taken)\n'
        "        body = self._quick_pay_body(order, taken)\n",
        ("tests/gateways/test_zalopay_v2.py::test_no_secret_reaches_a_log_or_an_error",),
    ),
)
