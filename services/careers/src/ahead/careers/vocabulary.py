"""The field's own words: what a job is described by, searched by and counted by.

Codes are stored, names are shown. Credentials are those that AAPC, AHIMA and ACDIS grant, and for home health BMSC.
"""

from collections.abc import Mapping

# Who grants a credential is who can be asked whether somebody holds it.
_AHIMA = frozenset(("CCS", "CCS-P", "CCA", "RHIA", "RHIT", "CDIP"))
_ACDIS = frozenset(("CCDS", "CCDS-O"))

CREDENTIALS: Mapping[str, str] = {
    "CPC": "Certified Professional Coder",
    "CPC-A": "Certified Professional Coder, Apprentice",
    "COC": "Certified Outpatient Coder",
    "CIC": "Certified Inpatient Coder",
    "CRC": "Certified Risk Adjustment Coder",
    "CPMA": "Certified Professional Medical Auditor",
    "CPB": "Certified Professional Biller",
    "CDEO": "Certified Documentation Expert Outpatient",
    "CCS": "Certified Coding Specialist",
    "CCS-P": "Certified Coding Specialist, Physician-based",
    "CCA": "Certified Coding Associate",
    "RHIA": "Registered Health Information Administrator",
    "RHIT": "Registered Health Information Technician",
    "CDIP": "Certified Documentation Integrity Practitioner",
    "CCDS": "Certified Clinical Documentation Specialist",
    "CCDS-O": "Certified Clinical Documentation Specialist, Outpatient",
    "CDEI": "Certified Documentation Expert Inpatient",
    "CPCO": "Certified Professional Compliance Officer",
    "CPPM": "Certified Physician Practice Manager",
    "CASCC": "Certified Ambulatory Surgery Center Coder",
    "CANPC": "Certified Anesthesia and Pain Management Coder",
    "CCC": "Certified Cardiology Coder",
    "CCVTC": "Certified Cardiovascular and Thoracic Surgery Coder",
    "CEDC": "Certified Emergency Department Coder",
    "CEMC": "Certified Evaluation and Management Coder",
    "CENTC": "Certified Ear, Nose and Throat Coder",
    "CFPC": "Certified Family Practice Coder",
    "CGIC": "Certified Gastroenterology Coder",
    "CGSC": "Certified General Surgery Coder",
    "CHONC": "Certified Hematology and Oncology Coder",
    "CIMC": "Certified Internal Medicine Coder",
    "CIRCC": "Certified Interventional Radiology Cardiovascular Coder",
    "COBGC": "Certified Obstetrics Gynecology Coder",
    "COPC": "Certified Ophthalmology Coder",
    "COSC": "Certified Orthopaedic Surgery Coder",
    "CPCD": "Certified Professional Coder in Dermatology",
    "CPEDC": "Certified Pediatrics Coder",
    "CPRC": "Certified Plastics and Reconstructive Surgery Coder",
    "CRHC": "Certified Rheumatology Coder",
    "CUC": "Certified Urology Coder",
    "HCS-D": "Homecare Coding Specialist, Diagnosis",
}

SPECIALTIES: Mapping[str, str] = {
    "multi": "Multi-specialty",
    "anesthesia": "Anesthesia",
    "cardiology": "Cardiology",
    "dermatology": "Dermatology",
    "emergency": "Emergency medicine",
    "evaluation": "Evaluation and management",
    "gastroenterology": "Gastroenterology",
    "general-surgery": "General surgery",
    "home-health": "Home health and hospice",
    "interventional": "Interventional radiology",
    "neurology": "Neurology and neurosurgery",
    "obgyn": "Obstetrics and gynecology",
    "oncology": "Oncology and hematology",
    "ophthalmology": "Ophthalmology",
    "orthopedics": "Orthopedics",
    "pathology": "Pathology and laboratory",
    "pediatrics": "Pediatrics",
    "psychiatry": "Behavioral health",
    "radiology": "Radiology",
    "risk-adjustment": "Risk adjustment (HCC)",
    "trauma": "Trauma",
    "urology": "Urology",
}

SETTINGS: Mapping[str, str] = {
    "inpatient": "Inpatient hospital",
    "outpatient": "Outpatient hospital",
    "physician": "Physician practice",
    "asc": "Ambulatory surgery center",
    "emergency": "Emergency department",
    "post-acute": "Post-acute and home health",
    "payer": "Payer",
    "vendor": "Coding vendor",
    "consulting": "Consulting firm",
    "education": "School or training",
}

KINDS: Mapping[str, str] = {
    "production": "Production coding",
    "audit": "Auditing",
    "denials": "Denials and appeals",
    "cdi": "Documentation integrity",
    "billing": "Billing",
    "education": "Education",
    "management": "Management",
}

CODE_SETS: Mapping[str, str] = {
    "icd10cm": "ICD-10-CM",
    "icd10pcs": "ICD-10-PCS",
    "cpt": "CPT",
    "hcpcs": "HCPCS Level II",
    "hcc": "HCC",
    "msdrg": "MS-DRG",
    "apc": "APC",
}

WORKPLACES: Mapping[str, str] = {"on-site": "On site", "hybrid": "Hybrid", "remote": "Remote"}

EMPLOYMENT: Mapping[str, str] = {
    "full-time": "Full time",
    "part-time": "Part time",
    "contract": "Contract",
    "temporary": "Temporary",
    "per-diem": "Per diem",
    "internship": "Internship",
}

EXPERIENCE: Mapping[str, str] = {
    "entry": "Entry level",
    "1-2": "1 to 2 years",
    "3-4": "3 to 4 years",
    "5+": "5 years or more",
}

PAY_UNITS: Mapping[str, str] = {"hour": "an hour", "year": "a year", "chart": "a chart"}
PAID_BY: Mapping[str, str] = {"hour": "The hour", "year": "The year", "chart": "The chart"}

STATES: Mapping[str, str] = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas",
    "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts",
    "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri", "MT": "Montana",
    "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico",
    "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma",
    "OR": "Oregon", "PA": "Pennsylvania", "PR": "Puerto Rico", "RI": "Rhode Island", "SC": "South Carolina",
    "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia",
    "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip


def experience_of(years: int) -> str:
    """The band of "at least so many years"."""
    if years <= 0:
        return "entry"
    return "1-2" if years < 3 else "3-4" if years < 5 else "5+"


def granted_by(credential: str) -> str:
    """The organization that grants a credential."""
    if credential in _AHIMA:
        return "AHIMA"
    if credential in _ACDIS:
        return "ACDIS"
    return "BMSC" if credential == "HCS-D" else "AAPC"
