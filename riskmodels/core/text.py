"""The language of a run: every sentence a reader sees goes through a gettext catalogue."""

from __future__ import annotations

import gettext as _gettext
import io
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from functools import cache
from importlib.resources import files
from typing import TypeVar

from riskmodels.core.errors import Misuse

T = TypeVar("T")
LANGUAGES = ("en", "zh")
_language: ContextVar[str] = ContextVar("language", default="en")


def use(language: str) -> None:
    """Set the language of everything said from here on: 'en' or 'zh'."""
    if language not in LANGUAGES:
        raise Misuse(f"lang: found {language!r}, expected one of {', '.join(LANGUAGES)}")
    _language.set(language)


def said_in(language: str, say: Callable[[], T]) -> T:
    """What `say` returns, said in a language; the caller's language stays as it was."""

    def said() -> T:
        """What is said, once the language is set."""
        use(language)
        return say()

    return copy_context().run(said)


def language() -> str:
    """The language in force."""
    return _language.get()


def gettext(message: str) -> str:
    """The message in the language in force; English messages are their own keys."""
    return _catalogue(_language.get()).gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """The message for n things in the language in force."""
    return _catalogue(_language.get()).ngettext(singular, plural, n)


def mark(message: str) -> str:
    """The message unchanged, marked for the catalogue; translate it with `gettext` where it is shown."""
    return message


@cache
def _catalogue(lang: str) -> _gettext.NullTranslations:
    if lang == "en":
        return _gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    source = files("riskmodels") / "locale" / lang / "LC_MESSAGES" / "riskmodels.po"
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(source.read_bytes()), locale=lang))
    compiled.seek(0)
    return _gettext.GNUTranslations(compiled)
