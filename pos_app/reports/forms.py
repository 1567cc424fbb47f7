"""The forms of statement files that the user has described: kept in the data folder, recognised by their columns."""

import json
import logging
from pathlib import Path

from pos_app.private_file import put_in_place
from pos_app.reports.statement import Field, Form, heading

log = logging.getLogger(__name__)

FILE_NAME = "statement-forms.json"


def known_form(folder: Path, names: tuple[str, ...], brand: str = "") -> Form | None:
    """The form of a file with columns of these names: of those that fit, the one described last.

    Two gateways' files may have the same names: with `brand`, one of that gateway's comes first.
    """
    fitting = known_forms(folder, names)
    fitting = [form for form in fitting if form.brand == brand] or fitting
    return fitting[-1] if fitting else None


def known_forms(folder: Path, names: tuple[str, ...]) -> list[Form]:
    """Every form that fits a file with columns of these names, the one described last at the end."""
    there = {heading(name) for name in names}
    return [form for form in _load(folder) if set(form.columns.values()) <= there]


def remember(folder: Path, form: Form) -> None:
    """Keep a form; it takes the place of one of the same gateway with the same columns.

    What was read by it is told all the same where the disk does not take it: it is described once more then.
    """
    others = [one for one in _load(folder) if _key(one) != _key(form)]
    kept = [
        {"brand": one.brand, "columns": {field.value: name for field, name in one.columns.items()}}
        for one in (*others, form)
    ]
    try:
        put_in_place(json.dumps(kept, ensure_ascii=False, indent=1).encode(), folder / FILE_NAME)
    except OSError:
        log.exception("the form of a statement could not be kept")


def _key(form: Form) -> tuple[str, frozenset[str]]:
    return form.brand, frozenset(form.columns.values())


def _load(folder: Path) -> list[Form]:
    """What is kept; nothing where it cannot be read: it is described once more then."""
    try:
        kept = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        return [
            Form({Field(field): str(name) for field, name in one["columns"].items()}, str(one["brand"])) for one in kept
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []
