"""Whose texts a code system is made of: the line that stands under them."""

OWNERS = {
    "icd10cm": "ICD-10-CM is a publication of the US government (CDC/NCHS and CMS), in the public domain.",
    "icd10pcs": "ICD-10-PCS is a publication of the US government (CMS), in the public domain.",
    "hcpcs": "HCPCS Level II is maintained by the US government (CMS), in the public domain, but for codes that "
    "begin with D: those are the American Dental Association's.",
    "cpt": "CPT is a registered trademark of the American Medical Association, who own its descriptions.",
    "icd9cm": "ICD-9-CM is a publication of the US government (CDC/NCHS and CMS), in the public domain.",
    "msdrg": "MS-DRGs are published by the US government (CMS), in the public domain.",
}
