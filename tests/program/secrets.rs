//! Sensitive values stay where they belong, and files are for their owner only.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use platoform_tests::Project;

const SECRET: &str = "correct-horse-battery-staple";

const SECRETS: &str = r#"
    variable "token" {
      type      = string
      sensitive = true
    }
    resource "terraform_data" "keeper" {
      input            = { name = "plain", token = var.token }
      triggers_replace = [var.token]
    }
    resource "local_sensitive_file" "token" {
      filename = "out/token"
      content  = "token: ${var.token}"
    }
    resource "local_sensitive_file" "copy" {
      filename = "out/copy"
      content  = terraform_data.keeper.output.token
    }
    output "token" {
      value     = terraform_data.keeper.output.token
      sensitive = true
    }
    output "length" {
      value = nonsensitive(length(var.token))
    }
"#;

/// Asserts that no file of a project but those that were asked for holds the secret.
#[track_caller]
fn no_file_tells(project: &Project, secret: &str) {
    for name in project.list(".").iter().filter(|name| project.path(name).is_file()) {
        let bytes = fs::read(project.path(name)).unwrap();
        for form in [secret.as_bytes(), b"Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5LXN0YXBsZ"] {
            let found = bytes.windows(form.len()).any(|window| window == form);
            assert!(!found, "`{}` is in {name}", String::from_utf8_lossy(form));
        }
    }
}

#[test]
fn sensitive_values_never_show() {
    let project = Project::new(SECRETS);
    let run = |line: &str, code: i32| {
        let run = project.command(line).env("TF_VAR_token", SECRET).run();
        run.exits(code).hides(SECRET);
        no_file_tells(&project, SECRET);
        run
    };
    run("plan -out=saved", 0).shows("(sensitive value)");
    run("show saved", 0).shows("(sensitive value)");
    run("apply saved", 0).shows("<sensitive>").shows("length = 28");
    assert_eq!(project.read("out/token"), format!("token: {SECRET}"));
    run("plan -detailed-exitcode", 0);
    for line in ["show", "state show terraform_data.keeper", "output", "graph", "state list"] {
        run(line, 0);
    }
    run("state show local_sensitive_file.token", 0).shows("(sensitive value)");
    project.write("out/token", "by hand");
    run("plan -detailed-exitcode", 2);

    // Asked for by name, they are given.
    assert_eq!(project.run("output -raw token").exits(0).stdout, SECRET);
    project.run("output -json").exits(0).shows(SECRET);

    let change = project.command("apply -auto-approve").env("TF_VAR_token", "another-secret");
    change.run().exits(0).hides(SECRET).hides("another-secret");
    no_file_tells(&project, "another-secret");
    run("destroy -auto-approve", 0);
}

#[test]
fn errors_do_not_tell_either() {
    let project = Project::new(SECRETS);
    project.files(
        "//- /more.tf\nresource \"local_file\" \"bad\" {\n  filename = \"main.tf/${var.token}\"\n  \
         content  = \"x\"\n}\noutput \"bare\" {\n  value = var.token\n}\n",
    );
    let plan = project.command("plan").env("TF_VAR_token", SECRET).run();
    plan.exits(1).shows("sensitive").hides(SECRET);
    project.edit("more.tf", "output \"bare\" {\n  value = var.token\n}\n", "");
    let apply = project.command("apply -auto-approve").env("TF_VAR_token", SECRET).run();
    apply.exits(1).shows("local_file.bad").hides(SECRET);
    no_file_tells(&project, SECRET);
}

#[test]
fn files_are_for_their_owner_only() {
    let project = Project::new(SECRETS);
    project.command("plan -out=saved").env("TF_VAR_token", SECRET).run().exits(0);
    project.run("apply saved").exits(0);
    let mode = |name: &str| fs::metadata(project.path(name)).unwrap().permissions().mode() & 0o777;
    let ours: Vec<String> =
        project.list(".").into_iter().filter(|name| name != "main.tf").collect();
    assert!(ours.iter().any(|name| name == "platoform.key"), "{ours:?}");
    for name in ours.iter().filter(|name| *name != "out") {
        assert_eq!(mode(name), 0o600, "{name}");
    }
    assert_eq!(mode("out/token"), 0o700);
}

#[test]
fn without_the_key_nothing_is_read() {
    let project = Project::new(SECRETS);
    project.command("apply -auto-approve").env("TF_VAR_token", SECRET).run().exits(0);
    fs::rename(project.path("platoform.key"), project.path("kept")).unwrap();
    let run = project.command("plan").env("TF_VAR_token", SECRET).run();
    run.exits(1).shows("platoform.key");
    assert!(!project.has("platoform.key"), "another key was made");
    fs::rename(project.path("kept"), project.path("platoform.key")).unwrap();
    let run = project.command("plan -detailed-exitcode").env("TF_VAR_token", SECRET).run();
    run.exits(0);
}
