"""Why the regular customers could not be read or kept, in words for the person at the till.

Each error carries `title` and `advice`; the exception's own text is for the log. None ever holds a token or a name.
"""

from typing import ClassVar

from pos_app.words import Text


class CustomersError(Exception):
    """The store of regular customers refuses: nothing was changed."""

    title: ClassVar[Text] = Text("Sổ khách quen có vấn đề", "Trouble with the regular customers")
    advice: ClassVar[Text] = Text("Thu bằng mã của khách, và gọi người hỗ trợ.", "Scan codes, and call for support.")

    def __str__(self) -> str:
        return self.title.en


class CustomersDamagedError(CustomersError):
    """The file is cut, changed, or no such file at all."""

    title = Text("Sổ khách quen bị hỏng", "The regular customers' file is damaged")
    advice = Text(
        "Lấy lại customers.sealed từ bản sao lưu, hoặc xóa tệp rồi mời khách liên kết lại.",
        "Put customers.sealed back from a backup, or delete it and let the customers link again.",
    )


class OtherSealError(CustomersError):
    """The file was sealed with another key: it comes from another computer."""

    title = Text("Sổ khách quen thuộc máy khác", "The regular customers belong to another computer")
    advice = Text(
        "Xóa customers.sealed trong thư mục dữ liệu, rồi mời khách liên kết lại.",
        "Delete customers.sealed in the data folder, and let the customers link again.",
    )


class NoSealError(CustomersError):
    """There is a sealed file and no key, or none that can be one."""

    title = Text("Thiếu khóa của sổ khách quen", "The key to the regular customers is missing")
    advice = Text(
        "Xóa customers.sealed (và seal.key, nếu có) trong thư mục dữ liệu, rồi mời khách liên kết lại.",
        "Delete customers.sealed (and seal.key, if any) in the data folder, and let the customers link again.",
    )


class NewerCustomersError(CustomersError):
    """A newer version of the program wrote the file."""

    title = Text("Sổ khách quen thuộc phiên bản mới hơn", "The regular customers belong to a newer version")
    advice = Text("Cài bản mới nhất rồi mở lại.", "Install the latest version, then open it again.")


class CustomersReadError(CustomersError):
    """The system does not let us read the file or its key."""

    title = Text("Không đọc được sổ khách quen", "The regular customers cannot be read")
    advice = Text(
        "Kiểm tra quyền của thư mục dữ liệu và phần mềm diệt vi-rút, rồi thử lại.",
        "Check the rights of the data folder and the antivirus, then try again.",
    )


class CustomersWriteError(CustomersError):
    """The disk did not take it; what was there before is still there."""

    title = Text("Không lưu được sổ khách quen", "The regular customers cannot be stored")
    advice = Text(
        "Kiểm tra ổ đĩa còn chỗ và ghi được, rồi thử lại.",
        "Check that the disk has room and can be written, then try again.",
    )


class TooManyCustomersError(CustomersError):
    """One more would make the file larger than what is read."""

    title = Text("Sổ khách quen đã đầy", "There is no room for more regular customers")
    advice = Text(
        "Hủy liên kết những khách đã lâu không đến, rồi thử lại.",
        "Unlink customers who have not come for long, then try again.",
    )
