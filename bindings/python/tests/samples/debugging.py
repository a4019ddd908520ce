# The shape of the official SDK's programs, import changed. Run by test_samples.py.
import logging

from apideck_vault import Apideck

logging.basicConfig(level=logging.DEBUG)
s = Apideck(debug_logger=logging.getLogger("apideck_vault"), app_id="samples-app", consumer_id="samples")
print(s.vault.connections.list(api="crm").http_meta)
