"""What feeds and sitemaps have to look like, as RELAX NG written from their specifications.

RSS 2.0: rssboard.org/rss-specification. Atom: RFC 4287, sections 4.1 and 4.2. Sitemaps: sitemaps.org/protocol.html.
Only what the specifications require and allow of the elements that we send; anything else is an error.
"""

from lxml import etree

_XSD = 'datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes"'
_HEAD = f'xmlns="http://relaxng.org/ns/structure/1.0" {_XSD}'
# RFC 822 dates, which RSS has: "Mon, 23 Nov 2026 14:30:00 +0000".
_RFC822 = r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{4} " \
          r"[0-9]{2}:[0-9]{2}:[0-9]{2} ([+-][0-9]{4}|GMT)"  # fmt: skip
_HTTP = r"https?://[^ ]+"
_URN = r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def _data(kind: str, pattern: str = "") -> str:
    inside = f'<param name="pattern">{pattern}</param>' if pattern else ""
    return f'<data type="{kind}">{inside}</data>'


def _element(name: str, inside: str) -> str:
    return f'<element name="{name}">{inside}</element>'


def _schema(body: str, ns: str = "") -> etree.RelaxNG:
    space = f' ns="{ns}"' if ns else ""
    return etree.RelaxNG(etree.fromstring(body.replace("<element", f"<element {_HEAD}{space}", 1)))


_TEXT = "<text/>"
_WORDS = '<data type="token"><param name="minLength">1</param></data>'

# 4.1.1: a feed has one id, one title, one updated; an entry one id, title, updated, an author here or in the feed.
_PERSON = _element("author", _element("name", _WORDS))
_LINK = (
    '<element name="link"><attribute name="href">' + _data("anyURI", _HTTP) + "</attribute>"
    '<optional><attribute name="rel"><choice><value>self</value><value>alternate</value></choice></attribute>'
    "</optional>"
    "<empty/></element>"
)
ATOM = _schema(
    '<element name="feed"><interleave>'
    + _element("title", _WORDS) + _element("id", _data("anyURI", _HTTP)) + _element("updated", _data("dateTime"))
    + f"<oneOrMore>{_LINK}</oneOrMore><zeroOrMore>"
    + '<element name="entry"><interleave>'
    + _element("title", _WORDS) + _element("id", _data("anyURI", _URN)) + _element("updated", _data("dateTime"))
    + _element("published", _data("dateTime")) + _PERSON + _element("summary", _TEXT) + _LINK
    + "</interleave></element></zeroOrMore></interleave></element>",
    "http://www.w3.org/2005/Atom",
)  # fmt: skip
# A channel has title, link and description; an item a title or a description, a guid once.
RSS = _schema(
    '<element name="rss"><attribute name="version"><value>2.0</value></attribute><element name="channel"><interleave>'
    + _element("title", _WORDS) + _element("link", _data("anyURI", _HTTP)) + _element("description", _WORDS)
    + '<element name="link" ns="http://www.w3.org/2005/Atom"><attribute name="href" ns="">' + _data("anyURI", _HTTP)
    + '</attribute><attribute name="rel" ns=""><value>self</value></attribute><attribute name="type" ns="">'
    + "<value>application/rss+xml</value></attribute><empty/></element><zeroOrMore>"
    + '<element name="item"><interleave>'
    + _element("title", _WORDS) + _element("link", _data("anyURI", _HTTP)) + _element("description", _WORDS)
    + '<element name="guid"><attribute name="isPermaLink"><value>false</value></attribute>'
    + _data("anyURI", _URN) + "</element>" + _element("pubDate", _data("string", _RFC822))
    + "</interleave></element></zeroOrMore></interleave></element></element>"
)  # fmt: skip
# loc is required, at most 2,048 characters; lastmod is a W3C date or time.
_LOC = _element(
    "loc",
    f'<data type="anyURI"><param name="pattern">{_HTTP}</param><param name="maxLength">2048</param></data>',
)
_LASTMOD = (
    "<optional>" + _element("lastmod", f"<choice>{_data('date')}{_data('dateTime')}</choice>") + "</optional>"
)
SITEMAP_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
SITEMAP = _schema(
    '<element name="urlset"><oneOrMore>' + _element("url", f"<interleave>{_LOC}{_LASTMOD}</interleave>")
    + "</oneOrMore></element>", SITEMAP_SPACE,
)  # fmt: skip
SITEMAP_INDEX = _schema(
    '<element name="sitemapindex"><oneOrMore>' + _element("sitemap", f"<interleave>{_LOC}{_LASTMOD}</interleave>")
    + "</oneOrMore></element>", SITEMAP_SPACE,
)  # fmt: skip


def wrong_with(schema: etree.RelaxNG, body: bytes) -> list[str]:
    """What the schema has against a document; empty for a valid one."""
    schema.validate(etree.fromstring(body))
    return [str(error) for error in schema.error_log]
