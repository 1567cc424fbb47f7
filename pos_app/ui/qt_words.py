"""What Qt says by itself, in Vietnamese: its file dialog, the buttons of its boxes, the menu of a text field.

Qt brings no Vietnamese of its own. In English it needs nothing.
"""

from PySide6.QtCore import QCoreApplication, QTranslator

from pos_app.ui.look import Look
from pos_app.words import Language

WORDS = {
    "&Look in:": "Tìm trong:",
    "File &name:": "Tên tệp:",
    "Files of &type:": "Loại tệp:",
    "All Files (*)": "Mọi tệp (*)",
    "&Open": "Mở",
    "Open": "Mở",
    "&Save": "Lưu",
    "Save": "Lưu",
    "Save As": "Lưu thành",
    "Cancel": "Thôi",
    "OK": "Đồng ý",
    "&Yes": "Có",
    "&No": "Không",
    "Back": "Quay lại",
    "Go back": "Quay lại",
    "Forward": "Đi tới",
    "Go forward": "Đi tới",
    "Parent Directory": "Thư mục cha",
    "Go to the parent directory": "Lên thư mục cha",
    "Create New Folder": "Thư mục mới",
    "Create a New Folder": "Tạo thư mục mới",
    "&New Folder": "Thư mục mới",
    "List View": "Danh sách",
    "Change to list view mode": "Xem dạng danh sách",
    "Detail View": "Chi tiết",
    "Change to detail view mode": "Xem dạng chi tiết",
    "Sidebar": "Chỗ hay dùng",
    "List of places and bookmarks": "Danh sách chỗ hay dùng",
    "Files": "Tệp",
    "Show ": "Hiện ",
    "Show &hidden files": "Hiện tệp ẩn",
    "&Rename": "Đổi tên",
    "&Delete": "Xóa",
    "Delete": "Xóa",
    "Computer": "Máy tính",
    "Drive": "Ổ đĩa",
    "Folder": "Thư mục",
    "Name": "Tên",
    "Size": "Cỡ",
    "Type": "Loại",
    "Date Modified": "Sửa lúc",
    "&Undo": "Hoàn tác",
    "&Redo": "Làm lại",
    "Cu&t": "Cắt",
    "&Copy": "Chép",
    "&Paste": "Dán",
    "Select All": "Chọn hết",
    "Enter a value:": "Nhập giá trị:",
}


class QtWords(QTranslator):
    """Says them in the language of a window, for as long as its look lives."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._look = look
        QCoreApplication.installTranslator(self)

    def isEmpty(self) -> bool:  # noqa: D102, N802 - Qt's own
        return False

    def translate(  # noqa: D102 - Qt's own
        self, context: str, source: str, disambiguation: str | None = None, n: int = -1
    ) -> str:
        return WORDS.get(source, source) if self._look.language is Language.VI else source
