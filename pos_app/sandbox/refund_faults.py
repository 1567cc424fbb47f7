"""The scenarios of refunds, chosen by the amount that is given back or armed for the next refund by name.

Codes and their meanings are those of ZaloPay's refund and refund status calls. Here is the list only; `refunds` lets
the truth happen.
"""

from pos_app.sandbox.scenario import SOME_WIRES, Family, Scenario, Truth, Twist, Waits, Wire
from pos_app.words import Text

WAITS_FOR_APPROVAL = -1

_REFUND = Family("refund_", 12_000)
_declined, _refused = _REFUND.declined, _REFUND.refused

REFUNDED_AT_ONCE = Scenario(
    name="refunded", text=Text("Hoàn ngay (mọi số tiền khác)", "Refunded at once (every other amount)")
)

_COURSES = (
    REFUNDED_AT_ONCE,
    Scenario(name="refunded_later", amount=12_001, wait_ms=3_000,
             text=Text("Đang xử lý, 3 giây sau thì hoàn", "Processing, refunded after 3 seconds")),
    Scenario(name="refund_stuck", amount=12_003, truth=Truth.STUCK,
             text=Text("Đang xử lý mãi không xong", "Stuck in processing")),
    Scenario(name="refunded_much_later", amount=12_004, wait_ms=30_000,
             text=Text("Đang xử lý, 30 giây sau thì hoàn", "Processing, refunded after 30 seconds")),
    Scenario(name="refund_fails_later", amount=12_007, truth=Truth.FAILED, code=0, wait_ms=3_000,
             text=Text("Đang xử lý, 3 giây sau thì hỏng (0)", "Processing, failed after 3 seconds (0)")),
    Scenario(name="refund_accepted", amount=12_051, claim=1, wait_ms=3_000,
             text=Text("Báo thành công (1) nhưng mới chỉ nhận yêu cầu, 3 giây sau thì hoàn",
                       "Claims success (1) but has only accepted it, refunded after 3 seconds")),
    Scenario(name="refund_accepted_then_failed", amount=12_052, truth=Truth.FAILED, code=0, claim=1, wait_ms=3_000,
             text=Text("Báo thành công (1) nhưng 3 giây sau lại hỏng (0)",
                       "Claims success (1), yet failed after 3 seconds (0)")),
    Scenario(name="refund_approved", amount=12_053, meanwhile=WAITS_FOR_APPROVAL, wait_ms=5_000,
             text=Text("Chờ ZaloPay duyệt (-1), 5 giây sau thì hoàn",
                       "Waits for ZaloPay's approval (-1), refunded after 5 seconds")),
    Scenario(name="refund_not_approved", amount=12_054, meanwhile=WAITS_FOR_APPROVAL, truth=Truth.FAILED, code=-18,
             wait_ms=5_000,
             text=Text("Chờ ZaloPay duyệt (-1), 5 giây sau thì bị từ chối (-18)",
                       "Waits for ZaloPay's approval (-1), refused after 5 seconds (-18)")),
    Scenario(name="refund_waits_for_approval", amount=12_055, meanwhile=WAITS_FOR_APPROVAL, truth=Truth.STUCK,
             text=Text("Chờ ZaloPay duyệt mãi (-1)", "Waits for ZaloPay's approval for ever (-1)")),
)  # fmt: skip

