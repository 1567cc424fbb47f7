"""The files of the regular customers: how the disk's trouble is told."""

from pathlib import Path

from pos_app.customers.errors import CustomersDamagedError, CustomersReadError, CustomersWriteError
from pos_app.private_file import TooLargeError, put_in_place, read_within


def read_private(path: Path, *, size_max: int) -> bytes | None:
    """The file's content, None when there is no such file.

    Raises:
        CustomersReadError: there is something that cannot be read.
        CustomersDamagedError: it is larger than `size_max` bytes.
    """
    try:
        return read_within(path, size_max)
    except TooLargeError:
        raise CustomersDamagedError from None
    except OSError as error:
        raise CustomersReadError from error


def write_private(path: Path, content: bytes) -> None:
    """Replace the file. When this returns, a power cut cannot bring the old one back.

    Raises:
        CustomersWriteError: it could not be kept; the file is the old one or the new one, whole.
    """
    try:
        put_in_place(content, path)
    except OSError as error:
        raise CustomersWriteError from error
