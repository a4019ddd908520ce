"""Members that may be one of several types. Only annotations need these; `typing` is imported here and nowhere else."""

from __future__ import annotations

from typing import Any, Dict, List, Union

from .consent import DataScopesResources1, DataScopesResources2
from .error_data import DetailUnauthorizedResponse2
from .form_field import FormFieldOptionGroup, SimpleFormFieldOption

Five = Union[str, int, float]
Value = Union[str, int, float, bool, List[Five]]
Value5 = Union[str, int, float]
ConnectionValue = Union[str, int, float, bool, List[Value5]]
FormFieldOption = Union[SimpleFormFieldOption, FormFieldOptionGroup]
DataScopesResources = Union[Dict[str, Dict[str, DataScopesResources1]], DataScopesResources2]
Detail = Union[str, Dict[str, Any]]
BadRequestResponseDetail = Union[str, Dict[str, Any]]
UnauthorizedResponseDetail = Union[DetailUnauthorizedResponse2, str]
NotFoundResponseDetail = Union[str, Dict[str, Any]]
ConflictResponseDetail = Union[str, Dict[str, Any]]
UnprocessableResponseDetail = Union[str, Dict[str, Any]]

__all__ = [
    "BadRequestResponseDetail",
    "ConflictResponseDetail",
    "ConnectionValue",
    "DataScopesResources",
    "Detail",
    "Five",
    "FormFieldOption",
    "NotFoundResponseDetail",
    "UnauthorizedResponseDetail",
    "UnprocessableResponseDetail",
    "Value",
    "Value5",
]
