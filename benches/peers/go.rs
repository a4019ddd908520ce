//! The peers in Go, measured by the client of bindings/go/benchmarks.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use crate::measure::run;
use crate::native::{folder, library, root, size};
use crate::peers::{Entry, Program};

pub const PEERS: [Entry; 3] = [
    Entry { name: "net/http", language: "Go", checks: "JSON into maps", ours: false, prepare: || program("nethttp") },
    Entry { name: "sdk-go", language: "Go", checks: "JSON into structs", ours: false, prepare: || program("official") },
    Entry {
        name: "apideck-vault",
        language: "Go",
        checks: "JSON into structs",
        ours: true,
        prepare: || program("vault"),
    },
];

/// Linking finds the library that is measured everywhere else, before one that lies in the checkout.
fn go(arguments: &[&str]) -> Result<Command, String> {
    let library = library()?.display();
    let mut command = Command::new("go");
    command.args(arguments).current_dir(root().join("bindings/go/benchmarks"));
    command.env("CGO_ENABLED", "1").env("CGO_LDFLAGS", format!("-L{library} -Wl,-rpath,{library}"));
    Ok(command)
}

fn program(name: &'static str) -> Result<Program, String> {
    let client = client()?;
    if name == "official" && !has_official()? {
        return Err("the module proxy does not have it; APIDECK_SDK_GO may name a checkout".into());
    }
    let installed = match name {
        "nethttp" => None,
        _ => binary(name)?,
    };
    Ok(Program {
        call: Box::new(move |url, kind, count| {
            // The official SDK takes most of a second for a list of a thousand: fewer calls do.
            let count = (count / if name == "official" { 40 } else { 4 }).max(5);
            let mut command = Command::new(&client);
            command.args([name, url, kind, &count.to_string()]);
            command
        }),
        start: None,
        installed,
        counter: None,
    })
}

/// The program that makes the calls.
pub fn client() -> Result<PathBuf, String> {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        let folder = folder("go")?;
        run(go(&["run", ".", "build"])?.arg(&folder))?;
        Ok(folder.join("client"))
    });
    built.clone()
}

/// Whether the client was built with the official SDK, a module that not every proxy has.
fn has_official() -> Result<bool, String> {
    let symbols = run(Command::new("go").args(["version", "-m"]).arg(client()?))?;
    Ok(symbols.contains("github.com/apideck-libraries/sdk-go"))
}

/// The size of the smallest program, stripped.
fn binary(name: &str) -> Result<Option<u64>, String> {
    let folder = folder("go")?;
    let out = folder.join(format!("smallest-{name}"));
    let mut build = go(&["build", "-ldflags=-s -w", "-o"])?;
    build.arg(&out);
    if has_official()? {
        build.args(["-tags=apideck_vault_checkout,official", "-mod=mod"]);
        build.arg(format!("-modfile={}", folder.join("go.mod").display()));
    } else {
        build.arg("-tags=apideck_vault_checkout");
    }
    run(build.arg(format!("./programs/{name}")))?;
    Ok(size(&out))
}
