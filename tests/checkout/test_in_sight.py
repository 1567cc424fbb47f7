"""What a manager has to settle stays in sight, however much comes after it."""

from pathlib import Path

from pos_app.checkout.in_sight import InSight
from pos_app.payments.answer import Answer, AnswerClass
from pos_app.payments.payment import Source
from tests.checkout.scripted import on_a_loop
from tests.journal.stories import NOW, a_day, an_attempt, answered, journal_in, paid, tell


@on_a_loop
async def test_a_conflict_stays_in_sight_however_many_payments_follow(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        one = an_attempt(journal)
        tell(journal, one, *paid(one))
        wrong = Answer(AnswerClass.PAID, 1, 1, "zpX", one.amount + 1)
        journal.write(answered(one, Source.QUERY, wrong, 9_000), at_ms=NOW + 9_000).result()
        a_day(journal, 20)
        sight = InSight()
        await sight.take_up(journal, NOW + 100_000)
        assert [view.payment_id for view in sight.views(())] == [one.app_trans_id]
