//! Schema types.

use std::collections::BTreeMap;
use std::sync::Arc;

use platoform_value::{Type, Value};

/// A block schema with the version of the state it describes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// State written under a lower version is brought up by the provider.
    pub version: u64,
    /// The content.
    pub block: Block,
}

/// What a block may hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// Attributes by name.
    pub attributes: BTreeMap<Arc<str>, Attribute>,
    /// Nested blocks by type name.
    pub blocks: BTreeMap<Arc<str>, NestedBlock>,
    /// Markdown, for the reference pages.
    pub description: String,
    /// Why not to use it any more.
    pub deprecated: Option<String>,
}

/// One attribute. At least one of `required`, `optional` and `computed` holds; `required` excludes
/// the other two.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// Type, or attributes of a nested object.
    pub kind: AttributeKind,
    /// Must be set.
    pub required: bool,
    /// May be set.
    pub optional: bool,
    /// The provider chooses a value where none is set.
    pub computed: bool,
    /// Its value is a secret.
    pub sensitive: bool,
    /// Is sent to the provider but never stored.
    pub write_only: bool,
    /// A change of it needs a new object.
    pub replace: bool,
    /// Value where none is set; for optional attributes only.
    pub default: Option<Value>,
    /// Markdown, for the reference pages.
    pub description: String,
    /// Why not to use it any more.
    pub deprecated: Option<String>,
}

/// The type of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum AttributeKind {
    /// A plain type.
    Type(Type),
    /// An object, or a collection of objects, whose attributes have a schema of their own
    /// (`nested_type` in protocol 6).
    Nested(ObjectNesting, BTreeMap<Arc<str>, Attribute>),
}

/// How objects of a nested attribute are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectNesting {
    /// One object.
    Single,
    /// A list of objects.
    List,
    /// A set of objects.
    Set,
    /// A map of objects.
    Map,
}

/// A block inside a block.
#[derive(Clone, Debug, PartialEq)]
pub struct NestedBlock {
    /// How occurrences become a value.
    pub nesting: BlockNesting,
    /// Content of each occurrence.
    pub block: Block,
    /// Least number of occurrences.
    pub min_items: u64,
    /// Greatest number of occurrences; `None` for any number.
    pub max_items: Option<u64>,
    /// The provider may add occurrences where the configuration has none.
    pub computed: bool,
    /// A change of it needs a new object.
    pub replace: bool,
}

/// How occurrences of a nested block become a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockNesting {
    /// An object, or null where the block is absent.
    Single,
    /// An object even where the block is absent.
    Group,
    /// A list of objects.
    List,
    /// A set of objects.
    Set,
    /// A map of objects, keyed by the block's label.
    Map,
}

/// Which namespace a kind is in: `resource`, `data` or `ephemeral` blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mode {
    /// Made, changed and destroyed by us.
    Managed,
    /// Only read.
    Data,
    /// Opened for one run and never stored.
    Ephemeral,
}

/// Whether making an object of a kind has an effect outside the state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effect {
    /// It has: an intent is recorded before each call that changes something.
    #[default]
    Outside,
    /// It lives in the state only (`terraform_data`): no intent, nobody waits for its record.
    StateOnly,
}

/// A kind of resource.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceSchema {
    /// Its blocks and attributes; shared by all that is planned and recorded of the kind.
    pub schema: Arc<Schema>,
    /// The type of an object of it.
    pub kind: Type,
    /// Where its effects are.
    pub effect: Effect,
}

impl ResourceSchema {
    /// A kind with this schema.
    #[must_use]
    pub fn new(schema: Schema, effect: Effect) -> Self {
        Self { kind: schema.block.implied_type(), schema: Arc::new(schema), effect }
    }
}

/// Everything a provider offers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProviderSchema {
    /// The `provider` block.
    pub provider: Schema,
    /// `resource` kinds by name.
    pub resources: BTreeMap<Arc<str>, ResourceSchema>,
    /// `data` kinds by name.
    pub data_sources: BTreeMap<Arc<str>, Arc<Schema>>,
    /// `ephemeral` kinds by name.
    pub ephemerals: BTreeMap<Arc<str>, Arc<Schema>>,
    /// Functions callable as `provider::NAME::FUNCTION`.
    pub functions: BTreeMap<Arc<str>, FunctionSignature>,
}

/// A provider-defined function.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionSignature {
    /// Positional parameters.
    pub parameters: Vec<Parameter>,
    /// Parameter for any further arguments.
    pub variadic: Option<Parameter>,
    /// Type of the result.
    pub result: Type,
    /// One line.
    pub summary: String,
    /// Markdown.
    pub description: String,
}

/// A parameter of a provider-defined function.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: Arc<str>,
    /// Its type.
    pub kind: Type,
    /// Null is passed on instead of refused.
    pub allow_null: bool,
    /// Unknown is passed on instead of making the result unknown.
    pub allow_unknown: bool,
    /// Markdown.
    pub description: String,
}

impl Parameter {
    /// A parameter that takes neither null nor what is not known yet.
    #[must_use]
    pub fn new(name: &str, kind: Type, description: &str) -> Self {
        Self {
            name: name.into(),
            kind,
            allow_null: false,
            allow_unknown: false,
            description: description.into(),
        }
    }
}

impl ProviderSchema {
    /// The schema of a kind.
    #[must_use]
    pub fn kind(&self, mode: Mode, name: &str) -> Option<&Arc<Schema>> {
        match mode {
            Mode::Managed => self.resources.get(name).map(|resource| &resource.schema),
            Mode::Data => self.data_sources.get(name),
            Mode::Ephemeral => self.ephemerals.get(name),
        }
    }
}
