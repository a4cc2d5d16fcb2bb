//! Programs that read the JSON of plans and judge it by policies: one plan that has to pass, and one
//! that has to fail.

use std::process::{Command, Output};

use platoform_tests::Project;

use crate::tool;

/// A plan of a file with these permissions, as JSON in `plan.json`.
fn planned(permission: &str) -> Project {
    let project = Project::new(&format!(
        "variable \"secret\" {{\n  default   = \"hunter2\"\n  sensitive = true\n}}\n\
         resource \"local_file\" \"key\" {{\n  filename        = \"out/key\"\n  content         = \
         var.secret\n  file_permission = \"{permission}\"\n}}\n\
         resource \"terraform_data\" \"user\" {{\n  input = local_file.key.id\n}}\n"
    ));
    project.run("plan -out=saved").exits(0);
    let json = project.run("show -json saved").exits(0).stdout.clone();
    assert!(!json.contains("hunter2"));
    project.write("plan.json", &json);
    project
}

/// Runs a tool where it finds nothing but the plan and its policies.
fn run(project: &Project, name: &str, arguments: &[&str]) -> (Output, String) {
    let output = Command::new(tool(name).unwrap())
        .args(arguments)
        .current_dir(project.root())
        .env("HOME", project.root())
        .output()
        .unwrap();
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    (output, text)
}

const CHECKOV: &str = "metadata:
  id: CKV2_PF_1
  name: Files are for their owner only
  category: GENERAL_SECURITY
definition:
  cond_type: attribute
  resource_types: [local_file]
  attribute: file_permission
  operator: equals
  value: '0600'
";

pub fn checkov_passes_and_fails() {
    for (permission, passes) in [("0600", true), ("0644", false)] {
        let project = planned(permission);
        project.files(&format!("//- /policies/files.yaml\n{CHECKOV}"));
        let arguments = "-f plan.json --framework terraform_plan --skip-download \
                         --external-checks-dir policies --check CKV2_PF_1 --compact -o json";
        let words: Vec<&str> = arguments.split_whitespace().collect();
        let (output, text) = run(&project, "checkov", &words);
        assert_eq!(output.status.success(), passes, "{text}");
        let counts = if passes {
            ["\"passed\": 1", "\"failed\": 0"]
        } else {
            ["\"passed\": 0", "\"failed\": 1"]
        };
        assert!(counts.iter().all(|count| text.contains(count)), "{text}");
    }
}

const COMPLIANCE: &str = r#"Feature: files
  Scenario: files are for their owner only
    Given I have local_file defined
    Then it must have file_permission
    And its value must match the "^0600$" regex
"#;

pub fn terraform_compliance_passes_and_fails() {
    for (permission, passes) in [("0600", true), ("0644", false)] {
        let project = planned(permission);
        project.files(&format!("//- /features/files.feature\n{COMPLIANCE}"));
        let arguments = ["--no-ansi", "-f", "features", "-p", "plan.json"];
        let (output, text) = run(&project, "terraform-compliance", &arguments);
        assert_eq!(output.status.success(), passes, "{text}");
        let said =
            if passes { "1 scenarios (1 passed)" } else { "1 scenarios (0 passed, 1 failed)" };
        assert!(text.contains(said), "{text}");
    }
}

/// Three that sum plans up, and what they have to say of two objects that are made.
pub fn others_count_what_is_planned() {
    let project = planned("0600");
    for (name, arguments, said) in [
        ("readtheplan", &["analyze", "plan.json"][..], "- create: 2\n"),
        ("tfexplain", &["risk", "plan.json"], "Create: 2\n"),
        ("blastcheck", &["--text", "plan.json"], "2 change(s) assessed"),
    ] {
        let (_, text) = run(&project, name, arguments);
        assert!(text.contains(said), "{name}: {text}");
    }
}
