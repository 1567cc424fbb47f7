"""The one way the checkout says no."""

from pos_app.words import Text


class RefusedError(Exception):
    """This is not begun: nothing was sent, nothing was changed. `title` and `advice` are for the cashier."""

    def __init__(self, title: Text, advice: Text) -> None:
        super().__init__(title.en)
        self.title = title
        self.advice = advice
