//! What every test stands on: names of its own, a configured provider, configurations from JSON.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use platoform_provider::harness::{Fault, Harness, config_of};
use platoform_provider::schema::{Block, BlockNesting, Mode, NestedBlock};
use platoform_provider::value::{Type, Value};
use platoform_provider::{DataRequest, Environment, Failure, Provider, Severity};
use serde_json::{Value as Json, json};

use crate::api;

/// The outcome of a test.
pub type Outcome = Result<(), Fault>;

/// What all objects of this run carry.
pub fn lineage() -> &'static str {
    static LINEAGE: OnceLock<String> = OnceLock::new();
    LINEAGE.get_or_init(|| format!("platoform-test-{}", random()))
}

fn random() -> String {
    let mut bytes = [0; 6];
    getrandom::fill(&mut bytes).expect("random bytes");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A name that nothing else has.
pub fn name(part: &str) -> String {
    format!("{}-{part}", lineage())
}

/// An image with nothing but a shell, built once for all tests.
pub fn image() -> String {
    static BUILT: OnceLock<()> = OnceLock::new();
    let name = format!("{}:base", lineage());
    BUILT.get_or_init(|| {
        let mut tar = tar::Builder::new(Vec::new());
        let dockerfile = format!(
            "FROM scratch\nCOPY busybox /bin/busybox\nRUN [\"/bin/busybox\", \"--install\", \"/bin\"]\n\
             ENV FROM_IMAGE=1\nLABEL from.image=1 io.platoform.lineage={}\nCMD [\"sleep\", \"600\"]\n",
            lineage()
        );
        let mut header = tar::Header::new_gnu();
        header.set_size(dockerfile.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, "Dockerfile", dockerfile.as_bytes()).expect("a tar");
        tar.append_path_with_name(BUSYBOX, "busybox").expect("busybox");
        let body = tar.into_inner().expect("a tar");
        let path = format!("/build?t={name}&version=1");
        let (status, _) = api::request("POST", &path, &body, "application/x-tar").expect("a build");
        assert_eq!(status, 200);
        api::call("GET", &format!("/images/{name}/json"), &Json::Null);
    });
    name
}

/// Debian's static busybox.
pub const BUSYBOX: &str = "/bin/busybox";

/// The surroundings of the tests.
pub fn environment() -> Environment {
    let variables: BTreeMap<String, String> = std::env::vars().collect();
    let directory = std::env::current_dir().expect("a working directory");
    Environment { variables, home: None, directory }
}

/// The provider of the tests' Engine.
pub async fn harness() -> Result<Harness, Fault> {
    harness_of(&json!({ "host": api::host() }), environment()).await
}

/// A provider with a configuration.
pub async fn harness_of(config: &Json, environment: Environment) -> Result<Harness, Fault> {
    let provider = platoform_docker::factory();
    let config = fill(&provider.schema().provider.block, config);
    Ok(Harness::new(provider, config, environment).await?.with_owner(lineage(), random()))
}

/// A configuration of a kind from JSON; what that leaves out is not set.
pub fn config(harness: &Harness, kind: &str, json: &Json) -> Value {
    fill(&harness.provider().schema().resources[kind].schema.block, json)
}

fn fill(block: &Block, json: &Json) -> Value {
    let set = json.as_object().into_iter().flatten().map(|(name, json)| {
        let value = match (block.attributes.get(&**name), block.blocks.get(&**name)) {
            (Some(attribute), _) => Value::from_json(json, &attribute.implied_type()).expect(name),
            (_, Some(nested)) => fill_nested(nested, json),
            _ => panic!("there is no `{name}`"),
        };
        (name.as_str(), value)
    });
    config_of(block, set).expect("a configuration")
}

fn fill_nested(nested: &NestedBlock, json: &Json) -> Value {
    let kind: Type = nested.block.implied_type();
    let items = || json.as_array().into_iter().flatten().map(|json| fill(&nested.block, json));
    match nested.nesting {
        BlockNesting::List => Value::list(kind, items().collect()),
        BlockNesting::Set => Value::set(kind, items().collect()),
        _ => fill(&nested.block, json),
    }
}

/// A step of a test: an object of a kind, made and changed as its configuration says.
pub struct Object<'a> {
    /// What makes and changes it.
    pub harness: &'a Harness,
    /// Its kind.
    pub kind: &'static str,
    /// What the state says.
    pub current: Value,
}

