//! `state mv`, `state rm`, `state replace-provider`, `taint` and `untaint`.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use platoform_tests::Project;

use crate::snapshot;

const MAIN: &str = r#"
    variable "token" {
      default   = "correct-horse"
      sensitive = true
    }
    resource "terraform_data" "a" {
      input = { name = "a", token = var.token }
    }
    resource "terraform_data" "b" {
      count            = 2
      input            = "b${count.index}"
      triggers_replace = [terraform_data.a.id]
    }
    module "m" {
      source   = "./m"
      for_each = toset(["x", "y"])
    }
    //- /m/main.tf
    resource "terraform_data" "in" {
      input = "i"
    }
"#;

fn applied() -> Project {
    let project = Project::new(MAIN);
    project.apply();
    project
}

#[test]
fn an_instance_moves_and_those_made_from_it_follow() {
    let project = applied();
    let dry = project.run("state mv -dry-run terraform_data.a terraform_data.c");
    assert_eq!(dry.exits(0).stdout, "Would move \"terraform_data.a\" to \"terraform_data.c\"\n");
    assert!(project.recorded().contains(&"terraform_data.a".to_owned()));
    let run = project.run("state mv terraform_data.a terraform_data.c");
    assert_eq!(
        run.exits(0).stdout,
        "Move \"terraform_data.a\" to \"terraform_data.c\"\nSuccessfully moved 1 object(s).\n"
    );
    project.edit("main.tf", "\"terraform_data\" \"a\"", "\"terraform_data\" \"c\"");
    project.edit("main.tf", "terraform_data.a.id", "terraform_data.c.id");
    project.is_settled();
    // What the state says of dependencies decides the order in which things go.
    project.remove("main.tf");
    let text = project.run("destroy -auto-approve").exits(0).stderr.clone();
    let at = |line: &str| text.find(line).unwrap_or_else(|| panic!("`{line}` is not in {text}"));
    assert!(at("terraform_data.b[1]: Destruction") < at("terraform_data.c: Destroying"));
}

#[test]
fn a_resource_gets_keys_and_modules_move_whole() {
    let project = applied();
    project.run("state mv terraform_data.a terraform_data.list[0]").exits(0);
    project.run("state mv terraform_data.b module.q[\"k\"].terraform_data.b").exits(0);
    let run = project.run("state mv module.m[\"x\"] module.n");
    run.exits(0).shows("Move \"module.m[\\\"x\\\"]\" to \"module.n\"");
    project.run("state mv module.q[\"k\"] module.r.module.s").exits(0);
    assert_eq!(
        project.recorded(),
        [
            "terraform_data.list[0]",
            "module.m[\"y\"].terraform_data.in",
            "module.n.terraform_data.in",
            "module.r.module.s.terraform_data.b[0]",
            "module.r.module.s.terraform_data.b[1]",
        ]
    );
}

#[test]
fn what_cannot_be_moved_is_told_and_stays() {
    let project = applied();
    let before = project.recorded();
    let wrong = [
        ("terraform_data.z terraform_data.y", "Invalid source address"),
        ("terraform_data.b[7] terraform_data.y", "does not contain terraform_data.b[7]"),
        ("terraform_data.b[0] terraform_data.b[1]", "already a resource instance at that address"),
        ("terraform_data.b terraform_data.a", "already a resource at that address"),
        ("terraform_data.b terraform_data.y[3]", "must also be a whole resource"),
        ("terraform_data.a local_file.a", "resource types don't match"),
        ("terraform_data.a data.terraform_data.a", "only to another managed resource address"),
        ("terraform_data.a module.y", "the target must also be a resource instance"),
        ("module.m module.n", "Cannot move module.m: does not match anything"),
        ("module.m[\"x\"] terraform_data.y", "the target must also be a module"),
        ("module.m[\"x\"] module.m[\"y\"]", "already a module at that address"),
        ("terraform_data.a a[", "Invalid address"),
    ];
    for (line, text) in wrong {
        project.run(&format!("state mv {line}")).exits(1).shows(text);
    }
    assert_eq!(project.recorded(), before);
    project.run("log").exits(0).hides("state mv");
    let nothing = Project::new(MAIN).run("state mv terraform_data.a terraform_data.b");
    nothing.exits(1).shows("No state");
}

