"""What a user names on a command line by its module: MODULE:ATTRIBUTE."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from riskmodels.core.errors import Misuse


def imported(name: str, option: str) -> Any:
    """What the module's attribute is; the module may lie in the current folder. Only for names the user types.

    A name that data bring along must never come here: importing a module runs it.
    """
    module, _, attribute = name.partition(":")
    if not module or not attribute:
        raise Misuse(f"{option}: found {name!r}, expected MODULE:ATTRIBUTE, such as mymodule:MINE")
    found = _module(module, option)
    if not hasattr(found, attribute):
        raise Misuse(f"{option}: module {module}: found no {attribute!r}, expected it to be defined there")
    return getattr(found, attribute)


def _module(name: str, option: str) -> Any:
    """The module, looked for where Python looks and then in the current folder."""
    here = str(Path.cwd())
    added = here not in sys.path
    if added:
        sys.path.append(here)
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise Misuse(f"{option}: found no module {error.name!r}, expected one in this folder or installed") from None
    except Misuse:
        raise
    except Exception as error:
        raise Misuse(f"{option}: module {name}: {type(error).__name__}: {error}") from error
    finally:
        if added:
            sys.path.remove(here)
