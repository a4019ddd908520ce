"""The texts of repr(), without what is long or secret."""

from __future__ import annotations

from .._json import is_array, is_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict

# The longest text of repr(). A model fits in two lines, and a string in it does not fill them.
_MAX_REPR = 158
_MAX_TEXT = 40


def shortened(name: str, parts: Dict[str, str]) -> str:
    """Returns the text of a model that fits in two lines.

    Args:
        name: The name of its class.
        parts: The texts of its attributes, by name, in the order in which they are shown.
    """
    text = f"{name}("
    for attribute, part in parts.items():
        comma = ", " if text[-1] != "(" else ""
        if len(text) + len(comma) + len(attribute) + 1 + len(part) > _MAX_REPR - len(", ...)"):
            return f"{text}{comma}...)"
        text += f"{comma}{attribute}={part}"
    return f"{text})"


def brief(value: Any) -> str:
    """Returns a value of a model for repr(), without what is long or secret."""
    if hasattr(value, "model_dump"):  # a model
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
