"""Bugs of who may what: the gate, the roster, the names, the PINs of many, the lock."""

from tests.controls.bug import Bug

PINS = "pos_app/staff/pin.py"
ROSTER = "pos_app/staff/roster.py"
PERMISSIONS = "pos_app/staff/permissions.py"
DUTY = "pos_app/checkout/duty.py"
STAFFING = "pos_app/checkout/staffing.py"
WINDOW = "pos_app/ui/on_duty.py"
OF_MANY = "tests/staff/test_pins_of_many.py"
PEOPLE = "tests/staff/test_roster.py"
MATRIX = "tests/end_to_end/test_who_may_what.py"
ON_SCREEN = "tests/ui/test_on_duty.py"
COMMANDS = "tests/end_to_end/test_staff_commands.py"

BUGS = (
    Bug(
        "guesses_for_each_person",
        "Ten people at the pad are a hundred guesses.",
        "T17, F83",
        PINS,
        "misses = owner.misses + sum(one.misses for one in staff.values())",
        "misses = owner.misses if person_id == OWNER_ID else staff[person_id].misses",
        (f"{OF_MANY}::test_a_day_of_it_ends_with_the_lock",),
    ),
    Bug(
        "a_known_pin_forgives_all",
        "Whoever knows one PIN may guess at the others for ever.",
        "T17, F83",
        PINS,
        "            self._forgive(forgives)\n",
        "            self._forgive(self._staff_file.read())\n            self._keep_misses(OWNER_ID, 0)\n",
        (f"{OF_MANY}::test_a_day_of_it_ends_with_the_lock",),
    ),
    Bug(
        "refund_is_a_cashiers",
        "A cashier gives money back alone.",
        "4 (dishonest cashier)",
        PERMISSIONS,
        "Right.REFUND: Role.MANAGER",
        "Right.REFUND: Role.CASHIER",
        (f"{MATRIX}::test_every_act_is_its_signers",),
    ),
    Bug(
        "the_gate_asks_nobody",
        "Whoever is signed in may do everything.",
        "4 (dishonest cashier)",
        DUTY,
        "if not person.may(right) and right not in self._permitted:",
        "if False:",
        (f"{MATRIX}::test_every_command",),
    ),
    Bug(
        "a_locked_till_sells",
        "What nobody asked for is charged at a locked till.",
        "4 (dishonest cashier)",
        DUTY,
        "            if right in UNATTENDED:\n                return None\n",
        "            return None\n",
        (f"{MATRIX}::test_every_command",),
    ),
    Bug(
        "any_pin_approves",
        "A cashier's own PIN approves what needs a manager.",
        "4 (dishonest cashier)",
        STAFFING,
        "        if not person.may(right):\n",
        "        if not person.active:\n",
        (f"{MATRIX}::test_every_act_is_its_signers",),
    ),
    Bug(
        "named_after_the_next_one",
        "A payment bears the name of whoever signed in after it was asked for.",
        "2 (audit)",
        DUTY,
        "            with acting(person):\n",
        "            with acting(None):\n",
        (f"{MATRIX}::test_a_payment_is_whose_it_was_asked_for",),
    ),
    Bug(
        "the_owner_can_be_let_go",
        "A shop can end without anybody who holds the recovery code.",
        "4 (PIN)",
        ROSTER,
        "            (tidy.id == OWNER_ID and not (tidy.active and tidy.role is Role.OWNER), _OWNER_STAYS),\n",
        "",
        (f"{PEOPLE}::test_the_owner_who_keeps_the_code_stays",),
    ),
    Bug(
        "a_manager_sets_the_managers_pin",
        "A manager gives another manager a PIN, and acts under that name.",
        "4 (dishonest cashier)",
        ROSTER,
        "below = self.role.rank > other.role.rank or",
        "below = self.role.rank >= other.role.rank or",
        (f"{PEOPLE}::test_who_gives_whom_another_pin",),
    ),
    Bug(
        "keys_work_at_a_locked_till",
        "The keys of the foot lead past the lock.",
        "4 (dishonest cashier)",
        WINDOW,
        "        return not self.locked or screen in",
        "        return True or screen in",
        (f"{ON_SCREEN}::test_nor_do_the_head_and_the_news",),
    ),
    Bug(
        "closing_the_till_opens_the_figures",
        "With no till open, a cashier reads the shop's reports.",
        "4 (dishonest cashier)",
        "pos_app/cli/journal_reading.py",
        '                duty.admit(question, **arguments.get("who", {}))\n',
        "                pass\n",
        (f"{COMMANDS}::test_the_figures_are_not_everybodys",),
    ),
    Bug(
        "the_printer_opens_the_drawer",
        "Whoever may ask how the printer is opens the drawer of a locked till.",
        "4 (dishonest cashier)",
        "pos_app/till/questions.py",
        "if wanted is PrinterErrand.DRAWER:",
        "if False:",
        (f"{MATRIX}::test_no_other_question_opens_the_drawer",),
    ),
    Bug(
        "a_permission_stays",
        "What a manager allowed while it was given up stays with the cashier.",
        "4 (dishonest cashier)",
        WINDOW,
        "        elif self._commands is not None:  # given up while the PIN was checked\n",
        "        elif False:\n",
        (f"{ON_SCREEN}::test_what_was_given_up_is_given_back",),
    ),
    Bug(
        "locks_over_a_payment",
        "The till locks by itself while a customer is being charged.",
        "screens (sale)",
        WINDOW,
        "        if charging:\n",
        "        if False:\n",
        (f"{ON_SCREEN}::test_never_while_a_payment_is_on_the_stage",),
    ),
)
