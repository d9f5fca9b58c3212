"""The Official Guidelines for Coding and Reporting of ICD-10-CM, by their numbered sections."""
