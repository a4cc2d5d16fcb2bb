//! A provider from a list of kinds.

use std::collections::BTreeMap;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

use platoform_diagnostic::Environment;
use platoform_schema::{FunctionSignature, ProviderSchema, Schema};
use platoform_value::Value;

use crate::built::Built;
use crate::erased::{AnyDataSource, AnyKind};
use crate::erased_data_source::ErasedData;
use crate::erased_kind::Erased;
use crate::{
    Allowance, BlockType, BoxFuture, CallRequest, DataSource, Failure, Kind, Limits, Problem,
    Provider,
};

/// Makes the client from the provider's configuration.
pub(crate) type Connect<P, C> =
    Box<dyn Fn(P, Arc<Environment>) -> BoxFuture<'static, Result<C, Failure>> + Send + Sync>;

/// The code of a function: a pure one, but for the files it asks for. `Err` names the argument at
/// fault, if one is, and says what is wrong.
pub type FunctionBody = fn(&CallRequest<'_>) -> Result<Value, (Option<usize>, String)>;

/// Builds a provider from its configuration struct `P`, its client `C` and its kinds.
pub struct ProviderBuilder<P, C> {
    pub(crate) connect: Connect<P, C>,
    pub(crate) validate: fn(&P) -> Vec<Problem>,
    pub(crate) kinds: BTreeMap<&'static str, Box<dyn AnyKind<C>>>,
    pub(crate) data_sources: BTreeMap<&'static str, Box<dyn AnyDataSource<C>>>,
    pub(crate) functions: BTreeMap<&'static str, (FunctionSignature, FunctionBody)>,
    pub(crate) limits: Limits,
    pub(crate) allowances: fn(&C) -> Vec<Allowance>,
    config: PhantomData<fn(P)>,
}

impl<P, C> ProviderBuilder<P, C>
where
    P: BlockType + Send + Sync + 'static,
    C: Send + Sync + 'static,
{
    /// A provider without kinds. `connect` gets the configuration, wholly known, defaults filled
    /// in, and makes the client.
    pub fn new<F, R>(connect: F) -> Self
    where
        F: Fn(P, Arc<Environment>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<C, Failure>> + Send + 'static,
    {
        Self {
            connect: Box::new(move |config, environment| Box::pin(connect(config, environment))),
            validate: |_| Vec::new(),
            kinds: BTreeMap::new(),
            data_sources: BTreeMap::new(),
            functions: BTreeMap::new(),
            limits: Limits::default(),
            allowances: |_| Vec::new(),
            config: PhantomData,
        }
    }

    /// Checks the provider's configuration, which may be partly unknown.
    #[must_use]
    pub fn validate(mut self, validate: fn(&P) -> Vec<Problem>) -> Self {
        self.validate = validate;
        self
    }

    /// How much its API takes.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// What the API said about how much more it takes since this was asked last: the client keeps
    /// what it finds in the headers of answers.
    #[must_use]
    pub fn allowances(mut self, allowances: fn(&C) -> Vec<Allowance>) -> Self {
        self.allowances = allowances;
        self
    }

    /// Adds a kind of resource.
    #[must_use]
    pub fn kind<K: Kind<Client = C>>(mut self, kind: K) -> Self {
        let before = self.kinds.insert(K::NAME, Box::new(Erased(kind)));
        debug_assert!(before.is_none(), "two kinds are called {}", K::NAME);
        self
    }

    /// Adds a data source.
    #[must_use]
    pub fn data_source<D: DataSource<Client = C>>(mut self, data_source: D) -> Self {
        let before = self.data_sources.insert(D::NAME, Box::new(ErasedData(data_source)));
        debug_assert!(before.is_none(), "two data sources are called {}", D::NAME);
        self
    }

    /// Adds a function, which needs no client.
    #[must_use]
    pub fn function(
        mut self,
        name: &'static str,
        signature: FunctionSignature,
        body: FunctionBody,
    ) -> Self {
        let before = self.functions.insert(name, (signature, body));
        debug_assert!(before.is_none(), "two functions are called {name}");
        self
    }

    /// The provider, not configured yet.
    #[must_use]
    pub fn build(self) -> Arc<dyn Provider> {
        let resources = self.kinds.values().map(|kind| (kind.name().into(), kind.schema()));
        let data =
            self.data_sources.values().map(|data| (data.name().into(), Arc::new(data.schema())));
        let functions = self.functions.iter();
        let functions = functions.map(|(name, (signature, _))| ((*name).into(), signature.clone()));
        let schema = ProviderSchema {
            provider: Schema { version: 0, block: P::block() },
            resources: resources.collect(),
            data_sources: data.collect(),
            functions: functions.collect(),
            ..ProviderSchema::default()
        };
        Arc::new(Built { schema: Arc::new(schema), client: OnceLock::new(), definition: self })
    }
}
