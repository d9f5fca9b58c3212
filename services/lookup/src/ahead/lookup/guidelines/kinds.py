"""What the guidelines are called among the releases."""

SYSTEM = "icd10cm-guidelines"
NAME = "ICD-10-CM Official Guidelines"
