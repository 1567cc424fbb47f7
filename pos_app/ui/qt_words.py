"""What Qt says by itself, in Vietnamese: its file dialog, the buttons of its boxes, the menu of a text field.

Qt brings no Vietnamese of its own. In English it needs nothing.
"""

from PySide6.QtCore import QCoreApplication, QTranslator

from pos_app.ui.look import Look
from pos_app.words import Text

_TEXTS = (
    Text("Tìm trong:", "&Look in:"),
    Text("Tên tệp:", "File &name:"),
    Text("Loại tệp:", "Files of &type:"),
    Text("Mọi tệp (*)", "All Files (*)"),
    Text("Mở", "&Open"),
    Text("Mở", "Open"),
    Text("Lưu", "&Save"),
    Text("Lưu", "Save"),
    Text("Lưu thành", "Save As"),
    Text("Thôi", "Cancel"),
    Text("Đồng ý", "OK"),
    Text("Có", "&Yes"),
    Text("Không", "&No"),
    Text("Quay lại", "Back"),
    Text("Quay lại", "Go back"),
    Text("Đi tới", "Forward"),
    Text("Đi tới", "Go forward"),
    Text("Thư mục cha", "Parent Directory"),
    Text("Lên thư mục cha", "Go to the parent directory"),
    Text("Thư mục mới", "Create New Folder"),
    Text("Tạo thư mục mới", "Create a New Folder"),
    Text("Thư mục mới", "&New Folder"),
    Text("Danh sách", "List View"),
    Text("Xem dạng danh sách", "Change to list view mode"),
    Text("Chi tiết", "Detail View"),
    Text("Xem dạng chi tiết", "Change to detail view mode"),
    Text("Chỗ hay dùng", "Sidebar"),
    Text("Danh sách chỗ hay dùng", "List of places and bookmarks"),
    Text("Tệp", "Files"),
    Text("Hiện ", "Show "),
    Text("Hiện tệp ẩn", "Show &hidden files"),
    Text("Đổi tên", "&Rename"),
    Text("Xóa", "&Delete"),
    Text("Xóa", "Delete"),
    Text("Máy tính", "Computer"),
    Text("Ổ đĩa", "Drive"),
    Text("Thư mục", "Folder"),
    Text("Tên", "Name"),
    Text("Cỡ", "Size"),
    Text("Loại", "Type"),
    Text("Sửa lúc", "Date Modified"),
    Text("Hoàn tác", "&Undo"),
    Text("Làm lại", "&Redo"),
    Text("Cắt", "Cu&t"),
    Text("Chép", "&Copy"),
    Text("Dán", "&Paste"),
    Text("Chọn hết", "Select All"),
    Text("Nhập giá trị:", "Enter a value:"),
)
WORDS = {text.en: text for text in _TEXTS}
"""By what Qt calls it, which is its English."""


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
        return self._look.say(WORDS[source]) if source in WORDS else source
