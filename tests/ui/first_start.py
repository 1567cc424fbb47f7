"""The scenes of the first start: each page as it looks, with fields filled, tests done, and mistakes."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from unittest.mock import patch

from pos_app.checkout.events import PinChanged
from pos_app.payments.environment import Environment
from pos_app.setting_up.pages import PageId
from pos_app.setting_up.trials import _ANY, Told, slip_picture
from pos_app.settings import Settings
from pos_app.staff.errors import WrongPinError
from pos_app.ui.setting_up import device_pages, keys_page, plain_pages, restore_page, summary
from pos_app.ui.setting_up.course import Course
from pos_app.ui.setting_up.page import SetUpPage
from pos_app.ui.setting_up.window import FirstStart
from pos_app.words import Text
from tests.ui import samples

if TYPE_CHECKING:
    from tests.ui.gallery import Scene


device_pages.PrinterPage.look_for = staticmethod(dict)  # pictures do not depend on this computer's printers


def opened(scene: "Scene", *, afterwards: bool = False) -> FirstStart:
    """The window of the first start in place of the till's."""
    size = scene.window.size()
    scene.window.close()
    scene.put_away.append(scene.window)
    window = FirstStart(scene.look, scene.clock, Settings(), afterwards=afterwards)
    window.resize(size)
    window.show()
    scene.window = window  # type: ignore[assignment]  # what the gallery does with it, both can
    return window


def _afterwards(which: PageId) -> Callable[["Scene"], None]:
    """The settings of a till that was set up before."""

    def play(scene: "Scene") -> None:
        window = opened(scene, afterwards=True)
        assert window.course is not None
        window.course.turn_to(which)

    return play


def _choice(scene: "Scene") -> None:
    opened(scene)


def on_page(scene: "Scene", which: PageId) -> SetUpPage:
    """The set-up on one of its pages, those before it done."""
    window = opened(scene)
    window.set_up()
    course = window.course
    assert course is not None
    store = course.page
    assert store is not None
    assert store.form is not None
    store.form.show_values({"shop.store": "Tạp hóa Minh Anh", "shop.address": "12 Đường Mẫu, phường Bến Thành",
                            "shop.phone": "028 0000 0000", "shop.cashier": "Thu Hà"})  # fmt: skip
    if which is not PageId.STORE:
        store.take()
        window.draft.done.add(PageId.STORE)
        course.turn_to(which)
    page = course.page
    assert page is not None
    return page


def _tell(page: SetUpPage, told: Told) -> None:
    assert page.trial is not None
    page.trial.tell(told)


def _store(scene: "Scene") -> None:
    page = on_page(scene, PageId.STORE)
    assert isinstance(page, plain_pages.StorePage)
    page.take()
    page._drawn(slip_picture(page._draft.settings, samples.at("14:32:18")))


def _store_mistakes(scene: "Scene") -> None:
    page = on_page(scene, PageId.STORE)
    assert page.form is not None
    page.form.show_values({"shop.store": "", "shop.till": "quầy số 1"})
    page.take()


_KEY = "notakeyatallbutlongenough"


def _keys(scene: "Scene") -> None:
    page = on_page(scene, PageId.KEYS)
    assert page.form is not None
    assert page.trial is not None
    page.form.show_values({"app_id": "98765", "key1": _KEY, "key2": _KEY + "2", "public_key": _KEY * 8})
    _tell(page, keys_page._KEPT)
    lines = "key1  6f1c-90aa\nkey2  b07e-11d2\npublic_key  1f83-77c0-5ad1-9e64"
    page.trial.show_more(Text(f"{keys_page._MARKS.vi}\n{lines}", f"{keys_page._MARKS.en}\n{lines}"))


def _keys_mistakes(scene: "Scene") -> None:
    page = on_page(scene, PageId.KEYS)
    assert page.form is not None
    page.form.show_values({"app_id": "98765a", "key1": "short", "key2": _KEY, "public_key": _KEY})
    page.take()


def _camera(scene: "Scene") -> None:
    from tests.ui.gallery import video  # noqa: PLC0415 - it imports this

    page = on_page(scene, PageId.CAMERA)
    assert isinstance(page, device_pages.CameraPage)
    page._picture.show_frame(video())
    _tell(page, Told.good(Text("Đọc được: mã thanh toán, 18 ký tự", "It reads: a payment code, 18 characters"), _ANY))


