//! Modules from elsewhere: fetched, locked, verified.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use platoform_tests::Project;

const LOCK: &str = ".platoform.lock.hcl";

/// A repository beside a project.
struct Repository(PathBuf);

impl Repository {
    fn new(project: &Project, name: &str, files: &[(&str, &str)]) -> Self {
        let repository = Self(project.path("..").canonicalize().unwrap().join(name));
        fs::create_dir_all(&repository.0).unwrap();
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository.commit(files);
        repository
    }

    fn source(&self) -> String {
        format!("git::file://{}", self.0.display())
    }

    fn commit(&self, files: &[(&str, &str)]) {
        for (name, content) in files {
            let path = self.0.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message=x"]);
    }

    fn git(&self, arguments: &[&str]) {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=t", "-c", "user.email=t@t"]).args(arguments);
        let status = command.current_dir(&self.0).status().expect("git is there");
        assert!(status.success(), "{arguments:?}");
    }
}

/// A module that says a word, and one inside it.
fn said(word: &str) -> [(&'static str, String); 2] {
    let top = format!(
        "module \"deep\" {{\n  source = \"./deep\"\n}}\noutput \"word\" {{\n  value = \"{word} ${{module.deep.path}}\"\n}}\n"
    );
    [("main.tf", top), ("deep/main.tf", "output \"path\" {\n  value = path.module\n}\n".to_owned())]
}

fn with_word(project: &Project, word: &str) -> Repository {
    let files = said(word);
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, content)| (*name, content.as_str())).collect();
    Repository::new(project, "repository", &files)
}

fn say(repository: &Repository, word: &str) {
    let files = said(word);
    repository.commit(&[("main.tf", &files[0].1)]);
}

/// A project that calls the module of a repository.
fn calling(word: &str) -> (Project, Repository) {
    let project = Project::new("//- /keep/empty.txt\nx\n");
    let repository = with_word(&project, word);
    let text = format!(
        "module \"m\" {{\n  source = \"{}\"\n}}\noutput \"word\" {{\n  value = module.m.word\n}}\n",
        repository.source()
    );
    project.write("main.tf", &text);
    (project, repository)
}

#[test]
fn modules_are_fetched_locked_and_kept() {
    let (project, repository) = calling("one");
    project.run("validate").exits(1).shows("Module not installed").shows("platoform init");
    project.run("init -get=false").exits(1).shows("Module not installed");
    project.run("init").exits(0).shows("Downloading").shows("Packages of modules fetched: 1");
    project.run("plan").exits(0).shows("one .platoform/modules/m/deep");
    let lock = project.read(LOCK);
    say(&repository, "two");
    // What is locked stays, also where the cache is lost.
    project.run("init").exits(0).shows("Nothing had to be fetched");
    fs::remove_dir_all(project.path(".platoform")).unwrap();
    project.run("plan").exits(1).shows("Module not installed");
    project.run("init -lockfile=readonly").exits(0).shows("Packages of modules fetched: 1");
    project.run("plan").exits(0).shows("one .platoform");
    assert_eq!(project.read(LOCK), lock);
    project.run("init -upgrade -lockfile=readonly").exits(1).shows("Lock file is out of date");
    project.run("init -upgrade").exits(0).shows("Packages of modules fetched: 1");
    assert_ne!(project.read(LOCK), lock);
    project.run("plan").exits(0).shows("two .platoform/modules/m/deep");
    assert_eq!(project.list(".platoform/modules/.packages").len(), 2, "the old one is gone");
}

#[test]
fn what_was_changed_is_refused_and_fetched_again() {
    let (project, _repository) = calling("one");
    project.run("init").exits(0);
    let file = ".platoform/modules/m/deep/main.tf";
    project.edit(file, "path.module", "\"evil\"");
    for command in ["validate", "plan", "apply -auto-approve", "graph", "providers", "modules"] {
        project.run(command).exits(1).shows("Module is not as locked").hides("evil");
    }
    project.run("init").exits(0);
    project.run("plan").exits(0).shows("one .platoform");
}

#[test]
fn a_changed_lock_is_followed_or_refused() {
    let (project, repository) = calling("one");
    project.run("init").exits(0);
    let first = project.read(LOCK);
    say(&repository, "two");
    project.run("get -update").exits(0).shows("- m in .platoform/modules/m");
    project.run("validate").exits(0);
    // The lock of an older revision of the configuration, whose package is no longer here.
    project.write(LOCK, &first);
    project.run("plan").exits(1).shows("Module not installed");
    project.run("init").exits(0);
    project.run("plan").exits(0).shows("one .platoform");
    project.write(LOCK, "module \"x\" {\n  hash = 1\n}\n");
    project.run("plan").exits(1).shows("Invalid hash").shows(LOCK);
}

#[test]
fn saved_plans_hold_the_modules_they_were_made_of() {
    let (project, repository) = calling("one");
    project.run("init").exits(0);
    project.run("plan -out=p").exits(0);
    say(&repository, "two");
    project.run("init -upgrade").exits(0);
    fs::remove_dir_all(project.path(".platoform")).unwrap();
    project.run("apply p").exits(0).shows("one .platoform/modules/m/deep");
}

