use std::path::Path;

use platoform_diagnostic::Environment;
use platoform_value::{Marks, Value};

use super::*;
use crate::fixture::{Fake, files, lines};

/// Resolves the variables of a configuration in memory.
fn resolved(
    text: &str,
    environment: &[(&str, &str)],
    arguments: &[VariableArgument],
) -> (BTreeMap<Arc<str>, Value>, Vec<String>) {
    let files = files(text);
    let mut loaded = crate::load(&files, Path::new("."), &Fake);
    let found = lines(&loaded.diagnostics, &loaded.topology.sources);
    assert_eq!(found, Vec::<String>::new());
    let environment = Environment {
        variables: environment.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect(),
        ..Environment::default()
    };
    let sources = &mut loaded.topology.sources;
    let (inputs, mut diagnostics) =
        VariableInputs::gather(&files, Path::new("."), &environment, arguments, sources);
    let (variables, more) = resolve_variables(&mut loaded.topology, &inputs);
    diagnostics.extend(more);
    diagnostics.extend(variables.values().filter_map(|variable| variable.invalid.clone()));
    let values = variables.into_iter().map(|(name, variable)| (name, variable.value)).collect();
    (values, lines(&diagnostics, &loaded.topology.sources))
}

fn assign(text: &str) -> VariableArgument {
    VariableArgument::Assignment(text.into())
}

#[test]
fn later_places_win() {
    let text = r#"
//- /main.tf
variable "a" {}
variable "b" {}
variable "c" {}
variable "d" {}
variable "e" {}
variable "f" {}
//- /terraform.tfvars
b = "terraform"
c = "terraform"
//- /platoform.tfvars
c = "platoform"
d = "platoform"
//- /z.auto.tfvars.json
{"d": "json", "e": ["json"]}
//- /given.tfvars
e = "file"
f = "file"
"#;
    let (values, found) = resolved(
        text,
        &[("TF_VAR_a", "tf"), ("PLATOFORM_VAR_a", "own"), ("TF_VAR_b", "tf"), ("OTHER", "x")],
        &[assign("f=first"), VariableArgument::File("given.tfvars".into()), assign("f=last=1")],
    );
    assert_eq!(found, Vec::<String>::new());
    let texts: Vec<&str> = values.values().map(|value| value.as_str().unwrap_or("?")).collect();
    assert_eq!(texts, ["own", "terraform", "platoform", "json", "file", "last=1"]);
}

#[test]
fn text_is_literal_or_an_expression_by_the_type() {
    let text = r#"
variable "plain" {}
variable "any" { type = any }
variable "number" { type = number }
variable "list" { type = list(string) }
"#;
    let (values, found) =
        resolved(text, &[], &["plain=[1]", "any=[1]", "number=1", "list=[1, \"b\"]"].map(assign));
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(values["plain"], Value::from("[1]"));
    assert_eq!(values["any"], Value::tuple(vec![Value::from(1)]));
    assert_eq!(values["number"], Value::from(1));
    assert_eq!(values["list"].as_items(), Some(&[Value::from("1"), Value::from("b")][..]));
    let (_, found) = resolved(text, &[], &["plain=", "any=", "number=x", "list=[x"].map(assign));
    assert_eq!(
        found,
        [
            "<value for var.any>:1,1 Missing expression",
            "main.tf:3,1 No value for required variable",
            "<value for var.list>:1,1 Unterminated tuple constructor expression",
            "main.tf:5,1 No value for required variable",
            "main.tf:4,1 Invalid value for input variable",
        ]
    );
}

#[test]
fn defaults_nulls_and_marks() {
    let text = r#"
variable "missing" {}
variable "secret" {
  default   = "x"
  sensitive = true
}
variable "never_null" {
  default  = 5
  nullable = false
}
variable "object" {
  type = object({ a = string, b = optional(number, 2) })
}
variable "null" {
  nullable = false
}
//- /terraform.tfvars
never_null = null
object     = { a = 1 }
null       = null
"#;
    let (values, found) = resolved(text, &[], &[]);
    assert_eq!(
        found,
        [
            "main.tf:2,1 No value for required variable",
            "terraform.tfvars:3,14 Required variable not set",
        ]
    );
    assert_eq!(values["secret"], Value::from("x").mark(Marks::SENSITIVE));
    assert_eq!(values["never_null"], Value::from(5));
    assert_eq!(values["object"].get("b"), Some(&Value::from(2)));
    assert_eq!(values["object"].get("a"), Some(&Value::from("1")));
    assert!(!values["missing"].is_known());
}

#[test]
fn what_is_wrong_is_told() {
    let text = r#"
//- /main.tf
variable "n" { type = number }
//- /terraform.tfvars
n  = "abc"
u1 = 1
u2 = 1
u3 = upper("x")
u4 = 1
"#;
    let arguments = [
        assign("zip=1"),
        assign("nothing"),
        assign(" =1"),
        VariableArgument::File("missing.tfvars".into()),
    ];
    let (_, found) = resolved(text, &[("TF_VAR_undeclared", "1")], &arguments);
    assert_eq!(
        found,
        [
            "Invalid -var option",
            "Invalid -var option",
            "Failed to read variables file",
            "Value for undeclared variable",
            "Value for undeclared variable",
            "Value for undeclared variable",
            "Values for undeclared variables",
            "terraform.tfvars:1,6 Invalid value for input variable",
        ]
    );
    let (_, found) = resolved("//- /main.tf\n//- /terraform.tfvars\na {\nx = 1\n}", &[], &[]);
    assert_eq!(found, ["terraform.tfvars:1,1 Unexpected \"a\" block"]);
}

#[test]
fn values_in_json_have_places() {
    let text = |json: &str| {
        format!("variable \"n\" {{ type = number }}\n//- /terraform.tfvars.json\n{json}")
    };
    for (json, expected) in [
        (
            "{\n  \"//\": \"said\",\n  \"n\": \"x\"\n}",
            "terraform.tfvars.json:3,8 Invalid value for input variable",
        ),
        ("{\"n\": 1, \"n\": 2}", "terraform.tfvars.json:1,10 Duplicate attribute definition"),
        ("[{\"n\": 1}]", "terraform.tfvars.json:1,1 Incorrect JSON value type"),
    ] {
        let (_, found) = resolved(&text(json), &[], &[]);
        assert_eq!(found[0], expected, "{json}");
    }
    let text = "variable \"s\" {}\n//- /terraform.tfvars.json\n{\"s\": \"${a}\"}";
    let (values, found) = resolved(text, &[], &[]);
    assert_eq!((found.len(), &values["s"]), (0, &Value::from("${a}")));
}

#[test]
fn files_of_values_hold_constants_only() {
    let declared = "//- /main.tf\nvariable \"v\" { default = 1 }\n//- /terraform.tfvars\n";
    for (text, expected) in [
        ("v = w\n", "terraform.tfvars:1,5 Variables not allowed"),
        ("v = max(1)\n", "terraform.tfvars:1,5 Function calls not allowed"),
        ("variable \"v\" {}\n", "terraform.tfvars:1,1 Variable declaration in .tfvars file"),
        ("variable {}\n", "terraform.tfvars:1,1 Unexpected \"variable\" block"),
        ("a {}\nb {}\n", "terraform.tfvars:1,1 Unexpected \"a\" block"),
        ("v = 1\nv = 2\n", "terraform.tfvars:2,1 Attribute redefined"),
    ] {
        let (_, found) = resolved(&format!("{declared}{text}"), &[], &[]);
        assert_eq!(found, [expected], "{text}");
    }
}
