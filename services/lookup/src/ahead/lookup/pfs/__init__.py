"""The Medicare Physician Fee Schedule: relative values, payment indicators, and what is paid where."""
