"""Words that example jobs are made of. All employers are invented."""

FIRST = (
    "Cedar",
    "Lakeview",
    "Northgate",
    "Harbor",
    "Summit",
    "Prairie",
    "Riverbend",
    "Sunridge",
    "Pinecrest",
    "Bluestone",
    "Fairhaven",
    "Maplewood",
    "Ironbridge",
    "Silver Creek",
    "Westfall",
    "Oakline",
    "Redwood Valley",
    "Stonegate",
    "Clearwater",
    "Meadowlark",
    "Brightpath",
    "Granite",
    "Copper Hills",
    "Juniper",
    "Willow Run",
)
LAST = (
    "Health System",
    "Regional Medical Center",
    "Physician Group",
    "Coding Partners",
    "Revenue Services",
    "Health Plan",
    "Clinics",
    "Hospital",
    "Surgery Centers",
    "Orthopedic Associates",
    "Cardiology Group",
    "Health Network",
    "Coding Solutions",
    "Medical Audit Group",
)

# (city, state, ZIP)
PLACES = (
    ("Columbus", "OH", "43215"),
    ("Nashville", "TN", "37203"),
    ("Phoenix", "AZ", "85004"),
    ("Tampa", "FL", "33602"),
    ("Dallas", "TX", "75201"),
    ("Denver", "CO", "80202"),
    ("Boston", "MA", "02108"),
    ("Seattle", "WA", "98101"),
    ("Atlanta", "GA", "30303"),
    ("Chicago", "IL", "60601"),
    ("Minneapolis", "MN", "55401"),
    ("Albany", "NY", "12207"),
    ("Sacramento", "CA", "95814"),
    ("Raleigh", "NC", "27601"),
    ("Richmond", "VA", "23219"),
    ("Omaha", "NE", "68102"),
    ("Salt Lake City", "UT", "84101"),
    ("Louisville", "KY", "40202"),
    ("Portland", "OR", "97201"),
    ("Pittsburgh", "PA", "15222"),
    ("Detroit", "MI", "48226"),
    ("Milwaukee", "WI", "53202"),
    ("Boise", "ID", "83702"),
    ("Des Moines", "IA", "50309"),
    ("Kansas City", "MO", "64106"),
    ("Wichita", "KS", "67202"),
    ("Reno", "NV", "89501"),
    ("Newark", "NJ", "07102"),
    ("Hartford", "CT", "06103"),
    ("Charleston", "SC", "29401"),
)
STATE_GROUPS = (
    (),
    (),
    (),
    ("TX", "FL", "GA", "NC", "SC", "TN"),
    ("OH", "IN", "KY", "MI", "PA"),
    ("AZ", "UT", "NV", "ID"),
    ("FL",),
    ("NY", "NJ", "CT", "MA"),
    ("TX",),
)
SOFTWARE = (
    "Epic and 3M 360 Encompass",
    "Cerner and Optum Encoder",
    "Epic and TruCode",
    "athenahealth",
    "eClinicalWorks",
    "Meditech and 3M",
    "NextGen",
    "",
    "",
)
SHIFTS = (
    "Monday to Friday, day shift",
    "evening shift",
    "flexible hours within a pay period",
    "weekend shift",
)

# kind → (titles, what one does)
WORK = {
    "production": (
        (
            "{specialty} Coder",
            "Medical Coder, {specialty}",
            "{setting} Coding Specialist",
            "Coding Specialist II, {specialty}",
            "Certified Coder, {specialty}",
        ),
        (
            "Assign diagnosis and procedure codes from the provider's documentation.",
            "Query providers when documentation is unclear or conflicting.",
            "Keep up with quarterly code updates and payer policies.",
            "Resolve edits before the claim is sent.",
        ),
    ),
    "audit": (
        (
            "Coding Auditor, {specialty}",
            "{setting} Coding Quality Auditor",
            "Compliance Auditor, {specialty}",
        ),
        (
            "Review coded encounters against documentation and guidelines.",
            "Write findings that coders can learn from.",
            "Report trends to compliance every month.",
            "Follow up on corrected claims.",
        ),
    ),
    "denials": (
        ("Denials Coding Specialist", "Coding Denials and Appeals Analyst, {specialty}"),
        (
            "Find out why claims were denied and correct what was coded wrongly.",
            "Write appeals that cite the payer's policy.",
            "Track overturn rates by payer.",
            "Teach the team what causes denials.",
        ),
    ),
    "cdi": (
        ("Clinical Documentation Specialist", "CDI Specialist, {setting}"),
        (
            "Review open charts for documentation that does not say what the record shows.",
            "Write compliant queries.",
            "Reconcile working and final DRGs with coding.",
            "Round with physicians.",
        ),
    ),
    "billing": (
        ("Coder and Biller, {specialty}", "Professional Fee Billing Specialist, {specialty}"),
        (
            "Code encounters and enter charges.",
            "Work claim edits and rejections every day.",
            "Post payments and follow up on balances.",
            "Answer questions from the front desk.",
        ),
    ),
    "education": (
        ("Coding Educator, {specialty}", "Provider Education Specialist"),
        (
            "Teach coders and providers from audit results.",
            "Write short guides on new codes.",
            "Run onboarding for new coders.",
            "Measure what training changed.",
        ),
    ),
    "management": (
        ("Coding Manager, {setting}", "Supervisor of Coding, {specialty}"),
        (
            "Lead a team of coders and plan their work.",
            "Watch the discharged, not final billed account list.",
            "Set goals for quality and productivity.",
            "Hire and develop coders.",
        ),
    ),
}
BENEFITS = (
    "Health, dental and vision from the first month",
    "Paid time off and holidays",
    "Certification dues and CEUs paid",
    "Equipment and two monitors provided",
    "Retirement plan with matching",
    "AAPC or AHIMA membership paid",
)
OPENINGS = (
    "{company} is looking for a coder who cares about getting it right.",
    "Join the coding team of {company}.",
    "Our team at {company} is growing.",
    "{company} has an opening on its {setting} coding team.",
)
# The same meaning in other words, for reworded duplicates.
OTHER_WORDS = (
    ("Assign diagnosis and procedure codes from", "Abstract and code diagnoses and procedures out of"),
    ("Query providers when", "Send provider queries if"),
    ("Keep up with", "Stay current on"),
    ("Resolve edits before the claim is sent.", "Clear claim edits prior to submission."),
    ("Review coded encounters against", "Compare coded visits with"),
    ("Write findings that coders can learn from.", "Document audit results for coder feedback."),
    ("Find out why claims were denied and correct", "Investigate denied claims and fix"),
    ("Review open charts for", "Examine concurrent records for"),
    ("Code encounters and enter charges.", "Handle charge entry and encounter coding."),
    ("Lead a team of coders and plan their work.", "Supervise coding staff and assign work."),
    ("Teach coders and providers from audit results.", "Turn audits into training for providers and coders."),
    ("What you do", "Responsibilities"),
    ("What you get", "We offer"),
    ("What you bring", "Requirements"),
    ("is looking for a coder who cares about getting it right", "seeks a detail-minded coding professional"),
    ("Join the coding team of", "Come and code with"),
    ("is growing", "is expanding"),
    ("has an opening on its", "is hiring for its"),
)
SCAM_LINES = (
    "Contact our hiring manager on Telegram @codingjobs to be hired today without interview.",
    "Send $150 by gift card for your training kit; it is paid back with the first check.",
    "Earn $9,500 a week from home, no certification needed, text us on WhatsApp.",
)
