"""Reports about our mail, as other servers write them; made up."""


def bounce(return_path: str, *, address: str = "jane@clinic.example", action: str = "failed") -> bytes:
    """A bounce that quotes the headers of the mail it is about."""
    return (
        "From: mailer-daemon@clinic.example\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n"
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: 5.1.1\r\n\r\n--b\r\n"
        f"Content-Type: text/rfc822-headers\r\n\r\nReturn-Path: <{return_path}>\r\n\r\n--b--\r\n"
    ).encode()


def complaint(return_path: str, mail: bytes = b"Subject: knee\r\n\r\nx") -> bytes:
    """A complaint as a feedback loop sends it: the address taken out, our mail attached."""
    return (
        b"From: feedback@isp.example\r\nTo: ask@ahead.example\r\nSubject: complaint\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: text/plain\r\n\r\nThis is an email abuse report.\r\n--b\r\n"
        b"Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: isp/1\r\nVersion: 1\r\n"
        b"Original-Mail-From: <%s>\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n%s\r\n--b--\r\n"
        % (return_path.encode(), mail)
    )
