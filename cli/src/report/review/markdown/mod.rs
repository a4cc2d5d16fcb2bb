//! A plan as Markdown that fits into a comment.
//!
//! *Invariants:* what is destroyed or replaced is always named. What is left out is said. Equal
//! reviews give equal bytes. No text from outside means anything to who shows it.

mod detail;
mod escape;
mod page;
mod rows;
#[cfg(test)]
mod tests;
mod values;

use detail::{CUTS, Class, Cut, Detail};

use super::model::Review;

/// Characters that a text may have where nobody says otherwise: the comments of GitHub take 65,536.
pub const BUDGET: usize = 60_000;

/// A plan in at most so many characters, as long as that leaves room for the names of what is
/// destroyed. Characters beyond the basic plane count as two, as some hosts count them.
pub fn markdown(review: &Review, budget: usize) -> String {
    let mut detail = Detail::ALL;
    let write = |detail: &Detail| page::page(review, detail, budget);
    let fits = |text: &String| text.encode_utf16().count() <= budget;
    let mut text = write(&detail);
    for cut in &CUTS {
        if fits(&text) {
            return text;
        }
        match cut {
            Cut::Whole(apply) => {
                apply(&mut detail);
                text = write(&detail);
            }
            Cut::Rows(class, apply) => {
                apply(&mut detail, 0);
                text = write(&detail);
                if fits(&text) {
                    let most = most(review, *class, |count| {
                        apply(&mut detail, count);
                        fits(&write(&detail))
                    });
                    apply(&mut detail, most);
                    text = write(&detail);
                }
            }
        }
    }
    text
}

/// The largest number of objects of a class that fits. None of them always do.
fn most(review: &Review, class: Class, mut fits: impl FnMut(usize) -> bool) -> usize {
    let all = review.changes.iter().filter(|change| Class::of(change.effect) == class).count();
    let (mut fit, mut too_many) = (0, all + 1);
    while fit + 1 < too_many {
        let middle = fit.midpoint(too_many);
        if fits(middle) {
            fit = middle;
        } else {
            too_many = middle;
        }
    }
    fit
}
