"""How a figure is shown: one line, with its baseline's ratio and the aim it is held against. And where it is taken."""

import tempfile
from pathlib import Path
from statistics import median


def p95(values: list[float]) -> float:
    """The smallest value that 95 of 100 do not exceed."""
    ordered = sorted(values)
    return ordered[max(-(-len(ordered) * 95 // 100) - 1, 0)]


def line(
    name: str, values: list[float], unit: str, *, beside: tuple[str, list[float]] | None = None, aim: str = ""
) -> str:
    text = f"{name:<34} median {median(values):8.1f} {unit}   p95 {p95(values):8.1f} {unit}   n {len(values):>3}"
    if beside:
        text += f"   {median(values) / median(beside[1]):5.2f} × {beside[0]} ({median(beside[1]):.1f} {unit})"
    return f"{text}   aim {aim}" if aim else text


def folder_on_disk() -> tempfile.TemporaryDirectory[str]:
    """A folder that goes again, on a real disk: what lies below /tmp may be memory."""
    disk = Path("/var/tmp")
    return tempfile.TemporaryDirectory(dir=disk if disk.exists() else None, prefix="pos-app-bench-")
