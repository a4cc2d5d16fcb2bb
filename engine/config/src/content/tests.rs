use std::collections::BTreeMap;

use platoform_diagnostic::{Diagnostic, Diagnostics, MemoryFiles};
use platoform_lang::eval::{Key, Resolved};
use platoform_lang::tree::Ident;
use platoform_lang::{Evaluator, FunctionContext, Scope};
use platoform_schema::Mode;
use platoform_value::{Marks, Path, Step, Type, Value};

use crate::fixture::{lines, loaded};
use crate::{Loaded, ModuleId, ResourceId};

struct Names(BTreeMap<&'static str, Value>);

impl Scope for Names {
    fn lookup(&self, root: &Ident, _: &[Key<'_>]) -> Result<Resolved, Diagnostic> {
        match self.0.get(&*root.name) {
            Some(value) => Ok(Resolved { value: value.clone(), consumed: 0 }),
            None => Err(Diagnostic::error("Unknown name", root.name.to_string()).at(root.span)),
        }
    }
}

/// Loads `body` as the body of `test_box.b` and evaluates it where `var` has these attributes.
fn evaluated(body: &str, var: Vec<(&'static str, Value)>) -> (Value, Vec<String>) {
    let declared: String =
        var.iter().map(|(name, _)| format!("variable \"{name}\" {{}}\n")).collect();
    evaluated_in(
        &format!("resource \"test_box\" \"b\" {{\nname = \"n\"\n{body}\n}}\n{declared}"),
        var,
    )
}

/// The same for `test_box.b` of a text of files.
fn evaluated_in(text: &str, var: Vec<(&'static str, Value)>) -> (Value, Vec<String>) {
    let loaded = loaded(text);
    let found = lines(&loaded.diagnostics, &loaded.topology.sources);
    assert_eq!(found, Vec::<String>::new());
    let content = content(&loaded);
    let scope = Names(BTreeMap::from([("var", Value::object_of(var))]));
    let files = MemoryFiles::default();
    let functions = FunctionContext::new(&files, std::path::Path::new(""));
    let (value, diagnostics) =
        content.evaluate(&Evaluator { scope: &scope, functions: &functions });
    assert_eq!(value.kind(), content.schema().block.implied_type());
    (value, lines(&diagnostics, &loaded.topology.sources))
}

fn content(loaded: &Loaded) -> std::sync::Arc<crate::Content> {
    let id = ResourceId { mode: Mode::Managed, kind: "test_box".into(), name: "b".into() };
    loaded.topology.module(ModuleId::ROOT).resources[&id].content.clone()
}

fn get(value: &Value, path: &[&str]) -> Value {
    let found = path.iter().try_fold(value, |value, step| match step.parse::<usize>() {
        Ok(index) => value.as_items()?.get(index),
        Err(_) => value.get(step),
    });
    found.cloned().unwrap_or_else(|| panic!("{path:?} leads nowhere in {value:?}"))
}

#[test]
fn every_nesting_mode_has_its_value() {
    let (value, found) = evaluated(
        r#"
        size = "3"
        port { internal = 1 }
        port {
          internal = 2
          protocol = "udp"
        }
        mount { source = "a" }
        mount { source = "a" }
        label "x" { value = 1 }
        "#,
        vec![],
    );
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(get(&value, &["size"]), Value::from(3));
    assert_eq!(get(&value, &["port", "1", "protocol"]), Value::from("udp"));
    assert!(get(&value, &["port", "0", "protocol"]).is_null());
    assert_eq!(get(&value, &["mount"]).as_items().map(<[Value]>::len), Some(1));
    assert_eq!(get(&value, &["label", "x", "value"]), Value::from("1"));
    assert!(get(&value, &["health"]).is_null());
    assert!(get(&value, &["limits", "memory"]).is_null());
}

#[test]
fn nested_attributes_may_lack_what_is_optional() {
    let (value, found) = evaluated("parts = { k = { a = 1 } }", vec![]);
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(get(&value, &["parts", "k", "a"]), Value::from("1"));
    assert!(get(&value, &["parts", "k", "b"]).is_null());
    let (_, found) = evaluated("parts = { k = { b = 1 } }", vec![]);
    assert_eq!(found, ["main.tf:3,9 Incorrect attribute value type"]);
}

#[test]
fn dynamic_blocks_are_made_from_elements() {
    let (value, found) = evaluated(
        r#"
        port { internal = 0 }
        dynamic "port" {
          for_each = var.ports
          content {
            internal = port.value
            protocol = port.key
          }
        }
        dynamic "label" {
          for_each = ["a", "b"]
          iterator = it
          labels   = [it.value]
          content { value = "${it.key}-${it.value}" }
        }
        "#,
        vec![("ports", Value::object_of([("tcp", Value::from(1)), ("udp", Value::from(2))]))],
    );
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(get(&value, &["port"]).as_items().map(<[Value]>::len), Some(3));
    assert_eq!(get(&value, &["port", "2", "protocol"]), Value::from("udp"));
    assert_eq!(get(&value, &["label", "b", "value"]), Value::from("1-b"));
}

#[test]
fn unknown_elements_make_all_blocks_unknown() {
    let body = "port { internal = 0 }\ndynamic \"port\" {\nfor_each = var.ports\ncontent {\n\
                internal = port.value\n}\n}";
    let list = Type::list(Type::Number);
    let ports = Value::unknown(list.clone()).mark(Marks::SENSITIVE);
    let (value, found) = evaluated(body, vec![("ports", ports)]);
    assert_eq!(found, Vec::<String>::new());
    let port = get(&value, &["port"]);
    assert!(!port.is_known());
    assert_eq!(port.marks(), Marks::SENSITIVE);
    let (_, found) = evaluated(body, vec![("ports", Value::null(list))]);
    assert_eq!(found, ["main.tf:5,12 Invalid dynamic for_each value"]);
    let (_, found) = evaluated(body, vec![("ports", Value::from(true))]);
    assert_eq!(found, ["main.tf:5,12 Invalid dynamic for_each value"]);
}

#[test]
fn marks_stay_on_the_parts() {
    let secret = Value::from("s").mark(Marks::SENSITIVE);
    let body = "tags = { a = var.s, b = \"x\" }\nport {\ninternal = 1\nprotocol = var.s\n}";
    let (value, found) = evaluated(body, vec![("s", secret)]);
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(value.marks(), Marks::NONE);
    assert_eq!(get(&value, &["tags"]).marks(), Marks::NONE);
    assert_eq!(get(&value, &["tags", "a"]).marks(), Marks::SENSITIVE);
    assert_eq!(get(&value, &["port", "0", "protocol"]).marks(), Marks::SENSITIVE);
}

#[test]
fn what_does_not_fit_is_reported_where_it_stands() {
    let (value, found) = evaluated("size = \"x\"\ntags = [1]\nport { internal = {} }", vec![]);
    assert_eq!(
        found,
        [
            "main.tf:3,8 Incorrect attribute value type",
            "main.tf:4,8 Incorrect attribute value type",
            "main.tf:5,19 Incorrect attribute value type",
        ]
    );
    assert!(!get(&value, &["size"]).is_known());
}

#[test]
fn bodies_are_checked_when_they_are_decoded() {
    let loaded = loaded(
        r#"
resource "test_box" "b" {
  nam = 1
  port = []
  prot {}
  tags {}
  port {}
  mount {}
  mount {}
  mount {}
  health "x" {}
  label {}
  health {}
  dynamic "nope" {}
  dynamic "port" {}
  dynamic {}
}
resource "test_needy" "n" {}
"#,
    );
    let found = decoded(&loaded);
    assert_eq!(
        lines(&found, &loaded.topology.sources),
        [
            "main.tf:2,25 Missing required argument",
            "main.tf:3,3 Unsupported argument",
            "main.tf:4,3 Unsupported argument",
            "main.tf:5,3 Unsupported block type",
            "main.tf:6,3 Unsupported block type",
            "main.tf:7,8 Missing required argument",
            "main.tf:10,3 Too many mount blocks",
            "main.tf:11,10 Extraneous label for health",
            "main.tf:12,9 Missing key for label",
            "main.tf:13,3 Too many health blocks",
            "main.tf:14,11 Unsupported block type",
            "main.tf:15,18 Missing dynamic content block",
            "main.tf:15,18 Missing required argument",
            "main.tf:16,11 Missing type for dynamic",
            "main.tf:18,27 Insufficient part blocks",
        ]
    );
    let helps: Vec<_> = found.iter().filter_map(|found| found.help.clone()).collect();
    assert!(helps.contains(&"did you mean `name`?".to_owned()), "{helps:?}");
    assert!(helps.contains(&"did you mean `port`?".to_owned()), "{helps:?}");
    assert!(helps.contains(&"write it as an argument: `tags = …`".to_owned()), "{helps:?}");
    assert!(helps.contains(&"write it as a block: `port { … }`".to_owned()), "{helps:?}");
}

#[test]
fn paths_lead_to_the_deepest_known_place() {
    let text = r#"resource "test_box" "b" {
  name = "n"
  tags = { a = "x", "b" = "y" }
  port { internal = 1 }
  dynamic "port" {
    for_each = [1]
    content { internal = 2 }
  }
  label "k" { value = "v" }
}
"#;
    let loaded = loaded(text);
    let content = content(&loaded);
    let place = |steps: &[Step]| {
        let span = content.span_of(&Path(steps.to_vec()))?;
        Some(loaded.topology.sources.slice(span).to_owned())
    };
    let attribute = |name: &str| Step::Attribute(name.into());
    let internal = |index| place(&[attribute("port"), Step::Index(index), attribute("internal")]);
    assert_eq!(place(&[attribute("name")]).as_deref(), Some("\"n\""));
    assert_eq!(place(&[attribute("tags"), Step::Key("b".into())]).as_deref(), Some("\"y\""));
    assert_eq!(internal(0).as_deref(), Some("1"));
    assert_eq!(internal(1).as_deref(), Some("2"));
    assert_eq!(internal(7).as_deref(), Some("2"));
    let protocol = place(&[attribute("port"), Step::Index(0), attribute("protocol")]);
    assert_eq!(protocol.as_deref(), Some("port"));
    let label = place(&[attribute("label"), Step::Key("k".into()), attribute("value")]);
    assert_eq!(label.as_deref(), Some("\"v\""));
    assert_eq!(place(&[attribute("size")]), None);
    assert_eq!(place(&[]), None);
}

#[test]
fn references_leave_out_iterators() {
    let loaded = loaded(
        r#"
resource "test_box" "b" {
  name = var.a
  dynamic "port" {
    for_each = var.b
    content {
      internal = port.value + var.c
    }
  }
}
variable "a" {}
variable "b" {}
variable "c" {}
"#,
    );
    let mut found = Vec::new();
    let content = content(&loaded);
    content.references(&mut |reference| {
        found.push(loaded.topology.sources.slice(reference.span).to_owned());
    });
    assert_eq!(found, ["var.a", "var.b", "var.c"]);
}

/// What is said of `test_box.b` in JSON.
fn in_json(body: &str) -> String {
    format!("//- /main.tf.json\n{{\"resource\": {{\"test_box\": {{\"b\": {body}}}}}}}\n")
}

#[test]
fn json_syntax_says_the_same() {
    for (native, json) in [
        ("size = 1 + 1", r#""size": "${1 + 1}", "//": "said""#),
        ("tags = { a = \"x\" }", r#""tags": {"${"a"}": "x"}"#),
        (
            "port {\n  internal = 1\n}\nport {\n  internal = 2\n}",
            r#""port": [{"internal": 1}, {"internal": "2"}]"#,
        ),
        ("port {\n  internal = 1\n}", r#""port": {"internal": 1}"#),
        ("", r#""port": null"#),
        ("label \"l\" {\n  value = \"v\"\n}", r#""label": {"l": {"value": "v"}}"#),
        ("health {\n  command = \"c\"\n}", r#""health": [{"command": "c"}]"#),
        (
            "dynamic \"port\" {\n  for_each = [1, 2]\n  iterator = p\n  content {\n    internal = p.value\n  }\n}",
            r#""dynamic": {"port": {"for_each": [1, 2], "iterator": "p", "content": {"internal": "${p.value}"}}}"#,
        ),
        ("_ {\n  size = 3\n}", r#""_": {"size": 3}"#),
    ] {
        // Quotes within a template are escaped in JSON.
        let json = json.replace("\"${\"a\"}\"", r#""${\"a\"}""#);
        let (expected, _) = evaluated(native, vec![]);
        let (value, found) = evaluated_in(
            &in_json(&format!("{{\"name\": \"n\", {json}}}").replace(", }", "}")),
            vec![],
        );
        assert_eq!((value, found), (expected, Vec::new()), "{json}");
    }
}

/// What is wrong with the resources of the root module by their schemas.
fn decoded(loaded: &Loaded) -> Diagnostics {
    let resources = loaded.topology.modules[0].resources.values();
    let mut found: Diagnostics =
        resources.flat_map(|resource| resource.content.diagnostics().clone()).collect();
    found.sort();
    found
}

#[test]
fn json_is_checked_by_the_schema() {
    for (json, expected) in [
        (r#"{"name": "n", "sise": 1}"#, "main.tf.json:1,47 Extraneous JSON object property"),
        (r#"{"size": 1}"#, "main.tf.json:1,43 Missing required argument"),
        (r#"{"name": "n", "name": "m"}"#, "main.tf.json:1,47 Duplicate argument"),
        (r#"{"name": "n", "port": 1}"#, "main.tf.json:1,55 Incorrect JSON value type"),
        (r#"{"name": "n", "port": {}}"#, "main.tf.json:1,56 Missing required argument"),
        (r#"{"name": "n", "label": {}}"#, "main.tf.json:1,56 Missing block label"),
        (r#"{"name": "n", "dynamic": {"x": {}}}"#, "main.tf.json:1,59 Unsupported block type"),
        (
            r#"{"name": "n", "dynamic": {"port": {"for_each": [], "y": 1, "content": {"internal": 1}}}}"#,
            "main.tf.json:1,84 Extraneous JSON object property",
        ),
    ] {
        let loaded = loaded(&in_json(json));
        assert_eq!(lines(&decoded(&loaded), &loaded.topology.sources), [expected], "{json}");
    }
}
