//! Colours, or none.

use std::fmt::Display;

use anstyle::{AnsiColor, Style};

use super::diff::Sign;

/// Colours text, where the reader is a terminal that wants colours. Nothing is ever said by colour
/// alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paint {
    /// Whether to colour at all.
    pub colour: bool,
}

impl Paint {
    /// Text in a style.
    fn style(self, style: Style, text: impl Display) -> String {
        if self.colour {
            format!("{}{text}{}", style.render(), style.render_reset())
        } else {
            text.to_string()
        }
    }

    /// Headings.
    pub fn bold(self, text: impl Display) -> String {
        self.style(Style::new().bold(), text)
    }

    /// Remarks.
    pub fn dim(self, text: impl Display) -> String {
        self.style(Style::new().dimmed(), text)
    }

    /// What is done or added.
    pub fn green(self, text: impl Display) -> String {
        self.style(AnsiColor::Green.on_default(), text)
    }

    /// What is wrong or removed.
    pub fn red(self, text: impl Display) -> String {
        self.style(AnsiColor::Red.on_default(), text)
    }

    /// What changes or wants attention.
    pub fn yellow(self, text: impl Display) -> String {
        self.style(AnsiColor::Yellow.on_default(), text)
    }

    /// Hints and paths.
    pub fn cyan(self, text: impl Display) -> String {
        self.style(AnsiColor::Cyan.on_default(), text)
    }

    /// The character that stands for a sign.
    pub fn sign(self, sign: Sign) -> String {
        match sign {
            Sign::Same => " ".into(),
            Sign::Add => self.green("+"),
            Sign::Remove => self.red("-"),
            Sign::Change => self.yellow("~"),
        }
    }
}
