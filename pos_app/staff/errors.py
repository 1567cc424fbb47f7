"""Why a PIN was not accepted, in words for the person at the till.

Each error carries `title` and `advice`; the exception's own text is for the log. None ever holds a PIN or a code.
"""

from typing import ClassVar

from pos_app.words import Text


class PinError(Exception):
    """The PIN did not approve: the risky act must not happen."""

    title: Text = Text("PIN không được chấp nhận", "The PIN was not accepted")
    advice: Text = Text("Thử lại hoặc gọi chủ tiệm.", "Try again, or call the owner.")

    def __str__(self) -> str:
        return self.title.en


class WrongPinError(PinError):
    """Not the manager's PIN.

    Attributes:
        wait_s: seconds until the next guess is taken.
        tries_left: how many more misses until the lock, at least 1.
    """

    title = Text("PIN không đúng", "Wrong PIN")
    _ADVICE: ClassVar[Text] = Text(
        "Chờ {wait} giây rồi nhập lại. Còn {left} lần.",
        "Wait {wait} s, then enter it again. Tries left: {left}.",
    )

    def __init__(self, wait_s: int, tries_left: int) -> None:
        super().__init__(wait_s, tries_left)
        self.wait_s = wait_s
        self.tries_left = tries_left
        self.advice = self._ADVICE.fill(wait=wait_s, left=tries_left)


class WaitError(PinError):
    """A guess came before the wait after the last miss was over; it was neither judged nor counted.

    Attributes:
        wait_s: seconds still to wait, at least 1.
    """

    title = Text("Chưa đến lúc nhập lại PIN", "Too early to enter the PIN again")
    _ADVICE: ClassVar[Text] = Text("Chờ {wait} giây rồi nhập lại.", "Wait {wait} s, then enter it again.")

    def __init__(self, wait_s: int) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s
        self.advice = self._ADVICE.fill(wait=wait_s)


class LockedError(PinError):
    """Too many misses: only the owner's recovery code sets a new PIN."""

    title = Text("PIN đã bị khóa", "The PIN is locked")
    advice = Text(
        "Nhập sai quá nhiều lần. Gọi chủ tiệm đặt PIN mới bằng mã khôi phục.",
        "Too many wrong entries. The owner sets a new PIN with the recovery code.",
    )


class NoPinError(PinError):
    """No PIN was set yet."""

    title = Text("Chưa đặt PIN quản lý", "No manager PIN is set")
    advice = Text("Đặt PIN quản lý trước.", "Set the manager PIN first.")


class NoStaffPinError(NoPinError):
    """This person has no PIN: the file was lost, or setting it was cut off."""

    title = Text("Người này chưa có PIN", "This person has no PIN")
    advice = Text("Nhờ quản lý đặt PIN mới.", "Ask a manager to set a new one.")


class AlreadySetError(PinError):
    """A first PIN was to be set, and there is one."""

    title = Text("Đã có PIN quản lý", "A manager PIN is already set")
    advice = Text("Đổi bằng PIN cũ hoặc mã khôi phục.", "Change it with the old PIN or the recovery code.")


class WeakPinError(PinError):
    """The PIN cannot be one: wrong form, or too easy to guess. Nothing was counted."""

    title = Text("Không dùng được PIN này", "This PIN cannot be used")

    def __init__(self, advice: Text) -> None:
        super().__init__()
        self.advice = advice


class WrongRecoveryError(PinError):
    """Not the owner's recovery code; the PIN and its count of misses stay as they are."""

    title = Text("Mã khôi phục không đúng", "Wrong recovery code")
    advice = Text(
        "Mã có 20 chữ số, đã hiện một lần khi đặt PIN. Xem lại bản giấy.",
        "It has 20 digits and was shown once when the PIN was set. Look at your paper copy.",
    )


class PinFileError(PinError):
    """The PIN's file is there and cannot be used. Whether a PIN is set is not in doubt: one is, and nobody can sign."""

    title = Text("Tệp PIN bị hỏng", "The PIN file is damaged")
    advice = Text(
        "Gọi chủ tiệm: chép lại tệp {file} từ bản sao lưu, hoặc xóa tệp rồi đặt PIN mới.",
        "Call the owner: put {file} back from a backup, or delete it and set a new PIN.",
    )

    def __init__(self, file: str = "manager.pin") -> None:
        super().__init__(file)
        self.advice = self.advice.fill(file=file)


class NewerPinFileError(PinFileError):
    """A newer version of the program wrote the file."""

    title = Text("Tệp PIN thuộc phiên bản mới hơn", "The PIN file belongs to a newer version")
    advice = Text("Cài bản mới nhất rồi mở lại.", "Install the latest version, then open it again.")


class PinFileReadError(PinFileError):
    """The system does not let us read the file."""

    title = Text("Không đọc được tệp PIN", "The PIN file cannot be read")
    advice = Text(
        "Kiểm tra quyền của thư mục dữ liệu và phần mềm diệt vi-rút, rồi thử lại.",
        "Check the rights of the data folder and the antivirus, then try again.",
    )


class PinFileWriteError(PinFileError):
    """The file cannot be written, so the guess could not be counted and was not judged."""

    title = Text("Không ghi được tệp PIN", "The PIN file cannot be written")
    advice = Text(
        "Kiểm tra ổ đĩa còn chỗ và ghi được, rồi thử lại.",
        "Check that the disk has room and can be written, then try again.",
    )
