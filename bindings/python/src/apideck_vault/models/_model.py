"""What every model has in common: attributes over JSON that is read as late as possible.

A model holds the JSON object that it stands for and turns a member into a Python value when its attribute is first
read. So a list of a thousand connections costs next to nothing until its parts are looked at, an unknown member or
enum value cannot break a response, and a member of an unexpected type is handed over as it came.

The fields of a model are its annotations: `Optional[List[FormField]]` says both what a type checker sees and how the
JSON is read.
"""

from __future__ import annotations

import sys

from .._json import decode_part, is_array, is_object
from .._unset import UNSET, UnrecognizedStr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import (
        Any,
        Callable,
        ClassVar,
        Container,
        Dict,
        FrozenSet,
        Iterator,
        Mapping,
        NoReturn,
        Optional,
        Set,
        Tuple,
        Type,
        TypeVar,
        Union,
    )

    from typing_extensions import dataclass_transform

    M = TypeVar("M", bound="Model")
else:

    def dataclass_transform(**_: object) -> Any:
        return lambda model: model


_REQUIRED = object()
_MISSING = object()

# What repr() shows at most: a model fits in two lines, and a text in a model does not fill them.
_LONGEST_REPR = 158
_LONGEST_TEXT = 40


class Field:
    """One attribute of a model: the JSON member behind it, how that is read, and what stands for its absence."""

    __slots__ = ("annotation", "default", "given", "key", "module", "reader")

    def __init__(self, key: str, annotation: str, default: object, module: str, reader: Any) -> None:
        self.key = key
        self.annotation = annotation
        self.default = default
        self.module = module
        self.given = reader
        self.reader: Any = _MISSING  # looked up at first use: the annotation may name a class defined further down

    def read(self, value: Any) -> Any:
        reader = self.reader
        if reader is _MISSING:
            reader = self.reader = reader_of(self.annotation, self.module, self.given)
        return value if reader is None or value is None else reader(value)


def reader_of(annotation: str, module: str, given: Any = None) -> Optional[Callable[[Any], Any]]:
    """How JSON becomes the annotated type, or `None` where JSON's own types are the annotated ones."""
    for optional in ("Optional[", "OptionalNullable[", "Nullable["):
        if annotation.startswith(optional):
            return reader_of(annotation[len(optional) : -1], module, given)
    if annotation.startswith("List["):
        item = reader_of(annotation[5:-1], module, given)
        return None if item is None else lambda value: _read_list(value, item)
    if given is not None:
        read: Any = getattr(given, "_read", given)
        return read
    named: Any = getattr(sys.modules[module], annotation, None)
    members: Any = getattr(named, "_value2member_map_", None)
    if members is not None:  # an enum
        return lambda value: (members.get(value) or UnrecognizedStr(value)) if type(value) is str else value
    if isinstance(named, type) and issubclass(named, Model):
        return named._read
    return None


def _read_list(value: Any, item: Callable[[Any], Any]) -> Any:
    return [None if part is None else item(part) for part in value] if is_array(value) else value


def _own_annotations(cls: type) -> Dict[str, str]:
    if sys.version_info >= (3, 10):
        return dict(cls.__annotations__)
    return cls.__dict__.get("__annotations__", {})  # before 3.10 the attribute would be the base class's


