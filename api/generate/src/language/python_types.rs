//! Python: the models, enums, unions and typed dictionaries.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::context;
use minijinja::value::Value;

use super::python_words::{model, python_words, typed_dict};
use crate::description::{Description, Enum, Expression, Union};
use crate::names::{constant, snake};
use model::{Member, Model, alternatives, error_types, of_type, sorted};

mod model;

/// Each generated file and its template.
pub const TEMPLATES: &[(&str, &str)] = &[
    ("bindings/python/src/apideck_vault/models/{module}.py", "python/models.py.jinja"),
    ("bindings/python/src/apideck_vault/models/error_data.py", "python/error_data.py.jinja"),
    ("bindings/python/src/apideck_vault/models/enums.py", "python/enums.py.jinja"),
    ("bindings/python/src/apideck_vault/models/event_types.py", "python/event_types.py.jinja"),
    ("bindings/python/src/apideck_vault/models/unions.py", "python/unions.py.jinja"),
    ("bindings/python/src/apideck_vault/models/typed_dicts.py", "python/typed_dicts.py.jinja"),
    ("bindings/python/src/apideck_vault/models/response_typed_dicts.py", "python/response_typed_dicts.py.jinja"),
    ("bindings/python/src/apideck_vault/models/__init__.py", "python/models_init.py.jinja"),
];

/// The module of the response bodies, and the module of the bodies of errors.
const ENVELOPES: &str = "envelopes";
const ERROR_DATA: &str = "error_data";

/// What the templates print.
pub fn values(description: &Description) -> Value {
    let python = Python::new(description);
    let modules: BTreeMap<&str, Value> =
        python.modules.iter().map(|(name, types)| (*name, python.module(name, types))).collect();
    let enums: Vec<Value> = description.enums.iter().map(|item| python.enumeration(item)).collect();
    let events = description.events().into_iter();
    let events: Vec<Value> =
        events.map(|(value, class, doc)| context! { value, class, doc => python_words(doc) }).collect();
    context! {
        modules,
        enums,
        events,
        unions => python.unions(),
        error_unions => python.error_unions().into_iter().collect::<Vec<_>>(),
        union_imports => python.imports(python.union_names(), &[]),
        typed_dicts => python.typed_dicts(&|module| module != ENVELOPES && module != ERROR_DATA),
        response_typed_dicts => python.typed_dicts(&|module| module == ENVELOPES || module == ERROR_DATA),
        names => python.public_names(),
    }
}