#[test]
fn objects_are_forgotten_but_not_destroyed() {
    let project = Project::new(
        "resource \"local_file\" \"a\" {\n  filename = \"out/a\"\n  content = \"a\"\n}\n",
    );
    project.apply();
    let dry = project.run("state rm -dry-run local_file.a local_file.b");
    assert_eq!(dry.exits(0).stdout, "Would remove local_file.a\n");
    let nothing = project.run("state rm -dry-run module.m");
    assert_eq!(nothing.exits(0).stdout, "Would have removed nothing.\n");
    let run = project.run("state rm -backup=kept.db local_file.a");
    let expected = "Removed local_file.a\nSuccessfully removed 1 resource instance(s).\n";
    assert_eq!(run.exits(0).stdout, expected);
    assert_eq!((project.list("out"), project.recorded()), (vec!["a".to_owned()], vec![]));
    project.run("state rm local_file.a").exits(1).shows("No matching objects found");
    project.run("state rm").exits(1);

    // The copy is a whole state, which the same key opens.
    let mode = fs::metadata(project.path("kept.db")).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    fs::copy(project.path("platoform.key"), project.path("kept.key")).unwrap();
    let kept = project.run("state list -state=kept.db");
    assert_eq!(kept.exits(0).stdout, "local_file.a\n");
}

#[test]
fn modules_and_resources_are_forgotten_whole() {
    let project = applied();
    let run = project.run("state rm module.m terraform_data.b -lock=false -lock-timeout=5s");
    snapshot!("state_rm", run.exits(0).text());
    assert_eq!(project.recorded(), ["terraform_data.a"]);
}

#[test]
fn tainted_is_replaced_by_the_next_apply() {
    let project = applied();
    let run = project.run("taint terraform_data.b[0]");
    let expected = "Resource instance terraform_data.b[0] has been marked as tainted.\n";
    assert_eq!(run.exits(0).stdout, expected);
    project.run("taint terraform_data.b[0]").exits(0);
    let show = project.run("state show terraform_data.b[0]");
    assert!(show.exits(0).stdout.starts_with("# terraform_data.b[0]: (tainted)\n"), "{show}");
    project.run("plan").exits(0).shows("terraform_data.b[0] is tainted, so must be replaced");
    let run = project.run("untaint terraform_data.b[0]");
    let expected = "Resource instance terraform_data.b[0] has been successfully untainted.\n";
    assert_eq!(run.exits(0).stdout, expected);
    project.is_settled();
    project.run("untaint terraform_data.b[0]").exits(1).shows("not currently tainted");
    for command in ["taint", "untaint"] {
        let missing = project.run(&format!("{command} terraform_data.b"));
        missing.exits(1).shows("No such resource instance");
        let allowed = project.run(&format!("{command} -allow-missing terraform_data.b"));
        allowed.exits(0).shows("-allow-missing was set");
        project.run(&format!("{command} data.a.b")).exits(1).shows("cannot be tainted");
        project.run(&format!("{command} module.m")).exits(1).shows("Invalid address");
    }
}

#[test]
fn another_provider_is_named() {
    let project = applied();
    let none = project.run("state replace-provider hashicorp/aws acme/aws");
    assert_eq!(none.exits(0).stdout, "No matching resources found.\n");
    let line = "state replace-provider terraform.io/builtin/terraform registry.acme.corp/acme/x";
    project.run(line).exits(1).shows("Approval needed");
    let run = project.run(&line.replace("replace-provider", "replace-provider -auto-approve"));
    snapshot!("state_replace_provider", run.exits(0).text());
    let question = project
        .command("state sql")
        .args(["select distinct provider, provider_config from resources"])
        .run();
    question.exits(0).shows("registry.acme.corp/acme/x provider[\"registry.acme.corp/acme/x\"]");
    project.run("state replace-provider a/b/c/d x").exits(1).shows("Invalid \"from\" provider");
}

/// An earlier call may yet write what is changed by hand here.
#[test]
fn objects_with_open_calls_are_left_alone() {
    let project = Project::new(
        "resource \"local_file\" \"a\" {\n  count = 400\n  filename = \"out/${count.index}\"\n  content = \"a\"\n}\n",
    );
    let running = project.command("apply -auto-approve").start_watched();
    assert!(running.kill_after_lines(40, std::time::Duration::from_micros(300)));
    let open = project
        .command("state sql")
        .args(["-json", "select address from intents where open = 1 and verb = 'create' limit 1"])
        .run();
    let open: serde_json::Value = serde_json::from_str(&open.exits(0).stdout).unwrap();
    let Some(address) = open[0]["address"].as_str() else { return };
    let there = project.recorded().iter().any(|recorded| recorded == address);
    if there {
        project.run(&format!("state rm {address}")).exits(1).shows("A call is open");
    } else {
        let moved = project.run(&format!("state mv {address} local_file.other"));
        moved.exits(1).shows("does not contain");
    }
    project.run("lock").exits(0).shows("has died with it");
    project.apply();
}

#[test]
fn a_state_is_not_overwritten() {
    let project = applied();
    project.run("state push -force terraform.tfstate").exits(1).shows("A state is not overwritten");
}
