//! What goes wrong, and when.

use std::collections::BTreeMap;
use std::time::Duration;

/// What goes wrong with one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// Refused for now: `429` with a `Retry-After`, no effect.
    Throttled(Duration),
    /// `500`, no effect. Whoever called cannot know that.
    Broken,
    /// `500` after the effect.
    Lost,
    /// The connection ends without an answer, after the effect.
    CutOff,
    /// Before the effect, everybody is cut off: see [`Cloud::cut_off`](crate::Cloud::cut_off).
    DeadBefore,
    /// After the effect, everybody is cut off.
    DeadAfter,
}

impl Fault {
    /// Whether the request takes effect.
    pub(crate) fn has_effect(self) -> bool {
        matches!(self, Self::Lost | Self::CutOff | Self::DeadAfter)
    }
}

/// A plan of what goes wrong.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// By the number of the call, from 0.
    pub at: BTreeMap<u64, Fault>,
    /// In so many of a thousand calls, each of these, by chance.
    pub by_chance: Vec<(u16, Fault)>,
}

impl Faults {
    /// What goes wrong with a call.
    pub(crate) fn of(&self, number: u64, random: &mut fastrand::Rng) -> Option<Fault> {
        if let Some(fault) = self.at.get(&number) {
            return Some(*fault);
        }
        let mut drawn = random.u16(..1000);
        self.by_chance.iter().find_map(|(share, fault)| match drawn.checked_sub(*share) {
            None => Some(*fault),
            Some(rest) => {
                drawn = rest;
                None
            }
        })
    }
}
