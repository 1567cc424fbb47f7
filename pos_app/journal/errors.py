"""Why the journal could not be opened or written, in words for the person at the till.

Each error carries `title` and `advice`; the exception's own text is for the log and names no payment code or key.
"""

from typing import ClassVar

from pos_app.words import Text


class JournalError(Exception):
    """The journal refuses. What was asked did not happen: nothing of it is stored."""

    title: ClassVar[Text] = Text("Sổ giao dịch có vấn đề", "Trouble with the journal")
    advice: ClassVar[Text] = Text("Tạm dừng thu và gọi người hỗ trợ.", "Stop charging and call for support.")


class AlreadyOpenError(JournalError):
    """Another program holds the journal."""

    title = Text("Chương trình đã mở", "The till is already open")
    advice = Text(
        "Dùng cửa sổ đang mở. Nếu không thấy, khởi động lại máy.",
        "Use the window that is open. If you cannot find it, restart the computer.",
    )


class JournalDamagedError(JournalError):
    """The file, its chain or a stored entry is not what was once written, or the file is gone."""

    title = Text("Sổ giao dịch bị hỏng hoặc bị mất", "The journal is damaged or missing")
    advice = Text(
        "Không thu tiền trên máy này. Giữ nguyên thư mục và gọi người hỗ trợ để khôi phục.",
        "Do not charge on this computer. Leave the folder as it is and call for support to restore it.",
    )


class NewerVersionError(JournalError):
    """A newer version of the program wrote this journal."""

    title = Text("Sổ giao dịch thuộc phiên bản mới hơn", "The journal belongs to a newer version")
    advice = Text("Cài bản mới nhất rồi mở lại.", "Install the latest version, then open it again.")


class ForeignFolderError(JournalError):
    """The folder cannot be written, or what lies in it belongs to something else."""

    title = Text("Không dùng được thư mục dữ liệu", "The data folder cannot be used")
    advice = Text(
        "Chọn thư mục riêng, ghi được, trên ổ đĩa của máy này.",
        "Choose a folder of its own, writable, on a disk of this computer.",
    )


class CannotStoreError(JournalError):
    """The disk did not take the entry."""

    title = Text("Không lưu được – tạm dừng thu", "Cannot store – charging is paused")
    advice = Text(
        "Kiểm tra ổ đĩa và phần mềm diệt vi-rút, rồi mở lại chương trình.",
        "Check the disk and the antivirus, then open the program again.",
    )


class StorageFullError(CannotStoreError):
    """The disk is full."""

    advice = Text("Ổ đĩa đầy: dọn chỗ trống rồi thử lại.", "The disk is full: free some space, then try again.")


class LiveAttemptError(JournalError):
    """The sale already has an attempt whose result is open (I1, one live attempt per sale)."""

    title = Text("Lần thu trước chưa rõ", "The last attempt is not known yet")
    advice = Text(
        "ĐỪNG thu lại. Chờ ZaloPay trả lời hoặc bấm Hỏi ZaloPay ngay.",
        "Do NOT charge again. Wait for ZaloPay or press Ask ZaloPay now.",
    )


class LawlessEntryError(JournalError):
    """The entry contradicts the rules of payments: a fault of the program, never of the person."""

    title = Text("Sổ giao dịch từ chối ghi", "The journal refused an entry")
