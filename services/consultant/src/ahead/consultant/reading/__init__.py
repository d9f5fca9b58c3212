"""Reading mail: any message without an exception, none of its text lost; a library, with nothing else behind it."""

from ahead.consultant.reading.message import Attachment, ReadMessage, read_message
from ahead.consultant.reading.reply import before_quotes, cut_reply

__all__ = ["Attachment", "ReadMessage", "before_quotes", "cut_reply", "read_message"]
