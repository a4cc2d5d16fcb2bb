//! What must hold after a kill.

use std::collections::BTreeMap;

use platoform_tests::Run;

use crate::workload::{FILES, Workload};

/// How an object is recorded.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Recorded {
    /// It was made, and the making ended well.
    Whole,
    /// It is there, and nobody saw its making end well.
    Tainted,
}

/// The state opens, and the next plan is right about what exists.
#[track_caller]
pub fn after_a_kill(workload: &Workload) {
    let recorded = recorded(workload);
    let files = workload.files();
    let plan = workload.project.run(&workload.line("plan -full -detailed-exitcode"));
    assert!(matches!(plan.code, Some(0 | 2)), "{plan}");
    assert!(!plan.contains("The path is taken"), "{plan}");
    for number in 0..FILES {
        let address = format!("local_file.file[{number}]");
        let there = files.get(&number);
        let right = there == Some(&workload.wanted(number));
        let expected: &[Option<&str>] = match (recorded.get(&address), right, there.is_some()) {
            (Some(Recorded::Whole), true, _) => &[None],
            (Some(Recorded::Tainted), _, true) => &[Some("is tainted, so must be replaced")],
            (Some(Recorded::Whole), false, true) => &[Some("must be replaced")],
            // Cut off between the making and the record: found, or planned again.
            (None, true, _) => &[Some("is tainted, so must be replaced"), Some("will be created")],
            _ => &[Some("will be created")],
        };
        let found = planned(&plan, &address);
        assert!(
            expected.contains(&found),
            "{address} {found:?}: it holds {there:?} and is recorded as {:?}\n{plan}",
            recorded.get(&address),
        );
    }
}

/// The addresses that the state holds.
#[track_caller]
fn recorded(workload: &Workload) -> BTreeMap<String, Recorded> {
    let addresses = workload.project.recorded();
    let show = workload.project.run("show");
    show.exits(0);
    let how = |address: &String| {
        let tainted = show.stdout.contains(&format!("# {address}: (tainted)"));
        if tainted { Recorded::Tainted } else { Recorded::Whole }
    };
    addresses.into_iter().map(|address| (address.clone(), how(&address))).collect()
}

/// What a plan is going to do with an object, as it says it; the drift above the plan does not
/// count.
fn planned<'a>(plan: &'a Run, address: &str) -> Option<&'a str> {
    let start = format!("  # {address} ");
    let actions = plan.stdout.split("Actions are marked").nth(1)?;
    actions.lines().find_map(|line| line.strip_prefix(&*start))
}

/// Everything is as configured, nothing more, and the next plan says so.
#[track_caller]
pub fn settled(workload: &Workload) {
    let plan = workload.project.run(&workload.line("plan -full -detailed-exitcode"));
    plan.exits(0).shows("No changes.");
    assert!(workload.is_applied(), "{:?}", workload.files());
    assert_eq!(workload.files().len(), FILES);
    assert_eq!(workload.project.recorded().len(), 2 * FILES);
}
