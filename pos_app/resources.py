"""Where the data files are: fonts, icons, sounds. The one function that knows."""

import sys
from pathlib import Path


def resource(*parts: str) -> Path:
    """The path of a file under `resources/`, in a checkout, an installed copy or a frozen program."""
    for root in (
        Path(__file__).parent.parent / "resources",
        Path(sys.prefix) / "share" / "pos_app",
    ):
        if root.is_dir():
            return root.joinpath(*parts)
    frozen: str = getattr(sys, "_MEIPASS", "")
    return Path(frozen, "resources", *parts)


def font_file(name: str) -> Path:
    """The TTF file of a bundled font, such as `BeVietnamPro-Bold` or `IBMPlexSans` (one variable font).

    The fonts come as packages; only their files are used, so nothing of theirs is imported here.
    """
    import importlib.util  # noqa: PLC0415 - only where a font is loaded

    package, file = (
        ("fontpkg_ibm_plex_sans", f"{name}[wdth,wght].ttf")
        if name.startswith("IBMPlexSans")
        else ("fontpkg_be_vietnam_pro", f"{name}.ttf")
    )
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        message = f"the package {package} is not installed"
        raise FileNotFoundError(message)
    return Path(spec.origin).parent / "files" / file
