//! The C header -> man pages: `apideck_vault.3` with the header's preface, and a page for each function.
//!
//! The pages use the macros of man(7). They hold no date, so that the same sources give the same bytes.

use std::fmt::Write;

/// The name and the text of each page.
pub fn pages(header: &str, version: &str) -> Vec<(String, String)> {
    let header = Header::parse(header);
    let overview = ("apideck_vault.3".to_string(), header.overview(version));
    let functions = header.functions.iter().map(|item| (format!("{}.3", item.name), header.function(item, version)));
    std::iter::once(overview).chain(functions).collect()
}

/// The parts of the header.
struct Header<'a> {
    /// The titles and lines of the preface.
    sections: Vec<(&'a str, Vec<&'a str>)>,
    types: Vec<Declared<'a>>,
    statuses: Vec<Declared<'a>>,
    functions: Vec<Declared<'a>>,
}

/// A declaration and the comment above it.
struct Declared<'a> {
    name: &'a str,
    comment: Vec<&'a str>,
    lines: Vec<&'a str>,
}

impl<'a> Header<'a> {
    fn parse(text: &'a str) -> Header<'a> {
        let mut header =
            Header { sections: Vec::new(), types: Vec::new(), statuses: Vec::new(), functions: Vec::new() };
        let mut lines = text.lines();
        let preface = lines.by_ref().skip_while(|line| *line != "/*").take_while(|line| *line != " */");
        for line in preface.map(|line| line.trim_start_matches(" *").strip_prefix(' ').unwrap_or_default()) {
            let is_title = line.starts_with(|first: char| first.is_ascii_uppercase())
                && line.chars().all(|character| character.is_ascii_uppercase() || ", ".contains(character));
            match header.sections.last_mut() {
                _ if is_title => header.sections.push((line, Vec::new())),
                Some((_, section)) => section.push(line),
                None => {}
            }
        }
        let mut comment: Vec<&str> = Vec::new();
        while let Some(line) = lines.next() {
            if let Some(text) = line.strip_prefix("//") {
                comment.push(text.strip_prefix(' ').unwrap_or(text));
                continue;
            }
            let comment = std::mem::take(&mut comment);
            if comment.is_empty() {
                continue;
            }
            let declaration = line.trim_start_matches("APIDECK_VAULT_MUST_USE").trim_start();
            let mut declared = vec![declaration];
            if let Some(define) = line.strip_prefix("#define ") {
                let name = define.split(' ').next().unwrap_or_default();
                header.statuses.push(Declared { name, comment, lines: declared });
                continue;
            }
            while !declared.last().is_some_and(|line| line.ends_with(';')) {
                let Some(line) = lines.next() else { break };
                declared.push(line);
            }
            declared.retain(|line| !line.is_empty());
            let name = declared.first().map(|line| declared_name(line)).unwrap_or_default();
            let kind = if line.starts_with("typedef") { &mut header.types } else { &mut header.functions };
            kind.push(Declared { name, comment, lines: declared });
        }
        header
    }

    fn overview(&self, version: &str) -> String {
        let mut page = title("apideck_vault", "manage Apideck Vault connections from C", version);
        let _ = writeln!(page, ".SH SYNOPSIS\n.nf\n{INCLUDE}\n.fi");
        for (title, lines) in &self.sections {
            let title = if *title == "WHAT IT DOES" { "DESCRIPTION" } else { title };
            let _ = writeln!(page, ".SH {title}");
            page.push_str(&blocks(lines));
        }
        page.push_str(".SH TYPES\n");
        for item in &self.types {
            let _ = writeln!(page, ".SS {}\n.nf", item.name);
            item.lines.iter().for_each(|line| page.push_str(&literal(line)));
            page.push_str(".fi\n.PP\n");
            page.push_str(&blocks(&item.comment));
        }
        page.push_str(".SH STATUSES\n");
        for item in &self.statuses {
            let number = item.lines[0].rsplit(' ').next().unwrap_or_default();
            let _ = writeln!(page, ".TP\n.BR {} \" (\" {number} )", item.name);
            let _ = writeln!(page, "{}", filled(&item.comment.join(" ")));
        }
        page.push_str(".SH FUNCTIONS\n");
        for item in &self.functions {
            let _ = writeln!(page, ".TP\n.BR {} (3)", item.name);
            let _ = writeln!(page, "{}", filled(&item.summary()));
        }
        page
    }

    fn function(&self, item: &Declared, version: &str) -> String {
        let mut page = title(item.name, &item.summary(), version);
        let _ = writeln!(page, ".SH SYNOPSIS\n.nf\n{INCLUDE}\n.PP");
        item.lines.iter().for_each(|line| page.push_str(&literal(line)));
        page.push_str(".fi\n.SH DESCRIPTION\n");
        // What the comment calls "above" is in another page.
        let mut comment: Vec<String> = item.comment.iter().map(|line| line.to_string()).collect();
        for (title, _) in &self.sections {
            for line in &mut comment {
                *line = line.replace(&format!("{title} above"), &format!("{title} in apideck_vault(3)"));
            }
        }
        page.push_str(&blocks(&comment.iter().map(String::as_str).collect::<Vec<_>>()));
        page.push_str(".SH SEE ALSO\n.BR apideck_vault (3)\n");
        page
    }
}

impl Declared<'_> {
    /// The first sentence of the comment, as the NAME section has it.
    fn summary(&self) -> String {
        let paragraph: Vec<&str> = self.comment.iter().take_while(|line| !line.is_empty()).copied().collect();
        let paragraph = paragraph.join(" ");
        let sentence = without_parentheses(paragraph.split(". ").next().unwrap_or_default());
        let sentence = sentence.split([':', ';']).next().unwrap_or_default().trim_end_matches(['.', ' ']);
        let mut characters = sentence.chars();
        characters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(characters).collect()
    }
}

