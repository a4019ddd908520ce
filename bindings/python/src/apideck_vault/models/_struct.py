"""Makes a struct of `msgspec` from the annotations of a model."""

from __future__ import annotations

import os
import sys
import threading

import msgspec

from .._unset import UNSET
from ._field import REQUIRED, Field, deferred, enum_of_text
from ._source import Changes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict

    from typing_extensions import dataclass_transform
else:
    from typing import Any

# Held for the first change of a model, so that threads that make it at the same time do not lose one.
_first_change = threading.Lock()


def _after_fork() -> None:
    global _first_change
    _first_change = threading.Lock()  # a thread that does not exist in the child may hold the other one


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def add_attribute(model: Any, name: str) -> None:
    """Gives a class an attribute that only some of its models have.

    `__getattr__` would do the same, but it doubles the time of reading every attribute of every model.
    """
    if hasattr(model, name) or model._is_open:
        return

    def read(self: Any) -> Any:
        source = self._source
        if type(source) is Changes and name in source.extra:
            return source.extra[name]
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def write(self: Any, value: Any) -> None:
        changes_of(self).extra[name] = value

    def delete(self: Any) -> None:
        read(self)
        del changes_of(self).extra[name]

    setattr(model, name, property(read, write, delete))


if TYPE_CHECKING:

    @dataclass_transform(kw_only_default=True)
    class Struct:
        # None, a plain object, the core's response, or a text with a position. `Changes` around it after a change.
        _source: Any

        def __init__(self, **values: Any) -> None: ...

else:

    class _ModelType(type(msgspec.Struct)):
        """Makes a struct of a model's annotations."""

        def __new__(metatype, name, bases, namespace):
            base = next((base for base in bases if hasattr(base, "_fields")), None)
            keys = {**(base._keys if base else {}), **namespace.get("_keys", {})}
            own = {}
            for attribute, annotation in namespace.get("__annotations__", {}).items():
                if not attribute.startswith("_"):
                    own[attribute] = _field(attribute, annotation, namespace, keys, base._is_deferred)
            kinds = {attribute: field.kind for attribute, field in own.items()}
            if base is None:
                kinds["_source"] = Any
            namespace["__annotations__"] = kinds
            namespace.update({attribute: field.default for attribute, field in own.items() if not field.is_tag})
            model = super().__new__(metatype, name, bases, namespace, kw_only=True, gc=False, eq=False, rename=keys.get)
            for attribute, field in own.items():
                slot = vars(model)[attribute]
                field.get, field.put = slot.__get__, slot.__set__
                if field.kind is msgspec.Raw:
                    setattr(model, attribute, deferred(field))
                elif field.is_text:
                    setattr(model, attribute, enum_of_text(field))
            fields = {**(base._fields if base else {}), **own}
            model._fields = fields
            model._keys = keys
            model._required = frozenset(attribute for attribute, field in fields.items() if field.is_required)
            model._blank = dict.fromkeys(model._required)
            model._eager_fields = tuple(field for field in fields.values() if field.is_eager)
            model._decoders = None
            return model

        def __call__(cls, /, **values):
            missing = cls._required - values.keys()
            if missing:
                raise TypeError(f"{cls.__name__}() is missing the keyword {', '.join(sorted(missing))}")
            changes = Changes(None)
            known = dict(cls._blank)
            attributes = {key: name for name, key in cls._keys.items()}
            for key, value in values.items():
                name = attributes.get(key, key)
                if value is UNSET:
                    continue
                if name in cls._fields:
                    known[name] = value
                    changes.names.add(name)
                else:
                    add_attribute(cls, name)
                    changes.extra[name] = value
            return made(cls, known, changes)

    def _field(name, annotation, namespace, keys, is_deferred):
        text = annotation if isinstance(annotation, str) else ""
        field = Field(name, keys.get(name, name), text, namespace.get(name, REQUIRED))
        for optional in ("Optional[", "OptionalNullable["):
            if text.startswith(optional):
                text = text[len(optional) : -1]
        is_list = text.startswith("List[")
        names = vars(sys.modules[namespace["__module__"]])
        reader = namespace.get("_readers", {}).get(name) or names.get(text[len("List[") : -1] if is_list else text)
        if hasattr(reader, "_read") or hasattr(reader, "_value2member_map_"):
            field.read_as(reader, is_list, name == namespace.get("_eager"))
        if is_deferred:
            field.kind = msgspec.Raw
        return field

    class Struct(msgspec.Struct, metaclass=_ModelType):
        _source: Any = None


def made(model: Any, values: Dict[str, Any], source: Any) -> Any:
    """Returns a model with values for its attributes."""
    new: Any = type(msgspec.Struct).__call__(model, **values)  # its own constructor is for programs
    put_source(new, source)
    return new


put_source: Any = vars(Struct)["_source"].__set__ if not TYPE_CHECKING else None


def changes_of(model: Any) -> Changes:
    """Returns the changes of a model, for one more."""
    if type(model._source) is not Changes:
        with _first_change:
            if type(model._source) is not Changes:
                put_source(model, Changes(model._source))
    changes: Changes = model._source
    return changes
