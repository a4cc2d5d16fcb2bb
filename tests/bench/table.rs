//! The table of what was measured.

use std::time::Duration;

use crate::measure::Taken;
use crate::workload::Step;

/// A line of the table.
pub struct Row {
    cells: [String; 8],
}

impl Row {
    /// What a run of ours took, every time it was made, in any order.
    pub fn own(workload: &str, step: &Step, mut taken: Vec<Taken>) -> Self {
        taken.sort_by_key(|taken| taken.time);
        let least = taken.first().map(|taken| seconds(taken.time)).unwrap_or_default();
        let median = taken.get(taken.len() / 2).map(|taken| seconds(taken.time));
        let memory = taken.iter().map(|taken| taken.memory).max().map(megabytes);
        let bound = step.bound.map(|(bound, most)| (bound(), most));
        let goal = match bound {
            Some((bound, most)) => Some(bound.as_secs_f64() * most),
            None => step.seconds,
        };
        let goal = goal.map(|seconds| format!("{} s", (seconds * 1000.0).round() / 1000.0));
        let ratio = bound.zip(taken.get(taken.len() / 2)).map(|((bound, _), taken)| {
            format!("{:.3} × {}", taken.time.as_secs_f64() / bound.as_secs_f64(), seconds(bound))
        });
        let room = step.megabytes.map(|megabytes| format!("{megabytes} MB"));
        let goal = goal.into_iter().chain(room).collect::<Vec<_>>().join(", ");
        let cells = [
            workload.to_owned(),
            step.name.to_owned(),
            least,
            median.unwrap_or_default(),
            memory.unwrap_or_default(),
            goal,
            ratio.unwrap_or_default(),
            step.terraform.to_owned(),
        ];
        Self { cells }
    }

    /// What a run of Terraform took.
    pub fn terraform(workload: &str, run: &str, taken: Taken) -> Self {
        Self::of_terraform(workload, run, seconds(taken.time), megabytes(taken.memory))
    }

    /// A run of Terraform that did not end within a time.
    pub fn given_up(workload: &str, run: &str, limit: Duration) -> Self {
        Self::of_terraform(workload, run, format!("> {} s", limit.as_secs()), String::new())
    }

    fn of_terraform(workload: &str, run: &str, time: String, memory: String) -> Self {
        let name = format!("{workload} (Terraform)");
        let none = String::new;
        Self { cells: [name, run.to_owned(), time, none(), memory, none(), none(), none()] }
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.3} s", time.as_secs_f64())
}

fn megabytes(bytes: u64) -> String {
    format!("{:.0} MB", bytes as f64 / 1e6)
}

/// Prints all of them.
pub fn print(rows: &[Row]) {
    let head = [
        "workload",
        "run",
        "least",
        "median",
        "peak memory",
        "goal",
        "of the critical path",
        "Terraform 1.11.4, recorded",
    ];
    let head = head.map(str::to_owned);
    let lines: Vec<&[String; 8]> =
        std::iter::once(&head).chain(rows.iter().map(|row| &row.cells)).collect();
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max();
    let widths: [usize; 8] = std::array::from_fn(|column| width(column).unwrap_or(0));
    for line in &lines {
        let cells = line.iter().zip(widths).enumerate().map(|(column, (cell, width))| {
            if column < 2 { format!("{cell:width$}") } else { format!("{cell:>width$}") }
        });
        println!("{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
}
