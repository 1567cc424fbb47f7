"""Whose money moves is seen on every screen: demo and sandbox have a mark, real money has none."""

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from pos_app.payments.environment import Environment
from pos_app.ui.place import Place
from pos_app.words import Language
from tests.ui import samples
from tests.ui.gallery import Scene, customer_window


def said(widget: QWidget) -> set[str]:
    return {label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    ("place", "environment"),
    [(samples.PLACE, Environment.LIVE), (samples.SANDBOX, Environment.SANDBOX), (samples.DEMO, Environment.BUILT_IN)],
)
def test_the_head_says_it(qapp: QApplication, place: Place, environment: Environment, language: Language) -> None:
    scene = Scene((1024, 768), language=language, place=place)
    seen = said(scene.window)
    shown = {one for one in Environment if one.badge is not None and one.badge.say(language) in seen}
    assert shown == ({environment} if environment.badge else set())
    scene.close()


@pytest.mark.parametrize(
    ("place", "environment"),
    [(samples.PLACE, Environment.LIVE), (samples.SANDBOX, Environment.SANDBOX), (samples.DEMO, Environment.BUILT_IN)],
)
def test_so_does_the_customer_display(qapp: QApplication, place: Place, environment: Environment) -> None:
    shown = customer_window((1024, 600), place=place)
    qapp.processEvents()
    seen = " ".join(said(shown))
    assert {one for one in Environment if one.note is not None and one.note.vi in seen} == (
        {environment} if environment.note else set()
    )
    shown.close()
    shown.deleteLater()
