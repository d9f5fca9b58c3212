"""Major diagnostic categories: keys and names, as the MS-DRG Definitions Manual has them."""

MDC_NAMES = {
    "PRE": "Pre-MDC",
    "01": "Diseases and Disorders of the Nervous System",
    "02": "Diseases and Disorders of the Eye",
    "03": "Diseases and Disorders of the Ear, Nose, Mouth and Throat",
    "04": "Diseases and Disorders of the Respiratory System",
    "05": "Diseases and Disorders of the Circulatory System",
    "06": "Diseases and Disorders of the Digestive System",
    "07": "Diseases and Disorders of the Hepatobiliary System and Pancreas",
    "08": "Diseases and Disorders of the Musculoskeletal System and Connective Tissue",
    "09": "Diseases and Disorders of the Skin, Subcutaneous Tissue and Breast",
    "10": "Endocrine, Nutritional and Metabolic Diseases and Disorders",
    "11": "Diseases and Disorders of the Kidney and Urinary Tract",
    "12": "Diseases and Disorders of the Male Reproductive System",
    "13": "Diseases and Disorders of the Female Reproductive System",
    "14": "Pregnancy, Childbirth and the Puerperium",
    "15": "Newborns and Other Neonates with Conditions Originating in Perinatal Period",
    "16": "Diseases and Disorders of Blood, Blood Forming Organs and Immunologic Disorders",
    "17": "Myeloproliferative Diseases and Disorders, Poorly Differentiated Neoplasms",
    "18": "Infectious and Parasitic Diseases, Systemic or Unspecified Sites",
    "19": "Mental Diseases and Disorders",
    "20": "Alcohol/Drug Use and Alcohol/Drug Induced Organic Mental Disorders",
    "21": "Injuries, Poisonings and Toxic Effects of Drugs",
    "22": "Burns",
    "23": "Factors Influencing Health Status and Other Contacts with Health Services",
    "24": "Multiple Significant Trauma",
    "25": "Human Immunodeficiency Virus Infections",
}
NO_MDC = "NO-MDC"
_TYPES = {"SURG": "Surgical", "MED": "Medical"}


def mdc_key(mdc: str) -> str:
    """ "05" as "MDC05"; MS-DRGs that the list puts into no MDC stand below NO-MDC."""
    if not mdc:
        return NO_MDC
    return "PRE-MDC" if mdc == "PRE" else f"MDC{mdc}"


def mdc_title(mdc: str) -> str:
    if not mdc:
        return "MS-DRGs for which the list names no MDC"
    return MDC_NAMES[mdc] if mdc == "PRE" else f"MDC {mdc}: {MDC_NAMES[mdc]}"


def type_key(mdc: str, kind: str) -> str:
    return f"{mdc_key(mdc)}-{kind}"


def type_title(kind: str) -> str:
    """SURG and MED in words."""
    return f"{_TYPES[kind]} MS-DRGs"


def type_name(kind: str) -> str:
    return _TYPES.get(kind, "")
