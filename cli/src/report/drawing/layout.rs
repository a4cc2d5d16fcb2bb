//! Where things and arrows of a drawing go: in layers from left to right, each thing in the layer
//! after all that lead to it. Within a layer things are moved to where their neighbours are, a few
//! times over, in the manner of Sugiyama.

use super::Drawing;

/// How often things are moved to where their neighbours are.
const SWEEPS: usize = 8;

/// A thing, or a point on an arrow that passes a layer.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    /// Its layer.
    pub layer: usize,
    /// How far down, in rows.
    pub row: f64,
}

/// Where everything goes.
#[derive(Debug)]
pub struct Layout {
    /// The spots of things, by number.
    pub nodes: Vec<Spot>,
    /// The spots that each arrow leads along, both ends included.
    pub edges: Vec<Vec<Spot>>,
    /// How many layers there are.
    pub layers: usize,
    /// How many rows there are.
    pub rows: f64,
}

/// Lays a drawing out.
pub fn layout(drawing: &Drawing) -> Layout {
    let mut plan = Plan::new(drawing);
    for sweep in 0..SWEEPS {
        plan.sweep(sweep % 2 == 0);
    }
    plan.finish(drawing.nodes.len())
}

struct Plan {
    layer: Vec<usize>,
    row: Vec<f64>,
    /// Spots of each layer, from the top.
    layers: Vec<Vec<usize>>,
    before: Vec<Vec<usize>>,
    after: Vec<Vec<usize>>,
    paths: Vec<Vec<usize>>,
}

impl Plan {
    fn new(drawing: &Drawing) -> Self {
        let layer = layers(drawing);
        let count = drawing.nodes.len();
        let mut plan = Self {
            before: vec![Vec::new(); count],
            after: vec![Vec::new(); count],
            row: vec![0.0; count],
            layers: vec![Vec::new(); layer.iter().max().map_or(0, |last| last + 1)],
            paths: Vec::new(),
            layer,
        };
        for (from, to) in &drawing.edges {
            let path = plan.path(*from, *to);
            plan.paths.push(path);
        }
        for spot in 0..plan.layer.len() {
            let layer = &mut plan.layers[plan.layer[spot]];
            plan.row[spot] = layer.len() as f64;
            layer.push(spot);
        }
        plan
    }

    /// The spots of an arrow: new ones in the layers that it passes.
    fn path(&mut self, from: usize, to: usize) -> Vec<usize> {
        let mut path = vec![from];
        for layer in self.layer[from] + 1..self.layer[to] {
            path.push(self.layer.len());
            self.layer.push(layer);
            self.row.push(0.0);
            self.before.push(Vec::new());
            self.after.push(Vec::new());
        }
        path.push(to);
        for pair in path.windows(2) {
            self.after[pair[0]].push(pair[1]);
            self.before[pair[1]].push(pair[0]);
        }
        path
    }

    /// Moves the spots of each layer to where their neighbours in the layer before, or after, are.
    fn sweep(&mut self, forward: bool) {
        let mut order: Vec<usize> = (0..self.layers.len()).collect();
        if !forward {
            order.reverse();
        }
        for layer in order {
            let neighbours = if forward { &self.before } else { &self.after };
            let wish = |spot: usize| {
                let near = &neighbours[spot];
                let sum: f64 = near.iter().map(|other| self.row[*other]).sum();
                if near.is_empty() { self.row[spot] } else { sum / near.len() as f64 }
            };
            let mut wishes: Vec<(f64, usize)> =
                self.layers[layer].iter().map(|spot| (wish(*spot), *spot)).collect();
            wishes.sort_by(|left, right| left.0.total_cmp(&right.0));
            self.place(layer, &wishes);
        }
    }

    /// Places spots as near to their wishes as they can be without covering each other.
    fn place(&mut self, layer: usize, wishes: &[(f64, usize)]) {
        let mut rows: Vec<f64> = Vec::with_capacity(wishes.len());
        for (wish, _) in wishes {
            let least = rows.last().map_or(f64::MIN, |last| last + 1.0);
            rows.push(wish.max(least));
        }
        // All were pushed down only; half of that is taken back.
        let pushed: f64 = rows.iter().zip(wishes).map(|(row, (wish, _))| row - wish).sum();
        let shift = if rows.is_empty() { 0.0 } else { pushed / rows.len() as f64 };
        for (row, (_, spot)) in rows.iter().zip(wishes) {
            self.row[*spot] = row - shift;
        }
        self.layers[layer] = wishes.iter().map(|(_, spot)| *spot).collect();
    }

    fn finish(self, nodes: usize) -> Layout {
        let top = self.row.iter().copied().fold(f64::INFINITY, f64::min);
        let bottom = self.row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let spot = |spot: &usize| Spot { layer: self.layer[*spot], row: self.row[*spot] - top };
        Layout {
            nodes: (0..nodes).map(|node| spot(&node)).collect(),
            edges: self.paths.iter().map(|path| path.iter().map(spot).collect()).collect(),
            layers: self.layers.len(),
            rows: if nodes == 0 { 0.0 } else { bottom - top + 1.0 },
        }
    }
}

/// The layer of each thing: one more than the last of those that lead to it. In a drawing that goes
/// in circles each layer is taken as it comes.
fn layers(drawing: &Drawing) -> Vec<usize> {
    let mut layers = vec![0; drawing.nodes.len()];
    let next = drawing.next();
    let order = drawing.order().unwrap_or_else(|| (0..layers.len()).collect());
    for node in order {
        for to in &next[node] {
            layers[*to] = layers[*to].max(layers[node] + 1);
        }
    }
    layers
}
