"""The pytest plugin: the fixtures `vault_sandbox` and `vault_sandbox_options`."""

from __future__ import annotations

from typing import Iterator

import pytest

from . import SandboxError, SandboxOptions, VaultSandbox


@pytest.fixture
def vault_sandbox_options() -> SandboxOptions:
    """The options of `vault_sandbox`. Override this fixture, or parametrize it, to set some."""
    return {}


@pytest.fixture
def vault_sandbox(vault_sandbox_options: SandboxOptions, request: pytest.FixtureRequest) -> Iterator[VaultSandbox]:
    """A local Vault for one test. If the test fails, its report has what the program printed."""
    try:
        sandbox = VaultSandbox(**vault_sandbox_options)
    except SandboxError as error:
        pytest.fail(str(error), pytrace=False)
    with sandbox:
        yield sandbox
    request.node.add_report_section("teardown", "apideck-vault-sandbox", sandbox.output)