def _camera_trouble(scene: "Scene") -> None:
    page = on_page(scene, PageId.CAMERA)
    assert page.form is not None
    page.form.show_values({"camera": "other", "address": "http://192.168.1.60:8080/video"})
    _tell(
        page,
        Told.bad(
            Text("Không mở được camera", "The camera cannot be opened"),
            Text("Bật camera, kiểm tra mạng và địa chỉ camera.", "Switch the camera on; check the network."),
        ),
    )


def _scanner(scene: "Scene") -> None:
    on_page(scene, PageId.SCANNER)


def _scanner_read(scene: "Scene") -> None:
    on_page(scene, PageId.SCANNER).scanned("8934563138164")


def _printer(which: str, told: Told | None) -> Callable[["Scene"], None]:
    def play(scene: "Scene") -> None:
        page = on_page(scene, PageId.PRINTER)
        assert isinstance(page, device_pages.PrinterPage)
        assert page.form is not None
        page._search.forget()
        page._there({"system HP-LaserJet": "HP-LaserJet", "serial /dev/ttyUSB0": "/dev/ttyUSB0"})
        page.form.show_values({"which": which, "printer.host": "192.168.1.50"})
        if told is not None:
            _tell(page, told)

    return play


def _pin(scene: "Scene") -> None:
    on_page(scene, PageId.PIN)


def _pin_code(scene: "Scene") -> None:
    page = on_page(scene, PageId.PIN)
    page.steps.show_changed(PinChanged("4821 0937 5560 1184 2290"))  # type: ignore[attr-defined]


def _summary(keys_for: Environment | None, wrong: dict[PageId, Text] | None = None) -> Callable[["Scene"], None]:
    def play(scene: "Scene") -> None:
        page = on_page(scene, PageId.PIN)
        course = page.parentWidget()
        while course is not None and not isinstance(course, Course):
            course = course.parentWidget()
        assert isinstance(course, Course)
        course.draft.keys_for = keys_for
        course.draft.done |= {PageId.CAMERA, PageId.PIN} | ({PageId.KEYS} if keys_for else set())
        course.draft.wrong |= wrong or {}
        with patch.object(summary, "environment_in_use", lambda: keys_for or Environment.BUILT_IN):
            course.leave_for_later()

    return play


def _account(scene: "Scene") -> None:
    """Another bank account, and not the owner's PIN."""
    window = opened(scene, afterwards=True)
    assert window.course is not None
    window.course.turn_to(PageId.WAYS)
    page = window.course.page
    assert isinstance(page, plain_pages.WaysPage)
    page._ways.show_values({"own_vietqr.bank": "970436", "own_vietqr.account": "0071000123456", "pin": "582931"})
    page._ways.show_only([*(one.name for one in page.page.fields), "pin"])
    page._take_over(page._draft.settings, lambda: None, WrongPinError(4, 6))


def _restore(scene: "Scene") -> None:
    window = opened(scene)
    window.restore()
    page = window._restore
    assert page is not None
    page.form.show_values({"file": "/media/usb/tap-hoa-minh-anh.posbackup", "passphrase": "không phải mật khẩu"})
    said = restore_page._OF.fill(till="02", n="4.812", made="21:04:11 21/11/2026")
    page.trial.tell(Told.good(said, restore_page._GOES[Environment.LIVE]))


SCENES: dict[str, Callable[["Scene"], None]] = {
    "30-first-start": _choice,
    "30b-store": _store,
    "30c-store-mistakes": _store_mistakes,
    "30d-keys": _keys,
    "30e-keys-mistakes": _keys_mistakes,
    "30f-camera": _camera,
    "30g-camera-trouble": _camera_trouble,
    "30h-scanner": _scanner,
    "30i-scanner-read": _scanner_read,
    "30j-printer-none": _printer("pdf ", None),
    "30k-printer-network": _printer("network ", Told.good(Text("Đã in", "Printed"))),
    "30l-printer-serial": _printer("serial /dev/ttyUSB0", Told.bad(Text("Máy in không trả lời", "No answer"))),
    "30m-pin": _pin,
    "30n-recovery-code": _pin_code,
    "30o-done": _summary(Environment.LIVE),
    "30o2-done-with-trouble": _summary(Environment.LIVE, {PageId.CAMERA: Text("Không thấy camera", "No camera found")}),
    "30p-done-demo": _summary(None),
    "30q-restore": _restore,
    "31-settings": _afterwards(PageId.STORE),
    "31b-settings-habits": _afterwards(PageId.HABITS),
    "31c-settings-ways": _afterwards(PageId.WAYS),
    "31d-settings-keys": _afterwards(PageId.KEYS),
    "31e-settings-account": _account,
}  # fmt: skip