@dataclass_transform(kw_only_default=True)
class Model:
    """A JSON object with named members. Missing members are `None`, unknown ones travel along."""

    __slots__ = ("__dict__", "__weakref__", "_source")

    # The object as it was read or given: a dict, or for a connection in a list a record with undecoded members.
    # Attributes that were read or set since are in __dict__ and come first.
    _source: Any
    _fields: ClassVar[Dict[str, Field]] = {}
    _keys: ClassVar[Dict[str, str]] = {}
    _readers: ClassVar[Dict[str, Any]] = {}
    _secret: ClassVar[FrozenSet[str]] = frozenset()
    _required: ClassVar[FrozenSet[str]] = frozenset()
    _identifying: ClassVar[FrozenSet[str]] = frozenset()  # the fields that repr() shows first

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        fields = dict(cls._fields)
        for name, annotation in _own_annotations(cls).items():
            if name.startswith("_") or annotation.startswith("ClassVar"):
                continue
            default = cls.__dict__.get(name, _REQUIRED)
            if default is not _REQUIRED:
                delattr(cls, name)  # otherwise it would be found before __getattr__ is asked
            fields[name] = Field(
                cls._keys.get(name, name), annotation, default, cls.__module__, cls._readers.get(name)
            )
        cls._fields = fields
        cls._required = frozenset(name for name, field in fields.items() if field.default is _REQUIRED)

    def __init__(self, /, **values: Any) -> None:
        missing = self._required - values.keys()
        if missing:
            raise TypeError(f"{type(self).__name__}() is missing the keyword {', '.join(sorted(missing))}")
        fields = self._fields
        self._source = {
            fields[name].key if name in fields else name: value for name, value in values.items() if value is not UNSET
        }

    @classmethod
    def _read(cls: Type[M], value: Any) -> Any:
        """The model over a JSON object; anything else as it came."""
        if is_object(value) or hasattr(value, "__struct_fields__"):
            model = cls.__new__(cls)
            model._source = value
            return model
        return value

    def _lookup(self, name: str) -> Any:
        field = type(self)._fields.get(name)
        if field is None:
            return self._additional(name)
        source = self._source
        value: Any
        if is_object(source):
            value = source.get(field.key, _MISSING)
        else:
            value = getattr(source, field.key, None)  # None where the member is null or missing
            value = _MISSING if value is None else decode_part(value)
        if value is _MISSING:
            return None if field.default is _REQUIRED else field.default
        value = self.__dict__[name] = field.read(value)
        return value

    if not TYPE_CHECKING:  # or misspelt attributes would pass the type checkers
        __getattr__ = _lookup

    def _additional(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _members(self) -> Dict[str, Any]:
        """The JSON members as they stand now, not yet plain JSON themselves."""
        source = self._source
        members: Dict[str, Any] = dict(source) if is_object(source) else source._as_json()
        fields = self._fields
        for name, value in self.__dict__.items():
            key = fields[name].key if name in fields else name
            if value is UNSET:
                members.pop(key, None)
            else:
                members[key] = value
        return members

    def _as_json(self) -> Dict[str, Any]:
        """What the API is sent: `None` is left out where the API knows no `null`."""
        optional = {field.key for field in self._fields.values() if field.annotation.startswith("Optional[")}
        return {key: value for key, value in self._members().items() if value is not None or key not in optional}

    def model_dump(
        self,
        *,
        mode: str = "python",
        include: Optional[Container[str]] = None,
        exclude: Container[str] = (),
        by_alias: bool = False,
        exclude_unset: bool = False,
        exclude_none: bool = False,
    ) -> Dict[str, Any]:
        """This model as dictionaries, lists and JSON's own scalars, members without a field of their own included.

        :param mode: Either of Pydantic's; JSON's own types it is in both.
        :param include: These members alone.
        :param exclude: All but these members.
        :param by_alias: Name members as the API does (`_raw`) instead of as Python does (`raw`).
        :param exclude_unset: What is not set is left out anyway.
        :param exclude_none: Leaves out members that are `None`, here and in the models within.
        """
        from .._plain import plain

        unfold = _members_but_none if exclude_none else _members_of
        members: Dict[str, Any] = plain(self, type(self).__name__, unfold=unfold)
        if not by_alias:
            names = {key: name for name, key in self._keys.items()}
            members = {names.get(key, key): value for key, value in members.items()}
        return {
            key: value for key, value in members.items() if (include is None or key in include) and key not in exclude
        }

    def model_dump_json(self, *, indent: Optional[int] = None, by_alias: bool = True, **keywords: Any) -> str:
        """This model as JSON text.

        :param indent: How many spaces to indent by; all on one line without it.
        :param by_alias: Name members as the API does (`_raw`) instead of as Python does (`raw`).
        :param keywords: Those of `model_dump`.
        """
        from .._json import encode

        return encode(self.model_dump(by_alias=by_alias, **keywords), indent).decode()

    @classmethod
    def model_validate(cls: Type[M], obj: Any) -> M:
        """The model of a dictionary, whose members are named as the API or as Python does. They are not checked."""
        if type(obj) is cls:
            return obj
        if not hasattr(obj, "keys"):
            from .._plain import type_error

            raise type_error(cls.__name__, "a dictionary", obj)
        keys: Any = cls._keys
        return _restored(cls, {keys.get(key, key): obj[key] for key in obj})

    @classmethod
    def model_validate_json(cls: Type[M], json_data: Union[str, bytes]) -> M:
        """The model of a JSON text."""
        from .._json import decode

        return cls.model_validate(decode(json_data))

    def model_copy(self: M, *, update: Optional[Mapping[str, Any]] = None, deep: bool = False) -> M:
        """A copy of this model.

        :param update: Attributes that are to differ.
        :param deep: Copies what is in it too.
        """
        from copy import deepcopy

        copied = deepcopy(self) if deep else self.__copy__()
        for name, value in (update or {}).items():
            setattr(copied, name, value)
        return copied

    @property
    def model_fields_set(self) -> Set[str]:
        """The names of the members that were sent or set."""
        names = {field.key: name for name, field in self._fields.items()}
        return {names.get(key, key) for key in self._members()}

    def __iter__(self) -> Iterator[Tuple[str, Any]]:
        """Names and values, for `dict(model)`."""
        return self._shown()

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self._fields)

    __hash__ = None  # type: ignore[assignment]  # models can be changed

    def __repr__(self) -> str:
        shown = {name: value for name, value in self._shown() if value is not None and value is not UNSET}
        names = sorted(shown, key=lambda name: name not in self._identifying)
        text = f"{type(self).__name__}("
        for number, name in enumerate(names):
            part = f"{', ' if number else ''}{name}={'<hidden>' if name in self._secret else _brief(shown[name])}"
            if len(text) + len(part) > _LONGEST_REPR - len(", ...)"):
                return f"{text}{', ' if number else ''}...)"
            text += part
        return f"{text})"

    def _shown(self) -> Iterator[Tuple[str, Any]]:
        return ((name, getattr(self, name)) for name in self._fields)

    def __reduce__(self) -> Any:
        return _restored, (type(self), self._members())

    def __copy__(self: M) -> M:
        return _restored(type(self), self._members())

    def __dir__(self) -> Any:
        return sorted({*super().__dir__(), *self._fields})


