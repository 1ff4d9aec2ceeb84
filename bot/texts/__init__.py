"""Every word a follower reads: templates in zh/*.yml, filled by the ((占位符)) engine of the backend."""

from bot.texts.render import Texts

__all__ = ["Texts"]
