//! `fmt`: files, directories and standard input.

use std::fs;

use platoform_tests::Project;

use crate::snapshot;

const FILES: &str = r"
    a=1
    //- /vars.tfvars
    bb   = 2
    //- /formatted.tf
    c = 3
    //- /own.platoform.hcl
    d=4
    //- /foreign.hcl
    e=5
    //- /case.tftest.hcl
    f=6
    //- /modules/inner/main.tf
    g=7
    //- /.hidden/main.tf
    h=8
    //- /data.txt
    i=9
";

#[test]
fn a_directory() {
    let project = Project::new(FILES);
    let run = project.run("fmt");
    assert_eq!(run.exits(0).stdout, "case.tftest.hcl\nmain.tf\nown.platoform.hcl\nvars.tfvars\n");
    assert_eq!(project.read("main.tf"), "a = 1\n");
    assert_eq!(project.read("vars.tfvars"), "bb = 2\n");
    assert_eq!(project.read("foreign.hcl"), "e=5\n");
    assert_eq!(project.read("data.txt"), "i=9\n");
    assert_eq!(project.read("modules/inner/main.tf"), "g=7\n");
    assert_eq!(project.run("fmt").exits(0).stdout, "");

    let run = project.run("fmt -recursive");
    assert_eq!(run.exits(0).stdout, "modules/inner/main.tf\n");
    assert_eq!(project.read(".hidden/main.tf"), "h=8\n");
}

#[test]
fn a_directory_of_topologies() {
    let project = Project::new("//- /a.hcl\na=1\n//- /terragrunt.hcl\nb=2\n//- /c.pkr.hcl\nd=3\n");
    assert_eq!(project.run("fmt").exits(0).stdout, "a.hcl\n");
    let run = project.run("fmt terragrunt.hcl ./c.pkr.hcl");
    assert_eq!(run.exits(0).stdout, "terragrunt.hcl\nc.pkr.hcl\n");
}

#[test]
fn targets_are_shown_from_where_one_is() {
    let project = Project::new(FILES);
    let run = project.command("fmt -check ../main.tf .. inner").directory("modules").run();
    let names = ["../main.tf", "../case.tftest.hcl", "../main.tf", "../own.platoform.hcl"];
    let expected = [&names[..], &["../vars.tfvars", "inner/main.tf"]].concat().join("\n") + "\n";
    assert_eq!(run.exits(3).stdout, expected);
    let run = project.run("-chdir=modules fmt -check inner");
    assert_eq!(run.exits(3).stdout, "inner/main.tf\n");
}

#[test]
fn check_changes_nothing() {
    let project = Project::new(FILES);
    for (line, code, stdout) in [
        ("fmt -check main.tf", 3, "main.tf\n"),
        ("fmt -check -write main.tf", 3, "main.tf\n"),
        ("fmt -check -list=false main.tf", 3, ""),
        ("fmt -check -list=false -diff main.tf", 3, ""),
        ("fmt -check formatted.tf", 0, ""),
        ("fmt -check=false -write=false main.tf", 0, "main.tf\n"),
        ("fmt -write=false -list=false main.tf formatted.tf", 0, "a = 1\nc = 3\n"),
    ] {
        assert_eq!(project.run(line).exits(code).stdout, stdout, "{line}");
        assert_eq!(project.read("main.tf"), "a=1\n", "{line}");
    }
    project.run("fmt -list=false main.tf").exits(0);
    assert_eq!(project.read("main.tf"), "a = 1\n");
}

#[test]
fn differences_are_a_patch() {
    let project = Project::new("");
    project.write("main.tf", "b {\n  x = 1\n  y = 2\n  z = 3\n  long=4\n}\n\n\n\n\n\n\nc=1");
    snapshot!("fmt_diff", project.run("fmt -check -diff").exits(3).stdout);
}

#[test]
fn standard_input() {
    let project = Project::new(FILES);
    for (line, input, code, stdout) in [
        ("fmt -", "a=1\n", 0, "a = 1\n"),
        ("fmt - main.tf", "a=1\n", 0, "a = 1\n"),
        ("fmt -", "a=1", 0, "a = 1\n"),
        ("fmt -", "", 0, "\n"),
        ("fmt -check -", "a=1\n", 3, ""),
        ("fmt -check -list -", "a=1\n", 3, ""),
        ("fmt -check -", "a = 1\n", 0, ""),
        (
            "fmt -diff -",
            "a=1\n",
            0,
            "--- old/<stdin>\n+++ new/<stdin>\n@@ -1 +1 @@\n-a=1\n+a = 1\n",
        ),
        ("fmt -", "a={\n", 2, ""),
    ] {
        let run = project.command(line).input(input).run();
        assert_eq!(run.exits(code).stdout, stdout, "{line} of {input:?}");
    }
    assert_eq!(project.read("main.tf"), "a=1\n");
}

#[test]
fn files_with_mistakes_stay_as_they_are() {
    let project = Project::new("a=1\n//- /wrong.tf\nb=\n//- /wrong2.tf\nc {\n");
    let run = project.run("fmt");
    run.exits(2).shows("Invalid expression").shows("Unclosed configuration block");
    run.shows("wrong.tf:1:3");
    assert_eq!(run.stdout, "main.tf\n");
    assert_eq!(project.read("wrong.tf"), "b=\n");
    assert_eq!(project.run("fmt -check").exits(2).stdout, "");

    fs::write(project.path("wrong.tf"), b"a=\"\xff\"\n").unwrap();
    project.run("fmt wrong.tf").exits(2).shows("Invalid character encoding").shows("wrong.tf:1:4");
    fs::write(project.path("wrong.tf"), b"a=1 # \xff\n").unwrap();
    project.run("fmt wrong.tf").exits(2).shows("A comment in `wrong.tf`");
    assert_eq!(fs::read(project.path("wrong.tf")).unwrap(), b"a=1 # \xff\n");
}

#[test]
fn what_cannot_be_formatted() {
    let project = Project::new(FILES);
    project.run("fmt data.txt").exits(2).shows("Only .tf, .tfvars and .hcl files");
    let run = project.run("fmt none.tf main.tf");
    run.exits(2).shows("No file or directory at none.tf");
    assert_eq!(project.read("main.tf"), "a=1\n");
    project.run("fmt data.txt main.tf").exits(2);
    assert_eq!(project.read("main.tf"), "a = 1\n");
    project.run("fmt -bogus").exits(1);
}

/// What it holds is written beside it first, under a name that no run leaves behind.
#[cfg(unix)]
#[test]
fn links_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let project = Project::new(FILES);
    let target = project.path("modules/inner/main.tf");
    fs::set_permissions(&target, fs::Permissions::from_mode(0o604)).unwrap();
    symlink("modules/inner/main.tf", project.path("link.tf")).unwrap();
    symlink("modules", project.path("more")).unwrap();
    let before = project.list(".");

    let run = project.run("fmt -recursive");

    run.exits(0).hides("more/");
    assert!(fs::symlink_metadata(project.path("link.tf")).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&target).unwrap(), "g = 7\n");
    assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o604);
    assert_eq!(project.list("."), before);
    assert_eq!(project.list("modules/inner"), ["main.tf"]);
}
