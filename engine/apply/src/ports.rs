//! What an apply takes from outside besides providers.

use std::sync::Arc;
use std::time::Duration;

use platoform_plan::Volatile;

use crate::{Journal, Observer};

/// Tells how much time has gone by.
pub trait Clock: Send + Sync {
    /// Time since some fixed moment.
    fn now(&self) -> Duration;
}

/// Makes names that nobody can guess and that do not repeat.
pub trait Random: Send + Sync {
    /// An owner key: 26 letters and digits or so, fit for a label.
    fn owner_key(&self) -> Arc<str>;

    /// The key of a deposed object: 8 hexadecimal digits.
    fn deposed_key(&self) -> Arc<str>;
}

/// Everything an apply takes from outside besides providers.
#[derive(Clone)]
pub struct Ports {
    /// Where nothing is lost.
    pub journal: Arc<dyn Journal>,
    /// Who watches.
    pub observer: Arc<dyn Observer>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Arc<dyn Random>,
    /// Time and chance for the functions of the language.
    pub volatile: Arc<dyn Volatile>,
}
