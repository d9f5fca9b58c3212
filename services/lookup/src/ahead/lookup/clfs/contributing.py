"""What the laboratory rates say of a code on its page."""

from ahead.lookup.codes.panels import Contribution, Fact, Panel, SectionKey, Subject

from .service import Laboratory

FILES = "Clinical laboratory fee schedule of a quarter"


class LaboratorySection:
    section: SectionKey = "fees"
    systems = frozenset({"cpt", "hcpcs"})

    def __init__(self, laboratory: Laboratory) -> None:
        self._laboratory = laboratory

    async def contribute(self, subject: Subject) -> Contribution:
        fee = await self._laboratory.fee(subject.code, subject.as_of)
        if fee.edition.release is None:
            return Contribution(would_fill=(f"{FILES}: {fee.edition.message}",))
        if not fee.rates:
            return Contribution()
        marked = fee.edition.marked
        facts = tuple(
            Fact(
                f"{'Rate listed' if marked else 'National rate'}{f', modifier {rate.modifier}' * bool(rate.modifier)}",
                f"${rate.amount}",
                f"In force since {rate.effective.isoformat()}." if rate.effective else "",
                receipt=rate.receipt,
            )
            for rate in fee.rates
        )
        edition = f"Shown from the newest quarter, {fee.edition.message}." if marked else ""
        return Contribution((Panel("Laboratory rate", facts=facts, edition=edition),))
