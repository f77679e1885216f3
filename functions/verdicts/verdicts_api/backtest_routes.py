"""The route that tries a rule with recorded events."""

from notifications.api.given import services
from notifications.api.powertools import Router
from verdicts_api import backtesting
from verdicts_api.backtest_models import BacktestIn, BacktestOut

router = Router()


@router.post("/notifications/backtests")
def backtest_rule(request: BacktestIn) -> BacktestOut:
    """Backtest a rule.

    The response counts the recorded events on which a rule, or a draft of one, would have fired as it is now.
    Nothing is sent or written, but each message is rendered. A page takes events in the order in which they
    were recorded, at most 200 and for at most 20 s: continue until ``next`` is null.
    """
    return backtesting.backtest(services(router), request)
