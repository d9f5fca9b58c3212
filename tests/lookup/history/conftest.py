from icd10cm_books import (  # noqa: F401
    made_books,
    made_editions,
    official_editions,
    opened,
)
