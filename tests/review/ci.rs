//! The scripts of `examples/ci`, against something on the loopback that answers like the hosts of
//! repositories do.

use std::process::Command;

use crate::host::Host;
use platoform_lang::functions::decode_yaml;
use platoform_tests::{Project, program, repository};
use platoform_value::Value;

const CONFIGURATION: &str = "resource \"terraform_data\" \"a\" {\n  input = \"one\"\n}\n";

/// What tells the two hosts apart.
struct Kind {
    name: &'static str,
    author: &'static str,
    environment: &'static [(&'static str, &'static str)],
    address: &'static str,
}

const KINDS: [Kind; 2] = [
    Kind {
        name: "github",
        author: "github-actions[bot]",
        environment: &[
            ("GITHUB_TOKEN", "token"),
            ("GITHUB_REPOSITORY", "o/r"),
            ("GITHUB_EVENT_PATH", "event.json"),
            ("GITHUB_SHA", "c0ffee"),
        ],
        address: "GITHUB_API_URL",
    },
    Kind {
        name: "gitlab",
        author: "planner",
        environment: &[
            ("GITLAB_TOKEN", "token"),
            ("REVIEW_AUTHOR", "planner"),
            ("CI_PROJECT_ID", "1"),
            ("CI_MERGE_REQUEST_IID", "7"),
            ("CI_COMMIT_SHA", "c0ffee"),
        ],
        address: "CI_API_V4_URL",
    },
];

/// Runs the script; what it says, and whether it is content.
fn script(project: &Project, kind: &Kind, host: &Host, arguments: &[&str]) -> (String, bool) {
    let mut command = Command::new(repository().join("examples/ci/review.sh"));
    command.args(arguments).current_dir(project.root()).env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap());
    command.envs(kind.environment.iter().copied()).env(kind.address, host.address());
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (String::from_utf8(text).unwrap().trim().to_owned(), output.status.success())
}

fn planned(project: &Project) {
    project.run("plan -out=saved").exits(0);
    let text = project.run("show -markdown saved").exits(0).stdout.clone();
    project.write("plan.md", &text);
}

pub fn one_comment_is_kept_and_what_it_says_is_applied() {
    for kind in &KINDS {
        let host = Host::start(kind.author);
        host.say("somebody", "<!-- platoform:plan project=project workspace=default digest=x -->");
        let project = Project::new(CONFIGURATION);
        project.apply();
        project.write("event.json", "{\"pull_request\": {\"number\": 7}}");
        let comment = || script(&project, kind, &host, &["comment", "plan.md"]);
        project.edit("main.tf", "one", "two");
        planned(&project);
        assert_eq!(comment(), ("commented".into(), true), "{}", kind.name);
        assert_eq!(comment(), ("the comment says so already".into(), true), "{}", kind.name);
        project.edit("main.tf", "two", "three @team");
        planned(&project);
        assert_eq!(comment(), ("edited the comment".into(), true), "{}", kind.name);
        let said = host.comments();
        assert_eq!(said.len(), 2, "{said:?}");
        assert_eq!(said[1].trim_end(), project.read("plan.md").trim_end());
        assert!(host.tokens_were_right());

        let (digest, _) = script(&project, kind, &host, &["reviewed", "project", "default"]);
        project.run(&format!("apply -reviewed={digest}")).exits(0).shows("1 changed");
        let none = script(&project, kind, &host, &["reviewed", "other", "default"]);
        assert!(!none.1 && none.0.contains("has no plan of other / default"), "{none:?}");
    }
}

/// The value at a path of names and positions.
fn at<'v>(value: &'v Value, path: &[&str]) -> &'v Value {
    path.iter().fold(value, |value, step| match step.parse::<usize>() {
        Ok(index) => &value.as_items().unwrap()[index],
        Err(_) => value.get(step).unwrap_or_else(|| panic!("no {step}")),
    })
}

pub fn workflows_are_sound_and_name_what_is_there() {
    let folder = repository().join("examples/ci");
    let read = |name: &str| {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        decode_yaml(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let action = read("github/action.yml");
    assert_eq!(at(&action, &["runs", "using"]).as_str(), Some("composite"));
    // What others wrote is never pasted into a script.
    for step in at(&action, &["runs", "steps"]).as_items().unwrap() {
        assert!(!at(step, &["run"]).as_str().unwrap().contains("${{"));
        assert_eq!(at(step, &["shell"]).as_str(), Some("bash"));
    }
    let plan = read("github/plan.yml");
    let used = at(&plan, &["jobs", "plan", "steps", "1", "uses"]).as_str().unwrap();
    assert!(repository().join(used).join("action.yml").is_file(), "{used}");
    let apply = read("github/apply.yml");
    let script = at(&apply, &["jobs", "apply", "steps", "1", "run"]).as_str().unwrap();
    assert!(script.contains("examples/ci/review.sh reviewed") && !script.contains("${{"));
    let pipeline = read("gitlab/platoform.gitlab-ci.yml");
    for job in ["plan", "apply"] {
        let lines = at(&pipeline, &[job, "script"]).as_items().unwrap();
        assert!(lines.iter().any(|line| line.as_str().unwrap().contains("review.sh")), "{job}");
    }
}

pub fn the_steps_of_the_action_run() {
    let action = repository().join("examples/ci/github/action.yml");
    let text = std::fs::read_to_string(action).unwrap();
    // The script of the first step, as it stands.
    let script: Vec<&str> = text
        .lines()
        .skip_while(|line| line.trim() != "run: |")
        .skip(1)
        .take_while(|line| line.starts_with("        "))
        .map(str::trim_start)
        .collect();
    assert!(script.len() > 3, "{text}");
    let project = Project::new(CONFIGURATION);
    std::fs::create_dir(project.path("temporary")).unwrap();
    std::os::unix::fs::symlink(program(), project.path("temporary/platoform")).unwrap();
    let temporary = project.path("temporary");
    let path = std::env::var("PATH").unwrap();
    let run = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &script.join("\n")])
        .current_dir(project.root())
        .env_clear()
        .env("PATH", format!("{}:{path}", temporary.display()))
        .envs([("DIRECTORY", "."), ("ARGUMENTS", "-refresh=false -parallelism=2")])
        .env("RUNNER_TEMP", &temporary)
        .env("GITHUB_OUTPUT", project.path("outputs"))
        .env("GITHUB_STEP_SUMMARY", project.path("summary"))
        .env("GITHUB_WORKSPACE", project.root())
        .output()
        .unwrap();
    let said = String::from_utf8(run.stdout).unwrap();
    assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
    assert!(said.contains("::notice file=main.tf,line=1,"), "{said}");
    assert!(project.read("outputs").contains("changes=true"));
    assert!(project.read("summary").contains("`terraform_data.a` created"));
    assert!(project.read("temporary/platoform.html").contains("terraform_data.a"));
}
