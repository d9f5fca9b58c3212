"""Made-up rows, and strategies for sentences that say something else than these."""

from datetime import date

from hypothesis import strategies as st

from ahead.assistant.answers.record import Record
from ahead.assistant.answers.schemas import Citation
from ahead.assistant.gate.service import Gate

AS_OF = date(2026, 1, 5)
ROWS = (
    "E11.9 – Valid on the date of service: Yes, billable.",
    "J1885 – MUE: 8 units, MAI 3. Payment: $12.50, 80 percent of it by Medicare.",
    "99213 – Modifiers 25 and RT may be reported. Global days: 010. Work RVU: 1.30.",
    "470 – MS-DRG 470, weight 1.9289; LCD L33718, NCD 110.24, article A52511, place of service 11.",
    "I.C.4.a – Guideline section I.C.4.a, and section II.K, of 2025-10-01.",
)


def citation(n: int, quote: str) -> Citation:
    return Citation(n, "made-up.txt", "made up", "0" * 64, n, "2025-10-01", "2026-09-30", quote, "/codes/x/y")


CITED = [citation(n, row) for n, row in enumerate(ROWS, start=1)]


def gate() -> Gate:
    record = Record()
    record.add("code", {"code": "E11.9", "facts": list(ROWS)})
    record.add("code", {"code": "J1885"})
    record.add("code", {"code": "99213"})
    return Gate(record, AS_OF)


# None of these stands in the rows.
_LETTERS = st.sampled_from("ABCDFGHKLMNRSTZ")
_DIGIT = st.sampled_from("0123456789")


def _digits(low: int, high: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=low, max_size=high)


CODES = st.one_of(
    st.builds(lambda a, b, c, d: f"{a}{b}{c}.{d}", _LETTERS, _DIGIT, _DIGIT, _digits(1, 4)),
    st.builds(lambda d: f"9{d}", _digits(4, 4)),
    st.builds(lambda d, last: f"0{d}{last}", _digits(3, 3), st.sampled_from("FTU")),
    st.builds(lambda a, d: f"{a}{d}", st.sampled_from("AGJQ"), _digits(4, 4)),
    st.builds(lambda d, a: f"0D{d}{a}4ZZ", _DIGIT, _LETTERS),
).filter(lambda code: code not in ("E11.9", "J1885", "99213"))

_FULLWIDTH = str.maketrans({chr(n): chr(n + 0xFEE0) for n in range(0x21, 0x7F)})
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_BOLD = str.maketrans({str(n): chr(0x1D7CE + n) for n in range(10)})
_CYRILLIC = str.maketrans("ABCEHKMTX", "АВСЕНКМТХ")
_WORDS = dict(zip("0123456789", str.split("zero one two three four five six seven eight nine"), strict=True))


def in_words(code: str) -> str:
    return " ".join("point" if one == "." else _WORDS.get(one, one) for one in code)


DISGUISES = (
    lambda code: code,
    str.lower,
    lambda code: "\u200b".join(code),
    lambda code: "\u00ad".join(code),
    lambda code: " ".join(code),
    lambda code: "-".join(code),
    lambda code: "\u2011".join(code),
    lambda code: code.replace(".", " . "),
    lambda code: code[:2] + " " + code[2:],
    lambda code: code[:3] + "-" + code[3:],
    lambda code: code.translate(_FULLWIDTH),
    lambda code: code.translate(_ARABIC),
    lambda code: code.translate(_BOLD),
    lambda code: code.translate(_CYRILLIC),
    lambda code: "".join(f"&#{ord(one)};" for one in code),
    lambda code: code.replace(".", "․"),
    lambda code: "*" + code + "*",
    lambda code: "\u202e" + code + "\u202c",
    in_words,
)
