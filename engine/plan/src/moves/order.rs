//! The order in which statements are carried out.

use super::statement::Statement;

/// Numbers of the statements, each after those it builds upon.
///
/// # Errors
/// The numbers of statements that build upon themselves.
pub(super) fn order(statements: &[Statement]) -> Result<Vec<usize>, Vec<usize>> {
    let builds_upon = dependencies(statements);
    let mut waiting: Vec<usize> = builds_upon.iter().map(Vec::len).collect();
    let mut dependents = vec![Vec::new(); statements.len()];
    for (number, all) in builds_upon.iter().enumerate() {
        for on in all {
            dependents[*on].push(number);
        }
    }
    let mut order: Vec<usize> = (0..statements.len()).filter(|it| waiting[*it] == 0).collect();
    let mut next = 0;
    while let Some(number) = order.get(next).copied() {
        next += 1;
        for dependent in &dependents[number] {
            waiting[*dependent] -= 1;
            if waiting[*dependent] == 0 {
                order.push(*dependent);
            }
        }
    }
    if order.len() == statements.len() {
        return Ok(order);
    }
    let left = (0..statements.len()).filter(|number| waiting[*number] > 0);
    Err(left.filter(|number| returns(*number, &builds_upon)).collect())
}

/// For each statement those it builds upon. What nobody wrote concerns one instance that no other
/// statement speaks of, so that only what was written is compared with everything.
fn dependencies(statements: &[Statement]) -> Vec<Vec<usize>> {
    let written: Vec<usize> =
        (0..statements.len()).filter(|number| !statements[*number].implied).collect();
    let all = statements.iter().enumerate().map(|(number, statement)| {
        let others = written.iter().copied().filter(|other| *other != number);
        others.filter(|other| statement.builds_upon(&statements[*other])).collect()
    });
    all.collect()
}

/// Whether a statement builds upon itself by way of others.
fn returns(start: usize, builds_upon: &[Vec<usize>]) -> bool {
    let mut seen = vec![false; builds_upon.len()];
    let mut waiting = builds_upon[start].clone();
    while let Some(number) = waiting.pop() {
        if number == start {
            return true;
        }
        if !std::mem::replace(&mut seen[number], true) {
            waiting.extend(&builds_upon[number]);
        }
    }
    false
}
