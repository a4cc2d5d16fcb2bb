//! The scripts of `examples/ci`, against something on the loopback that answers like the hosts of
//! repositories do.

use std::process::Command;

use crate::host::Host;
use platoform_tests::{Project, program, repository};

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
