"""Text in, verdict out: what a customer's reply says.

A leaf: it knows nothing of customers, chats or storage. Importing it is cheap; TextBlob
(and later a model) is loaded by `Scorer.warm` or the first `Scorer.score`.
"""

from sentiment.scorer import Scorer, default_scorer, find_words
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
    "Evidence",
    "Intent",
    "Label",
    "Scorer",
    "TopicMood",
    "Verdict",
    "default_scorer",
    "find_words",
    "unknown",
]
