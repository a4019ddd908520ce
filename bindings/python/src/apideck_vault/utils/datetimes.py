"""Timestamps of the API as datetimes."""

import sys
from datetime import datetime


def parse_datetime(datetime_string: str) -> datetime:
    """Returns the moment of an ISO 8601 timestamp, for example of `ConsentRecord.created_at`."""
    if sys.version_info < (3, 11) and datetime_string.endswith("Z"):  # which reads only offsets in digits
        datetime_string = f"{datetime_string[:-1]}+00:00"
    return datetime.fromisoformat(datetime_string)
