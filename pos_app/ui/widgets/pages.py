"""Pages in one place, each made when it is first wanted; one fades into the next."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from pos_app.ui.look import Look

if TYPE_CHECKING:
    from pos_app.ui.widgets.fade import Fade


class Pages(QStackedWidget):
    """Shows one page at a time. A page joins when it is first turned to, so making the window makes one page only.

    The new page is there at once, with its keys; what fades is a picture of the old one lying over it.
    """

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._fade: Fade | None = None

    def turn_to(self, page: QWidget, *, at_once: bool = False) -> None:
        """Show `page`; `at_once` fades nothing, and ends what fades."""
        before: QWidget | None = self.currentWidget()
        if before is page:
            return
        fades = before is not None and not at_once and self._look.motion and self.isVisible()
        picture = before.grab() if before is not None and fades else None
        if at_once and self._fade is not None:
            self._fade.end()
        self.join(page)
        self.setCurrentWidget(page)
        if picture is not None:
            from pos_app.ui.widgets.fade import Fade  # noqa: PLC0415 - the first page fades over nothing

            self._fade = self._fade or Fade(self)
            self._fade.begin(picture)

    def join(self, page: QWidget) -> None:
        """Have `page` at hand; it is shown by `turn_to`."""
        if self.indexOf(page) >= 0:
            return
        before = self._last_reached_before()
        self.addWidget(page)
        # Who comes late comes last for Tab; its place is here, before the foot. The page itself is the first of it, as
        # a screen on it is of its own: the keys are there when it is opened, and Tab goes on to what lies on it.
        screens = [one for one in (page, *page.findChildren(QWidget)) if one is page or hasattr(one, "begins_at")]
        policies = [one.focusPolicy() for one in screens]
        for one in screens:
            one.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # what takes no focus is given no place
        for child in (page, *page.findChildren(QWidget)):
            if before is not None and child.focusPolicy() & Qt.FocusPolicy.TabFocus:
                self.setTabOrder(before, child)
                before = child
        for one, policy in zip(screens, policies, strict=True):
            one.setFocusPolicy(policy)

    def _last_reached_before(self) -> QWidget | None:
        """The last widget that Tab reaches before this one."""
        widget = self.previousInFocusChain()
        while widget is not None and widget is not self:
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                return widget
            widget = widget.previousInFocusChain()
        return None

    @property
    def fading(self) -> bool:
        """Whether something of the old page can still be seen."""
        return self._fade is not None and self._fade.isVisible()
