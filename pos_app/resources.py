"""Where the data files are: fonts, icons, sounds. The one function that knows."""

from functools import cache
from pathlib import Path


def resource(*parts: str) -> Path:
    """The path of a file under `resources/`: beside the code in an installed copy, beside `pos_app` in a checkout."""
    package = Path(__file__).parent
    installed = package / "resource_files"
    return (installed if installed.is_dir() else package.parent / "resources").joinpath(*parts)


def font_file(name: str) -> Path:
    """The TTF file of a bundled font, such as `BeVietnamPro-Bold` or `IBMPlexSans` (one variable font).

    The fonts come as packages; only their files are used, so nothing of theirs is imported here.
    """
    package, file = (
        ("fontpkg_ibm_plex_sans", f"{name}[wdth,wght].ttf")
        if name.startswith("IBMPlexSans")
        else ("fontpkg_be_vietnam_pro", f"{name}.ttf")
    )
    return _folder(package) / "files" / file


@cache
def _folder(package: str) -> Path:
    import importlib.util  # noqa: PLC0415 - only where a font is loaded

    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        message = f"the package {package} is not installed"
        raise FileNotFoundError(message)
    return Path(spec.origin).parent
