"""Code systems by their canonical addresses, as HL7 registers them."""

from ahead.shared.errors import BadInput, NotFound

URIS = {
    "icd10cm": "http://hl7.org/fhir/sid/icd-10-cm",
    "icd10pcs": "http://www.cms.gov/Medicare/Coding/ICD10",
    "hcpcs": "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
    "cpt": "http://www.ama-assn.org/go/cpt",
    "icd9cm": "http://hl7.org/fhir/sid/icd-9-cm",
    "msdrg": "https://www.cms.gov/Medicare/Medicare-Fee-for-Service-Payment/AcuteInpatientPPS/"
    "MS-DRG-Classifications-and-Software",
}
_SYSTEMS = {uri: system for system, uri in URIS.items()}
VALUE_SET = "?fhir_vs"
"""After the address of a code system: the value set of all its codes."""


def system_of(uri: str) -> str:
    """The code system of an address.

    Raises:
        BadInput: none was given.
        NotFound: no code system here has it.
    """
    if not uri.strip():
        raise BadInput(
            "Give the address of a code system.", slug="required", hint=f"Such as {URIS['icd10cm']}."
        )
    try:
        return _SYSTEMS[uri.strip()]
    except KeyError:
        raise NotFound(
            f"{uri[:200]} is no code system here.",
            slug="unknown-system",
            hint="Code systems here: " + ", ".join(URIS.values()) + ".",
        ) from None


def system_of_value_set(url: str) -> str:
    """The code system whose value set of all codes an address means."""
    if not url.endswith(VALUE_SET):
        raise NotFound(
            f"{url[:200]} is no value set here.",
            slug="unknown-value-set",
            hint=f"The value set of all codes of a system is its address and {VALUE_SET}.",
        )
    return system_of(url.removesuffix(VALUE_SET))
