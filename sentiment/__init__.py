"""Text in, verdict out: what a customer's reply says.

A leaf: it knows nothing of customers, chats or storage. Importing it is cheap; the model
and TextBlob are loaded by `Scorer.warm` or the first `Scorer.score`.
"""

from sentiment.scorer import (
    SCORERS,
    Scorer,
    default_alarms,
    default_scorer,
    find_words,
    model_problem,
    named_scorer,
    out_of_ten,
)
from sentiment.verdict import (
    BASE_UNHAPPY,
    Evidence,
    Intent,
    Label,
    TopicMood,
    Verdict,
    unknown,
)

__all__ = [
    "BASE_UNHAPPY",
    "SCORERS",
    "Evidence",
    "Intent",
    "Label",
    "Scorer",
    "TopicMood",
    "Verdict",
    "default_alarms",
    "default_scorer",
    "find_words",
    "model_problem",
    "named_scorer",
    "out_of_ten",
    "unknown",
]
