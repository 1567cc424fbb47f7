"""Whether the gateways can be reached, how far their clock is from ours, and whether they take our keys.

A signed question about an order that never was: it moves nothing, and no answer to it says anything of a payment.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pos_app.checkout.lights import SLOW, SLOW_MS, SLOW_REMEDY, lasting_trouble
from pos_app.checkout.ways import Way
from pos_app.checkout.wording import explained
from pos_app.clock import Clock
from pos_app.doctor.checks import Cause, Check, Finding, Verdict, not_checked, well, wrong
from pos_app.gateways.clock_offset import ClockHealth, ClockOffset
from pos_app.journal.key_changes import last_key_change_at
from pos_app.journal.store import Journal
from pos_app.payments.answer import Answer, AnswerClass, NotSentCause
from pos_app.payments.gateway_names import asks_nobody, brand, is_demo, named
from pos_app.payments.reasons import reason_not_sent
from pos_app.vietnam_day import clock_time, day_text, yymmdd
from pos_app.words import NOTHING, Text

CHECKS = (Check.GATEWAY, Check.CLOCK, Check.KEYS)
_ANSWERS = Text("{who} trả lời sau {ms} ms", "{who} answers in {ms} ms")
_DEMO = Text("{who} dùng thử", "Demo {who}")
_SIGNED = Text("Lệnh thử được trả lời", "A signed question is answered")
_NOT_ASKED = Text("Chưa hỏi được {who}", "{who} could not be asked")
_FAST = Text("Nhanh hơn {who} {by}", "{by} ahead of {who}")
_SLOW = Text("Chậm hơn {who} {by}", "{by} behind {who}")
_RIGHT = Text("Lệch dưới 1 phút", "Less than a minute off")
_UNMEASURED = Text("Chưa đo được giờ", "The clock could not be measured")
SINCE = Text("{seen}. {by} xác nhận lúc {at} {day}", "{seen}. {by} agreed to them on {day} at {at}")
_ACCOUNT_SINCE = Text(
    "{seen}. {by} xác nhận tài khoản nhận tiền lúc {at} {day}",
    "{seen}. {by} agreed to the shop’s own account on {day} at {at}",
)
_EVERY_CODE_FAILS = Text("{n} mã khách gần nhất đều bị từ chối", "The last {n} customer codes were all refused")
OTHER_PUBLIC_KEY = Text(
    "Có thể khóa công khai là của cổng khác: nhờ quản lý nhập lại khóa công khai.",
    "The public key may be another gateway's: have a manager enter the public key again.",
)
_NO_WAY_THERE = {NotSentCause.NO_NETWORK, NotSentCause.NAME_NOT_FOUND, NotSentCause.REFUSED, NotSentCause.TIMEOUT}
"""What a payment would say of these ends in "then scan again"."""
CODES_REFUSED_MIN = 3
"""So many customers' codes in a row are not all bad: they are encrypted for another key then."""
_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class _Asked:
    """What came of asking one gateway."""

    way: Way
    answer: Answer
    took_ms: int

    @property
    def answered(self) -> bool:
        return not (self.answer.meaning is AnswerClass.UNUSABLE and self.answer.return_code is None)

    @property
    def not_sent(self) -> NotSentCause | None:
        return next((cause for cause in NotSentCause if cause.value == self.answer.fault), None)


async def look_at_gateways(
    ways: Iterable[Way], offset: ClockOffset, clock: Clock, *, codes_refused: int = 0
) -> tuple[Finding, ...]:
    """Ask each gateway that this shop uses; the worst of them counts.

    Args:
        ways: the till's.
        offset: where the measurements of ZaloPay's clock go.
        clock: this machine's.
        codes_refused: how many customers' codes the gateway could not open, one after the other until now.
    """
    used = [way for way in ways if way.active and not asks_nobody(way.name)]
    asked = [await _ask(way, clock) for way in used]
    return (_reached(asked), _clock(asked, offset), _keys(asked, codes_refused))


