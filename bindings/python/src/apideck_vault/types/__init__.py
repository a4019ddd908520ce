"""The marker for "not given", and the type aliases that go with it.

`None` and "not given" differ where the API accepts `null`: `settings=None` sends `null` and clears the settings,
`settings=UNSET` (the default) leaves them as they are.
"""

from __future__ import annotations

from .._unset import UNSET, UnrecognizedStr, Unset

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .._unset import Nullable, OptionalNullable, UnrecognizedInt
    from ..models._model import Model as BaseModel

UNSET_SENTINEL = "~?~unset~?~sentinel~?~"
"""The text that the official SDK writes for `UNSET` before it removes it. Programs may compare with it."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        # The aliases exist at run time too, for programs that annotate with them. `typing` is imported only then.
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
