//! Records what became of calls that an earlier run left open.

use platoform_plan::{OpenIntent, Recovery, Resolution};

use crate::{IntentClass, Journal, JournalError, Outcome, Write};

/// Closes intents because the user says that nothing came of them.
///
/// # Errors
/// When the journal cannot write.
pub async fn forget(journal: &dyn Journal, intents: &[OpenIntent]) -> Result<(), JournalError> {
    for intent in intents {
        let outcome = Outcome {
            owner: intent.owner.clone(),
            class: IntentClass::Failed,
            writes: Vec::new(),
            note: Some("forgotten by the user".into()),
        };
        journal.outcome(outcome).await?;
    }
    Ok(())
}

/// Closes the intents that planning could resolve, with the records that follow from that.
///
/// # Errors
/// When the journal cannot write.
pub async fn settle(journal: &dyn Journal, recovered: &[Recovery]) -> Result<(), JournalError> {
    for recovery in recovered {
        let (class, write) = match &recovery.resolution {
            Resolution::Exists(record) => (IntentClass::Done, Write::Put(record.clone())),
            Resolution::Gone => (IntentClass::Failed, Write::Remove(recovery.key.clone())),
        };
        let outcome = Outcome {
            owner: recovery.owner.clone(),
            class,
            writes: vec![write],
            note: Some("resolved by a later run".into()),
        };
        journal.outcome(outcome).await?;
    }
    Ok(())
}
