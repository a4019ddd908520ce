//! Writes the software bill of materials (CycloneDX) of a package: the crates that are linked into it.

use std::path::Path;

use cyclonedx_bom::external_models::spdx::SpdxExpression;
use cyclonedx_bom::external_models::uri::Purl;
use cyclonedx_bom::models::bom::SpecVersion;
use cyclonedx_bom::models::component::{Classification, Component, Components};
use cyclonedx_bom::models::license::{LicenseChoice, Licenses};
use cyclonedx_bom::models::metadata::Metadata;
use cyclonedx_bom::prelude::Bom;
use serde_json::Value;

use crate::platform::Platform;
use crate::{Result, VERSION, notices};

/// The name of the file of a package on a platform.
pub fn name(platform: &Platform, package: &str) -> String {
    format!("{package}-{VERSION}-{}.cdx.json", platform.name)
}

pub fn write(platform: &Platform, package: &str, out: &Path) -> Result<()> {
    std::fs::write(out.join(name(platform, package)), text(platform, package)?)?;
    Ok(())
}

fn text(platform: &Platform, package: &str) -> Result<Vec<u8>> {
    let metadata = notices::metadata(platform)?;
    let linked = notices::inside(&metadata, package)?;
    let own = Component::new(Classification::Library, package, VERSION, None);
    let bom = Bom {
        // The same sources give the same bytes, so there is neither a serial number nor a time.
        serial_number: None,
        metadata: Some(Metadata { component: Some(own), ..Metadata::default() }),
        components: Some(Components(linked.into_iter().map(component).collect::<Result<_>>()?)),
        ..Bom::default()
    };
    let mut text = Vec::new();
    bom.output_as_json(&mut text, SpecVersion::V1_5)?;
    text.push(b'\n');
    Ok(text)
}

fn component(package: &Value) -> Result<Component> {
    let field = |name: &str| package[name].as_str().unwrap_or_default();
    let (name, version) = (field("name"), field("version"));
    let mut component = Component::new(Classification::Library, name, version, None);
    component.purl = Some(Purl::new("cargo", name, version)?);
    if !field("license").is_empty() {
        // Some crates write "MIT/Apache-2.0", which SPDX writes with OR.
        let licence = SpdxExpression::parse_lax(field("license").into())?;
        component.licenses = Some(Licenses(vec![LicenseChoice::Expression(licence)]));
    }
    Ok(component)
}

#[cfg(test)]
mod tests {
    use cyclonedx_bom::validation::Validate;

    use super::*;

    #[test]
    fn a_bill_of_materials_is_valid_and_lists_what_is_linked() {
        let platform = &crate::platform::ALL[0];
        let written = text(platform, "apideck-vault").expect("the bill of materials can be made");
        assert_eq!(written, text(platform, "apideck-vault").expect("again"), "the same sources give the same bytes");
        let read = Bom::parse_from_json_v1_5(&written[..]).expect("it is CycloneDX");
        assert!(read.validate_version(SpecVersion::V1_5).passed(), "{:?}", read.validate_version(SpecVersion::V1_5));
        let components = read.components.expect("it has components").0;
        let has = |name: &str| components.iter().any(|component| component.name.to_string() == name);
        assert!(has("ring") && has("ureq") && !has("cbindgen"), "{components:?}");
        assert!(components.iter().all(|component| component.purl.is_some() && component.licenses.is_some()));
    }
}
