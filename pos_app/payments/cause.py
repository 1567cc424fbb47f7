"""Why a payment did not happen, as one short word that can be counted; what it says to people is in `reasons`."""

from collections.abc import Iterable

from pos_app.payments.answer import deciding_code
from pos_app.payments.payment import Evidence, Source, State, Verdict


def cause_of(verdict: Verdict, evidence: Iterable[Evidence]) -> str:
    """The gateway's code of a decline ("-63"), why it never left (a `NotSentCause`); "" for all else."""
    match verdict.state:
        case State.FAILED if verdict.because is not None:
            code = deciding_code(verdict.because.return_code, verdict.because.sub_return_code)
            return "" if code is None else str(code)
        case State.NOT_SENT:
            return next((one.cause for one in evidence if one.source is Source.NOT_SENT), "")
        case _:
            return ""
