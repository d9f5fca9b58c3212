"""Who wrote a mail: a person, or a machine that must never get an answer."""

from ahead.consultant.classification.bounces import Failures, failures_in
from ahead.consultant.classification.machine import Verdict, classify

__all__ = ["Failures", "Verdict", "classify", "failures_in"]
