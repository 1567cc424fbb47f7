"""What the help says of each screen and each stage of a sale: what it means, what to do, the keys that only it has.

The keys of the foot are not repeated here: the help is given those that work. A new screen has one topic more.
"""

from typing import NamedTuple

from pos_app.words import Text


class Topic(NamedTuple):
    """The help on one screen, or on one stage of a sale.

    Attributes:
        title: what is on screen. meaning: what that says. todo: what to do now, at most three things.
        keys: caps and what they do, beside those of the foot.
    """

    title: Text
    meaning: Text
    todo: tuple[Text, ...]
    keys: tuple[tuple[str, Text], ...] = ()


_UP_DOWN, _LEFT_RIGHT, _DIGITS = "↑ ↓", "← →", "0–9"
_NEXT = ("Enter", Text("Khách kế tiếp", "Next customer"))
_CHOOSE = (_UP_DOWN, Text("Chọn dòng", "Choose a line"))
_PIN = (_DIGITS, Text("Nhập mã PIN", "Type the PIN"))
_AMOUNT = (
    (_DIGITS, Text("Nhập số tiền", "Type the amount")),
    ("Enter", Text("Chốt số tiền", "The amount stands")),
    ("Del", Text("Xóa hết", "Clear")),
)
_AGAIN = (
    ("Enter", Text("Thử lại cùng số tiền", "Try again, same amount")),
    ("Esc", Text("Sửa số tiền", "Change the amount")),
)
_WAIT_WITHOUT_FEAR = Text("Chưa thấy màu xanh thì chưa giao hàng.", "No green screen: do not hand over the goods yet.")

