"""Imports every module that calls and their results need. The first client imports this module.

A call may run where imports fail: without free file descriptors, after `chroot`, or after an upgrade of the package.
Importing the package alone stays cheap.
"""

from __future__ import annotations

import _queue
import copy
import http
import importlib
import json
from urllib import parse

import msgspec

from . import _failure, models
from .utils import datetimes, logger

__all__ = ["_failure", "_queue", "copy", "datetimes", "http", "importlib", "json", "logger", "msgspec", "parse"]

models.load()
