//! Writes the corpora that the fuzz targets begin with: `seeds DIRECTORY` makes one folder for
//! each target, filled from the conformance cases.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// A lock with everything in it.
const LOCK: &str = "# Kept\nmodule \"a/b/c\" {\n  constraints = \"~> 1.0\"\n  version = \"1.2.0-rc1+x\"\n  \
    location = \"git::https://x/y?ref=1\"\n  revision = \"9c1e\"\n  directory = \"d/e\"\n  \
    hash = \"h1:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\"\n}\nprovider \"x/y/z\" {\n  \
    version = \"3.6.2\"\n}\n";

fn main() -> io::Result<()> {
    let target = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("corpus"), PathBuf::from);
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance");
    let mut seeds = Seeds::new(target);
    for case in lines(&cases.join("expressions.jsonl"))? {
        let Some(expression) = case["expr"].as_str() else { continue };
        seeds.add("evaluator", expression.as_bytes())?;
        seeds.add("template", format!("a ${{{expression}}}\n").as_bytes())?;
        seeds.add("tfvars", format!("a = {expression}\n").as_bytes())?;
        if let Some(json) = case["json"].as_str() {
            seeds.add("json", json.as_bytes())?;
        }
    }
    for case in lines(&cases.join("fmt.jsonl"))? {
        let Some(input) = case["input"].as_str() else { continue };
        seeds.add("parser", input.as_bytes())?;
        seeds.add("format", input.as_bytes())?;
    }
    seeds.walk(&cases)?;
    seeds.add("lock", LOCK.as_bytes())?;
    Ok(())
}

/// The objects of a file with one on each line.
fn lines(path: &Path) -> io::Result<Vec<Value>> {
    let text = fs::read_to_string(path)?;
    text.lines().map(|line| serde_json::from_str(line).map_err(io::Error::other)).collect()
}

/// The folders being filled, with the number of files in each.
struct Seeds {
    directory: PathBuf,
    written: BTreeMap<&'static str, usize>,
}

impl Seeds {
    fn new(directory: PathBuf) -> Self {
        Self { directory, written: BTreeMap::new() }
    }

    /// Adds one input of a target.
    fn add(&mut self, target: &'static str, content: &[u8]) -> io::Result<()> {
        let folder = self.directory.join(target);
        let number = self.written.entry(target).or_default();
        if *number == 0 {
            fs::create_dir_all(&folder)?;
        }
        fs::write(folder.join(format!("seed-{number:04}")), content)?;
        *number += 1;
        Ok(())
    }

    /// Adds the files of a folder and of those in it to the targets that read such files.
    fn walk(&mut self, folder: &Path) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                self.walk(&path)?;
                continue;
            }
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let targets: &[&'static str] = if name.ends_with(".tf") {
                &["parser", "format"]
            } else if name.ends_with(".tf.json") {
                &["json"]
            } else if name.ends_with(".tfvars") || name.ends_with(".tfvars.json") {
                &["tfvars"]
            } else if name.ends_with(".tmpl") || name.ends_with(".tftpl") {
                &["template"]
            } else if name.ends_with(".lock.hcl") {
                &["lock"]
            } else {
                continue;
            };
            let content = fs::read(&path)?;
            for target in targets {
                self.add(target, &content)?;
            }
        }
        Ok(())
    }
}
