"""Bugs of the set-up: keys that are seen, settings that anybody changes, mistakes that are taken."""

from tests.controls.bug import Bug

FIRST = "tests/ui/test_first_start.py"

BUGS = (
    Bug(
        "typed_keys_can_be_read",
        "A key stands readable in its field while it is typed.",
        "F84, T14",
        "pos_app/ui/setting_up/form.py",
        "field.edit.setEchoMode(QLineEdit.EchoMode.Password)",
        "field.edit.setEchoMode(QLineEdit.EchoMode.Normal)",
        (f"{FIRST}::test_no_key_is_ever_seen",),
    ),
    Bug(
        "typed_keys_outlive_their_page",
        "What was typed as a key stays in the fields when the page is left.",
        "F84, T14",
        "pos_app/ui/setting_up/keys_page.py",
        '        """What was typed does not outlive the page."""\n        self._forget()\n',
        '        """What was typed does not outlive the page."""\n',
        (f"{FIRST}::test_no_key_is_ever_seen",),
    ),
    Bug(
        "a_cashier_changes_the_settings",
        "Whoever stands at the till closes it and changes its settings.",
        "9 (config tamperer)",
        "pos_app/till/till.py",
        "    @needs(Right.SETTINGS)\n",
        "    @needs(Right.LOOK_UP)\n",
        ("tests/end_to_end/test_who_may_what.py::test_every_command",),
    ),
    Bug(
        "a_setting_that_cannot_be_is_kept",
        "A field takes whatever was typed, and the till does not start with it any more.",
        "9 (config tamperer)",
        "pos_app/setting_up/fields.py",
        "if value is None or not fits(section, key, value):",
        "if value is None:",
        ("tests/setting_up/test_pages.py::test_a_mistake_is_said_and_changes_nothing",),
    ),
    Bug(
        "the_journal_has_an_account_that_is_not_stored",
        "The owner's word for another bank account is written down, and the settings are never stored.",
        "9 (config tamperer)",
        "pos_app/ui/setting_up/plain_pages.py",
        "save(wanted, home_folder(), first=partial(owner_agrees, wanted, draft.clock, pin, pins))",
        "owner_agrees(wanted, draft.clock, pin, pins)",
        (f"{FIRST}::test_the_journal_has_no_account_that_the_settings_could_not_take",),
    ),
    Bug(
        "the_scan_of_a_test_is_shown",
        "Trying out the scanner shows the code that was scanned.",
        "F84, T14",
        "pos_app/setting_up/trials.py",
        "return Told.good(_SCANNED.fill(what=what, n=len(text.strip())), _ANY)",
        "return Told.good(_SCANNED.fill(what=what, n=text.strip()), _ANY)",
        ("tests/setting_up/test_pages.py::test_a_scan_is_told_and_not_shown",),
    ),
)
