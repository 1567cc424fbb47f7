"""The pictures of the guide, as the gallery draws them: `python -m tests.ui.guide_pictures` writes them anew."""

import io
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtWidgets import QApplication

from pos_app.reports.guide import PICTURES, picture_file
from pos_app.ui.theme import Role, load_fonts, size_for
from pos_app.words import Language
from tests.ui.gallery import SCENES, Scene

WIDTH, COLOURS = 640, 48


def draw(scene_name: str, language: Language) -> Image.Image:
    """The scene as it looks now, small."""
    scene = Scene((1024, 768), language=language)
    SCENES[scene_name](scene)
    for _ in range(5):
        QApplication.processEvents()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    scene.window.grab().save(buffer, "PNG")
    scene.close()
    whole = Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGB")
    return whole.resize((WIDTH, WIDTH * whole.height // whole.width), Image.Resampling.LANCZOS)


def main() -> None:
    """Write all of them."""
    app = QApplication([])
    load_fonts()
    app.setFont(size_for(1024).font(Role.BODY))
    for language in Language:
        for name in PICTURES:
            path = picture_file(name, language)
            path.parent.mkdir(parents=True, exist_ok=True)
            draw(name, language).quantize(COLOURS).save(path, optimize=True)


if __name__ == "__main__":
    main()
