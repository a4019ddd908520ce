"""The marker for "not given", and the type aliases that go with it.

`None` and "not given" differ where the API does: `settings=None` sends `null` and clears the settings,
`settings=UNSET` (the default) leaves them alone.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, Optional, TypeVar, Union

    from typing_extensions import TypeAlias

    from ..models._model import Model as BaseModel

    _T = TypeVar("_T")


class Unset:
    """The type of `UNSET`. It is falsy, and there is one of it, copies and pickles included."""

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
"""Stands for a value that was not given."""


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
        """The text, as there is no name."""
        return str.__str__(self)


UNSET_SENTINEL = "~?~unset~?~sentinel~?~"
"""What the official SDK writes for `UNSET` on the way to JSON; here for programs that compare with it."""

if TYPE_CHECKING:
    Nullable: TypeAlias = Union[_T, None]
    OptionalNullable: TypeAlias = Union[Optional[_T], Unset]
    UnrecognizedInt: TypeAlias = int
else:

    def __getattr__(name: str) -> Any:
        # The aliases exist at run time too, for programs that annotate with them, but `typing` is only paid for then.
        if name == "BaseModel":
            from ..models._model import Model

            return Model
        if name in ("Nullable", "OptionalNullable"):
            from typing import TypeVar, Union

            type_variable = TypeVar("_T")
            if name == "Nullable":
                return Union[type_variable, None]
            return Union[type_variable, None, Unset]
        if name == "UnrecognizedInt":
            return int
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "UNSET",
    "UNSET_SENTINEL",
    "BaseModel",
    "Nullable",
    "OptionalNullable",
    "UnrecognizedInt",
    "UnrecognizedStr",
    "Unset",
]
