//! What an apply takes from outside besides providers.

use std::sync::Arc;
use std::time::Duration;

use platoform_plan::Volatile;
use platoform_provider::BoxFuture;

use crate::{Journal, Observer, Provisioner};

/// Tells how much time has gone by, and lets time go by.
pub trait Clock: Send + Sync {
    /// Time since some fixed moment.
    fn now(&self) -> Duration;

    /// Returns after this long.
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// Makes names that nobody can guess and that do not repeat.
pub trait Random: Send + Sync {
    /// An owner key: 26 letters and digits or so, fit for a label.
    fn owner_key(&self) -> Arc<str>;

    /// The key of a deposed object: 8 hexadecimal digits.
    fn deposed_key(&self) -> Arc<str>;

    /// Some number from 0 up to 1, so that those who wait do not all come back at once.
    fn fraction(&self) -> f64 {
        let drawn = u32::from_str_radix(&self.deposed_key(), 16).unwrap_or_default();
        f64::from(drawn) / (f64::from(u32::MAX) + 1.0)
    }
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
    /// What runs provisioners.
    pub provisioner: Arc<dyn Provisioner>,
}
