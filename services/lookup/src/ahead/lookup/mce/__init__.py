"""The Medicare Code Editor: its lists, and inpatient claims checked by it."""
