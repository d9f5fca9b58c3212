"""What the tools take, as JSON."""

import msgspec


class WalkAsked(msgspec.Struct, forbid_unknown_fields=True):
    """`index` is "index" (diseases and injuries) or "external-cause"; `at` the place of a term in the edition, as
    an earlier answer gave it."""

    term: str = ""
    index: str = "index"
    at: int | None = None
    as_of: str | None = None


class NeoplasmAsked(msgspec.Struct, forbid_unknown_fields=True):
    site: str
    behavior: str = ""
    as_of: str | None = None
    limit: int = 25


class DrugAsked(msgspec.Struct, forbid_unknown_fields=True):
    substance: str
    intent: str = ""
    as_of: str | None = None
    limit: int = 25
