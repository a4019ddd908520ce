"""Timestamps of the API as Python's."""

import sys
from datetime import datetime


def parse_datetime(datetime_string: str) -> datetime:
    """The moment that an ISO 8601 timestamp names, as in `ConsentRecord.created_at`."""
    if sys.version_info < (3, 11) and datetime_string.endswith("Z"):  # which knows offsets in digits alone
        datetime_string = f"{datetime_string[:-1]}+00:00"
    return datetime.fromisoformat(datetime_string)
