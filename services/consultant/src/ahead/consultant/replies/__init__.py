"""What a reply says, apart from how it looks: as plain text, as simple HTML, on pages and as JSON."""

from ahead.consultant.replies.content import Part, Reply, Sentence, Source, decode, encode
from ahead.consultant.replies.page import to_html
from ahead.consultant.replies.plain import to_text

__all__ = ["Part", "Reply", "Sentence", "Source", "decode", "encode", "to_html", "to_text"]
