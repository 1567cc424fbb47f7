"""Why keys could not be read or kept, in words for people. No error ever holds a key, or a part of one."""

from typing import ClassVar

from pos_app.words import Text


class NoGatewayError(Exception):
    """There is no gateway that the till could be started with."""

    title: ClassVar[Text]
    advice: ClassVar[Text]


class KeysError(NoGatewayError):
    """The keys cannot be had: nothing was changed, and no till is started with them."""

    title = Text("Khóa có vấn đề", "Trouble with the keys")
    advice = Text("Gọi người hỗ trợ.", "Call for support.")

    def __str__(self) -> str:
        return self.title.en


class NoKeysError(KeysError):
    """None were entered yet."""

    title = Text("Chưa nhập khóa ZaloPay", "No ZaloPay keys are set up")
    advice = Text("Nhập khóa: `pos-app keys set`.", "Enter them: `pos-app keys set`.")


class NoKeychainError(KeysError):
    """The keychain that sealed them is not there, does not answer, or was not unlocked."""

    title = Text("Không mở được kho khóa của máy", "This computer's keychain cannot be opened")
    advice = Text(
        "Đăng nhập và mở khóa kho rồi thử lại; nếu máy không còn kho khóa, nhập lại bằng `pos-app keys set --forget`.",
        "Sign in and unlock it, then try again; if it is gone for good, enter keys anew: `pos-app keys set --forget`.",
    )


class OtherComputerError(KeysError):
    """The sealed file came from another computer, or its key is gone."""

    title = Text("Khóa thuộc máy khác", "The keys belong to another computer")
    advice = Text("Nhập lại khóa: `pos-app keys set`.", "Enter the keys again: `pos-app keys set`.")


class PassphraseNeededError(KeysError):
    """They are sealed with a passphrase that only a person knows."""

    title = Text("Cần mật khẩu của khóa", "The keys need their passphrase")
    advice = Text("Nhập mật khẩu để mở máy.", "Enter it to open the till.")


class WrongPassphraseError(PassphraseNeededError):
    """They are sealed with another one."""

    title = Text("Sai mật khẩu của khóa", "Wrong passphrase for the keys")
    advice = Text(
        "Kiểm tra mật khẩu rồi thử lại; quên hẳn thì chủ tiệm nhập lại khóa: `pos-app keys set --forget`.",
        "Check it, then try again; if it is forgotten, the owner enters the keys anew: `pos-app keys set --forget`.",
    )


class ShortPassphraseError(KeysError):
    """A new passphrase that is too easy to guess: whoever has the file can try for ever."""

    title = Text("Mật khẩu quá ngắn", "The passphrase is too short")
    advice = Text("Dùng ít nhất 12 ký tự.", "Use at least 12 characters.")


class KeysDamagedError(KeysError):
    """The sealed file was cut or changed, or is none of ours."""

    title = Text("Tệp khóa bị hỏng", "The file of the keys is damaged")
    advice = Text("Nhập lại khóa: `pos-app keys set`.", "Enter the keys again: `pos-app keys set`.")


class CannotKeepError(KeysError):
    """The disk did not take them; what was there before is still there."""

    title = Text("Không lưu được khóa", "The keys cannot be stored")
    advice = Text(
        "Kiểm tra ổ đĩa còn chỗ và ghi được, rồi thử lại.",
        "Check that the disk has room and can be written, then try again.",
    )


class OtherAccountError(KeysError):
    """A rotation is of one account: app id and environment stay."""

    title = Text("Đây là tài khoản khác", "This is another account")
    advice = Text("Đổi tài khoản bằng `pos-app keys set`.", "Another account goes with `pos-app keys set`.")


class StillOpenError(KeysError):
    """Payments or refunds begun at another account are not known yet: without it, nobody could be asked about them."""

    title = Text("Còn khoản chưa rõ ở tài khoản đang dùng", "Payments at the account in use are not known yet")
    advice = Text("Chờ đến khi rõ hết, rồi đổi tài khoản.", "Wait until they are, then change the account.")


class OwnerFirstError(KeysError):
    """Keys that are there are changed by the owner only, and there is no PIN that would prove it."""

    title = Text("Chủ tiệm cần có PIN trước", "The owner needs a PIN first")
    advice = Text("Đặt PIN: `pos-app pin set`.", "Set it: `pos-app pin set`.")
