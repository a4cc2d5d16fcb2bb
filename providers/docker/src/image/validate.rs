//! Checking a `docker_image` block.

use platoform_provider::value::Path;
use platoform_provider::{Field, Problem};

use super::schema::{Build, Image};
use crate::common::{KEY_LABEL, LINEAGE_LABEL, check_timeouts, in_set};

pub(super) fn check(config: &Image) -> Vec<Problem> {
    let mut problems = Vec::new();
    check_timeouts(&config.timeouts, &mut problems);
    if let Some(name) = config.name.as_str().filter(|name| !is_reference(name)) {
        let detail = format!("`{name}` is not `[HOST[:PORT]/]PATH[:TAG][@DIGEST]`");
        let problem = Problem::error("Not the name of an image", detail);
        problems.push(problem.at(Path::attribute("name")));
    }
    if !config.build.items().is_empty() && config.pull_triggers.is_known() {
        let detail = "`pull_triggers` says when to pull an image, but this one is built";
        let problem = Problem::error("Built or pulled, not both", detail);
        problems.push(problem.at(Path::attribute("pull_triggers")));
    }
    for build in config.build.items() {
        check_build(build, &mut problems);
    }
    problems
}

fn check_build(build: &Build, problems: &mut Vec<Problem>) {
    let mut refuse = |attribute: &str, reason: &str| {
        let summary = format!("`{attribute}` is not supported");
        problems.push(Problem::error(summary, reason).at(in_set("build", build, attribute)));
    };
    let buildkit = "It needs BuildKit; images are built with the Engine's classic builder";
    let texts = [
        ("provenance", &build.provenance),
        ("sbom", &build.sbom),
        ("session_id", &build.session_id),
    ];
    for (name, _) in texts.into_iter().filter(|(_, field)| is_set(field)) {
        refuse(name, buildkit);
    }
    let lists =
        [("additional_contexts", &build.additional_contexts), ("cache_to", &build.cache_to)];
    for (name, _) in lists.into_iter().filter(|(_, field)| !field.items().is_empty()) {
        refuse(name, buildkit);
    }
    if !build.secrets.items().is_empty() {
        refuse("secrets", buildkit);
    }
    if is_set(&build.builder) && build.builder.as_str() != Some("default") {
        refuse("builder", buildkit);
    }
    if is_set(&build.version) && build.version.as_str() != Some("1") {
        refuse("version", buildkit);
    }
    if is_set(&build.build_log_file) {
        refuse("build_log_file", "The end of the output is shown where a build fails");
    }
    for (name, labels) in [("label", &build.label), ("labels", &build.labels)] {
        let labels = labels.get().into_iter().flatten();
        if labels.into_iter().any(|(label, _)| [KEY_LABEL, LINEAGE_LABEL].contains(&&**label)) {
            let detail = "`io.platoform.*` marks what platoform makes; choose another name";
            problems
                .push(Problem::error("Reserved label", detail).at(in_set("build", build, name)));
        }
    }
}

/// Whether a name has only what names of images may have, so that it can be part of a request's
/// path.
fn is_reference(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/:@".contains(&byte);
    let first = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    first && name.bytes().all(plain) && !name.split('/').any(|part| part.is_empty() || part == "..")
}

/// Whether a text is known not to be empty.
fn is_set(field: &Field<String>) -> bool {
    field.as_str().is_some_and(|text| !text.is_empty())
}
