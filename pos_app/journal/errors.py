"""Why the journal could not be opened or written, in words for the person at the till.

Each error carries `title` and `advice`; the exception's own text is for the log and names no payment code or key.
"""

from pos_app.words import Text


class JournalError(Exception):
    """The journal refuses. What was asked did not happen: nothing of it is stored."""

    title: Text = Text("Sổ giao dịch có vấn đề", "Trouble with the journal")
    advice: Text = Text("Tạm dừng thu và gọi người hỗ trợ.", "Stop charging and call for support.")


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


class MovedJournalError(JournalError):
    """The journal was copied here from another computer, or an older state of it was put back by hand.

    Two tills with one journal would give the same order ids; an old state has lost payments. With a manager's consent
    it can be taken over: order ids then get another random part.
    """

    title = Text("Sổ giao dịch là bản chép", "The journal is a copy")
    advice = Text(
        "Sổ này thuộc máy khác hoặc là bản cũ. Nếu máy kia không còn dùng, quản lý xác nhận để tiếp tục tại đây.",
        "It belongs to another computer, or is an old state. If that one is out of use, a manager may go on here.",
    )


class ReadOnlyError(JournalError):
    """The journal was opened for reading only."""

    title = Text("Sổ giao dịch chỉ đọc – tạm dừng thu", "The journal is read-only – charging is paused")
    advice = Text(
        "Xem được, không ghi được. Gọi người hỗ trợ để khôi phục sổ.",
        "You can look, nothing is stored. Call for support to restore the journal.",
    )


class BackupError(JournalError):
    """The backup is cut, changed, or no backup at all."""

    title = Text("Không dùng được bản sao lưu", "The backup cannot be used")
    advice = Text(
        "Tệp bị cắt, bị sửa hoặc không phải bản sao lưu. Hãy dùng bản khác.",
        "The file is cut, changed or no backup. Use another one.",
    )


class BackupNotWrittenError(JournalError):
    """The place that was chosen for a backup does not take it."""

    title = Text("Không ghi được bản sao lưu", "The backup could not be written")
    advice = Text(
        "Chọn chỗ khác hoặc ổ USB còn trống, rồi thử lại. Sổ giao dịch vẫn nguyên.",
        "Choose another place or a stick with room, then try again. The journal is untouched.",
    )


class WrongPassphraseError(BackupError):
    """The backup was sealed with another passphrase."""

    title = Text("Sai mật khẩu của bản sao lưu", "Wrong passphrase for this backup")
    advice = Text("Kiểm tra mật khẩu rồi thử lại.", "Check the passphrase, then try again.")


class OtherBackupFormatError(BackupError):
    """Another version of the program wrote this backup, in a form that this one does not read."""

    title = Text("Bản sao lưu thuộc phiên bản khác", "The backup belongs to another version")
    advice = Text("Dùng đúng phiên bản đã sao lưu.", "Use the version of the program that made it.")


class JournalThereError(JournalError):
    """A backup is not restored over a journal."""

    title = Text("Thư mục đã có sổ giao dịch", "The folder already has a journal")
    advice = Text("Khôi phục vào một thư mục trống.", "Restore into an empty folder.")


class ForeignFolderError(JournalError):
    """The folder cannot be written, or what lies in it belongs to something else."""

    title = Text("Không dùng được thư mục dữ liệu", "The data folder cannot be used")
    advice = Text(
        "Chọn thư mục riêng, ghi được, trên ổ đĩa của máy này.",
        "Choose a folder of its own, writable, on a disk of this computer.",
    )


class DemoJournalError(JournalError):
    """Real keys, and the journal of a demo: what was tried out would stand among real payments."""

    title = Text("Sổ này là sổ dùng thử", "This journal is the demo's")
    advice = Text(
        "Khóa thật không dùng với sổ dùng thử. Bỏ tệp journal ra khỏi thư mục của khóa, rồi mở lại.",
        "Real keys do not go with it. Take its files out of the keys' folder, then open the till again.",
    )


class RealJournalError(JournalError):
    """The demo, and a journal of real payments."""

    title = Text("Sổ này là sổ thu tiền thật", "This journal is of real payments")
    advice = Text(
        "Không dùng thử trên sổ này. Mở máy không có --demo, hoặc chuyển sổ về đúng thư mục.",
        "The demo does not run on it. Open the till without --demo, or put the journal back into its own folder.",
    )


class OtherEnvironmentError(JournalError):
    """The journal of the gateways' test hosts with live keys, or the reverse."""

    title = Text("Sổ và khóa không cùng môi trường", "The journal and the keys are of different environments")
    advice = Text(
        "Sổ thử nghiệm và sổ thật không dùng chung. Chuyển sổ về đúng thư mục.",
        "Sandbox and live never share a journal. Put it back into its own folder.",
    )


class UnconfirmedKeysError(JournalError):
    """The keys, the account or the hosts are not those that the owner entered, by the journal's word."""

    title = Text("Khóa đã đổi mà chủ tiệm chưa xác nhận", "The keys changed without the owner's word")
    advice = Text(
        "So dấu vân khóa bằng `pos-app keys show`; đúng thì chủ tiệm xác nhận: `pos-app keys confirm`.",
        "Compare the fingerprints, `pos-app keys show`; if they are right, the owner confirms: `pos-app keys confirm`.",
    )


class UnconfirmedAccountError(JournalError):
    """The bank account of the settings is not the one that the owner agreed to, by the journal's word."""

    title = Text("Chủ tiệm chưa xác nhận tài khoản ngân hàng này", "The owner has not agreed to this bank account")

    def __init__(self, own_account: str) -> None:
        super().__init__("the shop's own account is another one")
        self.advice = Text(
            "Khách sẽ chuyển tiền vào {own}. Đúng thì chủ tiệm xác nhận: `pos-app keys confirm`; sai thì sửa "
            "[own_vietqr] trong settings.toml.",
            "Customers would pay into {own}. If that is right, the owner confirms: `pos-app keys confirm`; else "
            "correct [own_vietqr] in settings.toml.",
        ).fill(own=own_account)


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


class IntentTakenError(LawlessEntryError):
    """What was pressed once stands for something else already."""

    title = Text("Yêu cầu này đã ghi thành việc khác", "This request was already booked as something else")
    advice = Text(
        "Lần này không ghi gì. Nếu là việc mới, nhập lại từ đầu.",
        "Nothing was booked now. If this is something new, enter it anew.",
    )

    @classmethod
    def because(cls, booked: Text) -> tuple[Text, Text]:
        """Title and advice that say what was booked."""
        return cls.title, Text(f"{booked.vi} {cls.advice.vi}", f"{booked.en} {cls.advice.en}")


class LawlessCashError(LawlessEntryError):
    """The entry contradicts the rules of cash, in the words of those rules."""

    def __init__(self, title: Text, advice: Text) -> None:
        super().__init__(title.en)
        self.title, self.advice = title, advice
