"""Makes one connection callable: fills in its settings, then does or prints what it needs next."""

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
    report = updated.data.health_report()
    if report.action == models.HealthAction.NONE:
        print("ready to use")
    elif report.action == models.HealthAction.REAUTHORIZE and report.authorize_url:
        print(f"send the user to {report.authorize_url}&redirect_uri={quote(REDIRECT, safe='')}")
    elif report.action == models.HealthAction.EXCHANGE_TOKEN:
        exchanged = connections.token(service_id="pipedrive", unified_api="crm", request_body={})
        print(f"now {exchanged.get_connection_response.data.state}")
    else:
        print(f"needs {report.action}: {report.reason}")