_DECLINES = (
    _declined(-5, "of_unpaid", "Giao dịch chưa trả xong", "The payment is not complete"),
    _declined(-6, "of_failed", "Giao dịch không thành công", "The payment failed"),
    _declined(-9, "type_refused", "Loại giao dịch này không hoàn được", "This kind of payment cannot be refunded"),
    _declined(-11, "done_before", "Báo là đã hoàn từ trước", "Told to be refunded before"),
    _declined(-14, "amount_refused", "Số tiền hoàn không hợp lệ", "The amount is not accepted"),
    _declined(-18, "status_refused", "Trạng thái giao dịch không cho hoàn", "The payment's state allows no refund"),
    _declined(-29, "bank_missing", "Hệ thống ngân hàng không có", "The bank's system is missing", after_ms=2_000),
    _declined(-31, "over_time", "Quá hạn hoàn tiền", "Too late for a refund"),
    _declined(-32, "partial_unsupported", "Không hoàn được một phần", "A partial refund is not supported"),
    _declined(-777, "undocumented_code", "Mã lỗi không có trong tài liệu", "A code that no document names"),
    _refused(-13, "time_refused", "Giờ gửi bị coi là sai", "The time counts as wrong"),
    _refused(-401, "request_refused", "Yêu cầu bị coi là sai", "The request counts as malformed"),
    _refused(-402, "signature_refused", "Chữ ký bị coi là sai", "The signature counts as wrong"),
    _refused(-429, "too_many_requests", "Gửi quá nhiều yêu cầu", "Too many requests"),
    _refused(-999, "maintenance", "ZaloPay đang bảo trì", "The gateway is in maintenance"),
    Scenario(name="refund_bookkeeping", amount=12_015, claim=-15, wait_ms=2_000,
             text=Text("Báo lỗi ghi sổ (-15), 2 giây sau lại hoàn",
                       "Claims an error of its books (-15), refunded after 2 seconds all the same")),
    Scenario(name="refund_duplicate_claimed", amount=12_023, claim=-23,
             text=Text("Báo trùng mã hoàn (-23) nhưng đã hoàn", "Claims a duplicate refund ID (-23), yet refunded")),
    Scenario(name="refund_system_error", amount=12_505, claim=-500, wait_ms=2_000,
             text=Text("Báo lỗi hệ thống (-500), 2 giây sau lại hoàn",
                       "Claims a system error (-500), refunded after 2 seconds all the same")),
    Scenario(name="refund_code_as_return_code", amount=12_801, truth=Truth.UNRECORDED, claim=-402,
             twist=Twist.CODE_AS_RETURN_CODE,
             text=Text("Mã -402 nằm ngay ở return_code", "Code -402 stands in return_code itself")),
)  # fmt: skip

_WIRES = (
    *_REFUND.spoiled(SOME_WIRES, done=Text("Đã hoàn", "Refunded")),
    Scenario(name="refund_answer_twice", amount=12_615, wire=Wire.TWICE,
             text=Text("Yêu cầu tới hai lần, câu sau báo -23", "Delivered twice, the second answer is -23")),
    Scenario(name="refund_never_arrived", amount=12_616, truth=Truth.UNRECORDED, wire=Wire.LOST,
             text=Text("Yêu cầu thất lạc, không hoàn", "The request goes astray, nothing is refunded")),
    Scenario(name="refund_arrives_late", amount=12_617, wire=Wire.LOST, waits=Waits.FOUND, wait_ms=8_000,
             text=Text("Không trả lời, 8 giây sau mới thấy và đã hoàn",
                       "No answer, shows up refunded after 8 seconds")),
    Scenario(name="refund_fails_unheard", amount=12_620, truth=Truth.FAILED, code=-18, wire=Wire.LOST,
             text=Text("Không hoàn được (-18), trả lời bị mất", "Not refunded (-18), the answer is lost")),
)  # fmt: skip

_TWISTS = (
    Scenario(name="refund_not_found_at_first", amount=12_101, waits=Waits.FOUND, wait_ms=5_000,
             text=Text("Đã hoàn, hỏi lại thì 5 giây đầu báo không thấy (-101)",
                       "Refunded, queries do not find it for 5 seconds (-101)")),
    Scenario(name="refund_without_id", amount=12_703, twist=Twist.NO_NUMBER,
             text=Text("Báo đã hoàn nhưng thiếu refund_id", "Success without a refund_id")),
    Scenario(name="refund_zero_id", amount=12_704, twist=Twist.ZERO_NUMBER,
             text=Text("Báo đã hoàn nhưng refund_id là 0", "Success with refund_id 0")),
    Scenario(name="refund_failed_then_done", amount=12_706, claim=-18, wait_ms=3_000,
             text=Text("Báo từ chối (-18), 3 giây sau lại hoàn", "Claims a refusal (-18), refunded after 3 seconds")),
    Scenario(name="refund_query_limit", amount=12_711, wait_ms=1_000, twist=Twist.QUERY_LIMIT,
             text=Text("Ba lần hỏi đầu bị chặn (-429), rồi hoàn", "The first three queries get -429, then refunded")),
    Scenario(name="refund_done_then_failed", amount=12_713, twist=Twist.PAID_THEN_FAILED,
             text=Text("Hỏi lần đầu đã hoàn, các lần sau báo hỏng (0)",
                       "The first query says refunded, later ones say failed (0)")),
)  # fmt: skip

REFUND_SCENARIOS = {scenario.name: scenario for scenario in (*_COURSES, *_DECLINES, *_WIRES, *_TWISTS)}
