"""A payment's time line in words: one line for each thing that happened to it."""

from pos_app.checkout.views import ScanSource, StoryLine
from pos_app.checkout.wording import explained, not_sent
from pos_app.journal.entries import GestureTimed
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.gateway_names import asks_nobody
from pos_app.payments.payment import Attempt, Evidence, Source, State
from pos_app.words import Text

_SCANNED = {
    ScanSource.CAMERA: Text("Quét mã bằng camera", "Code scanned by camera"),
    ScanSource.SCANNER: Text("Quét mã bằng máy quét", "Code scanned by scanner"),
    ScanSource.FILE: Text("Đọc mã từ ảnh", "Code read from a picture"),
    ScanSource.STDIN: Text("Nhận mã từ chương trình khác", "Code handed in by a program"),
    ScanSource.DEMO: Text("Khách mẫu đưa mã", "The demo customer showed a code"),
    ScanSource.SHOWN: Text("Đưa mã cho khách quét", "A code was shown to the customer"),
    ScanSource.LINK: Text("Gửi liên kết cho khách", "A link was made for the customer"),
    ScanSource.REGULAR: Text("Thu ví của khách quen", "A regular customer's wallet was charged"),
    ScanSource.RESTORED: Text("Tìm lại được sau khi khôi phục", "Found again after a restore"),
    ScanSource.CASH: Text("Thu tiền mặt", "Cash was taken"),
}
_ANSWERED = {
    AnswerClass.PAID: Text("ZaloPay báo đã thu", "ZaloPay says it is paid"),
    AnswerClass.PROCESSING: Text("ZaloPay đã nhận, chờ khách xác nhận", "ZaloPay has it, waiting for the customer"),
    AnswerClass.NEGATIVE: Text("ZaloPay báo chưa thu được: {why}", "ZaloPay says not paid: {why}"),
    AnswerClass.REFUSED: Text("ZaloPay từ chối lệnh: {why}", "ZaloPay refused the request: {why}"),
    AnswerClass.DUPLICATE: Text("ZaloPay đã có mã đơn này, hỏi lại", "ZaloPay knows this order already, asking"),
    AnswerClass.NOT_FOUND: Text("ZaloPay chưa thấy đơn", "ZaloPay does not see the order"),
    AnswerClass.UNUSABLE: Text("Chưa có câu trả lời: {why}", "No answer yet: {why}"),
}
_ICONS = {
    AnswerClass.PAID: "tick",
    AnswerClass.NEGATIVE: "cross",
    AnswerClass.REFUSED: "cross",
    AnswerClass.UNUSABLE: "hourglass",
}
_RESULTS = {
    State.PAID: ("tick", Text("Đã thanh toán, giao dịch {number}", "Paid, transaction {number}")),
    State.FAILED: ("cross", Text("Chưa thu được tiền", "Not paid")),
    State.NOT_SENT: ("cross", Text("Chưa gửi đi, chưa thu tiền", "Never sent, not paid")),
    State.NOT_CREATED: ("cross", Text("ZaloPay không có đơn này, chưa thu tiền", "ZaloPay never had it, not paid")),
    State.CANCELLED: ("cross", Text("Đã hủy, chưa thu tiền", "Cancelled, not paid")),
    State.EXPIRED: ("cross", Text("Hết giờ, chưa thu tiền", "Timed out, not paid")),
    State.MANUAL_PAID: ("person", Text("Quản lý xác nhận đã trả", "A manager took it for paid")),
    State.MANUAL_UNPAID: ("person", Text("Quản lý xác nhận chưa trả", "A manager took it for not paid")),
    State.MISMATCH: ("triangle", Text("Cần quản lý xem", "A manager must look")),
}

_PRINTED = (Text("In phiếu", "Slip printed"), Text("In lại lần {n}", "Reprint {n}"))
_SAVED = (Text("Lưu phiếu thành tệp", "Slip saved to a file"), Text("Lưu bản sao lần {n}", "Copy {n} saved"))
_REFUND_PRINTED = (
    Text("In phiếu hoàn {slip}", "Refund slip {slip} printed"),
    Text("In lại phiếu hoàn {slip} lần {n}", "Refund slip {slip}, reprint {n}"),
)
_REFUND_SAVED = (
    Text("Lưu phiếu hoàn {slip} thành tệp", "Refund slip {slip} saved to a file"),
    Text("Lưu bản sao phiếu hoàn {slip} lần {n}", "Refund slip {slip}, copy {n} saved"),
)


_CANCEL_TAKEN = Text("ZaloPay nhận lệnh hủy, hỏi lại cho chắc", "ZaloPay took the cancel, asking to be sure")
_CANCEL_OPEN = Text("ZaloPay chưa hủy được, hỏi tiếp", "ZaloPay did not cancel it, asking on")


_TOLD = Text("ZaloPay tự báo đã thu, hỏi lại cho chắc", "ZaloPay tells by itself that it is paid, asking to be sure")
_TOLD_NOT = Text(
    "ZaloPay tự báo chưa thu được, hỏi lại cho chắc", "ZaloPay tells by itself that it failed, asking to be sure"
)
_OWN_LINES = {
    Source.SENDING: Text("Hiện mã tài khoản của tiệm", "The code of the shop's account was shown"),
    Source.CREATE: Text("Chờ khách chuyển khoản", "Waiting for the transfer"),
    Source.CANCEL: Text("Cất mã, không chờ nữa", "The code was taken back"),
    Source.QUERY: Text("Không ai xác nhận tiền vào", "Nobody confirmed a transfer"),
}


