"""Numbers about the reception for /metrics, and the pulse of the alert job, which a worker writes into SQL."""

from prometheus_client import Counter, Gauge, Histogram

ANSWERED = Counter("huiqiao_answers_total", "Messages answered, by way", ["way"])
NLU_DEGRADED = Counter("huiqiao_understanding_degraded_total", "Messages read by keywords because the model was away")
TURN_SECONDS = Histogram(
    "huiqiao_turn_seconds", "From recorded to answered", buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4.5, 10)
)
ALERTS_AT = Gauge(
    "huiqiao_alerts_last_round_timestamp_seconds", "When a worker last went round the saved queries; 0: never"
)
SAVED_QUERIES = Gauge("huiqiao_saved_queries", "Queries that followers saved")
