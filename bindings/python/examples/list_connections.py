"""Shows every integration of the application and how far its connection has come.

Against the local Vault:
    apideck-vault-sandbox --listen 127.0.0.1:8090 &
    APIDECK_SERVER_URL=http://127.0.0.1:8090 APIDECK_API_KEY=any APIDECK_APP_ID=app APIDECK_CONSUMER_ID=me \
        python examples/list_connections.py
"""

from apideck_vault import Apideck

with Apideck() as apideck:  # the key and the ids come from the environment
    res = apideck.vault.connections.list()
    for connection in res.get_connections_response.data:
        print(f"{connection.unified_api or '':16} {connection.service_id or '':24} {connection.state}")
