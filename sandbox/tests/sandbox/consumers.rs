//! The operations on consumers, and consumers that the first request with their id creates.

use crate::client::{self, Client, Response};
use apideck_vault_sandbox::Sandbox;
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

fn sandbox() -> (Sandbox, Client) {
    let (sandbox, client) = client::sandbox();
    // Operations on consumers need no consumer header.
    let client = client.with("x-apideck-consumer-id", "");
    (sandbox, client)
}

fn create(client: &Client, id: &str, metadata: Value) -> Response {
    client.call("POST", "/vault/consumers", &json!({"consumer_id": id, "metadata": metadata}).to_string())
}

fn list(client: &Client, query: &[(&str, &str)]) -> Response {
    let query = Serializer::new(String::new()).extend_pairs(query).finish();
    client.call("GET", &format!("/vault/consumers?{query}"), "")
}

#[track_caller]
fn ids(page: &Value) -> Vec<&str> {
    let data = page["data"].as_array().expect("an array");
    assert_eq!(page["meta"]["items_on_page"], data.len());
    data.iter().map(|consumer| consumer["consumer_id"].as_str().expect("an id")).collect()
}

#[test]
fn a_consumer_is_created_shown_updated_and_deleted() {
    let (_sandbox, client) = sandbox();
    let metadata = json!({
        "account_name": "SpaceX", "user_name": "Elon Musk", "email": "elon@musk.com",
        "image": "https://www.spacex.com/static/images/share.jpg",
    });
    let created = create(&client, "account:12345", metadata.clone()).expect(200).data();
    assert_eq!((&created["consumer_id"], &created["application_id"]), (&json!("account:12345"), &json!("app")));
    assert_eq!((&created["metadata"], &created["connections"]), (&metadata, &json!([])));
    assert_eq!(created["created"], created["modified"]);
    assert_eq!(client.consumer("account:12345").expect(200).data(), created);

    let path = "/vault/consumers/account:12345";
    let unchanged = client.call("PATCH", path, "{}").expect(200).data();
    assert_eq!(unchanged, created);
    let updated = client.call("PATCH", path, r#"{"metadata": {"user_name": "Zoë"}}"#).expect(200).data();
    assert_eq!(updated["metadata"], json!({"user_name": "Zoë"}), "the update replaces all metadata");
    assert_eq!(updated["created"], created["created"]);
    assert!(updated["modified"].as_str() >= created["modified"].as_str());

    let deleted = client.call("DELETE", path, "").expect(200).data();
    assert_eq!(deleted, json!({"consumer_id": "account:12345"}));
    for (method, body) in [("GET", ""), ("PATCH", "{}"), ("PATCH", r#"{"metadata": {}}"#), ("DELETE", "")] {
        let (kind, detail) = client.call(method, path, body).expect(404).error();
        assert!(kind == "EntityNotFoundError" && detail.contains("'account:12345'"), "{kind} {detail}");
    }
}

#[test]
fn creating_a_consumer_that_exists_updates_it() {
    let (_sandbox, client) = sandbox();
    let first = create(&client, "acme", json!({"account_name": "Acme"})).expect(200).data();
    let again = client.call("POST", "/vault/consumers", r#"{"consumer_id": "acme"}"#).expect(200).data();
    assert_eq!(again, first, "a request without metadata changes nothing");
    let renamed = create(&client, "acme", json!({"account_name": "Acme Ltd"})).expect(200).data();
    assert_eq!((&renamed["metadata"], &renamed["created"]), (&json!({"account_name": "Acme Ltd"}), &first["created"]));
    assert_eq!(ids(&list(&client, &[]).json()), ["acme"]);
}

#[test]
fn the_first_request_that_names_a_consumer_creates_it() {
    let (_sandbox, client) = sandbox();
    let acme = client.with("x-apideck-consumer-id", "acme");
    client.consumer("acme").expect(404);
    acme.get("crm/hubspot").expect(200);
    let created = client.consumer("acme").expect(200).data();
    assert_eq!((&created["metadata"], &created["services"]), (&json!({}), &json!([])));
    // A request that is refused before it reaches an operation creates no consumer.
    client.with("x-apideck-consumer-id", "other").with("authorization", "").get("crm/hubspot").expect(401);
    // Operations on consumers ignore the header, so they create no consumer from it.
    client.with("x-apideck-consumer-id", "other").consumer("acme").expect(200);
    client.consumer("other").expect(404);
}

#[test]
fn a_consumer_shows_its_connections_services_and_requests() {
    let (_sandbox, client) = sandbox();
    let acme = client.with("x-apideck-consumer-id", "acme");
    let body = r#"{"settings": {"base_url": "https://a.example", "api_key": "k"}, "metadata": {"plan": [1.50]}}"#;
    acme.update("crm/activecampaign", body).expect(200);
    acme.update("ats/lever", r#"{"enabled": false}"#).expect(200);
    acme.get("crm/nowhere").expect(404);
    let consumer = client.consumer("acme").expect(200).data();
    assert_eq!(consumer["services"], json!(["activecampaign", "lever"]));
    assert_eq!(consumer["aggregated_request_count"], 3);
    assert_eq!(consumer["request_counts"], json!({"unify": 0, "proxy": 0, "vault": 3}));
    assert!(consumer["request_count_updated"].as_str() >= consumer["created"].as_str());
    let connections = consumer["connections"].as_array().unwrap();
    let shown: Vec<_> = connections.iter().map(|one| [&one["id"], &one["state"], &one["enabled"]]).collect();
    let expected = [
        [json!("crm+activecampaign"), json!("callable"), json!(true)],
        [json!("ats+lever"), json!("added"), json!(false)],
    ];
    assert_eq!(shown, expected.each_ref().map(|row| row.each_ref()));
    assert_eq!(connections[0]["metadata"], json!({"plan": [1.5]}));
    assert_eq!(connections[0]["settings"], json!({"base_url": "https://a.example"}), "no sensitive setting");
    assert_eq!(connections[0]["consumer_id"], "acme");
    let listed = list(&client, &[]).expect(200).json();
    assert_eq!(listed["data"][0]["services"], json!(["activecampaign", "lever"]));
    assert_eq!(listed["data"][0]["aggregated_request_count"], 3);
    acme.delete("ats/lever").expect(204);
    assert_eq!(client.consumer("acme").data()["services"], json!(["activecampaign"]));
    assert_eq!(client.consumer("acme").data()["aggregated_request_count"], 4);
}

#[test]
fn deleting_a_consumer_removes_its_connections_links_and_sessions() {
    let (_sandbox, client) = sandbox();
    let (acme, other) = (client.with("x-apideck-consumer-id", "acme"), client.with("x-apideck-consumer-id", "acme-2"));
    for one in [&acme, &other] {
        one.import("ats/lever", r#"{"credentials": {"access_token": "a"}}"#).expect(200);
    }
    let link = acme.get("ats/lever").data()["authorize_url"].as_str().unwrap().replace(&client.url, "");
    let session = acme.session("{}");
    client.call("DELETE", "/vault/consumers/acme", "").expect(200);
    for path in [&link, &session] {
        client.send("GET", path, "").unwrap().expect(404);
    }
    assert_eq!(acme.get("ats/lever").state(), "available");
    assert_eq!(other.get("ats/lever").state(), "callable");
    // The next request creates a new consumer. Its count starts at zero.
    assert_eq!(client.consumer("acme").data()["aggregated_request_count"], 1);
}

#[test]
fn the_pages_contain_every_consumer_once_in_both_directions() {
    let (_sandbox, client) = sandbox();
    let mut names: Vec<_> = (0..23).map(|n| format!("consumer {n:02} é&=%")).collect();
    for name in names.iter().rev() {
        create(&client, name, json!({})).expect(200);
    }
    names.sort();
    for limit in [1, 2, 7, 22, 23, 24, 200] {
        let limit = limit.to_string();
        let (mut seen, mut pages, mut cursor) = (Vec::new(), Vec::new(), String::new());
        loop {
            let page = list(&client, &[("limit", &limit), ("cursor", &cursor)]).expect(200).json();
            seen.extend(ids(&page).into_iter().map(str::to_string));
            assert_eq!(page["meta"]["cursors"]["previous"].is_null(), cursor.is_empty(), "{page}");
            let next = page["meta"]["cursors"]["next"].as_str().map(str::to_string);
            assert_eq!(next.is_none(), page["links"]["next"].is_null());
            if let Some(link) = page["links"]["next"].as_str() {
                let by_link = client.call("GET", &link.replace(&client.url, ""), "").expect(200).json();
                assert_eq!(by_link["meta"]["cursors"]["current"], page["meta"]["cursors"]["next"]);
            }
            pages.push(page);
            match next {
                Some(next) => cursor = next,
                None => break,
            }
        }
        assert_eq!(seen, names, "limit {limit}");
        // The links lead back through the same pages.
        while let Some(link) = pages.pop().unwrap()["links"]["previous"].as_str() {
            let page = client.call("GET", &link.replace(&client.url, ""), "").expect(200).json();
            assert_eq!(ids(&page), ids(pages.last().unwrap()), "limit {limit}");
        }
        assert!(pages.is_empty());
    }
    assert_eq!(ids(&list(&client, &[]).json()).len(), 20, "the default");
}

#[test]
fn creating_and_deleting_consumers_does_not_shift_the_next_page() {
    let (_sandbox, client) = sandbox();
    for name in ["a", "b", "c", "d"] {
        create(&client, name, json!({})).expect(200);
    }
    let first = list(&client, &[("limit", "2")]).json();
    assert_eq!(ids(&first), ["a", "b"]);
    client.call("DELETE", "/vault/consumers/b", "").expect(200);
    create(&client, "aa", json!({})).expect(200);
    create(&client, "cc", json!({})).expect(200);
    let cursor = first["meta"]["cursors"]["next"].as_str().unwrap();
    assert_eq!(ids(&list(&client, &[("limit", "9"), ("cursor", cursor)]).json()), ["c", "cc", "d"]);
}

#[test]
fn filters_match_the_beginning_of_an_id_or_a_part_of_a_name() {
    let (_sandbox, client) = sandbox();
    create(&client, "test-1", json!({"email": "john@acme.example"})).expect(200);
    create(&client, "test-2", json!({"user_name": "Elton john"})).expect(200);
    create(&client, "test%", json!({"account_name": "johnson"})).expect(200);
    create(&client, "johns-test", json!({"image": "https://john.example/x.png"})).expect(200);
    create(&client, "none", json!({"account_name": "a_b"})).expect(200);
    for (query, expected) in [
        (vec![("filter[consumer_id]", "test-")], vec!["test-1", "test-2"]),
        (vec![("filter[consumer_id]", "test%")], vec!["test%"]),
        (vec![("filter[consumer_id]", "")], vec!["johns-test", "none", "test%", "test-1", "test-2"]),
        (vec![("filter[search]", "john")], vec!["johns-test", "test%", "test-1", "test-2"]),
        (vec![("filter[search]", "png")], vec![]),
        (vec![("filter[search]", "a_b")], vec!["none"]),
        (vec![("filter[search]", "' OR 1=1")], vec![]),
        (vec![("filter[search]", "john"), ("filter[consumer_id]", "test")], vec!["test%", "test-1", "test-2"]),
    ] {
        let page = list(&client, &query).expect(200).json();
        assert_eq!(ids(&page), expected, "{query:?}");
        assert!(page["meta"]["cursors"]["next"].is_null());
    }
    // The links keep the filters.
    let query = [("filter[search]", "john"), ("filter[consumer_id]", "test"), ("limit", "2")];
    let first = list(&client, &query).json();
    let link = first["links"]["next"].as_str().unwrap().replace(&client.url, "");
    assert_eq!(ids(&client.call("GET", &link, "").json()), ["test-2"]);
    assert_eq!(first["links"]["current"].as_str().unwrap().matches("filter").count(), 2);
}

#[test]
fn consumers_belong_to_one_app() {
    let (_sandbox, client) = sandbox();
    let other = client.with("x-apideck-app-id", "other");
    create(&client, "acme", json!({"email": "a@b.example"})).expect(200);
    other.consumer("acme").expect(404);
    other.call("DELETE", "/vault/consumers/acme", "").expect(404);
    assert!(ids(&list(&other, &[]).json()).is_empty());
    create(&other, "acme", json!({})).expect(200);
    assert_eq!(client.consumer("acme").data()["metadata"]["email"], "a@b.example");
    assert_eq!(other.consumer("acme").data()["application_id"], "other");
}

#[test]
fn an_id_may_have_any_characters() {
    let (_sandbox, client) = sandbox();
    for id in ["Zoë/√ü?&", "..", "a b", "100%", "名"] {
        create(&client, id, json!({})).expect(200);
        let path: String = id.bytes().map(|byte| format!("%{byte:02x}")).collect();
        assert_eq!(client.consumer(&path).expect(200).data()["consumer_id"], id);
        client.with("x-apideck-consumer-id", id).get("crm/hubspot").expect(200);
        assert_eq!(client.consumer(&path).data()["aggregated_request_count"], 1, "{id}");
        client.call("DELETE", &format!("/vault/consumers/{path}"), "").expect(200);
    }
    client.consumer("%ff").expect(404);
}

#[test]
fn an_invalid_request_is_refused_with_the_path_to_the_mistake() {
    let (_sandbox, client) = sandbox();
    create(&client, "acme", json!({"email": "a@b.example"})).expect(200);
    for (body, message) in [
        ("", "not JSON"),
        ("[]", "expected an object"),
        ("{}", "consumer_id: missing"),
        (r#"{"consumer_id": 1}"#, "consumer_id: expected a string, found a number"),
        (r#"{"consumer_id": ""}"#, "consumer_id: empty"),
        (r#"{"consumer_id": "a", "meta": {}}"#, "meta: unknown"),
        (r#"{"consumer_id": "a", "metadata": null}"#, "metadata: expected an object, found null"),
        (r#"{"consumer_id": "a", "metadata": {"email": 1}}"#, "metadata.email: expected a string, found a number"),
        (r#"{"consumer_id": "a", "metadata": {"name": "x"}}"#, "metadata.name: unknown"),
        (r#"{"consumer_id": "a", "metadata": {"image": "x.png"}}"#, "metadata.image: not a URL"),
    ] {
        let (kind, detail) = client.call("POST", "/vault/consumers", body).expect(400).error();
        assert!(kind == "RequestValidationError" && detail.contains(message), "{detail}");
    }
    for (body, message) in [
        (r#"{"consumer_id": "acme"}"#, "consumer_id: unknown"),
        (r#"{"metadata": []}"#, "metadata: expected an object, found an array"),
    ] {
        let (kind, detail) = client.call("PATCH", "/vault/consumers/acme", body).expect(400).error();
        assert!(kind == "RequestValidationError" && detail.contains(message), "{detail}");
    }
    for (query, message) in [
        (("limit", "0"), "limit"),
        (("limit", "201"), "limit"),
        (("limit", "ten"), "limit"),
        (("limit", ""), "limit"),
        (("cursor", "made-up"), "cursor"),
        (("cursor", "YXQ6eA"), "cursor"),
        (("filter[name]", "x"), "filter[name]"),
    ] {
        let (kind, detail) = list(&client, &[query]).expect(400).error();
        assert!(kind == "RequestValidationError" && detail.contains(message), "{detail}");
    }
    assert_eq!(client.consumer("acme").data()["metadata"], json!({"email": "a@b.example"}));
    client.consumer("a").expect(404);
}
