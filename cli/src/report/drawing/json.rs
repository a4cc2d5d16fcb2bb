//! A drawing as JSON, for programs that draw by themselves.

use serde_json::{Value as Json, json};

use super::Drawing;

/// Things and arrows; arrows name things by their place in the list.
pub fn json(drawing: &Drawing) -> Json {
    let nodes = drawing.nodes.iter().enumerate().map(|(number, node)| {
        let mut json = json!({ "id": number, "name": node.name });
        if !node.note.is_empty() {
            json["note"] = node.note.as_str().into();
        }
        json
    });
    let edges = drawing.edges.iter().map(|(from, to)| json!({ "from": from, "to": to }));
    json!({
        "format_version": "1.0",
        "nodes": nodes.collect::<Vec<_>>(),
        "edges": edges.collect::<Vec<_>>(),
    })
}
