"""What the fee schedule's codes and indicators mean, in our own words.

Source: CMS, National Physician Fee Schedule Relative Value File, its record layout (RVUPUF); Medicare Claims
Processing Manual, Pub. 100-04, chapter 12 and chapter 23 (Addendum).
"""

from .repository import RvuRow

STATUS: dict[str, tuple[str, str]] = {
    "A": ("Active", "Paid separately under the fee schedule when covered."),
    "B": ("Bundled", "Always part of another service that is paid: never paid on its own."),
    "C": (
        "Priced by the contractor",
        "No national value; the contractor sets the price, mostly from the record.",
    ),
    "D": ("Deleted", "Deleted at the beginning of the year."),
    "E": ("Excluded by regulation", "Not paid under the fee schedule; where covered, by other rules."),
    "F": ("Deleted", "Deleted, without a grace period."),
    "G": ("Not valid for Medicare", "Medicare uses another code; a grace period of 90 days applied."),
    "H": ("Deleted modifier", "The part with this modifier no longer exists."),
    "I": ("Not valid for Medicare", "Medicare uses another code for this service."),
    "J": (
        "Anesthesia",
        "Priced by base units, time and the anesthesia conversion factor, not by relative values.",
    ),
    "M": ("Measurement", "For reporting only."),
    "N": ("Not covered", "Not covered by Medicare; values shown are for information."),
    "P": (
        "Bundled or excluded",
        "Never paid on its own: part of a physician's service, or paid by other rules.",
    ),
    "Q": ("Functional information", "For reporting only (therapy, ended)."),
    "R": ("Restricted coverage", "Special coverage rules; without values the contractor sets the price."),
    "T": ("Paid only alone", "Paid only when nothing else payable is billed that day by the same provider."),
    "X": ("Statutory exclusion", "Not a physician service by law: not paid under the fee schedule."),
}
GLOBAL_DAYS: dict[str, str] = {
    "000": "0 days: visits on the day of the procedure are part of it.",
    "010": "10 days: visits on the day and in the 10 days after it are part of it.",
    "090": "90 days: visits from the day before to 90 days after it are part of it.",
    "MMM": "Maternity code: the usual global period does not apply.",
    "XXX": "No global period.",
    "YYY": "The contractor decides whether there is a global period, and how long.",
    "ZZZ": "Add-on code: belongs to the global period of its primary procedure.",
}
PCTC: dict[str, str] = {
    "0": "Physician service: has no professional and technical part; 26 and TC are not used.",
    "1": "Diagnostic test with two parts: 26 and TC may be used.",
    "2": "Professional part only: another code stands for the technical part; 26 and TC are not used.",
    "3": "Technical part only: 26 and TC are not used.",
    "4": "Whole test only: other codes stand for its parts; 26 and TC are not used.",
    "5": "By staff, incident to a physician's service: not paid in a hospital; 26 and TC are not used.",
    "6": "Laboratory test whose reading by a physician may be paid with 26; TC is not used.",
    "7": "Therapy: not paid to independent therapists for patients of a hospital.",
    "8": "Physician's reading of a laboratory smear; no technical part is paid.",
    "9": "Professional and technical parts don't apply.",
}
MULTIPLE: dict[str, str] = {
    "0": "No reduction when other procedures are done the same day.",
    "1": "Old standard rule: 100, 50, 25, 25, 25 %, by report from the sixth on.",
    "2": "Standard rule by rank: 100 % for the highest, 50 % for the second to fifth, by report from the sixth on.",
    "3": "Endoscopy: within a family the highest in full, each other by what it exceeds the base endoscopy.",
    "4": "Imaging: further studies of the session at 50 % of the technical and 95 % of the professional part.",
    "5": "Therapy: practice expense of further units and services that day at 50 %.",
    "6": "Cardiovascular test: technical part of further tests that day at 75 %.",
    "7": "Eye test: technical part of further tests that day at 80 %.",
    "9": "The rules for several procedures don't apply.",
}
BILATERAL: dict[str, str] = {
    "0": "150 % does not apply: both sides are paid once, at 100 %.",
    "1": "Both sides are paid at 150 % of one (modifier 50).",
    "2": "The value already covers both sides: paid once, at 100 %.",
    "3": "Each side is paid at 100 %, as usual for tests.",
    "9": "Sides don't apply.",
}
ASSISTANT: dict[str, str] = {
    "0": "Restricted: paid only when the record shows that an assistant was needed.",
    "1": "An assistant may not be paid, by law.",
    "2": "An assistant may be paid.",
    "9": "Assistance at surgery doesn't apply.",
}
CO_SURGEONS: dict[str, str] = {
    "0": "Two surgeons are not permitted.",
    "1": "Two surgeons may be paid when the record shows that both were needed.",
    "2": "Two surgeons of different specialties are permitted without documents.",
    "9": "Two surgeons don't apply.",
}
TEAM: dict[str, str] = {
    "0": "A team is not permitted.",
    "1": "A team may be paid, by report, when the record shows that it was needed.",
    "2": "A team is permitted; paid by report.",
    "9": "A team doesn't apply.",
}
SUPERVISION: dict[str, str] = {
    "01": "General supervision by a physician.",
    "02": "Direct supervision by a physician.",
    "03": "Personal supervision by a physician.",
    "04": "General supervision, unless by a qualified psychologist.",
    "05": "General supervision, unless by a qualified audiologist.",
    "06": "By a physician, or a physical therapist certified in electrophysiology where the state permits.",
    "09": "The levels of supervision don't apply.",
    "21": "Certified technician under general supervision, else direct supervision.",
    "22": "Technician with a physician online at the time.",
    "66": "By a physician, or a physical therapist certified for the procedure.",
    "6A": "As 66; the certified therapist may supervise another therapist, and bills.",
    "77": "By a certified physical therapist, a technician under direct, or one certified under general supervision.",
    "7A": "As 77; the certified therapist may supervise another therapist, and bills.",
}

# Field, its heading in the file, and what its values mean, in the order of the file.
FIELDS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("status", "STATUS CODE", {key: f"{name}. {text}" for key, (name, text) in STATUS.items()}),
    ("pctc", "PCTC IND", PCTC),
    ("global_days", "GLOB DAYS", GLOBAL_DAYS),
    ("multiple", "MULT PROC", MULTIPLE),
    ("bilateral", "BILAT SURG", BILATERAL),
    ("assistant", "ASST SURG", ASSISTANT),
    ("co_surgeons", "CO-SURG", CO_SURGEONS),
    ("team", "TEAM SURG", TEAM),
    ("supervision", "SUPERVISION", SUPERVISION),
)

UNKNOWN = "The meaning of this value is not known here."


def explained(row: RvuRow) -> list[tuple[str, str, str, str]]:
    """Field, heading, value and meaning of every indicator of a row."""
    return [
        (field, heading, value, meanings.get(value, UNKNOWN))
        for field, heading, meanings in FIELDS
        if (value := str(getattr(row, field)))
    ]
