"""The base of all models: a JSON object whose members are attributes.

`msgspec` decodes a response straight into models, which are structs of `msgspec`. Four rules make that fast and
lenient:

* A member that is an object, or an array of objects, stays JSON text until a program reads its attribute. The exception
  are the lists that a program almost always reads: `data` of a body, and `options` of a form field.
* A scalar of any type and an enum value that this version does not know are accepted as they are.
* If `msgspec` refuses an object because a member has an unexpected type, the members of that object alone are decoded
  one by one, and the odd member is handed over as it is.
* A model refers to the JSON text that it was decoded from. So `model_dump()`, copies and pickles contain unknown
  members, and absent members differ from those that are `null`.

The fields of a model are its annotations: `Optional[List[FormField]]` says both what a type checker sees and how the
JSON is decoded.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from itertools import chain, count, repeat

import msgspec

from .._json import UNREADABLE, decode, encode, is_array, is_object
from .._plain import plain, type_error
from .._unset import UNSET, UnrecognizedStr
from .open_enum import OpenEnum

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
        List,
        Literal,
        Mapping,
        Optional,
        Sequence,
        Set,
        Tuple,
        Type,
        TypeVar,
        Union,
    )

    from typing_extensions import dataclass_transform

    M = TypeVar("M", bound="Model")
else:
    from typing import Any, Dict, List, Literal, Optional

_REQUIRED = object()

# The longest text of repr(). A model fits in two lines, and a string in it does not fill them.
_MAX_REPR = 158
_MAX_TEXT = 40

# Parts of the names of members that hold a secret, in objects with any members.
_SECRET_NAMES = ("authorization", "cookie", "credentials", "key", "password", "secret", "settings", "token")

# Held for the first change of a model, so that threads that make it at the same time do not lose one.
_first_change = threading.Lock()


def _after_fork() -> None:
    global _first_change
    _first_change = threading.Lock()  # a thread that does not exist in the child may hold the other one


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)

# Runs through an iterator without keeping its values.
_all: Any = deque((), 0).extend


def _can_decode_enums() -> bool:
    """Returns whether `msgspec` decodes enums that have a metaclass. Its last version for Python 3.9 does not."""

    class Probe(OpenEnum):
        A = "a"

    try:
        return msgspec.json.decode(b'"a"', type=Probe) is Probe.A
    except msgspec.ValidationError:
        return False


_decodes_enums = _can_decode_enums()

_decode_members: Any = msgspec.json.Decoder(Dict[str, msgspec.Raw]).decode
_decode_items: Any = msgspec.json.Decoder(List[msgspec.Raw]).decode
_decode_items_members: Any = msgspec.json.Decoder(List[Dict[str, msgspec.Raw]]).decode


class Field:
    """One attribute of a model.

    Attributes:
        name: The name of the attribute.
        key: The name of the member in JSON.
        default: The value of the attribute if the member is absent.
        is_required: Whether the constructor needs the attribute.
        is_optional: Whether `None` stands for an absent member in requests.
        is_eager: Whether the items of the list are decoded with its object.
        is_tag: Whether the value of the field selects the model of an object.
        is_text: Whether the value is the text of an enum's member until a program reads it.
        kind: The type as which `msgspec` decodes the member.
        convert: Returns the value for a plain JSON value, or is `None` where the two are the same.
        decode: Returns the value for JSON text.
        get: Returns the value of a model, undecoded where nobody read it.
        put: Sets the value of a model.
    """

    __slots__ = (
        *("convert", "decode", "default", "get", "is_eager", "is_optional", "is_required", "is_tag", "is_text"),
        *("key", "kind", "name", "put"),
    )

    def __init__(self, name: str, key: str, annotation: str, default: object) -> None:
        self.name = name
        self.key = key
        self.is_required = default is _REQUIRED
        self.is_optional = annotation.startswith("Optional[")
        self.default: Any = None if default is _REQUIRED else default
        self.is_eager = False
        self.is_tag = False
        self.is_text = False
        self.kind: Any = Any
        self.convert: Any = None
        self.decode: Callable[[Any], Any] = decode
        self.get: Any = None
        self.put: Any = None

    def read_as(self, reader: Any, is_list: bool, is_eager: bool) -> None:
        """Makes the field one of an enum, a model or a union, or of a list of them.

        Args:
            reader: The enum, the model or the union.
            is_list: Whether the field is a list.
            is_eager: Whether the list is decoded with its object.
        """
        members: Any = getattr(reader, "_value2member_map_", None)
        convert = reader._read if members is None else _enum_converter(members)
        if members is not None and not is_list:
            # A tag that is unknown or absent means that another model, or none, fits the object.
            self.is_tag = not issubclass(reader, OpenEnum)
            self.convert = convert
            if _decodes_enums:
                self.kind = reader if self.is_tag else Optional[reader]
            else:
                self.is_text = True
                self.kind = Literal[tuple(members)] if self.is_tag else Any
            return
        self.convert = _list_converter(convert) if is_list else convert
        self.decode = _text_converter(self.convert)
        self.kind = msgspec.Raw
        if hasattr(reader, "_decode_one") and not reader._is_open:
            self.decode = reader._decode_many if is_list else reader._decode_one
        item: Any = getattr(reader, "first", reader)
        if is_list and (is_eager or item is not reader) and not item._eager_fields:
            self.is_eager = True
            self.kind = Optional[List[item]]


def _enum_converter(members: Dict[Any, Any]) -> Callable[[Any], Any]:
    return lambda value: (members.get(value) or UnrecognizedStr(value)) if type(value) is str else value


def _list_converter(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: [None if item is None else convert(item) for item in value] if is_array(value) else value


def _text_converter(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda text: convert(decode(text))


def _enum_of_text(field: Field) -> property:
    """Returns the attribute of a field that becomes the member of an enum when a program first reads it."""
    get, put, convert = field.get, field.put, field.convert

    def read(model: Any) -> Any:
        value = get(model)
        if type(value) is str:
            value = convert(value)
            put(model, value)
        return value

    return property(read, put)


def _deferred(field: Field) -> property:
    """Returns the attribute of a field that is decoded when a program first reads it."""
    get, put, raw = field.get, field.put, msgspec.Raw

    def read(model: Any) -> Any:
        value = get(model)
        if type(value) is raw:
            value = model._decoded(field, value)
            put(model, value)
        return value

    return property(read, put)


def _add_attribute(model: Any, name: str) -> None:
    """Gives a class an attribute that only some of its models have.

    `__getattr__` would do the same, but it doubles the time of reading every attribute of every model.
    """
    if hasattr(model, name) or model._is_open:
        return

    def read(self: Any) -> Any:
        source = self._source
        if type(source) is _Changes and name in source.extra:
            return source.extra[name]
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def write(self: Any, value: Any) -> None:
        self._changes().extra[name] = value

    def delete(self: Any) -> None:
        read(self)
        del self._changes().extra[name]

    setattr(model, name, property(read, write, delete))


class _Text:
    """The JSON text that models were decoded from.

    Args:
        text: An object, or an array of objects.
        key: The member of each object whose items the models are. `None`: the models are the objects themselves.
        is_array: Whether the text is an array.
    """

    __slots__ = ("_items", "_key", "_text", "is_array")

    def __init__(self, text: Any, key: Optional[str], is_array: bool) -> None:
        self._text = text
        self._key = key
        self._items: Any = None
        self.is_array = is_array

    def object(self, index: int) -> Any:
        """Returns the plain object of a model.

        Args:
            index: The position of the model among those that were decoded with it.
        """
        if self._items is None:
            self._items = self._split()
        return decode(self._items[index])

    def _split(self) -> List[Any]:
        key = self._key
        if key is None:
            return _decode_items(self._text) if self.is_array else [self._text]
        objects = _decode_items_members(self._text) if self.is_array else [_decode_members(self._text)]
        items: List[Any] = []
        for members in objects:
            if key in members:
                items.extend(msgspec.json.decode(members[key], type=Optional[List[msgspec.Raw]]) or ())
        return items


class _Changes:
    """What a program changed in a model.

    Attributes:
        source: What the model was made from.
        names: The fields that were set.
        extra: Other attributes. `Model._is_member` says which of them are members.
    """

    __slots__ = ("extra", "names", "source")

    def __init__(self, source: Any) -> None:
        self.source = source
        self.names: Set[str] = set()
        self.extra: Dict[str, Any] = {}


if TYPE_CHECKING:

    @dataclass_transform(kw_only_default=True)
    class _Struct:
        # None, a plain object, the core's response, or a text with a position. `_Changes` around it after a change.
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
                    setattr(model, attribute, _deferred(field))
                elif field.is_text:
                    setattr(model, attribute, _enum_of_text(field))
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
            changes = _Changes(None)
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
                    _add_attribute(cls, name)
                    changes.extra[name] = value
            return _made(cls, known, changes)

    def _field(name, annotation, namespace, keys, is_deferred):
        text = annotation if isinstance(annotation, str) else ""
        field = Field(name, keys.get(name, name), text, namespace.get(name, _REQUIRED))
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

    class _Struct(msgspec.Struct, metaclass=_ModelType):
        _source: Any = None


def _made(model: Any, values: Dict[str, Any], source: Any) -> Any:
    """Returns a model with values for its attributes."""
    made: Any = type(msgspec.Struct).__call__(model, **values)  # its own constructor is for programs
    _put_source(made, source)
    return made


_put_source: Any = vars(_Struct)["_source"].__set__ if not TYPE_CHECKING else None


class Model(_Struct):
    """A JSON object with named members. Absent members are `None`. Unknown members are kept."""

    _fields: ClassVar[Dict[str, Field]]
    _keys: ClassVar[Dict[str, str]]  # the names of attributes whose members have another name
    _readers: ClassVar[Dict[str, Any]] = {}  # what reads the values of unions
    _required: ClassVar[FrozenSet[str]]
    _blank: ClassVar[Dict[str, Any]]
    _eager_fields: ClassVar[Tuple[Field, ...]]
    _identifying: ClassVar[FrozenSet[str]] = frozenset()  # the fields that repr() shows first
    _secret: ClassVar[FrozenSet[str]] = frozenset()  # the fields whose value repr() hides
    _is_deferred: ClassVar[bool] = False  # whether every field is decoded when it is first read
    _is_open: ClassVar[bool] = False  # whether every member is an attribute
    _decoders: ClassVar[Any]

    @classmethod
    def _decoder(cls, is_list: bool) -> Any:
        """Returns a decoder of an object or of an array of objects."""
        if cls._decoders is None:
            decoder: Any = msgspec.json.Decoder
            model: Any = cls
            cls._decoders = decoder(Optional[model]).decode, decoder(Optional[List[model]]).decode
        return cls._decoders[is_list]

    @classmethod
    def _decode_one(cls: Type[M], text: Any, source: Any = None) -> Any:
        """Returns the model of a JSON object, `None` for `null`, and any other value as it is.

        Args:
            text: The JSON text.
            source: The text of the array that the object is an item of, and its position.
        """
        try:
            model = cls._decoder(False)(text)
        except UNREADABLE:
            return cls._decode_members(text, source)
        if model is not None:
            _put_source(model, source or (_Text(text, None, False), 0))
            if cls._eager_fields:
                _put_sources_of_items(cls, (model,), text, False)
        return model

    @classmethod
    def _decode_many(cls: Type[M], text: Any) -> Any:
        """Returns the models of a JSON array, and any other value as it is."""
        try:
            models = cls._decoder(True)(text)
        except UNREADABLE:
            return cls._decode_each(text)
        if models:
            _all(map(_put_source, models, zip(repeat(_Text(text, None, True)), count())))
            if cls._eager_fields:
                _put_sources_of_items(cls, models, text, True)
        return models

    @classmethod
    def _decode_each(cls: Type[M], text: Any) -> Any:
        """Does what `_decode_many` does, one item at a time."""
        try:
            items = _decode_items(text)
        except UNREADABLE:
            return _list_converter(cls._read)(decode(text))
        array = _Text(text, None, True)
        return [cls._decode_one(item, (array, index)) for index, item in enumerate(items)]

    @classmethod
    def _decode_members(cls: Type[M], text: Any, source: Any) -> Any:
        """Does what `_decode_one` does, one member at a time."""
        try:
            members = _decode_members(text)
        except UNREADABLE:
            return cls._read(decode(text))
        values: Dict[str, Any] = dict(cls._blank)
        for name, field in cls._fields.items():
            if field.key in members:
                member = members[field.key]
                if field.kind is not msgspec.Raw:
                    member = field.decode(member)
                    if field.convert is not None and not field.is_eager:
                        member = field.convert(member)
                values[name] = member
        return _made(cls, values, source or (_Text(text, None, False), 0))

    @classmethod
    def _read(cls: Type[M], value: Any) -> Any:
        """Returns the model of a plain JSON object, and any other value as it is."""
        if not is_object(value):
            return value
        values: Dict[str, Any] = dict(cls._blank)
        for name, field in cls._fields.items():
            if field.key in value:
                member = value[field.key]
                values[name] = member if field.convert is None or member is None else field.convert(member)
        return _made(cls, values, value)

    def _decoded(self, field: Field, text: Any) -> Any:
        """Returns the value of a field that is read for the first time."""
        return field.decode(text)

    def _origin(self) -> Any:
        """Returns what this model was made from, without later changes."""
        source = self._source
        return source.source if type(source) is _Changes else source

    def _original(self) -> Dict[str, Any]:
        """Returns the JSON object that this model was made from."""
        origin = self._origin()
        if type(origin) is tuple:
            text, index = self._origin()
            members: Dict[str, Any] = text.object(index)
        else:
            members = origin if is_object(origin) else {}
        return members

    def _changes(self) -> _Changes:
        """Returns the changes of this model, for one more."""
        if type(self._source) is not _Changes:
            with _first_change:
                if type(self._source) is not _Changes:
                    _put_source(self, _Changes(self._source))
        return self._source  # type: ignore[no-any-return]

    def __setattr__(self, name: str, value: Any) -> None:
        field = self._fields.get(name)
        if field is not None:
            self._changes().names.add(name)
            field.put(self, value)
        elif hasattr(type(self), name):
            super().__setattr__(name, value)
        else:
            _add_attribute(type(self), name)
            self._changes().extra[name] = value

    def __delattr__(self, name: str) -> None:
        if name in self._fields:
            setattr(self, name, UNSET)
        else:
            super().__delattr__(name)

    def _members(self) -> Dict[str, Any]:
        """Returns the JSON members as they are now. They may contain models."""
        members = dict(self._original())
        source = self._source
        changes = source if type(source) is _Changes else None
        for name, field in self._fields.items():
            is_set = changes is not None and name in changes.names
            if is_set or field.key in members:
                value = field.get(self)
                if value is UNSET:
                    members.pop(field.key, None)
                elif type(value) is not msgspec.Raw:
                    members[field.key] = value
        if changes is not None:
            is_member = self._is_member
            members.update({name: value for name, value in changes.extra.items() if is_member(name)})
        return members

    @classmethod
    def _is_member(cls, name: str) -> bool:
        """Returns whether an attribute that is not a field is a member of the JSON object."""
        return cls._is_open or not name.startswith("_")

    @classmethod
    def _is_secret(cls, name: str) -> bool:
        """Returns whether prints hide the value of an attribute."""
        return name in cls._secret

    def _as_json(self) -> Dict[str, Any]:
        """Returns the members that are sent to the API, without `None` where the API accepts no `null`."""
        optional = {field.key for field in self._fields.values() if field.is_optional}
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
        """Returns this model as dictionaries, lists and JSON's own scalars, with unknown members.

        Args:
            mode: Either mode of Pydantic. Both return JSON's own types.
            include: The members to return. Default: all.
            exclude: The members to leave out.
            by_alias: Whether members are named as in JSON (`_raw`) instead of as in Python (`raw`).
            exclude_unset: Accepted for Pydantic's sake. Members that are not set are always left out.
            exclude_none: Whether members that are `None` are left out, here and in the models within.
        """
        unfold = _members_but_none if exclude_none else _members_of
        members: Dict[str, Any] = plain(self, type(self).__name__, unfold=unfold)
        if not by_alias:
            names = {key: name for name, key in self._keys.items()}
            members = {names.get(key, key): value for key, value in members.items()}
        return {
            key: value for key, value in members.items() if (include is None or key in include) and key not in exclude
        }

    def model_dump_json(self, *, indent: Optional[int] = None, by_alias: bool = True, **keywords: Any) -> str:
        """Returns this model as JSON text.

        Args:
            indent: The number of spaces to indent by. Default: the text is one line.
            by_alias: Whether members are named as in JSON (`_raw`) instead of as in Python (`raw`).
            keywords: Those of `model_dump`.
        """
        return encode(self.model_dump(by_alias=by_alias, **keywords), indent).decode()

    @classmethod
    def model_validate(cls: Type[M], obj: Any) -> M:
        """Returns the model of a dictionary. Its members are not checked.

        Args:
            obj: The dictionary. Its members are named as in JSON or as in Python.

        Raises:
            ArgumentTypeError: `obj` is neither a dictionary nor a model of this class.
        """
        if type(obj) is cls:
            return obj
        if not hasattr(obj, "keys"):
            raise type_error(cls.__name__, "a dictionary", obj)
        keys: Any = cls._keys
        return _restored(cls, {keys.get(key, key): obj[key] for key in obj.keys()})

    @classmethod
    def model_validate_json(cls: Type[M], json_data: Union[str, bytes]) -> M:
        """Returns the model of a JSON text. Its members are not checked."""
        return cls.model_validate(decode(json_data))

    def model_copy(self: M, *, update: Optional[Mapping[str, Any]] = None, deep: bool = False) -> M:
        """Returns a copy of this model.

        Args:
            update: Attributes that differ in the copy, with their values.
            deep: Whether the values in the model are copied too.
        """
        from copy import deepcopy

        copied = deepcopy(self) if deep else self.__copy__()
        for name, value in (update or {}).items():
            setattr(copied, name, value)
        return copied

    @property
    def model_fields_set(self) -> Set[str]:
        """The names of the members that the response has or the program set."""
        names = {field.key: name for name, field in self._fields.items()}
        return {names.get(key, key) for key in self._members()}

    def __iter__(self) -> Iterator[Tuple[str, Any]]:
        """Iterates over names and values, for `dict(model)`."""
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
            part = f"{', ' if number else ''}{name}={'<hidden>' if self._is_secret(name) else _brief(shown[name])}"
            if len(text) + len(part) > _MAX_REPR - len(", ...)"):
                return f"{text}{', ' if number else ''}...)"
            text += part
        return f"{text})"

    def _shown(self) -> Iterator[Tuple[str, Any]]:
        return ((name, getattr(self, name)) for name in self._fields)

    def __reduce__(self) -> Any:
        return _restored, (type(self), self._members())

    def __copy__(self: M) -> M:
        return _restored(type(self), self._members())

    def __replace__(self: M, /, **changes: Any) -> M:
        return self.model_copy(update=changes)

    def __rich_repr__(self) -> Iterator[Tuple[str, Any]]:
        """Yields what `rich` prints, without secrets."""
        for name, value in self._shown():
            if value is not None and value is not UNSET:
                yield name, "<hidden>" if self._is_secret(name) else value

    def __dir__(self) -> Any:
        return sorted({*super().__dir__(), *self._fields})


def _brief(value: Any) -> str:
    """Returns a value of a model for repr(), without what is long or secret."""
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
    return text if len(text) <= _MAX_TEXT else f"<{type(value).__name__}>"


def _brief_text(text: str) -> str:
    """Returns a text for repr(). The query of a URL may hold a secret, and a data URI holds a picture."""
    scheme = text[:12].lower()
    if scheme.startswith("data:"):
        return "<data URI>"
    if scheme.startswith(("http:", "https:")):
        address, query, _ = text.partition("?")
        address, fragment, _ = address.partition("#")
        text = address + (f"{query}..." if query else f"{fragment}..." if fragment else "")
    return repr(text if len(text) <= _MAX_TEXT else f"{text[: _MAX_TEXT - 3]}...")


def _members_of(model: Model) -> Dict[str, Any]:
    return model._members()


def _members_but_none(model: Model) -> Dict[str, Any]:
    """Returns the members of a model that are not `None`. Objects that have a model are models."""
    converters = {field.key: field.convert for field in model._fields.values() if field.convert is not None}
    return {
        key: converters[key](value) if key in converters else value
        for key, value in model._members().items()
        if value is not None
    }


def _restored(model: Type[M], members: Dict[str, Any]) -> M:
    return model._read(members)  # type: ignore[no-any-return]


def _put_sources_of_items(model: Any, models: Sequence[Any], text: Any, is_array: bool) -> None:
    """Makes the items of eager fields refer to the text that they were decoded from."""
    for field in model._eager_fields:
        lists = filter(None, map(field.get, models))
        sources = zip(repeat(_Text(text, field.key, is_array)), count())
        _all(map(_put_source, chain.from_iterable(lists), sources))


class OpenModel(Model):
    """A model of an object with any members. Each of them is an attribute."""

    _is_open = True

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            source = self._source
            if type(source) is _Changes and name in source.extra:
                return source.extra[name]
            members = {} if name.startswith("__") else self._original()
            if name in members:
                return members[name]
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _shown(self) -> Iterator[Tuple[str, Any]]:
        yield from super()._shown()
        yield from self.additional_properties.items()

    def __delattr__(self, name: str) -> None:
        source = self._source
        if name not in self._fields and type(source) is _Changes and name in source.extra:
            del source.extra[name]
        else:
            super().__delattr__(name)

    def __eq__(self, other: object) -> bool:
        same: Any = super().__eq__(other)
        if same is True and isinstance(other, OpenModel):
            return self.additional_properties == other.additional_properties
        return same  # type: ignore[no-any-return]

    __hash__ = None

    @classmethod
    def _is_secret(cls, name: str) -> bool:
        # The core's rule for names in bodies: any program or service may have named the members.
        return super()._is_secret(name) or any(part in name.lower() for part in _SECRET_NAMES)

    @property
    def additional_properties(self) -> Dict[str, Any]:
        """The members that are not fields of this model."""
        known = {field.key for field in self._fields.values()}
        return {key: value for key, value in self._members().items() if key not in known}

    @additional_properties.setter
    def additional_properties(self, value: Mapping[str, Any]) -> None:
        known = {field.key for field in self._fields.values()}
        kept = {key: member for key, member in self._members().items() if key in known}
        read = self._read({**kept, **value})
        for field in self._fields.values():
            field.put(self, field.get(read))
        _put_source(self, read._source)


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
