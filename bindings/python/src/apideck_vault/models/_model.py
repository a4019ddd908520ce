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

from collections import deque
from itertools import chain, count, repeat

import msgspec

from .._json import UNREADABLE, decode, encode, is_object
from .._plain import plain, type_error
from .._unset import UNSET
from ._field import Field, list_converter
from ._repr import brief, shortened
from ._source import Changes, Text, decode_items, decode_members
from ._struct import Struct, add_attribute, changes_of, made, put_source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import (
        Any,
        ClassVar,
        Container,
        Dict,
        FrozenSet,
        Iterator,
        List,
        Mapping,
        Optional,
        Sequence,
        Set,
        Tuple,
        Type,
        TypeVar,
        Union,
    )

    M = TypeVar("M", bound="Model")
else:
    from typing import Any, Dict, List, Optional

# Parts of the names of members that hold a secret, in objects with any members.
_SECRET_NAMES = ("authorization", "cookie", "credentials", "key", "password", "secret", "settings", "token")

# Runs through an iterator without keeping its values.
_all: Any = deque((), 0).extend


class Model(Struct):
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
            put_source(model, source or (Text(text, None, False), 0))
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
            _all(map(put_source, models, zip(repeat(Text(text, None, True)), count())))
            if cls._eager_fields:
                _put_sources_of_items(cls, models, text, True)
        return models

    @classmethod
    def _decode_each(cls: Type[M], text: Any) -> Any:
        """Does what `_decode_many` does, one item at a time."""
        try:
            items = decode_items(text)
        except UNREADABLE:
            return list_converter(cls._read)(decode(text))
        array = Text(text, None, True)
        return [cls._decode_one(item, (array, index)) for index, item in enumerate(items)]

    @classmethod
    def _decode_members(cls: Type[M], text: Any, source: Any) -> Any:
        """Does what `_decode_one` does, one member at a time."""
        try:
            members = decode_members(text)
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
        return made(cls, values, source or (Text(text, None, False), 0))

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
        return made(cls, values, value)

    def _decoded(self, field: Field, text: Any) -> Any:
        """Returns the value of a field that is read for the first time."""
        return field.decode(text)

    def _origin(self) -> Any:
        """Returns what this model was made from, without later changes."""
        source = self._source
        return source.source if type(source) is Changes else source

    def _original(self) -> Dict[str, Any]:
        """Returns the JSON object that this model was made from."""
        origin = self._origin()
        if type(origin) is tuple:
            text, index = self._origin()
            members: Dict[str, Any] = text.object(index)
        else:
            members = origin if is_object(origin) else {}
        return members

    def __setattr__(self, name: str, value: Any) -> None:
        field = self._fields.get(name)
        if field is not None:
            changes_of(self).names.add(name)
            field.put(self, value)
        elif hasattr(type(self), name):
            super().__setattr__(name, value)
        else:
            add_attribute(type(self), name)
            changes_of(self).extra[name] = value

    def __delattr__(self, name: str) -> None:
        if name in self._fields:
            setattr(self, name, UNSET)
        else:
            super().__delattr__(name)

    def _members(self) -> Dict[str, Any]:
        """Returns the JSON members as they are now. They may contain models."""
        members = dict(self._original())
        source = self._source
        changes = source if type(source) is Changes else None
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
        return restored(cls, {keys.get(key, key): obj[key] for key in obj.keys()})

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
        parts = {name: "<hidden>" if self._is_secret(name) else brief(shown[name]) for name in names}
        return shortened(type(self).__name__, parts)

    def _shown(self) -> Iterator[Tuple[str, Any]]:
        return ((name, getattr(self, name)) for name in self._fields)

    def __reduce__(self) -> Any:
        return restored, (type(self), self._members())

    def __copy__(self: M) -> M:
        return restored(type(self), self._members())

    def __replace__(self: M, /, **changes: Any) -> M:
        return self.model_copy(update=changes)

    def __rich_repr__(self) -> Iterator[Tuple[str, Any]]:
        """Yields what `rich` prints, without secrets."""
        for name, value in self._shown():
            if value is not None and value is not UNSET:
                yield name, "<hidden>" if self._is_secret(name) else value

    def __dir__(self) -> Any:
        return sorted({*super().__dir__(), *self._fields})


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


def restored(model: Type[M], members: Dict[str, Any]) -> M:
    return model._read(members)  # type: ignore[no-any-return]


def _put_sources_of_items(model: Any, models: Sequence[Any], text: Any, is_array: bool) -> None:
    """Makes the items of eager fields refer to the text that they were decoded from."""
    for field in model._eager_fields:
        lists = filter(None, map(field.get, models))
        sources = zip(repeat(Text(text, field.key, is_array)), count())
        _all(map(put_source, chain.from_iterable(lists), sources))


class OpenModel(Model):
    """A model of an object with any members. Each of them is an attribute."""

    _is_open = True

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            source = self._source
            if type(source) is Changes and name in source.extra:
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
        if name not in self._fields and type(source) is Changes and name in source.extra:
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
        put_source(self, read._source)
