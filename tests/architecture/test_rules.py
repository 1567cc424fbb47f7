"""What the import floors cannot say: rules of the house that are read off the source itself."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.page import PAGE, page

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "pos_app").rglob("*.py"))
PURE = ("payments", "qr", "money.py", "vietnam_day.py", "words.py")
TIME = {
    "time": {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "sleep", "localtime"},
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
}


def calls(tree: ast.AST) -> Iterator[tuple[str, str, ast.Call]]:
    """Each call of an attribute, as (last name before the dot, name, node)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            yield (owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")), node.func.attr, node


def where(path: Path, node: ast.Call) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def reads_time(tree: ast.AST) -> list[ast.Call]:
    return [node for owner, name, node in calls(tree) if name in TIME.get(owner, set())]


def blocks_in_a_dialog(tree: ast.AST) -> list[ast.Call]:
    """`exec` of anything but the application: a modal dialog runs a loop of its own inside of a handler."""
    return [
        node for owner, name, node in calls(tree) if name in ("exec", "exec_") and owner not in ("app", "QApplication")
    ]


def test_no_dialog_blocks_the_window() -> None:
    found = [
        where(path, node)
        for path in (ROOT / "pos_app" / "ui").rglob("*.py")
        for node in blocks_in_a_dialog(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_the_rules_read_no_clock() -> None:
    pure = [path for path in SOURCES if path.relative_to(ROOT / "pos_app").parts[0] in PURE]
    assert len(pure) > 8
    found = [where(path, node) for path in pure for node in reads_time(ast.parse(path.read_text(encoding="utf-8")))]
    assert found == []


def writes_without_its_end(tree: ast.AST) -> list[ast.AST]:
    """Something handed to the journal and awaited as a plain future: a stop leaves it, and the journal has it."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and "wrap_future" in ast.unparse(node.func)
        and re.search(r"\.(write|close_shift)\(", ast.unparse(node))
    ]  # fmt: skip


def test_what_the_journal_is_handed_is_waited_for_in_one_way() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{ast.unparse(node)}"
        for path in (ROOT / "pos_app" / "checkout").rglob("*.py")
        for node in writes_without_its_end(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_only_the_clock_reads_the_wall_clock() -> None:
    wall = {"time", "time_ns", "now", "utcnow", "today", "localtime"}
    found = {
        str(path.relative_to(ROOT / "pos_app"))
        for path in SOURCES
        for owner, name, _ in calls(ast.parse(path.read_text(encoding="utf-8")))
        if name in wall and name in TIME.get(owner, set())
    }
    assert found == {"clock.py"}


def test_the_searches_find_what_they_are_for() -> None:
    assert blocks_in_a_dialog(ast.parse("QMessageBox(self).exec()\ndialog.exec()\napp.exec()"))[1:]
    assert writes_without_its_end(ast.parse("await asyncio.wrap_future(self._journal.write(entry, at_ms=0))"))
    assert not writes_without_its_end(ast.parse("await asyncio.wrap_future(self._journal.read(work))"))
    assert len(reads_time(ast.parse("time.time()\ndatetime.datetime.now()\ntime.strftime('')"))) == 2


def test_tests_stand_where_their_room_is() -> None:
    rooms = {path.name for path in (ROOT / "pos_app").iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    assert folders - rooms <= {"architecture", "bench", "controls", "end_to_end", "fault_matrix"}
    single = {path.stem for path in (ROOT / "pos_app").glob("*.py")}
    assert {path.stem.removeprefix("test_") for path in (ROOT / "tests").glob("test_*.py")} <= single
    for room in rooms:
        assert list((ROOT / "tests" / room).glob("test_*.py")), f"nothing tests {room}"


def test_the_window_needs_nothing_heavy() -> None:
    heavy = ["cv2", "numpy", "httpx", "sqlalchemy", "alembic", "escpos", "reportlab", "PIL", "cryptography", "asyncio"]
    program = f"import sys, pos_app.ui.app; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"


def committed() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def said_in(content: bytes) -> list[str]:
    """What no committed file may name. Put together here, so that this file does not name it either."""
    hosts = [
        ".".join(parts) for parts in (("pypi", "org"), ("files", "pythonhosted", "org"), ("pypi", "python", "org"))
    ]
    options = ["--" + name for name in ("index-url", "extra-index-url", "find-links")]
    words = [word for word in hosts + options if word.encode() in content]
    folders = "|".join(("work", "root", "tmp/bash"))
    return words + [match.decode() for match in re.findall(rb"(?<![\w.])/(?:%s)/" % folders.encode(), content)]


def test_no_committed_file_names_an_index_or_this_machine() -> None:
    files = committed()
    assert len(files) > 100
    assert {str(path.relative_to(ROOT)): said for path in files if (said := said_in(path.read_bytes()))} == {}


def test_that_search_finds_what_it_is_for() -> None:
    assert said_in(b"see https://py" + b"pi.org/simple")
    assert said_in(b"cd /wo" + b"rk/main")
    assert not said_in(b"docs/work/notes.md")


def test_the_page_about_the_built_in_gateway_lists_its_scenarios_as_they_are() -> None:
    """`python -m tests.sandbox.page` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