/// The imports of the models with these names and of other modules, by module.
pub(super) fn imports(
    description: &Description,
    names: &BTreeSet<String>,
    others: &[(&'static str, &[&str])],
) -> Vec<Value> {
    Python::new(description).imports(names.clone(), others)
}

/// Whether the typed dictionary of a model is among those of responses.
pub(super) fn is_of_responses(description: &Description, name: &str) -> bool {
    matches!(Python::new(description).module_of(name), Some(ENVELOPES | ERROR_DATA))
}

struct Python<'a> {
    description: &'a Description,
    /// The modules, each with its types in an order in which none names a later one.
    modules: Vec<(&'a str, Vec<Model>)>,
}

impl<'a> Python<'a> {
    fn new(description: &'a Description) -> Python<'a> {
        let mut modules: Vec<(&str, Vec<Model>)> = Vec::new();
        for module in description.modules() {
            let types = description.types.iter().filter(|item| item.module == module).map(of_type).collect();
            modules.push((module, sorted(types, description)));
        }
        modules.push((ERROR_DATA, sorted(error_types(description), description)));
        Python { description, modules }
    }

    /// Returns the module of a model.
    fn module_of(&self, name: &str) -> Option<&'a str> {
        self.modules.iter().find(|(_, types)| types.iter().any(|item| item.name == name)).map(|(module, _)| *module)
    }

    fn find(&self, name: &str) -> Option<&Model> {
        self.modules.iter().flat_map(|(_, types)| types).find(|item| item.name == name)
    }

    /// The union of a field, if reading its values takes more than their JSON type says.
    fn read_union(&self, name: &str) -> Option<&'a Union> {
        let union = self.description.find_union(name)?;
        let has_names = union.of.iter().any(|text| {
            let expression = Expression::parse(text);
            expression.name().is_some_and(|name| self.description.find_union(name).is_none())
        });
        (union.discriminator.is_some() || has_names).then_some(union)
    }

    /// The expression that reads a union's values, and the module that has it.
    fn reader(&self, union: &'a Union) -> (String, Option<&'a str>) {
        let alternatives = alternatives(union);
        let module = alternatives.iter().find_map(|name| self.module_of(name));
        let expression = match &union.discriminator {
            Some(tag) => {
                let variants = union.variants.iter().map(|(value, name)| format!("{value:?}: {name}"));
                format!("Variants({tag:?}, {{{}}})", variants.collect::<Vec<_>>().join(", "))
            }
            None => format!("MapOfMaps({})", alternatives.join(", ")),
        };
        (expression, module)
    }

    fn module(&self, module: &'a str, types: &'a [Model]) -> Value {
        let mut items: Vec<Value> = Vec::new();
        let mut names: BTreeSet<String> = BTreeSet::new();
        let mut runtime: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        let mut readers: BTreeSet<String> = BTreeSet::new();
        let mut bases: BTreeSet<String> = BTreeSet::new();
        let mut union_readers: BTreeSet<String> = BTreeSet::new();
        let mut typing: BTreeSet<&str> = BTreeSet::new();
        let mut unions: BTreeSet<String> = BTreeSet::new();
        let (mut has_unset, mut has_datetime) = (false, false);
        let mut defined: BTreeSet<&str> = BTreeSet::new();
        for item in types {
            for (_, member) in &item.fields {
                let annotation = self.annotation(item, member);
                has_unset |= annotation.starts_with("OptionalNullable[");
                has_datetime |= annotation.contains("datetime");
                typing.extend(
                    ["Any", "Dict", "List", "Optional"].into_iter().filter(|name| {
                        annotation.split(|part: char| !part.is_alphanumeric()).any(|word| word == *name)
                    }),
                );
                for name in member.named.iter().map(String::as_str).chain(member.of.name()) {
                    if member.named.as_deref().is_some_and(|named| named != name) {
                        continue;
                    }
                    if self.description.is_enum(name) {
                        runtime.entry("enums").or_default().insert(name.into());
                    } else if let Some(other) = self.module_of(name) {
                        if other != module {
                            runtime.entry(other).or_default().insert(name.into());
                        }
                    } else {
                        unions.insert(name.into());
                    }
                    if let Some(union) = self.read_union(name) {
                        let (expression, other) = self.reader(union);
                        let reader = format!("read_{}", snake(name));
                        match other {
                            Some(other) if other != module => {
                                runtime.entry(other).or_default().insert(reader);
                            }
                            _ if readers.insert(reader.clone()) => {
                                union_readers.insert(expression.split('(').next().unwrap_or_default().to_string());
                                for name in alternatives(union) {
                                    if self.description.is_enum(&name) {
                                        runtime.entry("enums").or_default().insert(name);
                                    }
                                }
                                items.push(context! { reader, expression, doc => union.doc });
                            }
                            _ => {}
                        }
                    }
                }
            }
            if item.open && item.fields.is_empty() {
                typing.insert("Any");
            }
            match &item.base {
                Some((module, class)) => runtime.entry(module).or_default().insert(class.clone()),
                None => bases.insert(if item.open { "OpenModel".into() } else { "Model".to_string() }),
            };
            names.insert(item.name.clone());
            items.push(self.model(item));
            defined.insert(&item.name);
        }
        // A reader that only other modules use.
        for union in &self.description.unions {
            let (expression, of) = self.reader(union);
            let reader = format!("read_{}", snake(&union.name));
            if self.read_union(&union.name).is_some() && of == Some(module) && readers.insert(reader.clone()) {
                union_readers.insert(expression.split('(').next().unwrap_or_default().to_string());
                items.push(context! { reader, expression, doc => union.doc });
            }
        }
        let runtime: Vec<Value> =
            runtime.into_iter().map(|(module, names)| context! { module, names => by_name(names) }).collect();
        context! {
            items, names, runtime, bases, union_readers, typing, unions => by_name(unions), has_unset, has_datetime,
        }
    }

    fn model(&self, item: &Model) -> Value {
        let keys: Vec<String> =
            item.fields.iter().filter_map(|(name, member)| Some(format!("{name:?}: {:?}", member.key?))).collect();
        let secrets: Vec<String> =
            item.fields.iter().filter(|(_, member)| member.secret).map(|(name, _)| format!("{name:?}")).collect();
        let readers: Vec<String> = item
            .fields
            .iter()
            .filter_map(|(name, member)| match &member.object {
                Some(object) => Some(format!("{name:?}: {object}")),
                None => {
                    self.read_union(member.of.name()?).map(|union| format!("{name:?}: read_{}", snake(&union.name)))
                }
            })
            .collect();
        let fields: Vec<Value> = item
            .fields
            .iter()
            .map(|(name, member)| {
                let annotation = self.annotation(item, member);
                let default = if member.required {
                    None
                } else if annotation.starts_with("OptionalNullable[") {
                    Some("UNSET".to_string())
                } else {
                    Some(member.default.clone().unwrap_or_else(|| "None".into()))
                };
                context! { name, annotation, default, doc => python_words(&member.doc) }
            })
            .collect();
        context! {
            name => item.name,
            base => match &item.base {
                Some((_, class)) => class,
                None if item.open => "OpenModel",
                None => "Model",
            },
            doc => python_words(&item.doc),
            identifying => item.identifying.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", "),
            keys => keys.join(", "),
            secrets => secrets.join(", "),
            readers => readers.join(", "),
            // A program reads the items of every page that it requests.
            eager => item.fields.iter().find_map(|(name, member)| {
                (name == "data" && matches!(member.of, Expression::Array(_))).then_some(name)
            }),
            fields,
        }
    }

    /// The annotation of a member. Only in requests is `null` another thing than an absent member.
    fn annotation(&self, item: &Model, member: &Member) -> String {
        let named = member.named.clone();
        let of = named.unwrap_or_else(|| model(member.of.not_null()));
        let nullable = matches!(member.of, Expression::Nullable(_));
        match (member.required, nullable && item.request) {
            (true, _) => of,
            (false, true) => format!("OptionalNullable[{of}]"),
            (false, false) => format!("Optional[{of}]"),
        }
    }

    fn enumeration(&self, item: &Enum) -> Value {
        let members: Vec<Value> = item
            .documented_values()
            .map(|(value, doc)| {
                let name = if value == "*" { "WILDCARD_".into() } else { constant(value).replace(['-', '.'], "_") };
                context! { name, value, doc => python_words(&doc) }
            })
            .collect();
        let mut unions = self.description.unions.iter();
        let is_tag = unions.any(|union| {
            let variants = union.variants.values().filter_map(|name| self.find(name));
            let mut fields = variants.flat_map(|item| &item.fields);
            fields.any(|(name, member)| {
                Some(name) == union.discriminator.as_ref() && member.of.name() == Some(&item.name)
            })
        });
        context! {
            name => item.name, doc => item.doc, alias => item.python_alias, members,
            base => if is_tag { "TagEnum" } else { "OpenEnum" },
        }
    }

    /// The unions, in an order in which none names a later one.
    fn unions(&self) -> Vec<Value> {
        let mut unions: Vec<&Union> = self.description.unions.iter().collect();
        let mut sorted: Vec<&Union> = Vec::new();
        while !unions.is_empty() {
            let is_free = |union: &&&Union| {
                !alternatives(union).iter().any(|name| unions.iter().any(|other| other.name == *name))
            };
            let Some(next) = unions.iter().find(is_free).copied() else { break };
            unions.retain(|union| union.name != next.name);
            sorted.push(next);
        }
        let value = |union: &&Union| {
            let of = if union.discriminator.is_some() {
                union.variants.values().cloned().collect()
            } else {
                union.of.clone()
            };
            let alternatives = |print: &dyn Fn(&Expression) -> String| {
                of.iter().map(|text| print(&Expression::parse(text))).collect::<Vec<_>>().join(", ")
            };
            context! {
                name => union.name,
                doc => union.doc,
                of => alternatives(&model),
                typed_dict => alternatives(&|of| typed_dict(of, self.description)),
                is_of_errors => union.name == "Detail",
            }
        };
        sorted.iter().map(value).collect()
    }

    /// The names of `detail` in the bodies of errors, each with its type.
    fn error_unions(&self) -> BTreeMap<String, String> {
        let details = self.modules.iter().flat_map(|(_, types)| types).flat_map(|item| &item.fields);
        details
            .filter_map(|(_, member)| {
                let of = member.object.as_ref().map_or("Detail".into(), |object| format!("Union[{object}, str]"));
                Some((member.named.clone()?, of))
            })
            .collect()
    }

    /// The models and enums that the unions name.
    fn union_names(&self) -> BTreeSet<String> {
        let unions = self.description.unions.iter();
        let mut names: BTreeSet<String> = unions.flat_map(alternatives).collect();
        names.retain(|name| self.description.find_union(name).is_none());
        names.extend(
            self.modules
                .iter()
                .flat_map(|(_, types)| types)
                .flat_map(|item| &item.fields)
                .filter_map(|(_, member)| member.object.clone()),
        );
        names
    }

    fn imports(&self, names: BTreeSet<String>, others: &[(&'static str, &[&str])]) -> Vec<Value> {
        let names_of = |names: &[&str]| names.iter().map(|name| name.to_string()).collect();
        let mut imports: BTreeMap<&str, BTreeSet<String>> =
            others.iter().map(|(module, names)| (*module, names_of(names))).collect();
        for name in names {
            let module = if self.description.is_enum(&name) { Some("enums") } else { self.module_of(&name) };
            imports.entry(module.unwrap_or_default()).or_default().insert(name);
        }
        imports.into_iter().map(|(module, names)| context! { module, names => by_name(names) }).collect()
    }

    fn typed_dicts(&self, has: &dyn Fn(&str) -> bool) -> Value {
        let (mut dicts, mut enums, mut elsewhere) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        let mut names: BTreeSet<String> = BTreeSet::new();
        let is_here = |name: &str| self.module_of(name).map_or(name == "Detail", has) == has(ERROR_DATA);
        for (_, types) in self.modules.iter().filter(|(module, _)| has(module)) {
            for item in types.iter().filter(|item| !item.is_of_exception) {
                names.insert(format!("{}TypedDict", item.name));
                let (mut required, mut optional) = (Vec::new(), Vec::new());
                for (name, member) in &item.fields {
                    if let Some(of) = member.of.name() {
                        if self.description.is_enum(of) {
                            enums.insert(of.to_string());
                        } else if self.description.find_union(of).is_some() || is_here(of) {
                        } else {
                            elsewhere.insert(format!("{of}TypedDict"));
                        }
                    }
                    let of = typed_dict(member.of.not_null(), self.description);
                    let nullable = matches!(member.of, Expression::Nullable(_));
                    let annotation = if nullable { format!("Optional[{of}]") } else { of };
                    let list = if member.required { &mut required } else { &mut optional };
                    list.push(context! { name, annotation });
                }
                let is_any = item.open && item.fields.is_empty();
                dicts.push(context! { name => item.name, required, optional, is_any });
            }
        }
        if has(ENVELOPES) {
            return context! { dicts, elsewhere => by_name(elsewhere), names };
        }
        enums.extend(self.union_names().into_iter().filter(|name| self.description.is_enum(name)));
        context! { dicts, enums => by_name(enums), elsewhere => by_name(elsewhere), names }
    }

    /// The public names of each generated module that has a fixed name, for the package's table of names.
    fn public_names(&self) -> Value {
        let enums = self.description.enums.iter();
        let enums = enums.flat_map(|item| [Some(&item.name), item.python_alias.as_ref()]).flatten().cloned();
        let mut unions: BTreeSet<String> = self.error_unions().into_keys().collect();
        unions.extend(self.description.unions.iter().map(|union| union.name.clone()));
        let union_dicts = self.description.unions.iter().map(|union| format!("{}TypedDict", union.name));
        let (of_errors, of_types): (BTreeSet<String>, BTreeSet<String>) =
            union_dicts.partition(|name| name == "DetailTypedDict");
        let operations = self.description.operations.iter();
        let suffixes = |item: &'a crate::description::Operation| {
            let is_empty = item.http_method() == "POST" && item.body().is_none();
            let all = [("Globals", true), ("Request", true), ("RequestBody", is_empty), ("Response", true)];
            all.into_iter().filter(|(_, exists)| *exists).map(|(suffix, _)| format!("{}{suffix}", item.sdk))
        };
        let operations: BTreeSet<String> = operations.flat_map(suffixes).collect();
        let statuses = self.description.statuses.iter();
        let exceptions: BTreeSet<String> =
            statuses.filter_map(|status| status.exception.clone().or(status.python.clone())).collect();
        context! {
            enums => enums.collect::<BTreeSet<_>>(), unions, of_errors, of_types, operations, exceptions,
        }
    }
}

/// Names in the order in which the linter wants imports: classes before functions, then by letters.
fn by_name(names: BTreeSet<String>) -> Vec<String> {
    let mut names: Vec<String> = names.into_iter().collect();
    names.sort_by_key(|name| (name.starts_with(char::is_lowercase), name.to_lowercase()));
    names
}
