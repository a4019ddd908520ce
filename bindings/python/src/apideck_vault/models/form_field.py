"""The settings form of a connection: fields, and the options of those that are chosen from a list."""

from __future__ import annotations

from .._json import is_object
from ._model import Model
from .enums import FormFieldOptionGroupOptionType, FormFieldType, OptionType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional

    from .unions import FormFieldOption, Value

__all__ = [
    "FormField",
    "FormFieldOptionGroup",
    "FormFieldOptionGroupOptionType",
    "FormFieldType",
    "OptionType",
    "SimpleFormFieldOption",
]


class SimpleFormFieldOption(Model):
    """One option that can be chosen."""

    label: str
    """What the user sees."""
    option_type: OptionType
    """Always `OptionType.SIMPLE`."""
    value: Optional[Value] = None
    """What is stored when the option is chosen."""


class FormFieldOptionGroup(Model):
    """Options under a common heading."""

    label: str
    """The heading."""
    options: List[SimpleFormFieldOption]
    """The options below it."""
    option_type: FormFieldOptionGroupOptionType
    """Always `FormFieldOptionGroupOptionType.GROUP`."""
    id: Optional[str] = None
    """Identifies the group."""


def _read_FormFieldOption(value: Any) -> Any:  # pyright: ignore[reportUnusedFunction]  # found by its name
    if is_object(value):
        group = value.get("option_type") == "group" or ("option_type" not in value and "options" in value)
        return (FormFieldOptionGroup if group else SimpleFormFieldOption)._read(value)
    return value


class FormField(Model):
    """One setting that a connection asks for."""

    id: Optional[str] = None
    """The key of the setting in `Connection.settings`."""
    label: Optional[str] = None
    """What the field is called in a form."""
    placeholder: Optional[str] = None
    """What an empty input shows."""
    description: Optional[str] = None
    """Explains the field to the user."""
    type: Optional[FormFieldType] = None
    """Which input the field is."""
    required: Optional[bool] = None
    """Whether the form is incomplete without it."""
    custom_field: Optional[bool] = None
    """Whether the application added the field."""
    allow_custom_values: Optional[bool] = False
    """Of a list to choose from: whether other values may be entered as well."""
    disabled: Optional[bool] = None
    """Whether the field can be seen but not changed."""
    options_fetch_error: Optional[bool] = None
    """Whether the connector failed to supply the options; worth another try."""
    hidden: Optional[bool] = None
    """Whether Vault leaves the field out of its form. It can still be set through the API."""
    deprecated: Optional[bool] = None
    """Whether the field is kept only for connections that have it already."""
    sensitive: Optional[bool] = None
    """Whether the value is a secret and the input should be masked."""
    prefix: Optional[str] = None
    """Text in front of the input."""
    suffix: Optional[str] = None
    """Text behind the input."""
    options: Optional[List[FormFieldOption]] = None
    """The options of a list to choose from."""