STAGES: dict[str, Topic] = {
    "ready": Topic(
        Text("Sẵn sàng", "Ready"),
        Text("Chưa có số tiền. Máy chờ khách kế tiếp.", "No amount yet. The till waits for the next customer."),
        (
            Text("Nhập số tiền, bấm Enter, hoặc chạm một số tiền có sẵn.",
                 "Type the amount and press Enter, or tap a ready one."),
            Text("Mời khách đưa mã thanh toán ra trước camera hoặc máy quét.",
                 "Ask the customer to hold the payment code to the camera or scanner."),
            Text("Chờ màn hình xanh “Đã thanh toán”.", "Wait for the green screen “Paid”."),
        ),
        _AMOUNT,
    ),
    "waiting": Topic(
        Text("Chờ mã của khách", "Waiting for the code"),
        Text("Đã có số tiền, chưa gửi gì đi. Bấm Enter để chốt số tiền, rồi quét mã.",
             "There is an amount, nothing was sent. Enter makes it stand; then scan the code."),
        (
            Text("Kiểm tra số tiền với khách.", "Check the amount with the customer."),
            Text("Quét mã thanh toán. Quét xong là máy gửi ngay.", "Scan the payment code. It is sent at once."),
            Text("Khách không có mã: bấm F2, khách quét mã của quầy.",
                 "The customer has no code: press F2, the customer scans ours."),
        ),
        _AMOUNT,
    ),
    "wrong": Topic(
        Text("Không phải mã thanh toán", "Not a payment code"),
        Text("Mã vừa quét là thứ khác. Chưa gửi gì, chưa thu tiền.",
             "What was scanned is something else. Nothing was sent, nothing was charged."),
        (
            Text("Mời khách mở ZaloPay, chọn “Thanh toán”, rồi đưa mã đó.",
                 "Ask the customer to open ZaloPay, choose “Pay”, and show that code."),
            Text("Quét lại. Số tiền vẫn giữ nguyên.", "Scan again. The amount stays."),
        ),
    ),
    "ways": Topic(
        Text("Chọn cách trả", "Choose how to pay"),
        Text("Chưa tạo mã nào. Mỗi cách trả có một số.", "No code was made yet. Each way to pay has a number."),
        (Text("Hỏi khách trả bằng gì, rồi bấm số của cách đó.", "Ask how the customer pays, then press its number."),),
        ((_DIGITS, Text("Chọn cách trả", "Choose the way")), (f"{_UP_DOWN} {_LEFT_RIGHT}", Text("Di chuyển", "Move"))),
    ),
    "processing": Topic(
        Text("Đang thu", "Charging"),
        Text("Mã đã gửi tới cổng thanh toán. Máy đang hỏi kết quả, bạn không cần làm gì.",
             "The code went to the gateway. The till asks for the result by itself."),
        (
            Text("Mời khách xem điện thoại và xác nhận nếu được hỏi.",
                 "Ask the customer to look at the phone and confirm if asked."),
            _WAIT_WITHOUT_FEAR,
            Text("Lâu quá thì máy báo “Chưa rõ”: ĐỪNG thu lại.",
                 "If it takes too long the till says “Not known yet”: do NOT charge again."),
        ),
    ),
    "customer_scans": Topic(
        Text("Khách quét mã của quầy", "The customer scans our code"),
        Text("Mã trên màn hình chỉ dùng cho đúng số tiền này và có hạn giờ.",
             "The code on screen is for exactly this amount, and only for a while."),
        (
            Text("Mời khách quét bằng ZaloPay hoặc ứng dụng ngân hàng.",
                 "Ask the customer to scan it with ZaloPay or a bank’s app."),
            _WAIT_WITHOUT_FEAR,
            Text("Khách đổi ý: bấm Esc hủy mã, hoặc F2 chọn cách khác.",
                 "Another wish: Esc cancels the code, F2 offers other ways."),
        ),
    ),
    "own_account": Topic(
        Text("Chuyển khoản vào tài khoản cửa hàng", "A transfer to the shop’s account"),
        Text("Không cổng nào báo kết quả. Chỉ quản lý xem tài khoản mới biết tiền đã tới.",
             "No gateway tells the result. Only a manager who looks at the account knows."),
        (
            Text("Mời khách quét và chuyển đúng số tiền.", "Ask the customer to scan and send exactly this amount."),
            Text("Quản lý xem tài khoản. Ảnh chụp màn hình của khách không phải là tiền.",
                 "The manager looks at the account. A screenshot of the customer’s is no money."),
            Text("Thấy tiền rồi: bấm Enter, quản lý nhập mã PIN.", "Money seen: Enter, and the manager types the PIN."),
        ),
        (("Enter", Text("Quản lý đã thấy tiền", "A manager has seen the money")),),
    ),
    "seen_money": Topic(
        Text("Quản lý đã thấy tiền", "A manager has seen the money"),
        Text("Ghi theo lời quản lý, tách riêng trong mọi tổng số.",
             "Written down on the manager’s word, apart in every total."),
        (Text("Giao hàng, mời khách kế tiếp.", "Hand over the goods, serve the next customer."),),
        (_NEXT,),
    ),
    "link": Topic(
        Text("Liên kết thanh toán", "A payment link"),
        Text("Khách không có mặt vẫn trả được. Quầy bán tiếp bình thường.",
             "A customer who is not here can pay. The counter stays free."),
        (
            Text("Gửi liên kết cho khách.", "Send the link to the customer."),
            Text("Khách trả xong, máy báo ở đầu màn hình.", "When it is paid, the top of the screen tells."),
        ),
        (("Enter", Text("Chép liên kết", "Copy the link")),),
    ),
    "paid": Topic(
        Text("Đã thanh toán", "Paid"),
        Text("Cổng thanh toán đã xác nhận đúng đơn này, đúng số tiền này.",
             "The gateway confirmed exactly this order and exactly this amount."),
        (
            Text("Giao hàng và đưa phiếu cho khách.", "Hand over the goods and the slip."),
            Text("Bấm phím bất kỳ để bán tiếp.", "Press any key to go on."),
        ),
        (_NEXT, (_DIGITS, Text("Số tiền kế tiếp", "The next amount"))),
    ),
    "declined": Topic(
        Text("Chưa thu được tiền", "No money was taken"),
        Text("Chắc chắn chưa thu tiền. Nguyên nhân nằm ở dòng lớn nhất.",
             "For sure nothing was charged. The largest line says why."),
        (
            Text("Đọc câu trên màn hình cho khách.", "Tell the customer what the screen says."),
            Text("Thử lại: khách đưa mã MỚI. Mã cũ không dùng lại được.",
                 "Try again with a NEW code. The old one cannot be used again."),
        ),
        _AGAIN,
    ),
    "code_over": Topic(
        Text("Chưa có ai trả bằng mã này", "Nobody paid with this code"),
        Text("Mã đã hủy hoặc hết hạn. Chắc chắn chưa thu tiền.",
             "The code was cancelled or its time is over. For sure nothing was charged."),
        (Text("Còn bán: bấm Enter để tạo mã mới.", "Still selling: Enter makes a new code."),),
        _AGAIN,
    ),
    "cash": Topic(
        Text("Thu tiền mặt", "Cash"),
        Text("Tiền mặt không qua cổng nào. Chưa ghi gì trước khi bấm Enter.",
             "Cash goes through no gateway. Nothing is written down before Enter."),
        (
            Text("Nhập số tiền khách đưa, hoặc chạm các tờ tiền.", "Type what the customer gives, or tap the notes."),
            Text("Nhận tiền trong tay rồi mới bấm Enter.", "Press Enter only with the money in your hand."),
            Text("Thối lại đúng số lớn nhất trên màn hình.", "Give back the largest figure on screen."),
        ),
        ((_DIGITS, Text("Tiền khách đưa", "What is given")), ("Enter", Text("Đã nhận tiền", "Money received")),
         ("Del", Text("Xóa hết", "Clear"))),
    ),
    "cash_taken": Topic(
        Text("Đã thu tiền mặt", "Cash taken"),
        Text("Đã ghi sổ. Ngăn kéo mở nếu có nối với máy.", "It is written down. The drawer opens if it is connected."),
        (Text("Thối tiền, giao hàng, đưa phiếu.", "Give change, hand over the goods and the slip."),),
        (_NEXT,),
    ),
    "unknown": Topic(
        Text("Chưa rõ kết quả: ĐỪNG thu lại", "Not known yet: do NOT charge again"),
        Text("Có thể tiền đã tới. Máy tự hỏi tiếp và báo khi có kết quả.",
             "The money may have come. The till keeps asking and tells you."),
        (
            Text("Đọc cho khách câu trên màn hình. F9 in phiếu chờ.",
                 "Read the screen’s sentence to the customer. F9 prints a slip."),
            Text("Bấm Enter, bán cho khách kế tiếp. Máy vẫn hỏi.",
                 "Press Enter and serve the next customer. The till goes on asking."),
            Text("Khách muốn trả cách khác: gọi quản lý.", "The customer wants to pay another way: call the manager."),
        ),
        (_NEXT,),
    ),
}  # fmt: skip

