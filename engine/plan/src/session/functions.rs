//! Functions that providers define, as the expressions of a module see them.

use std::sync::{Arc, Mutex, PoisonError};

use platoform_config::{Module, ProviderSource};
use platoform_lang::eval::{ProvidedFunction, ProvidedParameter, ProviderFunctions};
use platoform_provider::schema::Parameter;
use platoform_provider::{CallRequest, Provider};
use rustc_hash::FxHashMap;

use super::Session;
use crate::Providers;

/// One unconfigured provider for each source, made when it is first asked for.
///
/// *Invariant:* they are asked only for what needs no configuration, so that the answer is the same
/// in every run.
pub(crate) struct Unconfigured {
    providers: Arc<dyn Providers>,
    made: Mutex<FxHashMap<ProviderSource, Option<Arc<dyn Provider>>>>,
}

impl Unconfigured {
    pub(crate) fn new(providers: Arc<dyn Providers>) -> Self {
        Self { providers, made: Mutex::default() }
    }

    /// The provider; `None` when there is none of this name.
    pub(crate) fn provider(&self, source: &ProviderSource) -> Option<Arc<dyn Provider>> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.entry(source.clone()).or_insert_with(|| self.providers.create(source)).clone()
    }
}

/// The functions of the providers that a module requires.
pub(crate) struct ModuleFunctions<'a> {
    pub session: &'a Session,
    pub module: &'a Module,
}

impl ProviderFunctions for ModuleFunctions<'_> {
    fn requires(&self, provider: &str) -> bool {
        self.module.requirements.contains_key(provider)
    }

    fn find(&self, provider: &str, function: &str) -> Option<ProvidedFunction<'_>> {
        let source = &self.module.requirements.get(provider)?.source;
        let provider = self.session.unconfigured.provider(source)?;
        let schema = provider.schema();
        let (name, signature) = schema.functions.get_key_value(function)?;
        let name = name.clone();
        let session = self.session;
        Some(ProvidedFunction {
            parameters: signature.parameters.iter().map(parameter).collect(),
            variadic: signature.variadic.as_ref().map(parameter),
            returns: signature.result.clone(),
            run: Box::new(move |arguments| {
                provider.call(&CallRequest {
                    name: &name,
                    arguments: &arguments,
                    files: &*session.files,
                    directory: &session.environment.directory,
                })
            }),
        })
    }
}

fn parameter(parameter: &Parameter) -> ProvidedParameter {
    ProvidedParameter {
        name: parameter.name.clone(),
        kind: parameter.kind.clone(),
        allows_null: parameter.allow_null,
        allows_unknown: parameter.allow_unknown,
    }
}
