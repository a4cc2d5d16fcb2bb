//! Commands that only show: `output`, `state`, `show`, `graph`.

use platoform_tests::Project;

use crate::snapshot;

const ALL: &str = r#"
    resource "terraform_data" "a" {
      input = { name = "a", ports = [1, 2] }
    }
    resource "local_file" "b" {
      for_each = toset(["x", "y"])
      filename = "out/${each.key}"
      content  = terraform_data.a.output.name
    }
    output "text" {
      value = "a \"b\"\n"
    }
    output "number" {
      value = 1.5
    }
    output "object" {
      value = terraform_data.a.output
    }
    output "secret" {
      value     = "geheim"
      sensitive = true
    }
"#;

#[test]
fn outputs() {
    let project = Project::new(ALL);
    project.run("output").exits(0).shows("No outputs found");
    project.apply();
    let all = project.run("output");
    snapshot!("reading_output", all.exits(0).text());
    let json = project.run("output -json");
    snapshot!("reading_output_json", json.exits(0).text());
    assert_eq!(project.run("output -raw text").exits(0).stdout, "a \"b\"\n");
    assert_eq!(project.run("output -raw number").exits(0).stdout, "1.5");
    assert_eq!(project.run("output -raw secret").exits(0).stdout, "geheim");
    assert_eq!(
        project.run("output -json object").exits(0).stdout.trim(),
        r#"{"name":"a","ports":[1,2]}"#
    );
    assert_eq!(project.run("output text").exits(0).stdout.trim_end(), "<<EOT\na \"b\"\n\nEOT");
    project.run("output -raw object").exits(1).shows("-json");
    project.run("output -raw").exits(1);
    project.run("output none").exits(1).shows("none");
}

#[test]
fn state_and_show() {
    let project = Project::new(ALL);
    project.run("show").exits(0).shows("empty");
    project.apply();
    assert_eq!(
        project.recorded(),
        ["local_file.b[\"x\"]", "local_file.b[\"y\"]", "terraform_data.a"]
    );
    project.run("state list local_file.b").exits(0).shows("[\"y\"]").hides("terraform_data");
    project.run("state list local_file.none").exits(1).shows("local_file.none");
    let object = project.run("state show local_file.b[\"x\"]");
    snapshot!("reading_state_show", object.exits(0).text());
    project.run("state show local_file.b").exits(1).shows("No instance found");
    project.run("state show local_file").exits(1).shows("Invalid address");
    let show = project.run("show");
    snapshot!("reading_show", show.exits(0).text());
    assert!(show.stderr.is_empty());
}

#[test]
fn the_graph_is_drawn() {
    let project = Project::new(ALL);
    let graph = project.run("graph");
    snapshot!("reading_graph", graph.exits(0).text());
    assert!(!project.has("platoform.db"));
}

#[test]
fn looking_makes_nothing() {
    let project = Project::new(ALL);
    for line in ["validate", "plan", "show", "output", "graph", "providers", "modules", "fmt"] {
        project.run(line).exits(0);
    }
    assert_eq!(project.list("."), ["main.tf"]);
    project.run("init").exits(0);
    assert_eq!(project.list("."), [".platoform.lock.hcl", "main.tf"]);
    assert!(project.list("../home").is_empty());
}
