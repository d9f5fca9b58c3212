"""How a mail travelled: the headers that clients, servers and gateways leave, and how each sets a body."""

from __future__ import annotations

DKIM = "v=1; a=rsa-sha256; c=relaxed/relaxed; d={dom}; s={sel}; h=from:to:subject:date; bh={b}=; b={b}{b}="
MS = "DM6PR{d}MB{d}"
ARC = "i=1; mx.ahead.example; dkim=pass header.d={dom}; spf=pass smtp.mailfrom={addr}"

# name: (how the body is set, how its HTML looks, headers in their order)
WAYS: dict[str, tuple[str, str, list[tuple[str, str]]]] = {
    # people's clients
    "gmail": (
        "alt",
        "gmail",
        [
            ("Return-Path", "<{addr}>"),
            ("DKIM-Signature", DKIM.replace("{sel}", "20230601")),
            ("X-Google-DKIM-Signature", "v=1; a=rsa-sha256; d=1e100.net; s=20230601; bh={b}="),
            ("X-Gm-Message-State", "AOJu0Y{b}"),
            ("X-Google-Smtp-Source", "AGHT+I{b}"),
            ("X-Received", "by 2002:a05:6512:{h4}:b0:{h4} with SMTP id {h}; {date}"),
            ("Message-ID", "<CA+{b}@mail.gmail.com>"),
        ],
    ),
    "o365": (
        "alt",
        "word",
        [
            ("Return-Path", "<{addr}>"),
            (
                "Received",
                "from " + MS + ".namprd13.prod.outlook.com ([fe80::{h4}]) by mx.ahead.example; {date}",
            ),
            ("ARC-Seal", "i=1; a=rsa-sha256; s=arcselector10001; d=microsoft.com; cv=none; b={b}"),
            ("Thread-Topic", "{subject}"),
            ("Thread-Index", "AdqB{b}=="),
            ("Accept-Language", "en-US"),
            ("Content-Language", "en-US"),
            ("X-MS-Has-Attach", ""),
            ("X-MS-TNEF-Correlator", ""),
            ("Message-ID", "<" + MS + "{h}@" + MS + ".namprd13.prod.outlook.com>"),
            ("X-MS-Exchange-CrossTenant-AuthAs", "Internal"),
            ("X-OriginatorOrg", "{dom}"),
        ],
    ),
    "exchange": (
        "html",
        "word",
        [
            ("Received", "from EXCH01.{dom} (10.1.2.{d2}) by mx.ahead.example with ESMTPS; {date}"),
            ("Thread-Index", "Ac{b}"),
            ("X-Originating-IP", "[10.1.2.{d2}]"),
            ("Accept-Language", "en-US"),
            ("Message-ID", "<{h}@EXCH01.{dom}>"),
        ],
    ),
    "mac": (
        "qp",
        "apple",
        [
            ("Return-Path", "<{addr}>"),
            ("X-Mailer", "Apple Mail (2.3826.600.51.1.1)"),
            ("Received", "from smtpclient.apple ([192.0.2.{d2}]) by smtp.{dom} with ESMTPSA; {date}"),
            ("Message-ID", "<{u}@{dom}>"),
        ],
    ),
    "iphone": (
        "qp",
        "apple",
        [
            ("Return-Path", "<{addr}>"),
            ("X-Mailer", "iPhone Mail (22F76)"),
            ("Mime-Version", "1.0 (1.0)"),
            ("Message-ID", "<{u}@{dom}>"),
        ],
    ),
    "android": (
        "b64",
        "plain",
        [
            ("Received", "by mail-ej{d2}.{dom} with SMTP; {date}"),
            ("Importance", "normal"),
            ("X-Mailer", "Samsung Email"),
            ("Message-ID", "<{h}.{d}@email.android.com>"),
        ],
    ),
    "mobile": (
        "html",
        "outlook",
        [
            ("Return-Path", "<{addr}>"),
            ("Thread-Topic", "{subject}"),
            ("X-MS-Reactions", "allow"),
            ("X-MS-Exchange-Organization-SCL", "-1"),
            ("Message-ID", "<BL0PR{d}MB{h}@BL0PR{d}MB.namprd14.prod.outlook.com>"),
        ],
    ),
    "yahoo": (
        "alt",
        "plain",
        [
            ("DKIM-Signature", DKIM.replace("{sel}", "s2048")),
            ("X-YMail-OSG", "{b}"),
            ("X-Sonic-MF", "<{addr}>"),
            ("Message-ID", "<{d}{d}.{d}@mail.yahoo.com>"),
            ("X-Mailer", "WebService/1.1.23772 YMailNovation"),
        ],
    ),
    "tbird": (
        "8bit",
        "plain",
        [
            ("Return-Path", "<{addr}>"),
            ("User-Agent", "Mozilla Thunderbird"),
            ("Content-Language", "en-US"),
            (
                "Received",
                "from [192.168.1.{d2}] (unknown [203.0.113.{d2}]) by mail.{dom} with ESMTPSA; {date}",
            ),
            ("Message-ID", "<{u}@{dom}>"),
        ],
    ),
    "zimbra": (
        "alt",
        "plain",
        [
            ("Received", "from mta.{dom} (localhost [127.0.0.1]) by mta.{dom} (Postfix) with ESMTP; {date}"),
            ("X-Mailer", "Zimbra 8.8.15_GA_4652 (ZimbraWebClient - GC130 (Win)/8.8.15_GA_4652)"),
            ("X-Originating-IP", "[198.51.100.{d2}]"),
            ("Message-ID", "<{d}.{d}.{d}.JavaMail.zimbra@{dom}>"),
        ],
    ),
    "roundcube": (
        "qp",
        "plain",
        [("User-Agent", "Roundcube Webmail/1.6.9"), ("X-Sender", "{addr}"), ("Message-ID", "<{h}@{dom}>")],
    ),
    "express": (
        "latin",
        "plain",
        [
            ("X-Priority", "3"),
            ("X-MSMail-Priority", "Normal"),
            ("X-Mailer", "Microsoft Outlook Express 6.00"),
            ("X-MimeOLE", "Produced By Microsoft MimeOLE V6.00"),
            ("Message-ID", "<00{h4}$0{h4}@pc{d2}>"),
        ],
    ),
    "notes": (
        "latin",
        "plain",
        [
            ("X-Mailer", "HCL Notes Release 12.0.2"),
            ("X-MIMETrack", "Serialize by Router on D01/SRV/Corp"),
            ("Message-ID", "<OF{h}.{h4}-ON852@{dom}>"),
        ],
    ),
    "mutt": (
        "8bit",
        "plain",
        [
            ("User-Agent", "Mutt/2.2.13 (2024-03-09)"),
            ("Content-Disposition", "inline"),
            ("Message-ID", "<{h}@desk.{dom}>"),
        ],
    ),
    "proton": (
        "alt",
        "plain",
        [
            ("Return-Path", "<{addr}>"),
            ("Feedback-ID", "{d}:user:proton"),
            ("X-Pm-Message-ID", "{h}"),
            ("Message-ID", "<{b}@{dom}>"),
        ],
    ),
    "gateway": (
        "alt",
        "word",
        [
            ("Received", "from us-smtp-delivery-{d2}.mimecast.com by mx.ahead.example with ESMTPS; {date}"),
            ("X-MC-Unique", "{b}"),
            ("X-Mimecast-Spam-Score", "0"),
            ("X-Proofpoint-Virus-Version", "vendor=baseguard"),
            ("X-Auto-Response-Suppress", "DR, RN, NRN, OOF, AutoReply"),
            ("ARC-Authentication-Results", ARC),
            ("X-Spam-Status", "No, score=-1.9"),
            ("X-Virus-Scanned", "clean"),
            ("Message-ID", "<{h}@{dom}>"),
        ],
    ),
    "footer": (
        "alt",
        "word",
        [
            ("X-Footer-Tool", "Exclaimer"),
            ("List-Unsubscribe", "<mailto:preferences@{dom}>"),
            ("X-CodeTwo-MessageID", "{u}"),
            ("Precedence", "normal"),
            ("Auto-Submitted", "no"),
            ("DKIM-Signature", DKIM.replace("{sel}", "sel1")),
            ("Message-ID", "<{h}@{dom}>"),
        ],
    ),
    "handheld": ("qp", "plain", [("X-Mailer", "BlackBerry 10"), ("Message-ID", "<{d}{d}.{d}@{dom}>")]),
    # servers and tools
    "null": (
        "8bit",
        "plain",
        [
            ("Return-Path", "<>"),
            ("Received", "by mail.{dom} (Postfix) id {h}; {date}"),
            ("Message-ID", "<{d}.{h}@mail.{dom}>"),
        ],
    ),
    "oof": (
        "alt",
        "word",
        [
            ("Return-Path", "<>"),
            ("X-Auto-Response-Suppress", "All"),
            ("Auto-Submitted", "auto-generated"),
            ("X-MS-Exchange-Generated-Message-Source", "Mailbox Rules Agent"),
            ("X-OriginatorOrg", "{dom}"),
            ("Message-ID", "<{h}@" + MS + ".namprd13.prod.outlook.com>"),
        ],
    ),
    "ses": (
        "alt",
        "news",
        [
            ("Return-Path", "<{h}-000000@amazonses.example>"),
            ("Feedback-ID", "::1.us-east-1.{b}=:AmazonSES"),
            ("X-SES-Outgoing", "2026.03.02-54.240.8.{d2}"),
            ("Message-ID", "<{h}-000000@email.amazonses.example>"),
        ],
    ),
    "grid": (
        "html",
        "news",
        [
            ("Return-Path", "<bounces+{d}-{h4}-ask=ahead.example@em.{dom}>"),
            ("X-SG-EID", "{b}{b}"),
            ("X-SG-ID", "u001.{b}"),
            ("X-Entity-ID", "u001.{b}"),
            ("Message-ID", "<{b}@geopod-ismtpd-{d2}>"),
        ],
    ),
    "chimp": (
        "alt",
        "news",
        [
            ("Return-Path", "<bounce-mc.us{d2}_{d}@mail{d2}.mcsv.example>"),
            ("X-Mailer", "MailChimp Mailer - **CID{h}**"),
            ("X-Campaign", "mailchimp{h}"),
            ("X-MC-User", "{h}"),
            ("X-Report-Abuse", "Please report abuse to postmaster"),
            ("List-ID", "{h}mc list <{h}.list-id.mcsv.example>"),
            ("List-Unsubscribe", "<https://{dom}/u?id={h}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            ("Message-ID", "<{h}.{d}@mail{d2}.mcsv.example>"),
        ],
    ),
    "php": (
        "8bit",
        "news",
        [
            ("X-PHP-Originating-Script", "1001:class-phpmailer.php"),
            ("X-Mailer", "PHPMailer 6.9.1"),
            ("Message-ID", "<{b}@{dom}>"),
        ],
    ),
    "java": ("qp", "news", [("Message-ID", "<{d}.{d2}.{d}.JavaMail.app@app{d2}.{dom}>")]),
    "dotnet": ("b64", "news", [("X-Mailer", "MailBee.NET 12.4"), ("Message-ID", "<{u}@WEB{d2}>")]),
    "cron": (
        "8bit",
        "plain",
        [("Received", "by {dom} (Postfix, from userid 0) id {h}; {date}"), ("Message-ID", "<{d}.{h}@{dom}>")],
    ),
    "list": (
        "8bit",
        "plain",
        [
            (
                "Received",
                "from lists.{dom} (localhost [127.0.0.1]) by lists.{dom} (Postfix) with ESMTP; {date}",
            ),
            ("Precedence", "list"),
            ("X-BeenThere", "{user}@{dom}"),
            ("X-Mailman-Version", "2.1.39"),
            ("List-Id", "<{user}.{dom}>"),
            ("List-Post", "<mailto:{user}@{dom}>"),
            ("Sender", "{user}-bounces@{dom}"),
            ("Message-ID", "<mailman.{d2}.{d}.{user}@{dom}>"),
        ],
    ),
    "bare": ("8bit", "plain", [("Message-ID", "<{h}@{dom}>")]),
    "bulk": (
        "alt",
        "news",
        [("Return-Path", "<b-{h}@bounce.{dom}>"), ("Precedence", "bulk"), ("Message-ID", "<{h}.{d}@{dom}>")],
    ),
    "auto": (
        "8bit",
        "plain",
        [("Return-Path", "<>"), ("Auto-Submitted", "auto-replied"), ("Message-ID", "<{d}.{h}@{dom}>")],
    ),
}
