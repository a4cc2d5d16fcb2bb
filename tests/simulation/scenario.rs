//! Configurations drawn from a seed.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use platoform_fake::{Cloud, Collection, Conditions, Created, LAG_LIMIT, Request};
use serde_json::Value as Json;

/// Most blocks of a scenario.
const NODES: usize = 9;

/// Objects of others of each of two sorts.
const OTHERS: usize = 2;

/// Kinds of blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Machine,
    Volume,
    Address,
    /// `terraform_data`, which lives in the state alone.
    Data,
}

impl Sort {
    pub fn kind(self) -> &'static str {
        match self {
            Self::Machine => "fake_machine",
            Self::Volume => "fake_volume",
            Self::Address => "fake_address",
            Self::Data => "terraform_data",
        }
    }

    pub fn collection(self) -> Option<Collection> {
        match self {
            Self::Machine => Some(Collection::Machines),
            Self::Volume => Some(Collection::Volumes),
            Self::Address => Some(Collection::Addresses),
            Self::Data => None,
        }
    }
}

/// A block, as it is in one version of a configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its number, which is part of its name.
    pub number: usize,
    pub sort: Sort,
    /// The machine that it belongs to, by number.
    pub machine: Option<usize>,
    /// A block whose id it holds.
    pub holds: Option<usize>,
    /// Blocks that it waits for.
    pub after: Vec<usize>,
    /// What can change in place.
    pub size: u32,
    /// What cannot.
    pub image: u32,
    pub create_first: bool,
}

impl Node {
    pub fn name(&self) -> String {
        format!("n{}", self.number)
    }

    pub fn address(&self) -> String {
        format!("{}.{}", self.sort.kind(), self.name())
    }

    /// The size of a volume: it shrinks, and has to be replaced for that, for another image.
    fn gigabytes(&self) -> u32 {
        100 * (10 - self.image) + self.size
    }

    /// Everything that it is made from.
    pub fn uses(&self) -> impl Iterator<Item = usize> {
        self.machine.into_iter().chain(self.holds).chain(self.after.iter().copied())
    }
}

/// Two versions of a configuration, and the cloud that it is for.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub seed: u64,
    pub before: Vec<Node>,
    pub after: Vec<Node>,
    pub conditions: Conditions,
    /// All addresses are in one region, so that they cannot always be told apart.
    pub crowded: bool,
}

impl Scenario {
    pub fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let crowded = rng.u8(..4) == 0;
        let before = nodes(&mut rng);
        let after = changed(&before, &mut rng);
        let conditions = Conditions {
            seed,
            latency: (Duration::from_millis(1), Duration::from_millis(rng.u64(1..80))),
            lag: LAG_LIMIT * rng.u32(..3) / 2,
            boot: Duration::from_millis(rng.u64(..4000)),
            deletion: Duration::from_millis(rng.u64(..3000)),
            page: rng.usize(1..6),
            ..Conditions::default()
        };
        Self { seed, before, after, conditions, crowded }
    }

    /// The cloud with objects of others in it, which nobody may touch.
    pub async fn cloud(&self) -> Arc<Cloud> {
        let cloud = Cloud::new(self.conditions.clone());
        for number in 0..OTHERS {
            for (collection, name) in
                [(Collection::Volumes, "name"), (Collection::Addresses, "region")]
            {
                let text = Json::from(format!("others{number}"));
                let attributes = [(name.to_owned(), text)].into_iter().collect();
                let body = Created { mark: None, attributes };
                cloud.serve(&Request::Create { collection, body }).await;
            }
        }
        cloud
    }

    /// How many objects of others there are.
    pub fn others(&self) -> usize {
        2 * OTHERS
    }

    /// What tells the object of a block from those of others.
    pub fn identity(&self, node: &Node) -> Option<(&'static str, Json)> {
        match node.sort {
            Sort::Machine => Some(("name", node.name().into())),
            Sort::Volume => Some(("name", format!("{}-{}", node.name(), node.image).into())),
            Sort::Address => Some(("region", self.region(node).into())),
            Sort::Data => None,
        }
    }

    /// What the object of a block is to be.
    pub fn wanted(&self, node: &Node) -> Vec<(&'static str, Json)> {
        let mut wanted: Vec<(&str, Json)> = self.identity(node).into_iter().collect();
        match node.sort {
            Sort::Machine => wanted.extend([
                ("size", format!("s{}", node.size).into()),
                ("image", format!("i{}", node.image).into()),
            ]),
            Sort::Volume => wanted.push(("size", node.gigabytes().into())),
            Sort::Address | Sort::Data => {}
        }
        wanted
    }

    /// A region for an address.
    pub fn region(&self, node: &Node) -> String {
        if self.crowded { "all".into() } else { format!("r{}-{}", node.number, node.image) }
    }

    /// The configuration with these blocks.
    pub fn text(&self, nodes: &[Node]) -> String {
        let mut text = String::from(
            "terraform {\n  required_providers {\n    fake = { source = \"platoform/fake\" }\n  }\n}\n",
        );
        for node in nodes {
            let _ = writeln!(text, "resource \"{}\" \"{}\" {{", node.sort.kind(), node.name());
            self.arguments(&mut text, node, nodes);
            let after = node.after.iter().map(|number| nodes_address(nodes, *number));
            let after: Vec<String> = after.collect();
            if !after.is_empty() {
                let _ = writeln!(text, "  depends_on = [{}]", after.join(", "));
            }
            if node.create_first {
                text.push_str("  lifecycle {\n    create_before_destroy = true\n  }\n");
            }
            text.push_str("}\n");
        }
        let all: Vec<String> = nodes.iter().map(|node| format!("{}.id", node.address())).collect();
        if nodes.is_empty() {
            return text;
        }
        let _ = writeln!(text, "output \"all\" {{\n  value = [{}]\n}}", all.join(", "));
        text
    }

    fn arguments(&self, text: &mut String, node: &Node, nodes: &[Node]) {
        let machine = node.machine.map(|number| nodes_address(nodes, number));
        let machine = machine.map(|address| format!("  machine = {address}.id\n"));
        let holds = node.holds.map(|number| format!("{}.id", nodes_address(nodes, number)));
        let holds = holds.unwrap_or_else(|| "null".to_owned());
        let Node { size, image, .. } = node;
        let _ = match node.sort {
            Sort::Machine => writeln!(
                text,
                "  name = \"{}\"\n  size = \"s{size}\"\n  image = \"i{image}\"\n  password = {holds}",
                node.name()
            ),
            Sort::Volume => writeln!(
                text,
                "  name = \"{}-{image}\"\n  size = {}",
                node.name(),
                node.gigabytes()
            ),
            Sort::Address => writeln!(text, "  region = \"{}\"", self.region(node)),
            Sort::Data => {
                writeln!(text, "  input = [{size}, {holds}]\n  triggers_replace = {image}")
            }
        };
        text.push_str(&machine.unwrap_or_default());
    }
}