/// Text without what stands in parentheses.
fn without_parentheses(text: &str) -> String {
    let mut parts = text.split(" (");
    let mut plain = parts.next().unwrap_or_default().to_string();
    for part in parts {
        plain.push_str(part.split_once(')').map_or("", |(_, after)| after));
    }
    plain
}

const INCLUDE: &str = ".B #include <apideck_vault.h>";

fn title(name: &str, summary: &str, version: &str) -> String {
    let mut page = String::from(".\\\" Generated by build.rs from include/apideck_vault.h. Do not edit.\n");
    let _ = writeln!(page, ".TH {name} 3 \"\" \"apideck_vault {version}\" \"Apideck Vault\"");
    let _ = writeln!(page, ".SH NAME\n{name} \\- {}", escaped(summary));
    page.push_str(".ad l\n.nh\n.SH LIBRARY\nApideck Vault library (libapideck_vault, \\-lapideck_vault)\n");
    page
}

/// The name that a declaration declares.
fn declared_name(line: &str) -> &str {
    let callback = line.split("(*").nth(1).and_then(|rest| rest.split(')').next());
    let plain = || line.split(['(', ';']).next().and_then(|rest| rest.rsplit([' ', '*']).next());
    callback.or_else(plain).unwrap_or_default()
}

/// Lines as paragraphs. Indented lines and examples stay as they are.
fn blocks(lines: &[&str]) -> String {
    let mut page = String::new();
    let mut at = 0;
    while at < lines.len() {
        let rest = &lines[at..];
        let is_indented = |line: &str| line.starts_with("  ");
        let length = match rest[0] {
            "" => 1,
            line if is_indented(line) => rest.iter().take_while(|line| is_indented(line)).count(),
            _ => rest.iter().take_while(|line| !line.is_empty() && !is_indented(line)).count(),
        };
        let block = &rest[..length];
        if block[0].is_empty() {
            if at + 1 < lines.len() && !page.is_empty() {
                page.push_str(".PP\n");
            }
        } else if is_indented(block[0]) {
            page.push_str(".RS 4\n.nf\n");
            block.iter().for_each(|line| page.push_str(&literal(line.strip_prefix("  ").unwrap_or(line))));
            page.push_str(".fi\n.RE\n");
        } else if let Some(first) = block[0].strip_prefix("Example:") {
            let example: Vec<&str> = std::iter::once(first).chain(block[1..].iter().copied()).collect();
            let _ = write!(page, "Example:\n.PP\n.RS 4\n.nf\n{}.fi\n.RE\n", literal(example.join(" ").trim()));
        } else {
            let _ = writeln!(page, "{}", filled(&block.join(" ")));
        }
        at += length;
    }
    page
}

/// A line that is printed as it is.
fn literal(line: &str) -> String {
    format!("{}\n", guarded(escaped(line)))
}

/// A paragraph that is filled.
fn filled(text: &str) -> String {
    guarded(escaped(text))
}

/// A dot or a quote that begins a line would begin a macro.
fn guarded(line: String) -> String {
    if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line }
}

/// Text with the characters that roff reads or prints in a way of its own.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' => escaped.push_str("\\e"),
            '-' => escaped.push_str("\\-"),
            '`' => escaped.push_str("\\(ga"),
            '\'' => escaped.push_str("\\(aq"),
            '^' => escaped.push_str("\\(ha"),
            '~' => escaped.push_str("\\(ti"),
            other => escaped.push(other),
        }
    }
    escaped
}
