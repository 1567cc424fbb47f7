"""Python's own `import` again, in the place of the one that PySide puts there when it is loaded.

PySide's reads and parses the source of every module that is imported after it, to see whether it uses `__feature__`
(snake_case names). Nothing here does, and it would take a tenth of the time until the window is shown.
"""

import builtins

import PySide6.QtCore  # noqa: F401 - puts its own import in place

builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
