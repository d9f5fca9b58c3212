"""Made-up addenda in the publisher's layout: no such codes, rates or areas are published."""

AA = (
    "Addendum AA -- ASC Covered Surgical Procedures for CY {year},,,,,,\n"
    "made up for tests,,,,,,\n,,,,,,\n"
    "HCPCS Code,,Short Descriptor,Subject to Multiple Procedure Discounting,{quarter} Payment Indicator,"
    "{quarter}  Payment Weight  ,{quarter} Payment Rate \n"
)
BB = (
    "Addendum BB -- ASC Covered Ancillary Services for CY {year},,,,,,,\n"
    "HCPCS Code,,Short Descriptor,Drug and Device Pass-Through Expiration during Calendar Year,"
    "{quarter} Payment Indicator,{quarter} Payment Weight  ,{quarter} Payment Rate ,"
    "{quarter} IRA-22 Adjusted Copayment1\n"
)
EE = "Addendum EE -- Surgical Procedures to be Excluded for CY {year},\nHCPCS Code,Short Descriptor\n"
FF = (
    "Addendum FF -- ASC Device Offset Percentages for CY {year},,,,,,,,\n"
    "HCPCS Code,,Short Descriptor,{quarter} Payment Indicator,{quarter} APC,"
    "{quarter} APC Device Offset Percentage,{quarter} OPPS Payment Rate,{quarter} Device Offset Percentage,"
    "{quarter} Device Offset Amount / Device Portion\n"
)
AA_ROWS = '10021,,,Y,A2,10.5,"$1,000.00"\n10022,,,Y,G2,5.25,$500.01\n10023,,,N,J8,20.0,"$2,000.00"\n10024,,,N,N1,,\n'
BB_ROWS = "J9999,,,,K2,,$12.34,$2.00\nC9999,***,,*,J7,,,\n"
EE_ROWS = "20999,\n"
FF_ROWS = (
    '10021,,,A2,5111,1.00%,"$2,000.00",0.50%,$5.00\n10023,,,J8,5115,40.00%,"$4,000.00",30.00%,"$1,200.00"\n'
    "10024,,,N1,,,,,\n"
)
WAGES = (
    "CBSA,CBSA Name,WI{short}\n01,MADE UP,0.8\n10999,Twice A,1.1\n10999,Twice B,1.3\n02,NONE,\n03,WHOLE,1\n"
)
