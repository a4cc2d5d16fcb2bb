//! How the command line is written.

use platoform_tests::Project;

const ONE: &str = r#"
    resource "terraform_data" "a" {
      input = "a"
    }
"#;

#[test]
fn one_dash_or_two_with_or_without_equals() {
    for arguments in ["-out=p", "--out=p", "-out p", "--out p"] {
        let project = Project::new(ONE);
        project.run(&format!("plan {arguments}")).exits(0);
        assert!(project.has("p"), "{arguments}");
    }
}

#[test]
fn another_directory() {
    let project = Project::new(
        "//- /inner/main.tf\nresource \"local_file\" \"a\" {\n  filename = \"a\"\n  content = \"a\"\n}\n",
    );
    project.run("plan").exits(1).shows("No configuration files").shows("-chdir");
    project.run("-chdir=inner plan -out=p").exits(0);
    project.run("--chdir inner apply p").exits(0);
    assert!(project.has("inner/a") && project.has("inner/platoform.db"));
    project.run("-chdir=none plan").exits(1).shows("`none` is not a directory");
    let inside = project.command("plan -detailed-exitcode").directory("inner");
    inside.run().exits(0);
}

#[test]
fn no_colour_where_nobody_sees_it() {
    let project = Project::new(ONE);
    for line in ["plan", "-no-color plan", "plan -no-color", "validate"] {
        project.run(line).exits(0).hides("\u{1b}");
    }
}

#[test]
fn version_in_any_way() {
    let project = Project::new("");
    for line in ["version", "-version", "--version", "-v"] {
        project.run(line).exits(0).shows(concat!("platoform v", env!("CARGO_PKG_VERSION")));
    }
    let json = project.run("version -json").exits(0).stdout.clone();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["platoform_version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn help_and_mistakes() {
    let project = Project::new(ONE);
    for line in ["-help", "--help", "help", "plan -help"] {
        project.run(line).exits(0).shows("Usage");
    }
    let wrong = project.run("plan -refersh=false");
    wrong.exits(1).shows("--refresh");
    assert!(wrong.stdout.is_empty());
    project.run("aply").exits(1).shows("apply");
    project.run("completions bash").exits(0).shows("complete -F");
    project.run("completions zsh").exits(0).shows("#compdef platoform");
}

#[test]
fn an_early_end_of_reading_is_no_error() {
    let project = Project::new("resource \"terraform_data\" \"a\" {\n  count = 2000\n}\n");
    let command = format!("'{}' plan | head -n 1", platoform_tests::program().display());
    let output = std::process::Command::new("sh")
        .args(["-c", &command])
        .current_dir(project.root())
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!stderr.contains("panicked") && !stderr.contains("Broken"), "{stderr}");
}

#[test]
fn functions_are_described_as_json_only() {
    let project = Project::new("");
    project.run("metadata functions").exits(1).shows("`-json`");
    let run = project.run("metadata functions -json");
    run.exits(0);
    let told: serde_json::Value = serde_json::from_str(&run.data()).unwrap();
    assert_eq!(told["format_version"], "1.0");
    let functions = told["function_signatures"].as_object().unwrap();
    assert_eq!(functions.len(), 236);
    assert_eq!(functions["core::max"], functions["max"]);
    let lookup = &functions["lookup"];
    assert_eq!(lookup["parameters"][1], serde_json::json!({ "name": "key", "type": "string" }));
    let default = serde_json::json!({ "name": "default", "is_nullable": true, "type": "dynamic" });
    assert_eq!(lookup["variadic_parameter"], default);
}
