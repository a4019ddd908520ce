"""A local Vault for tests: starts the program `apideck-vault-sandbox`, and stops it when the test ends.

With pytest, the fixture `vault_sandbox` is there as soon as this package is installed:

    from apideck_vault.testing import VaultSandbox

    def test_connect(vault_sandbox: VaultSandbox) -> None:
        apideck = vault_sandbox.client("acme")
        res = apideck.vault.connections.list(api="crm")
        …

`VaultSandbox` is a context manager, for other test frameworks and for sandboxes that several tests share. The plugin's
name is `apideck_vault.testing.pytest_plugin`, for `-p` and `pytest_plugins` if plugins are not loaded automatically.
"""

from __future__ import annotations

from ._control import Fault
from ._program import SandboxError
from ._sandbox import APP_ID, KEY, SandboxOptions, VaultSandbox

__all__ = ["APP_ID", "KEY", "Fault", "SandboxError", "SandboxOptions", "VaultSandbox"]
