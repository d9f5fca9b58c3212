from icd10cm_books import (  # noqa: F401
    made_books,
    official_guidelines,
    official_indexes,
    opened,
)
