"""Metrics with a fixed prefix, so that every service's series look alike."""

from collections.abc import Sequence

from prometheus_client import Counter, Gauge, Histogram


def counter(name: str, what: str, labels: Sequence[str] = ()) -> Counter:
    return Counter(f"ahead_{name}", what, labels)


def gauge(name: str, what: str, labels: Sequence[str] = ()) -> Gauge:
    return Gauge(f"ahead_{name}", what, labels)


def histogram(name: str, what: str, labels: Sequence[str] = ()) -> Histogram:
    return Histogram(f"ahead_{name}", what, labels)
