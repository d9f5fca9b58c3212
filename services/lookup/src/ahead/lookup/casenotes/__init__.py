"""From a case to codes: suggested diagnosis codes of a pasted note, each with the sentence it comes from."""
