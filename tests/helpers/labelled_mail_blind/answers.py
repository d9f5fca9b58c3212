"""Answers of ours that the mails reply to and quote: their subjects and texts."""

ANSWERS: list[tuple[str, str]] = [
    (
        "Re: Modifier 25 with a nebulizer treatment",
        """Hello,

An E/M service on the day of 94640 needs modifier 25 when it is significant and separately identifiable.
The note has to stand on its own without the treatment. [1]

Confidence: high. This is coding guidance, not legal advice.

Coding Ahead
""",
    ),
    (
        "Re: Sequencing sepsis with pneumonia",
        """Dear colleague,

If sepsis was present on admission, A41.9 goes first and J18.9 second (Guideline I.C.1.d.4).

Sources
[1] ICD-10-CM Official Guidelines, FY 2026

You can answer this mail if something is missing.
Coding Ahead
""",
    ),
    (
        "Re: 11042 and 97597 on one leg",
        """Thank you for your question.

97597 is bundled into 11042 for the same wound. Separate wounds may be reported with modifier 59 or XS.
Add the surface areas of wounds at the same depth first.

Coding Ahead, answers with sources
""",
    ),
    (
        "Your question about diabetic CKD",
        """Hello,

E11.22 is assumed to be linked with N18.31 unless the documentation says otherwise. Report both, and Z79.4
when the patient takes insulin for long.

Was this helpful? Just answer this message.
""",
    ),
    (
        "Re: telehealth place of service",
        """Hi,

Use POS 10 when the patient is at home and POS 02 elsewhere. Modifier 95 depends on the payer.

An expert looked at this answer before it was sent.
-- 
Coding Ahead
""",
    ),
    (
        "We need one detail more",
        """Hello,

to answer your question on the colonoscopy we need to know whether it started as a screening, and who the payer is.

Please reply to this mail; do not send anything that names a patient.

Coding Ahead
""",
    ),
]
