//! The peers in Go, measured by the programs of benches/go.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use crate::measure::run;
use crate::native::{folder, library, root, size};
use crate::peer::{Entry, Program};

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

const OFFICIAL: &str = "github.com/apideck-libraries/sdk-go";
const OFFICIAL_VERSION: &str = "v0.27.23";

fn program(name: &'static str) -> Result<Program, String> {
    let built = built()?;
    if let ("official", Some(reason)) = (name, &built.skip) {
        return Err(reason.clone());
    }
    let smallest = built.compile(&format!("./programs/{name}"), &format!("smallest-{name}"), &["-ldflags=-s -w"])?;
    let (client, installed) = (built.client.clone(), size(&smallest));
    Ok(Program {
        call: Box::new(move |url, kind, count| {
            // The official SDK takes most of a second for a list of a thousand, so it makes fewer calls.
            let count = (count / if name == "official" { 40 } else { 4 }).max(5);
            let mut command = Command::new(&client);
            command.args([name, url, kind, &count.to_string()]);
            command
        }),
        start: Some(Box::new(move |url| {
            let mut command = Command::new(&smallest);
            command.arg(url);
            command
        })),
        installed,
        counter: None,
    })
}

/// The programs that could be built.
struct Built {
    /// The program that makes the calls.
    client: PathBuf,
    flags: Vec<String>,
    /// Why the program has no official SDK.
    skip: Option<String>,
}

impl Built {
    fn compile(&self, program: &str, name: &str, more: &[&str]) -> Result<PathBuf, String> {
        let out = folder("go")?.join(name);
        run(go("build")?.arg("-o").arg(&out).args(&self.flags).args(more).arg(program))?;
        Ok(out)
    }
}

/// Builds the client, with the official SDK if it is available.
fn built() -> Result<&'static Built, String> {
    static BUILT: OnceLock<Result<Built, String>> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        with_official().or_else(|reason| {
            let flags = vec!["-tags=apideck_vault_checkout".into()];
            let reason = format!("set APIDECK_SDK_GO to a checkout if the module proxy has none: {reason}");
            let mut built = Built { client: PathBuf::new(), flags, skip: Some(reason) };
            built.client = built.compile("./client", "client", &[])?;
            Ok(built)
        })
    });
    built.as_ref().map_err(String::clone)
}

/// Builds with a copy of go.mod that requires the official SDK. The committed go.mod does not, so that a build without the
/// SDK works.
fn with_official() -> Result<Built, String> {
    let module = folder("go")?.join("go.mod");
    std::fs::copy(root().join("benches/go/go.mod"), &module).map_err(|error| error.to_string())?;
    let mut edit = go("mod")?;
    edit.arg("edit").arg(format!("-require={OFFICIAL}@{OFFICIAL_VERSION}"));
    if let Some(checkout) = std::env::var_os("APIDECK_SDK_GO") {
        edit.arg(format!("-replace={OFFICIAL}={}", checkout.to_string_lossy()));
    }
    run(edit.arg(&module))?;
    let flags = ["-tags=apideck_vault_checkout,official", "-mod=mod", &format!("-modfile={}", module.display())];
    let mut built = Built { client: PathBuf::new(), flags: flags.map(String::from).to_vec(), skip: None };
    built.client = built.compile("./client", "client", &[])?;
    Ok(built)
}

/// Returns a Go command that links the library that all languages measure, and not one in the checkout's target folder.
fn go(verb: &str) -> Result<Command, String> {
    let library = library()?.display();
    let mut command = Command::new("go");
    command.arg(verb).current_dir(root().join("benches/go"));
    command.env("CGO_ENABLED", "1").env("CGO_LDFLAGS", format!("-L{library} -Wl,--disable-new-dtags,-rpath,{library}"));
    Ok(command)
}

/// Returns the program that makes calls from many goroutines at once.
pub fn client() -> Result<&'static PathBuf, String> {
    built().map(|built| &built.client)
}