def scanned_line(attempt: Attempt, cashier: str = "") -> StoryLine:
    """How the payment began, and who began it."""
    how = _SCANNED[ScanSource(attempt.source)]
    said = Text("{how} – {cashier}", "{how} – {cashier}").fill(how=how, cashier=cashier) if cashier else how
    return StoryLine(attempt.scanned_at_ms, "scan", said)


def evidence_line(attempt: Attempt, one: Evidence) -> StoryLine:
    """What one piece of evidence says."""
    if asks_nobody(attempt.gateway) and one.source in _OWN_LINES:
        return StoryLine(one.asked_at_ms, "chat", _OWN_LINES[one.source])
    if one.source is Source.SENDING:
        return StoryLine(
            one.asked_at_ms,
            "send",
            Text("Gửi ZaloPay, mã đơn {id}", "Sent to ZaloPay, order {id}").fill(id=attempt.app_trans_id),
        )
    if one.source in (Source.DECIDED_PAID, Source.DECIDED_UNPAID):
        state = State.MANUAL_PAID if one.source is Source.DECIDED_PAID else State.MANUAL_UNPAID
        return settled_line(one.asked_at_ms, state, "")
    if one.source is Source.NOT_SENT or one.answer is None:
        return StoryLine(one.asked_at_ms, "triangle", not_sent(one).title)
    return _answer_line(attempt.gateway, one, one.answer)


def _answer_line(gateway: str, one: Evidence, answer: Answer) -> StoryLine:
    asked, claimed = one.source is Source.QUERY, answer.meaning is AnswerClass.PAID
    if one.source is Source.NOTIFIED:
        return StoryLine(one.received_at_ms, "chat", _TOLD if claimed else _TOLD_NOT)
    if one.source is Source.CANCEL:
        return StoryLine(one.received_at_ms, "cross", _CANCEL_TAKEN if claimed else _CANCEL_OPEN)
    said = _ANSWERED[answer.meaning].fill(why=explained(gateway, answer).title)
    if claimed and not asked:  # a claim, to be confirmed
        said = Text(
            "ZaloPay báo đã nhận lệnh thu, hỏi lại cho chắc", "ZaloPay says it took the charge, asking to be sure"
        )
    if asked:
        said = Text("Hỏi lại: {said}", "Asked: {said}").fill(said=said)
    icon = _ICONS.get(answer.meaning, "refresh" if asked else "chat")
    return StoryLine(one.received_at_ms, icon, said)


def settled_line(at_ms: int, state: State, zp_trans_id: str) -> StoryLine:
    """What it came to."""
    icon, text = _RESULTS[state]
    return StoryLine(at_ms, icon, text.fill(number=zp_trans_id), strong=True)


def printed_line(at_ms: int, copy: int, where: str, *, refund_slip: str = "") -> StoryLine:
    """A slip came out of a printer, or was saved to a file.

    Args:
        at_ms: when.
        copy: 0 for the first one.
        where: the printer's name.
        refund_slip: the number of a refund's slip, "" for the payment's own.
    """
    own, refunds = (_SAVED, _REFUND_SAVED) if where == "file" else (_PRINTED, _REFUND_PRINTED)
    first, again = refunds if refund_slip else own
    return StoryLine(at_ms, "printer", (again if copy else first).fill(slip=refund_slip, n=copy))


_SENT_AFTER = Text("từ lúc quét đến lúc gửi {t}", "sent {t} after the scan")
_ANSWERED_AFTER = Text("ZaloPay trả lời sau {t}", "ZaloPay answered after {t}")
_SHOWN_AFTER = Text("kết quả lên màn hình sau {t}", "the result was on screen {t} later")
_IN_SECONDS_MS = 1_000
_TIMES = Text("Thời gian: {steps}", "Timing: {steps}")


def timed_line(at_ms: int, timed: GestureTimed) -> StoryLine | None:
    """How long a scanned payment took; None where nothing of it was noticed."""
    spans = (
        (_SENT_AFTER, 0, timed.sent_us),
        (_ANSWERED_AFTER, timed.sent_us, timed.answered_us),
        (_SHOWN_AFTER, timed.known_us, timed.shown_us),
    )
    told = [said.fill(t=_span(end - start)) for said, start, end in spans if start is not None and end is not None]
    if not told:
        return None
    steps = Text(", ".join(one.vi for one in told), ", ".join(one.en for one in told))
    return StoryLine(at_ms, "clock", _TIMES.fill(steps=steps))


def _span(us: int) -> Text:
    """`18 ms`, `9,4 giây`."""
    ms = (us + 500) // 1_000
    if ms < _IN_SECONDS_MS:
        return Text(f"{ms} ms", f"{ms} ms")
    tenths = (us + 50_000) // 100_000
    return Text(f"{tenths // 10},{tenths % 10} giây", f"{tenths // 10}.{tenths % 10} s")
