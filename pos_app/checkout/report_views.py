"""What the till tells the screens of payments (F3) and reports (F7): frozen, plain, free of Qt and of the journal."""

from dataclasses import dataclass
from pathlib import Path

from pos_app.checkout.views import PaymentView
from pos_app.journal.wanted import Choices, Sums, Wanted
from pos_app.reports.reconcile import Reconciled
from pos_app.reports.report import Choice, Report
from pos_app.reports.statement import Form
from pos_app.words import Text


@dataclass(frozen=True, slots=True)
class OfReports:
    """Any of these."""


@dataclass(frozen=True, slots=True)
class PaymentsListed(OfReports):
    """The newest payments that fit.

    Attributes:
        wanted: what was looked for.
        payments: newest first.
        sums: of all that fit; None where that would take too long.
        choices: what can be chosen from.
        more: there are more than these.
    """

    wanted: Wanted
    payments: tuple[PaymentView, ...]
    sums: Sums | None
    choices: Choices
    more: bool


@dataclass(frozen=True, slots=True)
class ReportShown(OfReports):
    """A report.

    Attributes:
        report: its figures.
        choice: of which facts it is.
        before: net of as many days just before, None where they cannot be compared.
        tills, cashiers, methods: what can be chosen from in these days.
        today_ms: wall clock, for a day that is not over.
    """

    report: Report
    choice: Choice
    before: int | None
    tills: tuple[str, ...]
    cashiers: tuple[str, ...]
    methods: tuple[Text, ...]
    today_ms: int


@dataclass(frozen=True, slots=True)
class Exporting(OfReports):
    """A file is being written: so many payments are in it."""

    path: Path
    done: int


@dataclass(frozen=True, slots=True)
class Exported(OfReports):
    """The file is there, with so many rows of payments and of cash; none in a report without a list."""

    path: Path
    payments: int
    cash: int


@dataclass(frozen=True, slots=True)
class ReportRefused(OfReports):
    """What was asked for cannot be had; why, and what helps."""

    title: Text
    advice: Text


@dataclass(frozen=True, slots=True)
class StatementOpened(OfReports):
    """A statement file whose columns the user is to name, or has named before.

    Attributes:
        path: the file.
        names: its columns, as they stand there.
        form: what they likely hold; as it was described before, when there is one.
        before: how files alike were described before, the last one at the end.
    """

    path: Path
    names: tuple[str, ...]
    form: Form
    before: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Compared(OfReports):
    """A statement, held against the journal, and the form by which it was read."""

    path: Path
    told: Reconciled
    form: Form


@dataclass(frozen=True, slots=True)
class Comparing(OfReports):
    """A statement is being read: so many rows are."""

    path: Path
    rows: int
