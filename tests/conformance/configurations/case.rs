//! Running the steps of a case.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use platoform_tests::{Project, Run};
use serde::Deserialize;
use serde_json::Value as Json;

use super::brief::Answers;
use super::normal::Normal;

/// What stays between steps: the state, and what belongs to it.
const KEPT: [&str; 2] = [".platoform", "platoform."];

/// A case: steps that share a working directory.
pub struct Case {
    path: PathBuf,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct File {
    steps: Vec<Step>,
}

/// The files of a step replace those before it.
#[derive(Deserialize)]
struct Step {
    dir: String,
    #[serde(default)]
    plan_args: Vec<String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    #[serde(default)]
    pre: Vec<Line>,
    #[serde(default)]
    post: Vec<Line>,
    #[serde(default)]
    no_apply: bool,
    #[serde(default)]
    no_init: bool,
}

/// A command.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Words(Vec<String>),
    Input { args: Vec<String>, stdin: String },
}

impl Case {
    /// Reads a case.
    pub fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path.join("case.json")).unwrap();
        let file: File = serde_json::from_str(&text).unwrap();
        Self { path: path.to_owned(), steps: file.steps }
    }

    /// Runs all steps and gives what is comparable of each.
    pub fn run(&self) -> Vec<Json> {
        let project = Project::new("");
        let mut normal = Normal::new(project.root());
        self.steps.iter().map(|step| self.step(step, &project, &mut normal)).collect()
    }

    fn step(&self, step: &Step, project: &Project, normal: &mut Normal) -> Json {
        self.place(step, project);
        let run = |words: &[&str]| step.run(project, words, None);
        let mut answers = Answers::new(normal);
        if !step.no_init {
            answers.init(&run(&["init", "-json", "-input=false"]));
        }
        step.lines(&step.pre, project);
        answers.validate(&run(&["validate", "-json"]));
        let mut plan = vec!["plan", "-json", "-input=false", "-out=tfplan", "-detailed-exitcode"];
        plan.extend(step.plan_args.iter().map(String::as_str));
        let planned = run(&plan);
        let saved = project.has("tfplan");
        if saved {
            answers.plan_document(&run(&["show", "-json", "tfplan"]));
        }
        let apply = ["apply", "-json", "-input=false", "-parallelism=1", "tfplan"];
        let does = saved && matches!(planned.code, Some(0 | 2)) && !step.no_apply;
        let applied = does.then(|| run(&apply));
        answers.state(&run(&["show", "-json"]));
        answers.plan(&planned);
        if let Some(applied) = applied {
            answers.apply(&applied);
        }
        answers.outputs(&run(&["output", "-json"]));
        let brief = answers.brief();
        step.lines(&step.post, project);
        brief
    }

    fn place(&self, step: &Step, project: &Project) {
        for name in project.list(".") {
            let path = project.path(&name);
            if KEPT.iter().any(|kept| name.starts_with(kept)) {
                continue;
            }
            let removed =
                if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
            removed.unwrap();
        }
        project.add(&self.path.join(&step.dir), &["case.json", "expected.json"]);
    }
}

impl Step {
    fn run(&self, project: &Project, words: &[&str], input: Option<&str>) -> Run {
        let mut command = project.command("").args(words);
        for (name, value) in &self.env {
            command = command.env(name, value);
        }
        if let Some(input) = input {
            command = command.input(input);
        }
        command.run()
    }

    fn lines(&self, lines: &[Line], project: &Project) {
        for line in lines {
            let (words, input) = match line {
                Line::Words(words) => (words, None),
                Line::Input { args, stdin } => (args, Some(stdin.as_str())),
            };
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            self.run(project, &words, input);
        }
    }
}
