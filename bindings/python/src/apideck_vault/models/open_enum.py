"""The base of the API's enums: strings, with room for values that this version does not know.

Members are strings (`ConnectionState.CALLABLE == "callable"`), and formatting one gives its value on every version of
Python. `ConnectionState("paused")` returns an `UnrecognizedStr` that equals `"paused"`, so that a new value of the API
cannot break a program.
"""

from __future__ import annotations

from enum import Enum, EnumMeta

from .._unset import UnrecognizedStr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

    OpenEnumMeta = EnumMeta
else:

    class OpenEnumMeta(EnumMeta):
        def __call__(cls, value, *arguments, **keywords):
            if arguments or keywords:
                return super().__call__(value, *arguments, **keywords)
            if not isinstance(value, str):
                return value
            member = cls._value2member_map_.get(value)
            return UnrecognizedStr(value) if member is None else member


class TagEnum(str, Enum, metaclass=OpenEnumMeta):
    """An enum whose value says which type an object has."""

    def __str__(self) -> str:
        return str.__str__(self)

    def __format__(self, format_spec: str) -> str:
        return str.__format__(str.__str__(self), format_spec)


class OpenEnum(TagEnum):
    """An enum to which the API may add values."""

    @classmethod
    def _missing_(cls, value: object) -> Optional[UnrecognizedStr]:
        """Returns what stands for an unknown value. `msgspec` calls this."""
        return UnrecognizedStr(value) if isinstance(value, str) else None