fn nodes_address(nodes: &[Node], number: usize) -> String {
    let node = nodes.iter().find(|node| node.number == number);
    node.expect("references lead somewhere").address()
}

/// Blocks, each of which uses some before it.
fn nodes(rng: &mut Rng) -> Vec<Node> {
    let count = rng.usize(2..=NODES);
    let mut nodes: Vec<Node> = Vec::new();
    for number in 0..count {
        let sort = match rng.u8(..10) {
            0..=3 => Sort::Machine,
            4..=6 => Sort::Volume,
            7..=8 => Sort::Address,
            _ => Sort::Data,
        };
        let node = new(number, sort, &nodes, rng);
        nodes.push(node);
    }
    create_first(&mut nodes, rng);
    nodes
}

fn new(number: usize, sort: Sort, nodes: &[Node], rng: &mut Rng) -> Node {
    let machines: Vec<usize> =
        nodes.iter().filter(|node| node.sort == Sort::Machine).map(|node| node.number).collect();
    let machine = matches!(sort, Sort::Volume | Sort::Address) && !machines.is_empty();
    let machine = (machine && rng.bool()).then(|| machines[rng.usize(..machines.len())]);
    let any = |rng: &mut Rng| {
        let some = !nodes.is_empty() && rng.u8(..3) == 0;
        some.then(|| nodes[rng.usize(..nodes.len())].number)
    };
    let holds = if matches!(sort, Sort::Machine | Sort::Data) { any(rng) } else { None };
    let after = any(rng).into_iter().collect();
    let (size, image) = (rng.u32(1..4), rng.u32(1..3));
    Node { number, sort, machine, holds, after, size, image, create_first: false }
}

/// Lets some be made before what they replace goes: those without volumes below them, whose names
/// are taken as long as they are there.
fn create_first(nodes: &mut [Node], rng: &mut Rng) {
    let mut named: Vec<usize> = Vec::new();
    for node in nodes {
        if node.sort == Sort::Volume || node.uses().any(|number| named.contains(&number)) {
            named.push(node.number);
        } else {
            node.create_first = rng.u8(..4) == 0;
        }
    }
}

/// The same blocks some time later: changed, replaced, without some, with new ones.
fn changed(before: &[Node], rng: &mut Rng) -> Vec<Node> {
    let mut after: Vec<Node> = Vec::new();
    for node in before {
        let mut node = node.clone();
        match rng.u8(..6) {
            0 => continue,
            1 => node.image += 1,
            2 | 3 => node.size += 1,
            _ => {}
        }
        let here = |number: &usize| after.iter().any(|node| node.number == *number);
        node.machine = node.machine.filter(here);
        node.holds = node.holds.filter(here);
        node.after.retain(here);
        after.push(node);
    }
    for number in before.len()..before.len() + rng.usize(..3) {
        let sort = [Sort::Machine, Sort::Volume, Sort::Address][rng.usize(..3)];
        let node = new(number, sort, &after, rng);
        after.push(node);
    }
    if after.is_empty() {
        let node = new(before.len(), Sort::Machine, &after, rng);
        after.push(node);
    }
    after
}
