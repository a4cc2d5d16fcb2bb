//! A terminal that is redrawn.

use std::sync::Mutex;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};

use super::board::Board;
use super::lock;

/// Calls that are shown at the same time.
const ROWS: usize = 10;
/// Redraws in a second.
const FRAMES: u8 = 20;

/// Rows for what is running above a bar for all.
pub struct Bars {
    all: MultiProgress,
    total: ProgressBar,
    rows: Vec<ProgressBar>,
}

impl Bars {
    /// Nothing is drawn yet.
    pub fn new() -> Self {
        let all = MultiProgress::with_draw_target(ProgressDrawTarget::stderr_with_hz(FRAMES));
        let total = ProgressBar::new(0).with_finish(ProgressFinish::AndClear);
        total.set_style(style("{bar:30} {pos}/{len} done, {elapsed}{msg}"));
        Self { total: all.add(total), all, rows: Vec::new() }
    }

    /// Draws the board; the last time, everything but the lines goes away.
    pub fn draw(&mut self, board: &Mutex<Board>, last: bool) {
        let (lines, calls, done, total, stopping) = {
            let mut board = lock(board);
            let lines = board.take_lines();
            (lines, board.longest(ROWS), board.done, board.total, board.stopping)
        };
        if !lines.is_empty() {
            // A terminal that is gone shows nothing.
            let _ = self.all.println(lines.concat().trim_end_matches('\n'));
        }
        if last {
            self.rows.drain(..).for_each(|row| row.finish_and_clear());
            self.total.finish_and_clear();
            return;
        }
        while self.rows.len() > calls.len() {
            if let Some(row) = self.rows.pop() {
                row.finish_and_clear();
                self.all.remove(&row);
            }
        }
        while self.rows.len() < calls.len() {
            let row = ProgressBar::new_spinner();
            row.set_style(style("{spinner} {msg}"));
            self.rows.push(self.all.insert_before(&self.total, row));
        }
        for (row, text) in self.rows.iter().zip(calls) {
            row.set_message(text);
            row.tick();
        }
        self.total.set_length(total as u64);
        self.total.set_position(done as u64);
        self.total.set_message(if stopping { ", stopping" } else { "" });
        self.total.enable_steady_tick(Duration::from_secs(1));
    }
}

/// A style from a template; the templates here are constant and correct, so the default never
/// shows.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