impl<'a> Object<'a> {
    /// Makes one.
    pub async fn new(harness: &'a Harness, kind: &'static str, json: Json) -> Result<Self, Fault> {
        let config = config(harness, kind, &json);
        let plan = harness.plan(kind, &harness.nothing(kind)?, &config).await?;
        let current = harness.create(kind, &plan, &config, &harness.owner()).await?;
        Ok(Self { harness, kind, current })
    }

    /// Reads what is really there.
    pub async fn read(&mut self) -> Result<&Value, Fault> {
        self.current = self.harness.read(self.kind, &self.current).await?;
        Ok(&self.current)
    }

    /// The paths whose change would replace it, and whether anything would change at all.
    pub async fn plan(&self, json: Json) -> Result<(Vec<String>, bool), Fault> {
        let config = config(self.harness, self.kind, &json);
        let plan = self.harness.plan(self.kind, &self.current, &config).await?;
        let paths = plan.replace.iter().map(ToString::to_string).collect();
        Ok((paths, plan.planned != self.current))
    }

    /// Changes it in place.
    pub async fn update(&mut self, json: Json) -> Result<&Value, Fault> {
        let config = config(self.harness, self.kind, &json);
        let plan = self.harness.plan(self.kind, &self.current, &config).await?;
        assert!(plan.replace.is_empty(), "needs a new object: {:?}", plan.replace);
        let sink = platoform_provider::harness::Recorder::default();
        let change = (&self.current, &plan.planned, &config);
        let owner = self.harness.owner();
        let answer = self.harness.apply(self.kind, change, &owner, &sink).await.expect("an update");
        assert!(answer.problems.is_empty(), "{:?}", answer.problems);
        self.current = answer.current;
        Ok(&self.current)
    }

    /// Deletes it and checks that it is gone.
    pub async fn destroy(self) -> Outcome {
        self.harness.destroy(self.kind, &self.current, true).await
    }

    /// The text of an attribute.
    pub fn text(&self, name: &str) -> String {
        let value = self.current.get(name).and_then(Value::as_str);
        value.unwrap_or_else(|| panic!("`{name}` in {:?}", self.current)).to_owned()
    }
}

/// What an apply of a new object answers, errors included.
pub async fn attempt(
    harness: &Harness,
    kind: &str,
    json: Json,
) -> Result<(Value, Vec<String>), Failure> {
    let config = config(harness, kind, &json);
    let nothing = harness.nothing(kind).expect("a kind");
    let plan = harness.plan(kind, &nothing, &config).await.expect("a plan");
    let sink = platoform_provider::harness::Recorder::default();
    let change = (&nothing, &plan.planned, &config);
    let answer = harness.apply(kind, change, &harness.owner(), &sink).await?;
    let errors = answer.problems.into_iter().filter(|one| one.severity == Severity::Error);
    Ok((answer.current, errors.map(|one| format!("{}: {}", one.summary, one.detail)).collect()))
}

/// Reads a data source.
pub async fn data(provider: &dyn Provider, kind: &str, json: &Json) -> Result<Value, Failure> {
    let schema = provider.schema();
    let block = &schema.kind(Mode::Data, kind).expect("a data source").block;
    let request = DataRequest { kind: kind.into(), config: fill(block, json) };
    Ok(provider.data(request).await?.current)
}

/// Whether static busybox is here to make images from.
pub fn has_busybox() -> bool {
    Path::new(BUSYBOX).is_file()
}
