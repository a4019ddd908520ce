"""Lists the connections of all consumers that need something, most urgent first."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Dict, Iterator, List, NamedTuple, Tuple, Union

from apideck_vault import Apideck, models

DESCRIPTION = """\
Lists the connections of all consumers that need something, most urgent first: those that need somebody come before
those that only have to wait. In each group, those whose credentials are deleted next come first.

The API key and the application come from APIDECK_API_KEY and APIDECK_APP_ID, another server from APIDECK_SERVER_URL."""
EXIT_CODES = """\
exit codes:
  0  no connection needs somebody
  1  a connection needs somebody
  2  the list is not complete, or the arguments are wrong; standard error has the reason"""

COLUMNS = ("consumer", "connection", "action", "until", "reason")
# The consumers whose connections are listed at the same time.
AT_ONCE = 8


class Finding(NamedTuple):
    """A connection that needs something."""

    consumer_id: str
    connection_id: str
    report: models.HealthReport
    is_overdue: bool

    def needs_somebody(self) -> bool:
        """Returns whether somebody has to act. After `until`, waiting does not help."""
        return self.is_overdue or self.report.action != models.HealthAction.WAIT

    def urgency(self) -> Tuple[bool, float, str, str]:
        """Returns the key by which findings are sorted."""
        until = float("inf") if self.report.until is None else self.report.until
        return not self.needs_somebody(), until, self.consumer_id, self.connection_id


def consumers(apideck: Apideck) -> Iterator[str]:
    """Yields the id of every consumer, one page after the other."""
    page = apideck.vault.consumers.list(limit=200)
    while page is not None:
        for consumer in page.get_consumers_response.data:
            if consumer.consumer_id:
                yield consumer.consumer_id
        page = page.next()


def findings(apideck: Apideck, consumer_id: str) -> Union[List[Finding], models.ApideckError]:
    """Returns the connections of a consumer that need something, or why they cannot be listed."""
    try:
        connections = apideck.vault.connections.list(consumer_id=consumer_id).get_connections_response.data
    except models.ApideckError as error:
        return error
    now = time.time() * 1000
    found: List[Finding] = []
    for connection in connections:
        report = connection.health_report()
        if report.action != models.HealthAction.NONE:
            is_overdue = report.until is not None and report.until <= now
            found.append(Finding(consumer_id, connection.id or "?", report, is_overdue))
    return found


def as_json(finding: Finding) -> Dict[str, object]:
    """Returns a finding for machines, without `authorize_url`: whoever has that can connect an account of their own."""
    report = finding.report
    return {
        "consumer_id": finding.consumer_id,
        "connection_id": finding.connection_id,
        "action": report.action,
        "reason": report.reason,
        "until": report.until,
        "overdue": finding.is_overdue,
        "missing_settings": report.missing_settings,
    }


def as_row(finding: Finding) -> Tuple[str, ...]:
    """Returns a finding for people. Ids come from others, so they cannot move the cursor of a terminal."""
    report = finding.report
    until = "-"
    if report.until is not None:
        until = datetime.datetime.fromtimestamp(report.until / 1000, datetime.timezone.utc).strftime("%Y-%m-%d %H:%MZ")
    cells = finding.consumer_id, finding.connection_id, report.action, until, report.reason
    return tuple("".join(character if character.isprintable() else "?" for character in cell) for cell in cells)


def print_table(found: List[Finding]) -> None:
    """Prints findings in columns."""
    rows = [COLUMNS, *map(as_row, found)] if found else []
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


def main() -> int:
    parser = argparse.ArgumentParser(
        description=DESCRIPTION, epilog=EXIT_CODES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="columns, or one JSON array")
    arguments = parser.parse_args()

    found: List[Finding] = []
    is_complete = True
    try:
        with Apideck() as apideck, ThreadPoolExecutor(AT_ONCE) as pool:
            ids = list(consumers(apideck))
            for consumer_id, result in zip(ids, pool.map(partial(findings, apideck), ids)):
                if isinstance(result, models.ApideckError):
                    is_complete = False
                    print(f"{consumer_id!r}: {result.message}", file=sys.stderr)
                else:
                    found.extend(result)
    except models.ApideckError as error:
        print(error.message, file=sys.stderr)
        return 2
    found.sort(key=Finding.urgency)
    if arguments.format == "json":
        print(json.dumps([as_json(finding) for finding in found], indent=2))
    else:
        print_table(found)
    if not is_complete:
        return 2
    return int(any(finding.needs_somebody() for finding in found))


if __name__ == "__main__":
    raise SystemExit(main())
