//! Running the provisioners of an object: after it is made, or before it is destroyed.

use platoform_config::When;
use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_plan::{Provision, RecordKey, StepId, Verb};
use platoform_provider::ApplyResponse;

use crate::calling::Phase;
use crate::run::{Run, Signal};
use crate::{Event, Ports, ProvisionStage, Write};

impl Run<'_> {
    /// Records an object as tainted until its provisioners have done their part.
    pub fn keep_for_provisioners(&mut self, step: StepId, response: ApplyResponse) {
        let Some(calling) = self.calling.get_mut(&step) else { return };
        let template = &calling.attempt.template;
        match template.record(&response.current, response.private.clone(), true) {
            Ok(record) => {
                calling.phase = Phase::Keeping;
                calling.response = Some(response);
                self.keep(step, Write::Put(Box::new(record)), true);
            }
            Err(error) => {
                let work = calling.work;
                self.seal_error(work, &error);
                self.finished_now(step, false);
            }
        }
    }

    /// An object with provisioners is recorded: they wait for their turn.
    pub fn kept(&mut self, step: StepId) {
        let Some(calling) = self.calling.get_mut(&step) else { return };
        calling.phase = Phase::Due;
        let work = calling.work;
        self.enqueue(step, work);
    }

    /// Runs provisioners, one after the other.
    pub fn provision(&mut self, step: StepId) {
        if self.given_up {
            return self.give_up(step);
        }
        let Some(calling) = self.calling.get_mut(&step) else { return };
        calling.phase = Phase::Provisioning;
        let when = if calling.verb == Some(Verb::Delete) { When::Destroy } else { When::Create };
        let (work, key) = (calling.work, calling.key.clone());
        let provisions = self.session.provisions(work, when);
        let ports = self.ports.clone();
        self.spawn(step, async move {
            Signal::Provisioned(step, run_all(&ports, &key, provisions).await)
        });
    }

    /// The provisioners of an object ended.
    pub async fn provisioned(&mut self, step: StepId, found: Diagnostics) {
        let failed = found.has_errors();
        self.diagnostics.extend(found);
        let Some(calling) = self.calling.get_mut(&step) else { return };
        match calling.response.take() {
            Some(response) => {
                self.release(step);
                self.settle(step, response, failed);
            }
            None if failed => self.finished_now(step, false),
            None => self.open(step).await,
        }
    }
}

/// Runs provisioners up to the first failure that counts.
async fn run_all(
    ports: &Ports,
    key: &RecordKey,
    provisions: Vec<Result<Provision, Diagnostics>>,
) -> Diagnostics {
    for provision in provisions {
        let provision = match provision {
            Ok(provision) => provision,
            Err(found) => return found,
        };
        let tell = |stage: ProvisionStage<'_>| {
            let provisioner = &*provision.kind;
            ports.observer.event(&Event::Provisioning { key, provisioner, stage });
        };
        let lines = |line: &str| match provision.suppressed {
            Some(kind) => {
                let hidden = format!("(output suppressed due to {kind} value in config)");
                tell(ProvisionStage::Line(&hidden));
            }
            None => tell(ProvisionStage::Line(line)),
        };
        tell(ProvisionStage::Started);
        match ports.provisioner.run(&provision, &lines).await {
            Ok(()) => tell(ProvisionStage::Finished),
            Err(error) => {
                tell(ProvisionStage::Failed);
                if !provision.proceeds {
                    let error = Diagnostic::error(error.summary, error.detail);
                    return error.at(provision.opening).about(key.address.to_string()).into();
                }
            }
        }
    }
    Diagnostics::default()
}
