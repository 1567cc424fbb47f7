"""Bugs of the doctor: what the report for support must not tell, and what must not be called well."""

from tests.controls.bug import Bug

SUPPORT = "pos_app/doctor/support.py"
LOG = "pos_app/doctor/recent_log.py"
GATEWAYS = "pos_app/doctor/gateway_probe.py"
REPORTS = "tests/doctor/test_support.py"
BROKEN = "tests/end_to_end/test_broken_set_ups.py"

BUGS = (
    Bug(
        "report_tells_what_was_seen",
        "The report for support tells what a check saw, with the name of the shop's printer in it.",
        "F84, T14",
        SUPPORT,
        '(f"{one.check} = {one.verdict}", one.cause.value, facts)',
        '(f"{one.check} = {one.verdict}", one.seen.en, facts)',
        (f"{REPORTS}::test_of_a_finding_no_sentence_is_told",),
    ),
    Bug(
        "report_tells_any_setting",
        "The report for support tells a setting as it stands, whatever somebody wrote there.",
        "F84, T14",
        SUPPORT,
        "return str(value) if value in words else _OTHER",
        "return str(value)",
        (f"{REPORTS}::test_of_a_setting_only_words_that_are_known_are_told",),
    ),
    Bug(
        "report_tells_whole_log_lines",
        "The report for support tells log lines with what was put into them: names, ids, paths.",
        "F84, T14",
        LOG,
        'sentence = record.msg if isinstance(record.msg, str) else ""',
        "sentence = record.getMessage()",
        (f"{REPORTS}::test_the_log_keeps_sentences_of_ours_alone",),
    ),
    Bug(
        "wrong_keys_are_called_right",
        "The doctor calls keys right that the gateway has just refused.",
        "F29",
        GATEWAYS,
        "if one.answered else None",
        "if not one.answered else None",
        (f"{BROKEN}::test_one_plain_sentence_with_the_remedy[wrong key]",),
    ),
)