def with_last_change(found: Iterable[Finding], journal: Journal) -> tuple[Finding, ...]:
    """Beside the keys that work, who agreed to them last, and when: a change that nobody wanted is seen here. Blocks.

    Raises:
        JournalError: the journal cannot be read.
    """
    changed = journal.read(last_key_change_at).result()
    if changed is None:
        return tuple(found)
    at_ms, change = changed
    said = _ACCOUNT_SINCE if change.what == "account" else SINCE
    at, day = clock_time(at_ms, seconds=False), day_text(at_ms)

    def told(one: Finding) -> Finding:
        return replace(one, seen=said.fill(seen=one.seen, by=change.by, at=at, day=day))

    return tuple(told(one) if one.check is Check.KEYS and one.verdict is Verdict.OK else one for one in found)


async def _ask(way: Way, clock: Clock) -> _Asked:
    began_ms = clock.monotonic_ms()
    answer = await way.gateway.query(f"{yymmdd(clock.wall_ms())}_doctor")
    return _Asked(way, answer, clock.monotonic_ms() - began_ms)


def _reached(asked: list[_Asked]) -> Finding:
    for one in asked:
        if not one.answered:
            return _unreached(one)
    slowest = max(asked, key=lambda one: one.took_ms)
    who = brand(slowest.way.name)
    said = _ANSWERS.fill(who=_DEMO.fill(who=who) if is_demo(slowest.way.name) else who, ms=slowest.took_ms)
    if slowest.took_ms > SLOW_MS:
        remedy = named(SLOW_REMEDY, slowest.way.name)
        return wrong(Check.GATEWAY, Cause.NO_ANSWER, _joined(said, SLOW), remedy, verdict=Verdict.WARN,
                     facts={"ms": slowest.took_ms})  # fmt: skip
    return well(Check.GATEWAY, said, facts={"ms": slowest.took_ms, "gateways": len(asked)})


def _joined(said: Text, more: Text) -> Text:
    return Text("{said}, {more}", "{said}, {more}").fill(said=said, more=more)


def _unreached(one: _Asked) -> Finding:
    cause = one.not_sent
    if cause is None:  # it may have been asked; a payment would say "do not charge again" here, a question need not
        return wrong(Check.GATEWAY, Cause.NO_ANSWER, explained(one.way.name, one.answer).title)
    why = reason_not_sent(cause)
    remedy = NOTHING if cause in _NO_WAY_THERE else named(why.advice, one.way.name)
    return wrong(Check.GATEWAY, Cause.NO_ANSWER, named(why.title, one.way.name), remedy)


def _clock(asked: list[_Asked], offset: ClockOffset) -> Finding:
    if any(one.not_sent is NotSentCause.CLOCK for one in asked):
        why = reason_not_sent(NotSentCause.CLOCK)
        return wrong(Check.CLOCK, Cause.WRONG_TIME, why.title)
    health, ms = offset.health(), offset.offset_ms
    if health is ClockHealth.UNMEASURED:
        return not_checked(Check.CLOCK, Cause.NO_ANSWER, _UNMEASURED)
    if health is ClockHealth.OK:
        return well(Check.CLOCK, _RIGHT, facts={"ms": ms})
    who = brand(asked[0].way.name) if asked else NOTHING
    minutes = Text("{n} phút", "{n} min").fill(n=round(abs(ms) / _MINUTE_MS))
    said = (_SLOW if ms > 0 else _FAST).fill(who=who, by=minutes)
    verdict = Verdict.WARN if health is ClockHealth.WARN else Verdict.BAD
    return wrong(Check.CLOCK, Cause.WRONG_TIME, said, verdict=verdict, facts={"ms": ms})


def _keys(asked: list[_Asked], codes_refused: int) -> Finding:
    for one in asked:
        why = lasting_trouble(one.way.name, one.answer) if one.answered else None
        if why is not None:
            code = one.answer.sub_return_code or one.answer.return_code or 0
            said, advice = named(why.title, one.way.name), named(why.advice, one.way.name)
            return wrong(Check.KEYS, Cause.REFUSED, said, advice, facts={"code": code})
    for one in asked:
        if not one.answered:
            return not_checked(
                Check.KEYS, Cause.NO_ANSWER, _NOT_ASKED.fill(who=brand(one.way.name)), _unreached(one).remedy
            )
    if codes_refused >= CODES_REFUSED_MIN:
        said = _EVERY_CODE_FAILS.fill(n=codes_refused)
        return wrong(Check.KEYS, Cause.EVERY_CODE_FAILS, said, OTHER_PUBLIC_KEY, facts={"codes": codes_refused})
    return well(Check.KEYS, _SIGNED)
