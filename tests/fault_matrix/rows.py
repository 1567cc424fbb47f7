"""The fault matrix, F01 to F86: for each row the tests that prove it, or which later work it belongs to.

A test is named as `folder/test_file.py::test_name`, below `tests/`. A row that is proven by tests of this folder names
them all; where another folder's test proves a part of it already, that test is named instead of being written twice.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One row.

    Attributes:
        title: the fault, in a few words.
        tests: what proves it.
        later: what part of it belongs to work that is not done yet, "" for none.
    """

    title: str
    tests: tuple[str, ...] = ()
    later: str = ""


HERE = "fault_matrix/"
COUNTER = HERE + "test_at_the_counter.py::"
BEFORE = HERE + "test_before_a_byte_leaves.py::"
AFTER = HERE + "test_after_bytes_may_have_left.py::"
UNTIL = HERE + "test_until_it_is_known.py::"
GATEWAY = HERE + "test_hostile_gateway.py::"
MACHINE = HERE + "test_machine.py::"
CLOCK = HERE + "test_clock_and_sleep.py::"
MANAGER = HERE + "test_a_managers_word.py::"
REFUNDS = HERE + "test_refund_and_close.py::"
HOSTILE = HERE + "test_hostile.py::"
LEFT = HERE + "test_what_is_left.py::"
CALLS = HERE + "test_callbacks.py::"
SHOWN = HERE + "test_shown_orders.py::"
SHIFT = HERE + "test_a_shift_is_closed.py::"
EACH = GATEWAY + "test_f19_to_f27_each_behaviour_ends_in_its_row"

STORE_SERVER = "store server: one till has one journal, there is no server yet"
RECONCILIATION = "reconciliation: no list of the gateway's is read yet"