def _brief(value: Any) -> str:
    """Returns a value of a model for its repr(), without what is long or secret."""
    if isinstance(value, Model):
        return f"{type(value).__name__}(...)"
    if is_object(value):
        return "{...}" if value else "{}"
    if is_array(value):
        return f"<{len(value)} items>" if len(value) > 1 else "[...]" if value else "[]"
    if hasattr(value, "_value2member_map_"):  # a member of an enum
        return repr(value.value)
    if isinstance(value, (str, bytes)):
        return _brief_text(str(value) if isinstance(value, str) else "<bytes>")
    text = repr(value)
    return text if len(text) <= _LONGEST_TEXT else f"<{type(value).__name__}>"


def _brief_text(text: str) -> str:
    """Returns a text for repr(). The query of a URL may hold a secret, and a data URI holds a picture."""
    scheme = text[:12].lower()
    if scheme.startswith("data:"):
        return "<data URI>"
    if scheme.startswith(("http:", "https:")):
        address, query, _ = text.partition("?")
        address, fragment, _ = address.partition("#")
        text = address + (f"{query}..." if query else f"{fragment}..." if fragment else "")
    return repr(text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 3]}...")


def _members_of(model: Any) -> Dict[str, Any]:
    """The members of a model, or of a record."""
    members: Dict[str, Any] = model._members() if isinstance(model, Model) else model._as_json()
    return members


def _members_but_none(model: Any) -> Dict[str, Any]:
    """The members of a model that are not `None`, as models where they are."""
    if not isinstance(model, Model):
        return _members_of(model)
    fields = {field.key: field for field in model._fields.values()}
    return {
        key: fields[key].read(value) if key in fields else value
        for key, value in model._members().items()
        if value is not None
    }


def _restored(model: Type[M], members: Dict[str, Any]) -> M:
    return model._read(members)  # type: ignore[no-any-return]


class OpenModel(Model):
    """A model of an object that may hold any members; those without a name of their own are attributes as well."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    def _additional(self, name: str) -> Any:
        if name != "_source" and not name.startswith("__") and name in self._source:
            return self._source[name]
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _shown(self) -> Iterator[Tuple[str, Any]]:
        yield from super()._shown()
        yield from self.additional_properties.items()

    @property
    def additional_properties(self) -> Dict[str, Any]:
        """The members without a name of their own."""
        known = {field.key for field in self._fields.values()}
        return {key: value for key, value in self._members().items() if key not in known}

    @additional_properties.setter
    def additional_properties(self, value: Mapping[str, Any]) -> None:
        known = {field.key for field in self._fields.values()}
        kept = {key: member for key, member in self._members().items() if key in known}
        self.__dict__.clear()
        self._source = {**kept, **value}


class Variants:
    """Reads a union of models that a tag tells apart."""

    def __init__(self, tag: str, models: Dict[str, Any]) -> None:
        self.tag = tag
        self.models = models

    def __call__(self, value: Any) -> Any:
        return self.choose(value)._read(value) if is_object(value) else value

    def choose(self, value: Dict[str, Any]) -> Any:
        """Returns the model that an object is: the one of its tag, or else the one with most of its members."""
        model = self.models.get(value.get(self.tag, ""))
        return model or max(self.models.values(), key=lambda model: len(value.keys() & model._fields.keys()))


class MapOfMaps:
    """Reads a union of a map of maps of models with an enum."""

    def __init__(self, model: Any, enum: Any) -> None:
        self.model = model
        self.enum = enum

    def __call__(self, value: Any) -> Any:
        read = self.model._read
        if is_object(value):
            return {
                name: {key: read(item) for key, item in part.items()} if is_object(part) else part
                for name, part in value.items()
            }
        return self.enum(value)
