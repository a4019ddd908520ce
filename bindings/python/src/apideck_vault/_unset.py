"""The values that stand for "not given" and for "not known to this version"."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, Optional, TypeVar, Union

    from typing_extensions import TypeAlias

    _T = TypeVar("_T")


class Unset:
    """The type of `UNSET`. It is falsy. There is one of it, copies and pickles included."""

    __slots__ = ()

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"

    def __copy__(self) -> Unset:
        return self

    def __deepcopy__(self, memo: object) -> Unset:
        return self


UNSET = Unset()
"""Stands for a value that is not given."""


class UnrecognizedStr(str):
    """A value that an enum of this version does not have.

    It equals its text, and has `value` and `name` as the members of the enum do.
    """

    __slots__ = ()

    @property
    def value(self) -> str:
        """The text."""
        return str.__str__(self)

    @property
    def name(self) -> str:
        """The text, as the value has no name."""
        return str.__str__(self)


if TYPE_CHECKING:
    Nullable: TypeAlias = Union[_T, None]
    OptionalNullable: TypeAlias = Union[Optional[_T], Unset]
    UnrecognizedInt: TypeAlias = int
