//! The table of times.

use std::time::Duration;

/// What was measured of Terraform 1.11.4, and what is to be reached, in seconds, by workload and
/// run. Recorded once, on a machine of 2 cores.
const RECORDED: [(&str, &str, &str, &str); 4] = [
    ("1,000 in one chain", "plan", "10.8 s", "0.3 s"),
    ("1,000 in one chain", "apply", "188 s", "2 s"),
    ("count = 10,000", "plan", "6.5 s", "0.5 s"),
    ("count = 10,000", "apply", "> 500 s", "3 s"),
];

/// What is to be reached by `platoform version`.
const START_UP: &str = "0.005 s";

/// The times of one kind of run.
pub struct Row {
    workload: String,
    run: &'static str,
    times: Vec<Duration>,
}

impl Row {
    /// Times, in any order.
    pub fn new(workload: impl Into<String>, run: &'static str, mut times: Vec<Duration>) -> Self {
        times.sort();
        Self { workload: workload.into(), run, times }
    }

    fn cells(&self) -> [String; 6] {
        let recorded = RECORDED
            .iter()
            .find(|(workload, run, ..)| *workload == self.workload && *run == self.run);
        let (terraform, goal) = match recorded {
            Some((_, _, terraform, goal)) => (*terraform, *goal),
            None if self.workload == "version" => ("", START_UP),
            None => ("", ""),
        };
        let seconds = |time: Option<&Duration>| {
            time.map(|time| format!("{:.3} s", time.as_secs_f64())).unwrap_or_default()
        };
        [
            self.workload.clone(),
            self.run.to_owned(),
            seconds(self.times.first()),
            seconds(self.times.get(self.times.len() / 2)),
            goal.to_owned(),
            terraform.to_owned(),
        ]
    }
}

/// Prints all of them.
pub fn print(rows: &[Row]) {
    let head = ["workload", "run", "least", "median", "goal", "Terraform 1.11.4"];
    let mut lines = vec![head.map(str::to_owned)];
    lines.extend(rows.iter().map(Row::cells));
    let width = |column: usize| lines.iter().map(|line| line[column].len()).max().unwrap_or(0);
    let widths: [usize; 6] = std::array::from_fn(width);
    for line in &lines {
        let cells = line.iter().zip(widths).enumerate().map(|(column, (cell, width))| {
            if column < 2 { format!("{cell:width$}") } else { format!("{cell:>width$}") }
        });
        println!("{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
}
