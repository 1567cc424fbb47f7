"""The list of rows is whole and true: no row missing, no test that is not there, no test of this folder unnamed."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.fault_matrix.rows import HERE, ROWS, Row, page

TESTS = Path(__file__).parents[1]


def functions_in(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield f"{file.relative_to(TESTS).as_posix()}::{node.name}"


def missing(rows: dict[str, Row]) -> list[str]:
    """Tests that rows name and that do not exist."""
    named = {test for row in rows.values() for test in row.tests}
    files = {TESTS / test.partition("::")[0] for test in named}
    there = {test for file in files if file.exists() for test in functions_in(file)}
    return sorted(named - there)


def unnamed(rows: dict[str, Row]) -> list[str]:
    """Tests of this folder that no row names."""
    named = {test for row in rows.values() for test in row.tests}
    ours = {test for file in (TESTS / HERE).glob("test_*.py") if file != Path(__file__) for test in functions_in(file)}
    return sorted(ours - named)


def unproven(rows: dict[str, Row]) -> list[str]:
    return sorted(name for name, row in rows.items() if not row.tests and not row.later)


def test_every_row_is_listed_once() -> None:
    assert list(ROWS) == [f"F{number:02}" for number in range(1, 87)]
    text = Path(__file__).with_name("rows.py").read_text("utf-8")
    assert all(text.count(f'"{name}": Row(') == 1 for name in ROWS)


def test_every_row_has_its_test_or_its_reason() -> None:
    assert unproven(ROWS) == []


def test_every_test_that_is_named_exists() -> None:
    assert missing(ROWS) == []


def test_every_test_of_this_folder_is_named() -> None:
    assert unnamed(ROWS) == []


def test_the_page_says_the_same() -> None:
    assert Path(__file__).with_name("README.md").read_text("utf-8") == page()


def test_a_tests_name_says_its_row() -> None:
    for name, row in ROWS.items():
        for test in row.tests:
            function = test.partition("::")[2]
            if test.startswith(HERE) and function.startswith("test_f"):
                known = {ours for ours, other in ROWS.items() if test in other.tests}
                assert known & {part.upper() for part in function.split("_")}, (name, test)


def test_a_list_that_is_not_whole_or_not_true_is_found() -> None:
    """The control."""
    broken = {
        **ROWS,
        "F01": Row("no such test", ("fault_matrix/test_rows.py::test_of_nothing",)),
        "F02": Row("nothing"),
    }
    assert missing(broken) == ["fault_matrix/test_rows.py::test_of_nothing"]
    assert "fault_matrix/test_at_the_counter.py::test_f01_the_scanner_fires_twice" in unnamed(broken)
    assert unproven(broken) == ["F02"]
