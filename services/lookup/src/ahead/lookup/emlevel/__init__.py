"""The level of an evaluation and management visit, from medical decision making or from total time."""
