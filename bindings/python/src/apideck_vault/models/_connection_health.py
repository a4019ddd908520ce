"""The method of connections that reports their health. The core decides by what this module passes to it."""

from __future__ import annotations

import json

from .._json import decode, is_array, is_object
from .._plain import plain
from .._unset import UNSET
from ._model import Model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict

    from .health import HealthReport

# The members that a report reads, besides `settings` and `form_fields`, whose values stay here.
_MEMBERS = (
    *("state", "health", "integration_state", "enabled", "auth_type", "oauth_grant_type", "authorize_url"),
    *("settings_required_for_authorization", "credentials_expire_at", "last_refresh_failed_at"),
)


class ReportsHealth(Model):
    """A connection that reports what it needs."""

    def health_report(self) -> HealthReport:
        """Reports whether this connection needs somebody, who, and until when.

        Nothing is sent, and the clock is not read: compare `until` with `time.time() * 1000`. The report is about the
        connection as it is now, with the changes that the program made.

        Returns:
            The action, its reason, and what the action needs. A value that this version does not know never makes
            the action `HealthAction.NONE`.

        Raises:
            ArgumentTypeError: The program set a member to a value that JSON cannot express.
        """
        from .._native import connection_health
        from .health import HealthReport

        # The standard library writes every text, even half of a surrogate pair, in ASCII.
        text = json.dumps(_facts(self._members()))
        return HealthReport.model_validate(decode(connection_health(text.encode())))


def _facts(members: Dict[str, Any]) -> Dict[str, Any]:
    """Returns the members of a connection that a report reads, without the values of settings."""
    facts: Dict[str, Any] = {name: _scalar(members[name], name) for name in _MEMBERS if name in members}
    settings: Any = members.get("settings")
    fields: Any = members.get("form_fields")
    if hasattr(settings, "keys"):
        facts["settings"] = {str(key): _presence(settings[key]) for key in settings}
    if is_array(fields):
        facts["form_fields"] = [_field(item) for item in fields]
    return facts


def _scalar(value: Any, name: str) -> Any:
    """Returns a value as JSON's own types. An infinite number becomes text, which the core does not take for a time."""
    if value is UNSET:
        return None
    if isinstance(value, float) and value - value != 0:
        return str(value)
    return plain(value, f"Connection.{name}")


def _field(item: Any) -> Any:
    """Returns what a report reads of a form field."""
    members = item._members() if isinstance(item, Model) else item
    if not is_object(members):
        return None
    facts = {
        name: _scalar(members[name], f"form_fields.{name}")
        for name in ("id", "required", "deprecated")
        if name in members
    }
    return {**facts, "value": _presence(members.get("value"))}


def _presence(value: Any) -> Any:
    """Returns what stands for the value of a setting: whether there is one is all that matters."""
    return None if value is None or value is UNSET or value == "" else True
