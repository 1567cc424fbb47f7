"""The page about the built-in gateway's bad days, made from its scenarios: `python -m tests.sandbox.page` writes it."""

from pathlib import Path

from pos_app.sandbox.appotapay_faults import COURSES, REFUND_COURSES, Course
from pos_app.sandbox.faults import describe_scenarios
from pos_app.words import Text

PAGE = Path(__file__).resolve().parents[2] / "pos_app" / "sandbox" / "README.md"
_HEAD = """# The built-in gateway, and its bad days

`pos-app sandbox` runs it on its own; `make run` and every `--demo` start one for themselves. It verifies what it
receives by code of its own, which shares nothing with ours, so that two equal mistakes cannot agree.

With the amounts below it does what real gateways do on bad days. `POST <gateway>/sandbox/scenario` with
`{"scenario": "<name>"}` arms the next order instead, whatever its amount; `POST <gateway>/sandbox/pay-order` with
`{"app_trans_id": "<id>"}` pays an order that is shown. `GET <gateway>/sandbox/orders` is its own record.
Made from the scenarios themselves, by `tests/sandbox/page.py`.
"""


def page() -> str:
    """The whole page."""
    tables = (
        ("Scanned codes, and payments by a linked wallet", describe_scenarios("payments")),
        ("Orders that the customer scans, and links", describe_scenarios("orders")),
        ("Refunds, by the amount given back", describe_scenarios("refunds")),
        ("AppotaPay's orders", _courses(COURSES)),
        ("AppotaPay's refunds", _courses(REFUND_COURSES)),
    )
    return "\n".join([_HEAD, *(_table(title, rows) for title, rows in tables)])


def _courses(courses: dict[str, Course]) -> list[tuple[int, str, Text]]:
    return sorted(((one.amount, one.name, one.text) for one in courses.values()), key=lambda row: row[:2])


def _table(title: str, rows: list[tuple[int, str, Text]]) -> str:
    lines = [f"## {title}", "", "| amount | what happens | name |", "|---:|---|---|"]
    lines += [f"| {_amount(amount)} | {text.en} | `{name}` |" for amount, name, text in rows]
    return "\n".join(lines) + "\n"


def _amount(amount: int) -> str:
    return f"{amount:,}".replace(",", ".") if amount else "any other"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
