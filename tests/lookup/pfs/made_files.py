"""Made-up files in the publisher's layouts: codes and numbers are invented."""

SHORT = (
    "HCPCS,MOD,DESCRIPTION,STATUS CODE,NOT USED FOR MEDICARE PAYMENT,WORK RVU,NON-FAC PE RVU,NON-FAC NA IND,"
    "FAC PE RVU,FAC NA IND,MP RVU,NON-FAC TOTAL,FAC TOTAL,IND,DAYS,OP,OP,OP,PROC,SURG,SURG,SURG,SURG,BASE,FACTOR,"
    "PROCEDURES,FLAG,INDICATOR,AMOUNT,AMOUNT,AMOUNT"
)
ROWS = (
    "A0001,,x,A,,1.00,2.00,,1.00,,0.10,3.10,2.10,0,XXX,0.00,0.00,0.00,0,0,0,0,0,,30.0000,09,0,99,0.00,0.00,0.00",
    "A0002,,x,A,,2.00,4.00,NA,3.00,,0.20,6.20,5.20,0,090,0.10,0.70,0.20,2,1,2,1,0,,30.0000,09,0,99,0.00,0.00,0.00",
    "A0003,,x,C,,0.00,0.00,,0.00,,0.00,0.00,0.00,0,YYY,0.00,0.00,0.00,9,9,9,9,9,,30.0000,09,0,99,0.00,0.00,0.00",
)
_ABOVE = (
    "{year} National Physician Fee Schedule Relative Value File {month} Release,,,",
    '"CPT codes and descriptions only are copyright {year} American Medical Association.  All Rights Reserved.",,,',
    "RELEASED 01/02/{year},,",
    ",,,",
    ",,,",
    ",,,,,,,,,,,,,,,,,,,,,,,,,PHYSICIAN,,,,,",
    ",,,,NOT USED,,,NON-FAC,,,,,,,,,,,,,,,,,,SUPERVISION,,DIAGNOSTIC,NON-FACILITY,FACILITY,MP USED",
    ",,,,FOR,,NON-,NA,,FACILITY,,,,,,,,,,,,,,,,OF,,IMAGING,PE USED FOR OPPS,PE USED FOR OPPS,FOR OPPS",
)
_UPPER = (
    ",,,STATUS,MEDICARE,WORK,FAC,,FACILITY,NA,MP,NON-FACILITY,FACILITY,PCTC,GLOB,PRE,INTRA,POST,MULT,BILAT,ASST,CO-,"
    "TEAM,{price}ENDO,CONV,DIAGNOSTIC,CALCULATION,FAMILY,PAYMENT,PAYMENT,PAYMENT"
)
_LAST = (
    "HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,PE RVU,INDICATOR,RVU,TOTAL,TOTAL,IND,DAYS,OP,OP,OP,PROC,"
    "SURG,SURG,SURG,SURG,{price}BASE,FACTOR,PROCEDURES,FLAG,INDICATOR,AMOUNT,AMOUNT,AMOUNT"
)
GPCI = (
    "ADDENDUM E. FINAL CY {year} GEOGRAPHIC PRACTICE COST INDICES (GPCIs) BY STATE AND MEDICARE LOCALITY,,,,,,\r\n"
    ",,,,,,\r\n"
    "Medicare Administrative Contractor (MAC),State,Locality Number,Locality Name,{year} PW GPCI (with 1.0 Floor),"
    "{year} PE GPCI,{year} MP GPCI\r\n"
    "99102,ZZ,01,MADE UP CITY,1,1.1,0.5\r\n"
    "99102,ZZ,99,REST OF MADE UP*,1,0.9,0.5\r\n"
    '"MAC Assignments as of January 1, 2025",,,,,,\r\n'
    ",,,,,,\r\n"
    "*made up note,,,,,,\r\n"
)
LOCALITIES = (
    "COUNTIES INCLUDED IN {year} LOCALITIES.,,,,\r\n,,,,\r\n"
    "Medicare Adminstrative Contractor,Locality Number,State ,Fee Schedule Area ,Counties\r\n,,,,\r\n"
    '99102,1,MADE UP ,MADE UP CITY,"ONE, TWO"\r\n'
    "99102,99,,REST OF STATE,ALL OTHER COUNTIES\r\n"
    " , , , , \r\n"
    "1102,0,ELSEWHERE,STATEWIDE,ALL COUNTIES \r\n"
    "*  made up note,,,,\r\n"
)
ANESTHESIA = (
    "Contractor,Locality,Locality Name,National Anes CF of 20.5000\r\n"
    "99102 ,01 ,MADE UP CITY,21.00 \r\n,,,\r\n"
)
CAPS = (
    "HCPCS,MOD,PROCSTAT,CARRIER,LOCALITY,FACILITY PRICE,NON-FACILTY PRICE\r\n"
    "A0001,,A,99102,01,10.00,20.00\r\n,,,,,,\r\n"
)


def short(*rows: str) -> str:
    """One header line, as in the shorter form."""
    return "\r\n".join((SHORT, *(rows or ROWS))) + "\r\n"


def published(year: int, month: str, *rows: str) -> str:
    """Title, copyright and release lines, names over rows 6 to 10; from 2026 on with PRIC IND."""
    late = year >= 2026
    above = [line.format(year=year, month=month) for line in _ABOVE]
    above[5:] = [_with_price(line, "") if late else line for line in above[5:]]
    header = [_UPPER.format(price="PRIC," if late else ""), _LAST.format(price="IND," if late else "")]
    lines = [_with_price(row) if late else row for row in rows or ROWS]
    return "\r\n".join((*above, *header, *lines)) + "\r\n"


def _with_price(row: str, cell: str = "9") -> str:
    cells = row.split(",")
    return ",".join((*cells[:23], cell, *cells[23:]))


def zip_line(code: str = "00001", flag: str = "0", quarter: str = "20251") -> str:
    return f"ZZ{code}9910201 Z9   {flag} A{' ' * 52}{quarter}\r\n"


def zip9_line(four: str, locality: str = "01", code: str = "00002", quarter: str = "20251") -> str:
    """As ZIP9lyout.txt describes it; without `four`, a ZIP code that needs none."""
    flag = f"1{four}" if four else "0    "
    return f"ZZ{code}99102{locality} {' ' * 5}{flag}{' ' * 6}A{' ' * 43}{quarter}\r\n"