ROWS: dict[str, Row] = {
    # A, at the counter
    "F01": Row("the scanner fires twice", (
        COUNTER + "test_f01_the_scanner_fires_twice", COUNTER + "test_f01_at_the_same_moment_past_the_window",
        "end_to_end/test_counter.py::test_the_same_code_scanned_twice_is_one_payment")),
    "F02": Row("something else is scanned", (
        COUNTER + "test_f02_something_else_is_scanned", COUNTER + "test_f02_a_scan_is_never_in_the_log",
        "payments/test_payment_code.py::test_no_scan_breaks_it_and_nothing_repeats_the_scan")),
    "F03": Row("scanned while the focus is in a text field", (
        COUNTER + "test_f03_typed_slowly_or_scanned_into_the_note",
        "ui/test_scan_filter.py::test_scans_and_typing_with_the_focus_in_a_field",
        "end_to_end/test_window.py::test_typed_digits_are_never_a_payment")),
    "F04": Row("expired code or old screenshot", (COUNTER + "test_f04_expired_code_or_old_screenshot",)),
    "F05": Row("a photo of somebody else's code", (COUNTER + "test_f05_a_photo_of_somebody_elses_code",)),
    "F06": Row("an amount that is none", (
        COUNTER + "test_f06_an_amount_that_is_none", COUNTER + "test_f06_what_is_typed_can_be_no_such_amount",
        "test_money.py::test_anything_else_is_refused")),
    "F07": Row("Cancel pressed while sending", (
        COUNTER + "test_f07_cancel_is_pressed_while_it_is_sent",
        MANAGER + "test_f07_a_cancel_is_wished_while_it_is_sent")),
    "F08": Row("a fresh code while the first is unknown", (
        COUNTER + "test_f08_a_fresh_code_while_the_first_is_unknown",
        MANAGER + "test_f08_a_manager_lets_the_sale_go_on")),
    "F09": Row("one code on two tills", (COUNTER + "test_f09_one_code_on_two_tills",)),
    "F10": Row("the wallet asks, no funds, limit reached", (
        COUNTER + "test_f10_no_funds_or_over_a_limit", COUNTER + "test_f10_the_customer_takes_ten_minutes",
        "end_to_end/test_scenarios.py::test_the_customer_confirms_or_declines")),
    "F11": Row("the till ends with a live payment", (
        COUNTER + "test_f11_the_till_ends_with_a_live_payment", SHOWN + "test_f11_a_link_outlives_the_till",
        "ui/test_uncertain_payments.py::test_closing_with_open_payments_shows_them_and_asks_once_more",
        "end_to_end/test_window.py::test_ctrl_c_ends_in_order_and_nothing_stays_open",
        SHIFT + "test_f11_a_shift_is_closed_with_a_live_payment_and_the_till_ends"),
        later="log-out of a cashier"),
    # B, before a byte leaves
    "F12": Row("no network", (BEFORE + "test_f12_cable_out", BEFORE + "test_f12_no_network_at_all")),
    "F13": Row("name server fails or lies", (
        BEFORE + "test_f13_the_name_is_not_found", BEFORE + "test_f13_a_lying_name_server")),
    "F14": Row("captive portal", (
        BEFORE + "test_f14_captive_portal_that_speaks_no_tls",
        BEFORE + "test_f14_captive_portal_with_a_certificate_of_its_own")),
    "F15": Row("a certificate that must not be believed (T18)", (
        BEFORE + "test_f15_f16_a_certificate_that_must_not_be_believed",
        BEFORE + "test_f15_no_call_of_ours_says_a_byte")),
    "F16": Row("antivirus or proxy inspects TLS", (
        BEFORE + "test_f15_f16_a_certificate_that_must_not_be_believed",),
        later="going live: an inspecting CA in the system's own store is believed; no pin and no daily warning yet"),
    "F17": Row("refused or timed out", (
        BEFORE + "test_f17_refused", BEFORE + "test_f17_never_taken_up",
        BEFORE + "test_f17_nothing_is_tried_again_by_itself",
        GATEWAY + "test_f17_a_stop_in_mid_handshake_lets_go_of_the_connection")),
    "F18": Row("our clock makes the certificate invalid", (
        BEFORE + "test_f18_the_clock_makes_the_certificate_invalid",
        "gateways/test_transport.py::test_expired_is_blamed_on_our_clock_once_we_know_that_it_is_off",
        "gateways/test_transport.py::test_not_yet_valid_is_not_blamed_on_a_clock_known_to_be_right")),
    # C, after bytes may have left
    "F19": Row("no answer", (
        AFTER + "test_f19_no_answer", EACH, GATEWAY + "test_f19_the_result_is_there_in_sixteen_seconds")),
    "F20": Row("reset after sending", (
        AFTER + "test_f20_reset_after_sending", EACH,
        "gateways/test_transport.py::test_a_kept_connection_that_breaks_under_the_request_is_not_replaced")),
    "F21": Row("answer cut in the middle", (AFTER + "test_f21_answer_cut_in_the_middle", EACH)),
    "F22": Row("one byte after the other", (AFTER + "test_f22_one_byte_after_the_other", EACH)),
    "F23": Row("huge or packed body", (
        AFTER + "test_f23_huge_or_packed_body", EACH, GATEWAY + "test_f23_no_body_takes_more_than_a_mebibyte",
        GATEWAY + "test_the_search_for_memory_finds_it")),
    "F24": Row("HTML, 500, 502, 503, 504", (AFTER + "test_f24_html_or_a_5xx", EACH)),
    "F25": Row("redirect to another host", (AFTER + "test_f25_redirect_to_another_host", EACH)),
    "F26": Row("wrong types, duplicate keys, NaN, depth", (
        AFTER + "test_f26_wrong_types_and_worse", EACH, GATEWAY + "test_a_client_with_default_settings_believes_lies")),
    "F27": Row("success without a number", (AFTER + "test_f27_success_without_a_number", EACH)),
    "F28": Row("-68, duplicate id", (AFTER + "test_f28_duplicate_id",)),
    "F29": Row("-401, -402: refused before anything was done", (
        AFTER + "test_f29_refused_before_anything_was_done", AFTER + "test_f29_the_head_of_the_screen_says_so_too")),
    "F30": Row("-429, too many requests", (
        AFTER + "test_f30_too_many_requests", AFTER + "test_f30_questions_are_not_hammered")),
    "F31": Row("-500, -999", (
        AFTER + "test_f31_system_error_or_maintenance",
        "payments/test_system_error_proves_nothing.py::test_not_found_agrees_only_with_a_charge_that_was_turned_away")),
    "F32": Row("undocumented code", (
        AFTER + "test_f32_undocumented_code", "payments/test_answer.py::test_what_must_always_hold")),
    "F33": Row("said failed, then paid", (
        AFTER + "test_f33_one_failure_that_is_paid_in_truth", AFTER + "test_f33_a_negative_is_watched_by_itself",
        AFTER + "test_f33_two_agreeing_failures_then_paid")),
    "F34": Row("in processing to 15 minutes and on", (
        UNTIL + "test_f34_in_processing_past_fifteen_minutes",
        SHOWN + "test_f34_what_v1_tells_nothing_of_ends_when_nobody_can_be_paying",
        "payments/test_schedule.py::test_always_a_next_question_never_at_once_never_too_late",
        MANAGER + "test_f34_a_release_is_offered_while_it_is_processed")),
    "F35": Row("not found just after the charge", (UNTIL + "test_f35_not_found_just_after_the_charge",)),
    "F36": Row("not found twice after the fence", (UNTIL + "test_f36_not_found_twice_after_the_fence",)),
    "F37": Row("an old not found comes after the fence", (
        UNTIL + "test_f37_an_old_not_found_comes_after_the_fence",
        "payments/test_payment.py::test_control_counting_arrivals_is_found_by_the_stale_not_found_row")),
    "F38": Row("the charge is delivered minutes late", (UNTIL + "test_f38_the_charge_is_delivered_minutes_late",)),
    "F39": Row("a proxy delivers twice", (
        UNTIL + "test_f39_a_proxy_delivers_the_charge_twice",
        GATEWAY + "test_f39_an_answer_that_comes_twice_answers_no_other_question",
        GATEWAY + "test_f39_an_answer_that_lay_ready_before_the_charge_proves_nothing")),
    "F40": Row("paid with another amount", (UNTIL + "test_f40_paid_with_another_amount",)),
    "F41": Row("ids that differ between answers", (UNTIL + "test_f41_ids_that_differ",)),
    "F42": Row("paid, later said to have failed", (
        UNTIL + "test_f42_paid_then_said_to_have_failed",
        "payments/test_payment.py::test_paid_keeps_its_number_and_raises_the_alarm_on_a_conflict"),
        later="reconciliation: the owner's alarm; what is paid is not asked again, only a list can bring a conflict"),
    "F43": Row("no gateway for hours", (UNTIL + "test_f43_no_gateway_for_hours",)),
    # D, callbacks
    "F44": Row("callback before the create answer", (CALLS + "test_f44_told_before_the_charge_is_answered",)),
    "F45": Row("the same callback 1,000 times", (
        CALLS + "test_f45_the_same_one_again_and_again_changes_nothing",
        CALLS + "test_f45_the_gateway_calls_back_and_it_is_paid_at_once",
        CALLS + "test_f45_told_after_it_was_known_is_nothing_new",
        CALLS + "test_f45_a_binding_that_is_told_is_asked_about_at_once")),
    "F46": Row("paid hours later, sale closed in cash", (
        MANAGER + "test_f46_paid_hours_after_the_sale_was_closed_otherwise",
        CALLS + "test_f46_told_hours_after_the_sale_was_closed",
        CALLS + "test_f46_a_customer_comes_back_from_paying_what_was_closed",
        SHOWN + "test_f46_a_shown_order_is_paid_after_its_time")),
    "F47": Row("wrong MAC", (
        CALLS + "test_f47_f49_what_is_not_rightly_signed_or_not_ours_leaves_no_trace",
        CALLS + "test_f47_the_gateways_forged_and_wrongly_signed_ones",
        "service/test_altered.py::test_no_altered_message_is_taken")),
    "F48": Row("valid MAC, unknown id", (
        CALLS + "test_f48_signed_and_of_no_order_of_ours_is_kept_for_a_person",
        CALLS + "test_f48_an_order_that_never_left_here_is_not_paid_by_a_message")),
    "F49": Row("valid MAC, other app, type or amount", (
        CALLS + "test_f47_f49_what_is_not_rightly_signed_or_not_ours_leaves_no_trace",
        CALLS + "test_f49_another_amount_is_a_managers_case_and_never_paid",
        CALLS + "test_f49_the_gateway_tells_another_amount_than_it_answers",
        CALLS + "test_f49_of_another_gateway_about_our_order", CALLS + "test_f49_v1_speaks_to_its_own_address")),
    "F50": Row("replay of an old callback", (CALLS + "test_f50_an_old_one_is_replayed_after_a_restart",)),
    "F51": Row("flood of callbacks", (
        CALLS + "test_f51_a_flood_holds_up_no_payment", CALLS + "test_f51_a_port_that_is_taken_stops_no_selling",
        "service/test_server.py::test_a_drip_a_stalled_head_and_a_silent_connection_end_after_five_seconds")),
    "F52": Row("database down at a callback", (
        CALLS + "test_f52_what_cannot_be_stored_is_not_acknowledged",
        CALLS + "test_f52_killed_before_it_is_acknowledged")),
    "F53": Row("callback without success meaning", (
        CALLS + "test_f53_told_and_the_gateway_does_not_say_so",
        CALLS + "test_f53_told_paid_and_answered_failed_is_a_persons_to_settle",
        CALLS + "test_f53_a_message_that_says_failed_is_asked_about")),
    # E, machine
    "F54": Row("killed at each commit point", (
        "end_to_end/test_kill.py::test_killed_at_each_commit_point",
        "end_to_end/test_kill.py::test_killed_at_random_moments",
        "end_to_end/test_kill.py::test_without_c2_the_kill_test_fails",
        "end_to_end/test_kill.py::test_a_restart_changes_nothing_else",
        MACHINE + "test_f54_the_next_start_lists_what_is_open",
        MACHINE + "test_f54_killed_after_the_result_before_the_slip")),
    "F55": Row("power cut (T4)", (
        "journal/test_power_cut.py::test_nothing_acknowledged_is_lost_when_the_power_goes",
        "journal/test_power_cut.py::test_control_without_a_sync_at_each_commit_entries_are_lost")),
    "F56": Row("disk full at any write", (
        MACHINE + "test_f56_f57_held_after_it_left",
        "journal/test_full_disk.py::test_a_full_disk_loses_nothing_and_stops_cleanly",
        "journal/test_full_disk.py::test_a_disk_too_full_to_begin_with",
        "journal/test_io_errors.py::test_every_operation_of_a_payment_fails",
        "end_to_end/test_a_disk_nearly_full.py::test_nothing_is_begun_without_the_reserve")),
    "F57": Row("file locked by another program", (
        MACHINE + "test_f57_held_by_another_program_before_anything_left", MACHINE + "test_f56_f57_held_after_it_left",
        MACHINE + "test_f57_a_lock_that_goes_away_is_waited_for")),
    "F58": Row("file damaged, log deleted, wrong folder", (
        MACHINE + "test_f58_a_damaged_journal_begins_no_new_one",
        "journal/test_opening.py::test_a_damaged_or_missing_file_is_refused_every_time",
        "journal/test_opening.py::test_a_lost_log_is_noticed_after_an_unclean_stop",
        "journal/test_opening.py::test_the_journal_of_another_till",
        MACHINE + "test_f58_what_can_be_read_is_read_from_a_copy")),
    "F59": Row("an old backup or a cloned disk", (
        MANAGER + "test_f59_an_old_backup_is_restored", MANAGER + "test_f59_a_cloned_disk",
        MANAGER + "test_f59_an_old_state_is_put_back_by_hand",
        "journal/test_backup.py::test_any_of_thirty_backups_catches_up_to_the_same_totals")),
    "F60": Row("second instance", (
        MACHINE + "test_f60_a_second_instance",
        "journal/test_opening.py::test_a_second_instance_is_refused_quickly_in_plain_words",
        "ui/test_app.py::test_a_second_till_says_so_in_words_and_ends")),
    "F61": Row("sleep in mid-attempt", (
        CLOCK + "test_f61_asleep_in_mid_attempt", CLOCK + "test_f61_a_process_that_was_stopped_for_a_while")),
    "F62": Row("a wrong clock", (
        CLOCK + "test_f62_a_clock_that_is_wrong", CLOCK + "test_f62_a_clock_set_in_mid_attempt_moves_no_fence",
        CLOCK + "test_f62_no_answer_came_before_its_question",
        "gateways/test_clock_offset.py::test_far_off_and_not_measured_lately_stops")),
    "F63": Row("midnight between scan and send", (
        CLOCK + "test_f63_midnight_in_vietnam_between_scan_and_send",
        "gateways/test_zalopay_formats.py::test_the_day_of_an_order_is_vietnams")),
    "F64": Row("the printer is gone, stuck or empty", (
        MACHINE + "test_f64_the_printer_is_gone",
        MACHINE + "test_f64_the_printer_is_stuck_while_the_next_customer_pays",
        MACHINE + "test_f64_the_roll_ends_within_the_slip")),
    "F65": Row("the screen breaks or hangs", (
        MACHINE + "test_f65_a_screen_that_breaks", MACHINE + "test_f65_a_window_that_hangs",
        "checkout/test_open_payments_are_never_forgotten.py::test_a_screen_that_breaks_does_not_end_the_asking"),
        later="a watchdog's text on screen"),
    "F66": Row("update or migration interrupted", (
        "journal/test_opening.py::test_an_interrupted_step_leaves_the_old_schema",
        "journal/test_opening.py::test_a_newer_schema_is_left_alone",
        "journal/test_migrations.py::test_killed_at_each_statement",
        "journal/test_migrations.py::test_control_steps_without_a_transaction_are_found",
        "journal/test_kill.py::test_killed_while_it_is_made")),
    # F, store server
    "F67": Row("server down before or after sending", later=STORE_SERVER),
    "F68": Row("connection lost at COMMIT", later=STORE_SERVER),
    "F69": Row("one sale on two tills", later=STORE_SERVER),
    "F70": Row("deadlock, failover", later=STORE_SERVER),
    "F71": Row("LAN split for a day", later=STORE_SERVER),
    # G, refund, close, reconciliation
    "F72": Row("refund answer lost", (
        REFUNDS + "test_f72_the_answer_to_a_refund_is_lost",
        SHOWN + "test_f72_the_answer_to_a_refund_is_lost_by_each_way",
        REFUNDS + "test_f72_one_negative_frees_nothing")),
    "F73": Row("refund pressed twice, by two managers", (REFUNDS + "test_f73_refund_is_pressed_twice",)),
    "F74": Row("partial refunds over the paid sum", (REFUNDS + "test_f74_parts_that_are_more_than_the_whole",)),
    "F75": Row("refund processing for days", (REFUNDS + "test_f75_a_refund_that_takes_days",)),
    "F76": Row("refund of a manual paid", (REFUNDS + "test_f76_what_only_a_manager_took_for_paid",)),
    "F77": Row("the gateway's list differs", later=RECONCILIATION),
    "F78": Row("shift closed with unknowns", (
        SHIFT + "test_f78_closed_with_an_unknown_that_settles_afterwards",
        SHIFT + "test_f78_no_shift_is_closed_in_the_second_of_sending",
        "journal/test_shifts.py::test_what_settles_after_its_shift_is_an_adjustment_that_names_it",
        "journal/test_shifts.py::test_what_stays_open_stands_in_every_report",
        "journal/test_shifts.py::test_figures_agree_with_the_ledger_and_a_pencil_whatever_happens",
        "journal/test_shifts.py::test_killed_while_closing_leaves_no_gap_and_no_half_report")),
    # H, hostile
    "F79": Row("the address is changed in the settings", (
        HOSTILE + "test_f79_the_settings_name_another_gateway",
        HOSTILE + "test_f79_a_demo_gateway_is_on_this_machine_only",
        "gateways/test_transport.py::test_no_other_host_is_ever_called")),
    "F80": Row("public key file swapped", (
        "end_to_end/test_going_live.py::test_a_key_that_came_from_elsewhere_is_not_used",
        "end_to_end/test_going_live.py::test_a_changed_key_needs_the_owner",
        "end_to_end/test_going_live.py::test_other_hosts_need_the_owner",
        "keys/test_keystore.py::test_a_changed_bit_anywhere_is_refused_or_means_the_same")),
    "F81": Row("a row edited, the chain's tail cut", (
        "journal/test_verify.py::test_tampering_with_entries_is_found",
        "journal/test_verify.py::test_tampering_with_the_table_of_payments_is_found",
        "journal/test_verify.py::test_a_cut_tail_is_not_found_unless_the_head_was_noted")),
    "F82": Row("PC stolen", (
        "keys/test_keystore.py::test_a_passphrase_seals",
        "keys/test_keystore.py::test_a_copy_of_the_folder_does_not_open_on_another_computer",
        "keys/test_keychain.py::test_a_real_keychain_keeps_the_key_of_the_file",
        "end_to_end/test_keys_commands.py::test_a_restored_till_gets_its_keys_anew")),
    "F83": Row("PIN guessed", (
        MANAGER + "test_f83_a_pin_is_guessed", "staff/test_pin_attack.py::test_whatever_somebody_does",
        "staff/test_pin_attack.py::test_a_day_of_it_ends_with_the_lock",
        "staff/test_pin_attack.py::test_killed_at_each_guess")),
    "F84": Row("crash, log, arguments, environment inspected (T14)", (
        LEFT + "test_f84_nothing_secret_is_left_by_a_whole_run",
        LEFT + "test_f84_an_error_in_the_middle_shows_no_values",
        LEFT + "test_f84_a_crash_leaves_no_memory_behind",
        LEFT + "test_f84_a_leak_in_each_channel_is_found",
        LEFT + "test_f84_a_leak_in_each_writing_is_found",
        "end_to_end/test_counter.py::test_no_code_and_no_key_is_left_anywhere",
        "gateways/test_zalopay_v2.py::test_no_secret_reaches_a_log_or_an_error")),
    "F85": Row("printed QR covered by another", (
        SHOWN + "test_f85_the_money_of_another_code_pays_nothing_here",
        "end_to_end/test_shown_orders.py::test_a_code_that_is_not_ours_is_never_shown",
        "ui/test_customer_window.py::test_from_the_amount_to_the_result_and_back")),
    "F86": Row("fake screenshot, or another amount sent", (
        HOSTILE + "test_f86_a_screenshot_that_says_paid", HOSTILE + "test_f86_another_amount_was_sent")),
}  # fmt: skip
"""Every row, once."""


def page() -> str:
    """All rows as the page that the README links to; `python -m tests.fault_matrix.rows` writes it anew."""
    lines = [
        "# The fault matrix",
        "",
        "What can go wrong at a till, and the test that proves what becomes of it. Made from `rows.py`.",
        "",
        "| row | fault | proven by |",
        "|---|---|---|",
    ]
    for name, row in ROWS.items():
        told = [f"`{test}`" for test in row.tests] + ([f"later: {row.later}"] if row.later else [])
        lines.append(f"| {name} | {row.title} | {'<br>'.join(told)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    Path(__file__).with_name("README.md").write_text(page(), encoding="utf-8")