#[test]
fn a_module_that_calls_itself_is_told_with_its_chain() {
    let project = Project::new("//- /keep/empty.txt\nx\n");
    let repository = Repository::new(&project, "repository", &[("x.txt", "")]);
    let source = repository.source();
    let call = format!("module \"again\" {{\n  source = \"{source}//sub\"\n}}\n");
    repository.commit(&[("main.tf", &call), ("sub/main.tf", &call.replace("//sub", ""))]);
    project.write("main.tf", &call.replace("//sub", ""));
    let run = project.run("init");
    run.exits(1).shows("Module calls itself");
    run.shows("`module.again` calls `module.again.module.again`").shows("the first of them");
}

#[test]
fn addresses_may_be_made_of_variables() {
    let (project, repository) = calling("one");
    repository.git(&["tag", "v1"]);
    say(&repository, "two");
    repository.git(&["tag", "v2"]);
    project.edit(
        "main.tf",
        &repository.source(),
        &format!("{}?ref=${{var.ref}}", repository.source()),
    );
    project.write("variables.tf", "variable \"ref\" {\n  type = string\n}\n");
    project.run("init").exits(1).shows("The variable `ref` has no value").shows("-var ref=VALUE");
    project.run("init -var ref=v1").exits(0);
    project.run("plan -var ref=v1").exits(0).shows("one .platoform");
    project.run("plan -var ref=v2").exits(1).shows("Module not installed");
    project.write("terraform.tfvars", "ref = \"v2\"\n");
    project.run("init").exits(0);
    project.run("validate").exits(0);
    project.run("plan").exits(0).shows("two .platoform");
}

#[test]
fn what_cannot_be_fetched_is_told_at_the_call() {
    let (project, repository) = calling("one");
    project.edit("main.tf", &repository.source(), &format!("{}-nowhere", repository.source()));
    let run = project.run("init");
    run.exits(1).shows("Failed to download module").shows("main.tf:1:1").shows("-nowhere");
    assert!(!project.has(LOCK));
    project.write("main.tf", "module \"m\" {\n  source = \"./nowhere\"\n}\n");
    project.run("init").exits(1).shows("Unreadable module directory").hides("Module not installed");
    project.run("validate").exits(1).shows("Module not installed");
    project.write("main.tf", "module \"m\" {\n  source = \"s3::https://x/y.zip\"\n}\n");
    project.run("init").exits(1).shows("Invalid module source address").shows("Buckets of S3");
}

#[test]
fn modules_and_providers_are_listed() {
    let (project, _repository) = calling("one");
    project.write(
        "more.tf",
        "terraform {\n  required_providers {\n    local = {\n      version = \">=2.0\"\n    }\n  }\n}\n\
         module \"near\" {\n  source = \"./near\"\n}\n",
    );
    fs::create_dir_all(project.path("near")).unwrap();
    project.write("near/main.tf", "resource \"terraform_data\" \"x\" {}\n");
    project.run("init").exits(0);
    let tree = project.run("providers").exits(0).stdout.clone();
    let expected = "\nProviders required by configuration:\n.\n\
                    ├── provider[registry.terraform.io/hashicorp/local] >= 2.0\n\
                    ├── module.m\n│   └── module.deep\n\
                    └── module.near\n    └── provider[terraform.io/builtin/terraform]\n\n";
    assert_eq!(tree, expected);
    let tree = project.run("modules").exits(0).stdout.clone();
    assert!(
        tree.starts_with("\nModules declared by configuration:\n.\n├── \"m\"[git::file://"),
        "{tree}"
    );
    assert!(tree.ends_with("│   └── \"deep\"[./deep]\n└── \"near\"[./near]\n\n"), "{tree}");
    let json = project.run("modules -json").exits(0).stdout.clone();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["modules"][1]["source"], "./deep");
    let lock = project.read(LOCK);
    assert!(lock.contains("provider \"registry.terraform.io/hashicorp/local\""), "{lock}");
    // A lock of another version of the program.
    let version = lock.lines().rev().find(|line| line.contains("version")).unwrap();
    project.edit(LOCK, version, "  version = \"0.1.0\"");
    project.run("plan").exits(1).shows("Provider is not as locked");
    project.run("init").exits(1).shows("Provider is not as locked");
    project.run("init -upgrade").exits(0);
    assert_eq!(project.read(LOCK), lock);
}

/// Whatever the moment, either the old or the new modules are there, whole.
#[test]
fn a_run_that_is_killed_leaves_the_old_or_the_new() {
    let (project, repository) = calling("word0");
    project.run("init").exits(0);
    let (mut killed, mut number) = (0, 0);
    for round in 0..24_u64 {
        number += 1;
        say(&repository, &format!("word{number}"));
        killed += i32::from(
            project.command("init -upgrade").start().kill_after(Duration::from_millis(round * 6)),
        );
        let plan = project.run("plan");
        let word = (0..=number).rev().find(|word| plan.contains(&format!("word{word} .platoform")));
        assert!(plan.code == Some(0) && word.is_some(), "after {round}: {plan}");
        assert_eq!(half_written(&project.path("")), Vec::<PathBuf>::new());
    }
    assert!(killed > 3, "{killed} runs were killed");
    project.run("init -upgrade").exits(0);
    project.run("plan").exits(0).shows(&format!("word{number} .platoform"));
    let packages = project.list(".platoform/modules/.packages");
    assert_eq!(packages.len(), 2, "what was left half done is gone: {packages:?}");
}

/// Locks that are not whole: a name of their own is all they may have.
fn half_written(root: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(root.join(LOCK)).unwrap_or_default();
    if text.trim_end().ends_with('}') { Vec::new() } else { vec![root.join(LOCK)] }
}