SCREENS: dict[str, Topic] = {
    "payments": Topic(
        Text("Giao dịch", "Payments"),
        Text("Danh sách giao dịch. Bên phải là từng bước của dòng đang chọn.",
             "The list of payments. At the right, every step of the chosen one."),
        (
            Text("Tìm: gõ số tiền, ghi chú hoặc số cuối của mã.", "Find: type an amount, a note, the end of an id."),
            Text("F9 xem và in lại phiếu. F4 hoàn tiền cho dòng này.", "F9 shows and reprints its slip, F4 refunds."),
        ),
        (_CHOOSE,),
    ),
    "open_payments": Topic(
        Text("Cần theo dõi", "To be watched"),
        Text("Những gì chưa xong: chưa rõ kết quả, tiền tới muộn, liên kết đang chờ.",
             "What is not over: not known yet, late money, links that wait."),
        (
            Text("Chọn một dòng, đọc việc cần làm ở bên phải.", "Choose a line; the right says what to do."),
            Text("Việc có hình ổ khóa cần mã PIN của quản lý.", "What shows a lock needs the manager’s PIN."),
        ),
        (_CHOOSE, ("Enter", Text("Hỏi cổng thanh toán ngay", "Ask the gateway now"))),
    ),
    "is_it_paid": Topic(
        Text("Đã trả chưa?", "Is it paid?"),
        Text("Mười giao dịch gần nhất: đã thu hay chưa, vì sao biết, và nói gì với khách.",
             "The last ten payments: paid or not, how we know, what to say."),
        (Text("Chọn đúng số tiền và giờ, rồi đọc câu trả lời cho khách.",
              "Choose by amount and time, then read the answer to the customer."),),
        (_CHOOSE, ("Enter", Text("Hỏi lại dòng chưa rõ", "Ask again about an open one"))),
    ),
    "refund": Topic(
        Text("Hoàn tiền", "Refund"),
        Text("Trả lại tiền qua đúng cổng đã thu. Quản lý duyệt.",
             "Money goes back by the gateway it came from. A manager approves."),
        (
            Text("Chọn giao dịch, hoặc quét phiếu của khách.", "Choose the payment, or scan the customer’s slip."),
            Text("Nhập số tiền hoàn, bấm Enter.", "Type the amount to give back, press Enter."),
            Text("Chưa rõ kết quả: ĐỪNG hoàn lần nữa. Máy tự hỏi.",
                 "Not known yet: do NOT refund again. The till asks."),
        ),
        (_CHOOSE, (_DIGITS, Text("Số tiền hoàn", "The amount")), ("Enter", Text("Tiếp tục", "Go on"))),
    ),
    "approval": Topic(
        Text("Quản lý duyệt", "A manager approves"),
        Text("Việc này cần quản lý. Tên và lý do được ghi vào sổ và lên phiếu.",
             "This needs a manager. Name and reason are written down."),
        (Text("Quản lý chọn lý do, tự nhập mã PIN, bấm Enter.", "The manager chooses why, types the PIN, and Enter."),),
        ((_UP_DOWN, Text("Chọn lý do", "Choose the reason")), (_LEFT_RIGHT, Text("Chọn người duyệt", "Choose who")),
         _PIN, ("Enter", Text("Duyệt", "Approve"))),
    ),
    "permit": Topic(
        Text("Cho phép một lần", "Allowed for once"),
        Text("Người đang đứng quầy không được làm việc này. Người có quyền cho phép tại chỗ.",
             "Whoever stands here may not do this. Somebody who may allows it in place."),
        (Text("Chọn tên, nhập mã PIN, bấm Enter.", "Choose the name, type the PIN, press Enter."),),
        ((_LEFT_RIGHT, Text("Chọn người", "Choose who")), _PIN, ("Enter", Text("Cho phép", "Allow"))),
    ),
    "manager_pin": Topic(
        Text("Mã PIN của quản lý", "The manager’s PIN"),
        Text("Mã PIN giữ các quyết định về tiền. Chỉ quản lý biết.", "The PIN guards decisions about money."),
        (Text("Nhập hai lần. Chép mã khôi phục ra giấy, cất nơi an toàn.",
              "Type it twice. Write the recovery code on paper and keep it safe."),),
        (_PIN, ("Enter", Text("Tiếp tục", "Go on"))),
    ),
    "regulars": Topic(
        Text("Khách quen", "Regular customers"),
        Text("Khách đã liên kết ví: thu không cần quét mã.", "Customers with a linked wallet: no code needed."),
        (Text("Nhập số tiền trước, rồi F12 và chọn khách.", "Type the amount first, then F12 and choose."),),
        (_CHOOSE, ("Enter", Text("Thu, hoặc nút chính", "Charge, or the main button"))),
    ),
    "reports": Topic(
        Text("Báo cáo", "Reports"),
        Text("Doanh số theo giờ, ngày, cách trả và thu ngân. Chưa rõ thì không tính là đã thu.",
             "Sales by hour, day, way to pay and cashier. What is not known yet never counts as paid."),
        (
            Text("Chọn khoảng ngày, rồi chọn bảng.", "Choose the days, then the table."),
            Text("“Đối chiếu” so sao kê của cổng với sổ của máy.", "“Reconcile” holds a gateway’s statement to ours."),
        ),
        ((_LEFT_RIGHT, Text("Chọn khoảng ngày", "Choose the days")),),
    ),
    "shift": Topic(
        Text("Ca", "Shift"),
        Text("X xem giữa ca, không đổi gì. Z chốt ca: đánh số, không sửa được nữa.",
             "X looks and changes nothing. Z closes for good, under a number."),
        (
            Text("Hết ca: xem số liệu, bấm Enter, đếm lại.", "At the end: look at the figures, press Enter."),
            Text("Còn giao dịch chưa rõ: quản lý ký, kết quả sau này tính vào ca sau.",
                 "What is not known yet is signed by a manager; it settles in a later shift."),
        ),
        (("Enter", Text("Tiếp tục", "Go on")), ("P", Text("In", "Print")), ("S", Text("Lưu PDF", "Save as PDF")),
         (_UP_DOWN, Text("Cuộn", "Scroll"))),
    ),
    "staff": Topic(
        Text("Nhân viên", "Staff"),
        Text("Có thu ngân trong danh sách thì ai cũng đăng nhập bằng tên và mã PIN.",
             "Once a cashier is entered, everybody signs in with name and PIN."),
        (Text("Chọn người, bấm số của việc muốn đổi. Người có quyền ký bằng mã PIN.",
              "Choose the person and the number of the change. Who may signs with the PIN."),),
        (_CHOOSE, (_DIGITS, Text("Chọn việc", "Choose the change")), ("Enter", Text("Tiếp tục", "Go on"))),
    ),
    "doctor": Topic(
        Text("Kiểm tra máy", "Doctor"),
        Text("Mỗi dòng là một việc máy tự kiểm tra. Việc cần làm nằm trên cùng.",
             "Each line is one thing that the till checks. What is to be done stands on top."),
        (
            Text("Làm theo câu ở dòng có màu, rồi kiểm tra lại.", "Do as the coloured lines say, then check again."),
            Text("Cần giúp: lưu báo cáo hỗ trợ. Máy cho xem hết trước khi lưu.",
                 "Need help: save the report for support. It is shown whole before it is saved."),
            Text("Sao lưu mỗi tuần: cắm ổ USB, bấm Sao lưu ở dòng của nó.",
                 "Back up each week: plug a USB stick in, press Back up on its line."),
        ),
        (("Enter", Text("Kiểm tra lại, hoặc lưu", "Check again, or save")), (_UP_DOWN, Text("Cuộn", "Scroll"))),
    ),
    "slip": Topic(
        Text("Phiếu", "Slip"),
        Text("Phiếu như khi in. Bản in lại có chữ “bản sao”.", "The slip as it is printed. A reprint says “copy”."),
        (Text("Bấm Enter hoặc F9 để in.", "Press Enter or F9 to print."),),
        (("Enter", Text("In", "Print")), (_UP_DOWN, Text("Cuộn", "Scroll"))),
    ),
}  # fmt: skip

OTHER = Topic(
    Text("Cách thu tiền", "How to take a payment"),
    Text("Mỗi nút có phím của nó; phím ở dưới cùng luôn làm được việc ghi bên cạnh.",
         "Every button has its key; those at the foot always do what they say."),
    STAGES["ready"].todo,
    (("Tab", Text("Sang nút kế tiếp", "To the next button")), ("Enter", Text("Bấm nút đó", "Press it"))),
)  # fmt: skip
"""Where nothing more is said of a screen."""
