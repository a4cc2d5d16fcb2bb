//! What goes on while applying: on a terminal what is running, for how long, and how much is done;
//! elsewhere a line for each thing that begins and ends.

mod bars;
mod board;
mod ticker;
mod words;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use platoform_apply::{Event, Observer};

use super::paint::Paint;
use bars::Bars;
use board::Board;
pub use ticker::Ticker;
pub use words::{noun, running, seconds, some_of};

/// How often the terminal is redrawn.
const REDRAW: Duration = Duration::from_millis(100);
/// How often a line says that something is still running, where nothing can be redrawn.
const REMINDER: Duration = Duration::from_secs(10);

/// Where lines go.
pub type Sink = Box<dyn Fn(&str) + Send + Sync>;

/// Shows events, and stops.
pub trait Watch: Observer {
    /// Shows what is left to show and stops.
    fn finish(&self);
}

/// Shows events as they come. A thread of its own draws, so that showing never slows what is
/// shown; it ends with [`Progress::finish`].
pub struct Progress {
    board: Arc<Mutex<Board>>,
    /// Where lines go at once; on a terminal they wait for the next redraw.
    sink: Option<Arc<Sink>>,
    drawing: Ticker,
}

impl Progress {
    /// Redraws a terminal on stderr.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn on_terminal(paint: Paint) -> io::Result<Self> {
        let board = Arc::new(Mutex::new(Board::new(paint, false)));
        let mut bars = Bars::new();
        let drawn = board.clone();
        let drawing = Ticker::start(REDRAW, move |last| bars.draw(&drawn, last))?;
        Ok(Self { board, sink: None, drawing })
    }

    /// Writes lines.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn lines(sink: Sink) -> io::Result<Self> {
        let board = Arc::new(Mutex::new(Board::new(Paint::default(), true)));
        let sink = Arc::new(sink);
        let (write, drawn) = (sink.clone(), board.clone());
        let drawing = Ticker::start(REMINDER, move |last| {
            let reminders = if last { Vec::new() } else { lock(&drawn).reminders(REMINDER) };
            reminders.iter().for_each(|line| write(line));
        })?;
        Ok(Self { board, sink: Some(sink), drawing })
    }
}

impl Watch for Progress {
    fn finish(&self) {
        self.drawing.stop();
    }
}

impl Observer for Progress {
    fn event(&self, event: &Event<'_>) {
        let mut board = lock(&self.board);
        board.event(event);
        if let Some(sink) = &self.sink {
            let lines = board.take_lines();
            drop(board);
            lines.iter().for_each(|line| sink(line));
        }
    }
}

fn lock(board: &Mutex<Board>) -> MutexGuard<'_, Board> {
    board.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use platoform_apply::ProvisionStage;
    use platoform_plan::{RecordKey, Verb};

    use super::*;

    fn key(address: &str) -> RecordKey {
        RecordKey { address: address.parse().unwrap(), deposed: None }
    }

    fn provisioning<'a>(key: &'a RecordKey, stage: ProvisionStage<'a>) -> Event<'a> {
        Event::Provisioning { key, provisioner: "local-exec", stage }
    }

    fn run(observer: &Progress) {
        let (web, old) = (key("docker_container.web"), key("docker_image.old[0]"));
        let data = key("data.docker_network.n");
        let took = Duration::from_millis(1700);
        for event in [
            Event::Begin { total: 3 },
            Event::Started { key: &data, verb: None, id: None },
            Event::Finished { key: &data, verb: None, id: Some("n1"), took },
            Event::Started { key: &web, verb: Some(Verb::Create), id: None },
            Event::Progress { key: &web, status: "pulling\u{1b}[2J 3 of 5" },
            provisioning(&web, ProvisionStage::Started),
            provisioning(&web, ProvisionStage::Line("hello\u{1b}[2J")),
            provisioning(&web, ProvisionStage::Failed),
            Event::Started { key: &old, verb: Some(Verb::Delete), id: Some("i0") },
            Event::Finished { key: &web, verb: Some(Verb::Create), id: Some("c0"), took },
            Event::Stopping { running: 1, keys: std::slice::from_ref(&old) },
            Event::Failed { key: &old, verb: Some(Verb::Delete), took },
        ] {
            observer.event(&event);
        }
        observer.finish();
    }

    #[test]
    fn lines_say_what_begins_and_ends() {
        let lines = Arc::new(Mutex::new(String::new()));
        let written = lines.clone();
        let sink = move |line: &str| written.lock().unwrap().push_str(line);
        run(&Progress::lines(Box::new(sink)).unwrap());
        insta::assert_snapshot!(lines.lock().unwrap());
    }

    #[test]
    fn a_terminal_that_is_none_is_harmless() {
        run(&Progress::on_terminal(Paint { colour: true }).unwrap());
    }
}
