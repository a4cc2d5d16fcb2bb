use crate::Repetition;
use crate::fixture::{lines, loaded};

/// Findings of a base and an override.
fn found(base: &str, over: &str) -> Vec<String> {
    let loaded =
        loaded(&format!("//- /main.tf\n{base}\n//- /x_override.tf\n{over}\n//- /m/m.tf\n"));
    lines(&loaded.diagnostics, &loaded.topology.sources)
}

const RESOURCE: &str = "resource \"test_box\" \"a\" {\n  name = \"a\"\n}";

#[test]
fn what_is_not_there_is_not_overridden() {
    for (over, expected) in [
        ("resource \"test_box\" \"b\" {}", "x_override.tf:1,1 Missing resource to override"),
        ("data \"test_file\" \"b\" {}", "x_override.tf:1,1 Missing data resource to override"),
        ("variable \"b\" {}", "x_override.tf:1,1 Missing base variable declaration to override"),
        ("output \"b\" {}", "x_override.tf:1,1 Missing base output definition to override"),
        (
            "locals {\n  b = 1\n}",
            "x_override.tf:2,3 Missing base local value definition to override",
        ),
        ("module \"b\" {}", "x_override.tf:1,1 Missing module call to override"),
        (
            "provider \"test\" {\n  alias = \"b\"\n}",
            "x_override.tf:1,1 Missing base provider configuration for override",
        ),
        ("check \"b\" {}", "x_override.tf:1,1 Can't override check blocks"),
        (
            "moved {\n  from = a.b\n  to = a.c\n}",
            "x_override.tf:1,1 Cannot override 'moved' blocks",
        ),
        (
            "import {\n  to = a.b\n  id = \"x\"\n}",
            "x_override.tf:1,1 Cannot override 'import' blocks",
        ),
        ("resource \"test_box\" {}", "x_override.tf:1,21 Missing name for resource"),
        ("foo {}", "x_override.tf:1,1 Unsupported block type"),
    ] {
        let base = format!("{RESOURCE}\nmodule \"m\" {{\n  source = \"./m\"\n}}");
        assert_eq!(found(&base, over), [expected], "{over}");
    }
}

#[test]
fn some_parts_cannot_be_overridden() {
    let variable = "variable \"v\" {\n  type = number\n  default = 1\n}";
    for (base, over, expected) in [
        (
            variable,
            "variable \"v\" {\n  default = \"x\"\n}",
            "x_override.tf:1,1 Invalid default value for variable",
        ),
        (
            variable,
            "variable \"v\" {\n  type = list(any)\n}",
            "x_override.tf:1,1 Invalid default value for variable",
        ),
        (
            RESOURCE,
            "resource \"test_box\" \"a\" {\n  depends_on = [test_box.a]\n}",
            "x_override.tf:2,17 Unsupported override",
        ),
        (
            variable,
            "variable \"v\" {\n  validation {\n    condition = var.v > 0\n    error_message = \"x\"\n  }\n}",
            "x_override.tf:2,3 Can't override validation blocks",
        ),
    ] {
        assert!(
            found(base, over).contains(&expected.to_owned()),
            "{over}: {:?}",
            found(base, over)
        );
    }
}

#[test]
fn settings_and_provider_configurations_are_completed() {
    let base = "terraform {\n  required_version = \"> 99\"\n  required_providers {\n    test = {\n      source = \"acme/nothing\"\n    }\n  }\n}\nterraform {\n  backend \"s3\" {}\n}";
    let over = "terraform {\n  required_version = \"> 1\"\n  required_providers {\n    test = {\n      source = \"acme/test\"\n    }\n  }\n  backend \"local\" {}\n}\nprovider \"test\" {}";
    let found = found(&format!("{base}\n{RESOURCE}"), over);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn json_and_native_syntax_override_each_other() {
    let text = r#"
//- /a.tf
resource "test_box" "a" {
  name  = "a"
  count = 1
}
//- /b.tf.json
{"resource": {"test_box": {"b": {"name": "b", "size": 1, "for_each": {}}}}}
//- /x_override.tf
resource "test_box" "b" {
  name  = "c"
  count = 2
}
//- /y_override.tf.json
{"resource": {"test_box": {"a": {"name": "${1 + 1}"}}}}
"#;
    let loaded = loaded(text);
    assert_eq!(lines(&loaded.diagnostics, &loaded.topology.sources), Vec::<String>::new());
    let root = &loaded.topology.modules[0];
    let places: Vec<_> = root
        .resources
        .values()
        .map(|resource| {
            let name = resource.content.expression("name").map(|name| name.span);
            let place =
                name.and_then(|span| loaded.topology.sources.place(span)).unwrap_or_default();
            (place, matches!(resource.repetition, Repetition::Count(_)))
        })
        .collect();
    assert_eq!(
        places,
        [("y_override.tf.json:1".to_owned(), true), ("x_override.tf:2".to_owned(), true)]
    );
}
