"""Makes one connection callable: fills in its settings, then prints the URL where the user authorizes it."""

from urllib.parse import quote

from apideck_vault import Apideck, models

REDIRECT = "https://app.example/integrations"

with Apideck() as apideck:
    connections = apideck.vault.connections
    res = connections.get(service_id="pipedrive", unified_api="crm")
    connection = res.get_connection_response.data

    for field in connection.form_fields or []:
        print(f"setting {field.id}: {field.label}{' (required)' if field.required else ''}")

    updated = connections.update(
        service_id="pipedrive",
        unified_api="crm",
        enabled=True,
        settings={"instance_url": "https://acme.pipedrive.com", "api_key": "12345"},
        metadata={"plan": "enterprise"},
    ).update_connection_response
    if updated.data.state == models.ConnectionState.CALLABLE:
        print("ready to use")
    elif updated.data.authorize_url:
        print(f"send the user to {updated.data.authorize_url}&redirect_uri={quote(REDIRECT, safe='')}")
    else:
        print(f"still {updated.data.state}")
