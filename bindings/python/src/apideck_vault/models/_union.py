"""The unions of the API: which of their types a JSON value is."""

from __future__ import annotations

from .._json import is_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict


class Variants:
    """Reads a union of models that differ in a tag.

    Args:
        tag: The member that is the tag.
        models: The models, by the value of the tag.
    """

    def __init__(self, tag: str, models: Dict[str, Any]) -> None:
        self.tag = tag
        self.models = models
        self.first: Any = next(iter(models.values()))

    def _read(self, value: Any) -> Any:
        return self._model_of(value)._read(value) if is_object(value) else value

    def _model_of(self, value: Dict[str, Any]) -> Any:
        """Returns the model that an object is. Without a known tag, it is the one that has most of its members."""
        tag = value.get(self.tag)
        model = self.models.get(tag) if isinstance(tag, str) else None
        return model or max(self.models.values(), key=lambda model: len(value.keys() & model._fields.keys()))


class MapOfMaps:
    """Reads a union of a map of maps of models with an enum.

    Args:
        model: The model.
        enum: The enum.
    """

    def __init__(self, model: Any, enum: Any) -> None:
        self.model = model
        self.enum = enum

    def _read(self, value: Any) -> Any:
        read = self.model._read
        if is_object(value):
            return {
                name: {key: read(item) for key, item in part.items()} if is_object(part) else part
                for name, part in value.items()
            }
        return self.enum(value) if isinstance(value, str) else value
