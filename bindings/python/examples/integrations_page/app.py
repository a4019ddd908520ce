"""A web page where a consumer connects, configures and disconnects integrations."""

from __future__ import annotations

import json
import os
import threading
from typing import Any, Dict, List, Optional, Union
from urllib.parse import quote

from flask import Flask, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from apideck_vault import Apideck, models, webhooks

Page = Union[str, Redirect, Response, "tuple[str, int]"]

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
app.jinja_env.filters["as_json"] = json.dumps


@app.template_test("chosen")
def is_chosen(option: Any, value: Any) -> bool:
    """Returns whether an option is the value, or one of several values. In JSON, `1` is neither `"1"` nor `true`."""
    wanted = json.dumps(option)
    values = value if hasattr(value, "append") else [value]
    return any(json.dumps(one) == wanted for one in values)


# The pages of one consumer, APIDECK_CONSUMER_ID. A real program takes the consumer from the user's session.
apideck = Apideck()
vault = apideck.vault.connections

# How many webhooks have arrived. When it changes, an open page loads itself again.
version = 0
lock = threading.Lock()


@app.before_request
def refuse_other_sites() -> None:
    """Other sites must not send the forms of this one. Webhooks come from no browser."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if request.method == "POST" and request.path != "/webhooks" and site != "same-origin":
        abort(403)


@app.errorhandler(models.NotFoundResponse)
def not_found(_: models.NotFoundResponse) -> Page:
    return "There is no such integration.", 404


@app.errorhandler(models.ApideckError)
def failed(error: models.ApideckError) -> Page:
    app.logger.error("%s", error)  # has no key, token or setting
    return "Vault did not do this. Try again later.", 502


@app.get("/version")
def count() -> str:
    return str(version)


@app.get("/")
def show_list() -> Page:
    """Shows every integration. Vault's authorization page sends the user back here."""
    seen = version  # read first, so that no change is missed
    connections = vault.list().get_connections_response.data
    return render_template("list.html", connections=connections, denied="error" in request.args, version=seen)


@app.get("/<api>/<service>")
def show_form(api: str, service: str) -> Page:
    """Shows the settings of a connection."""
    connection = connection_of(api, service)
    return form(connection, connection.settings)


@app.post("/<api>/<service>")
@app.post("/<api>/<service>/connect")
def save(api: str, service: str) -> Page:
    """Adds the connection with the settings of the form, if there is one, and sends the user to what it needs next."""
    before = connection_of(api, service)
    changes = settings_of(before.form_fields or [])
    try:
        saved = vault.update(service_id=service, unified_api=api, enabled=True, settings=changes)
    except models.UnprocessableResponse as error:
        return form(before, changes, str(error.data.detail)), 422
    report = saved.update_connection_response.data.health_report()
    if report.action == models.HealthAction.FILL_SETTINGS:
        return redirect(url_for("show_form", api=api, service=service), 303)
    if report.action == models.HealthAction.REAUTHORIZE and report.authorize_url:
        here = quote(url_for("show_list", _external=True), safe="")
        return redirect(f"{report.authorize_url}&redirect_uri={here}", 303)
    if report.action == models.HealthAction.EXCHANGE_TOKEN:
        vault.token(service_id=service, unified_api=api)
    return redirect(url_for("show_list"), 303)


@app.post("/<api>/<service>/disconnect")
def disconnect(api: str, service: str) -> Page:
    vault.delete(service_id=service, unified_api=api)
    return redirect(url_for("show_list"), 303)


@app.post("/webhooks")
def receive() -> Page:
    """Counts the events that Apideck signed."""
    global version
    signature = request.headers.get("x-apideck-signature")
    try:
        webhooks.verify(request.get_data(), signature, os.environ["APIDECK_API_KEY"])
    except webhooks.SignatureVerificationError as error:
        app.logger.warning("%s", error)
        return "", 401
    with lock:
        version += 1
    return "", 204


def connection_of(api: str, service: str) -> models.Connection:
    return vault.get(service_id=service, unified_api=api).get_connection_response.data


def form(connection: models.Connection, settings: Optional[Dict[str, Any]], refused: Optional[str] = None) -> str:
    """Returns a form with some settings, and why Vault refused them."""
    stored = connection.settings or {}
    fields = [field for field in connection.form_fields or [] if not field.hidden]
    return render_template(
        "form.html", connection=connection, fields=fields, stored=stored, settings=settings or {}, refused=refused
    )


def settings_of(fields: List[models.FormField]) -> Dict[str, Any]:
    """Returns the settings in the submitted form, each with the JSON type of its field. `None` clears a value."""
    changes: Dict[str, Any] = {}
    for field in fields:
        texts = request.form.getlist(field.id or "")
        if not texts or field.id is None:
            continue  # the form does not have this field
        value: Any = texts[-1]
        if field.type == models.FormFieldType.CHECKBOX:
            value = value == "true"
        elif field.type == models.FormFieldType.MULTI_SELECT:
            # The first text is empty, so that the field is sent without a chosen option too.
            value = [parsed(option) for option in texts[1:]]
        elif field.type == models.FormFieldType.NUMBER or (field.options and not field.allow_custom_values):
            value = parsed(value)  # a text that is not JSON stays a text, and Vault refuses it
        if value != "":
            changes[field.id] = value
        elif not field.sensitive:
            changes[field.id] = None  # the form does not show sensitive values, so an empty one is kept
    return changes


def parsed(text: str) -> Any:
    """Returns the value of a JSON text, or the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text


if __name__ == "__main__":
    host, _, port = os.environ.get("LISTEN", "127.0.0.1:8080").rpartition(":")
    app.run(host, int(port))
