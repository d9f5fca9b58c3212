"""ICD-9-CM diagnoses, for dates of service before October 2015."""
