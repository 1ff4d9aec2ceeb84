"""Numbers about the platform's door for /metrics."""

from prometheus_client import Counter, Histogram

REFUSED = Counter("huiqiao_webhook_refused_total", "Posts refused, by status", ["status"])
WEBHOOK_SECONDS = Histogram(
    "huiqiao_webhook_seconds",
    "A webhook request from first byte to answer; the platform hangs up at five",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4.5, 5),
)
