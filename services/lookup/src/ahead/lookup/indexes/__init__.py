"""What ICD-10-CM's index books say: the two alphabetic indexes, the neoplasm table, the table of drugs."""
