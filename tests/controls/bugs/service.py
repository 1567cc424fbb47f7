"""Bugs of what listens to gateways: whom it believes, when it acknowledges, and what a customer's page says."""

from tests.controls.bug import Bug

CALLBACKS = "pos_app/gateways/zalopay/notifications.py"
IPN = "pos_app/gateways/appotapay/notifications.py"
APP = "pos_app/service/app.py"
LIMITS = "pos_app/service/limits.py"
SERVER = "pos_app/service/server.py"
READ = "tests/gateways/test_notifications.py"
ANSWERED = "tests/service/test_app.py"
HOSTILE = "tests/service/test_altered.py"
SERVED = "tests/service/test_server.py"

BUGS = (
    Bug(
        "callback_signature_not_checked",
        "A callback counts whoever signed it.",
        "I19, F47",
        CALLBACKS,
        "    return any(same_mac(callback_mac(key, text), mac) for key in keys)\n",
        "    return len(mac) == 64\n",
        (f"{READ}::test_a_published_callback_whose_data_was_abridged_is_refused",),
    ),
    Bug(
        "callback_data_written_anew",
        "The MAC is compared with the data as we would write it, not as it came.",
        "F47",
        CALLBACKS,
        "        signed = is_signed(data, mac, keys)\n",
        "        signed = is_signed(__import__('json').dumps(__import__('json').loads(data)), mac, keys)\n",
        (f"{READ}::test_the_mac_is_over_the_text_that_came",),
    ),
    Bug(
        "callback_of_another_app",
        "A callback about another app counts for ours.",
        "F49",
        CALLBACKS,
        "    return told if told.app_id in app_ids else Rejected.OTHER_ACCOUNT\n",
        "    return told\n",
        (f"{READ}::test_another_app_is_not_ours", f"{HOSTILE}::test_no_altered_message_is_taken"),
    ),
    Bug(
        "callback_type_believed",
        "The type of a callback, which nobody signed, decides what its data is.",
        "F49",
        CALLBACKS,
        "        if type(status) is not int or status not in _AGREEMENT_STATES or names.zp_trans_id in members:\n"
        '            raise UnreadableError\n        binding = read_id(members.get("binding_id"))\n',
        '        binding = str(members.get("binding_id"))\n',
        (f"{READ}::test_an_agreement_and_its_unsigned_type",),
    ),
    Bug(
        "empty_key_signs",
        "A key that was never set verifies what anybody signs with nothing.",
        "I19",
        CALLBACKS,
        '    if not all(keys):\n        raise ValueError("an empty key signs for everybody")\n',
        "",
        (f"{READ}::test_an_empty_key_is_our_own_mistake_and_signs_nothing",),
    ),
    Bug(
        "redirect_fields_hold_the_bar",
        "One order's checksum fits another order whose fields are cut elsewhere.",
        "I19",
        CALLBACKS,
        "    if not all(shape.fullmatch(fields[name]) for name, shape in _SIGNED_IN_REDIRECT.items()):\n"
        "        return Rejected.MALFORMED\n",
        "",
        (f"{READ}::test_a_signed_text_cannot_be_cut_into_other_fields",),
    ),
    Bug(
        "ipn_fields_hold_the_ampersand",
        "AppotaPay's signature of one order fits another order whose fields are cut elsewhere.",
        "I19",
        IPN,
        "    if not all(shape.fullmatch(fields[name]) for name, shape in _SIGNED_IN_V1.items()):\n"
        "        return Rejected.MALFORMED\n",
        "",
        (f"{READ}::test_what_is_signed_is_what_the_text_says_once",),
    ),
    Bug(
        "ipn_bills_what_the_customer_paid",
        "AppotaPay's amount with its fee is taken for the order's.",
        "F49",
        IPN,
        'transaction.get("orderAmount"), transaction.get("errorCode")',
        'transaction.get("amount"), transaction.get("errorCode")',
        (f"{READ}::test_v2_is_signed_as_text_and_bills_by_the_order",),
    ),
    Bug(
        "acknowledged_before_stored",
        "The gateway hears that all is well while the till still writes.",
        "I18",
        APP,
        "        await asyncio.wait((taking,), timeout=self._limits.take_s)\n",
        "        await asyncio.sleep(0)\n        if not taking.done():\n            return Taken.NEW\n",
        (f"{ANSWERED}::test_acknowledged_only_after_it_is_stored",),
    ),
    Bug(
        "trouble_is_acknowledged",
        "What could not be stored is acknowledged, and never told again.",
        "I18, F52",
        APP,
        "        return answers.stored if taken else answers.again\n",
        "        return answers.stored\n",
        (f"{ANSWERED}::test_trouble_of_ours_asks_for_it_again",),
    ),
    Bug(
        "storing_is_broken_off",
        "When the gateway has waited long enough, what is being stored is cancelled halfway.",
        "I18, F52",
        APP,
        "        await asyncio.wait((taking,), timeout=self._limits.take_s)\n",
        "        await asyncio.wait((taking,), timeout=self._limits.take_s)\n        taking.cancel()\n",
        (f"{ANSWERED}::test_trouble_of_ours_asks_for_it_again",),
    ),
    Bug(
        "page_believes_its_address",
        "A customer comes back, and the page says paid because the address is rightly signed.",
        "0.2",
        APP,
        "                facts = await self._ask(came.app_trans_id)\n",
        "                facts = PageFacts(PageState.PAID)\n",
        (f"{ANSWERED}::test_the_page_shows_what_the_gateway_says_not_what_its_address_says",),
    ),
    Bug(
        "page_for_anybody",
        "A page whose address is not rightly signed tells the shop's name.",
        "0.2",
        "pos_app/service/page.py",
        '    return _html(_NOTHING, "", "")\n',
        '    return _html(_FACES[PageState.NOT_PAID], "", "")\n',
        (f"{ANSWERED}::test_a_page_that_is_not_rightly_signed_tells_nothing",),
    ),
    Bug(
        "body_without_end",
        "A body is read to its end, however long it is.",
        "F51",
        APP,
        "            if len(body) > self._limits.body_bytes:\n                return None\n        return",
        "        return",
        (f"{ANSWERED}::test_a_body_that_is_too_large_is_refused_without_being_read",),
    ),
    Bug(
        "drip_is_waited_for",
        "A connection that sends a byte now and then is kept for ever.",
        "F51",
        SERVER,
        "        if self._is_reading():\n            self.transport.abort()\n        else:\n            self._end",
        "        if self.cycle is None:\n            self.transport.abort()\n        else:\n            self._end",
        (f"{SERVED}::test_a_drip_a_stalled_head_and_a_silent_connection_end_after_five_seconds",),
    ),
    Bug(
        "flood_takes_every_turn",
        "Messages that are hard to read keep the till from asking its own gateway.",
        "F51",
        APP,
        "            await asyncio.sleep(0)  #",
        "            #",
        (f"{SERVED}::test_a_flood_of_what_is_hard_to_read_leaves_the_till_its_turn",),
    ),
    Bug(
        "one_bucket_for_all",
        "A flood from one source shuts out the gateway too.",
        "F51",
        LIMITS,
        "        key = _network(source)\n",
        '        key = ""\n',
        (f"{ANSWERED}::test_a_flood_is_limited_while_another_source_is_served",),
    ),
    Bug(
        "source_names_itself",
        "Anybody may say for whom it asks, and is never limited.",
        "F51",
        SERVER,
        "            forwarded_allow_ips=_PROXIES,\n",
        '            forwarded_allow_ips="*",\n',
        (f"{ANSWERED}::test_behind_a_proxy_the_source_is_who_came_to_the_proxy",),
    ),
    Bug(
        "sources_without_end",
        "Each source that ever came is remembered.",
        "F51",
        LIMITS,
        "        if len(self._quiet_at_ms) > self._limits.sources:\n"
        "            self._quiet_at_ms.popitem(last=False)\n",
        "",
        ("tests/service/test_limits.py::test_the_memory_of_sources_is_bounded_and_keeps_who_is_sending",),
    ),
)
