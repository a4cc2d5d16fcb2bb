use super::*;

fn drawing(names: &[&str], edges: &[(usize, usize)]) -> Drawing {
    let node = |name: &&str| Node { name: (*name).into(), note: String::new(), tone: Tone::New };
    Drawing { nodes: names.iter().map(node).collect(), edges: edges.to_vec() }
}

#[test]
fn arrows_that_follow_from_others_are_left_out() {
    let mut all = drawing(&["a", "b", "c", "d"], &[(0, 1), (0, 2), (1, 2), (0, 3), (2, 3)]);
    all.reduce();
    assert_eq!(all.edges, [(0, 1), (1, 2), (2, 3)]);
    let mut circle = drawing(&["a", "b"], &[(0, 1), (1, 0)]);
    circle.reduce();
    assert_eq!(circle.edges, [(0, 1), (1, 0)]);
}

#[test]
fn things_come_after_what_leads_to_them_and_cover_nothing() {
    let all = drawing(&["a", "b", "c", "d", "e"], &[(0, 2), (1, 2), (2, 3), (0, 4), (3, 4)]);
    let laid = layout::layout(&all);
    assert_eq!(laid.layers, 4);
    for (from, to) in &all.edges {
        assert!(laid.nodes[*from].layer < laid.nodes[*to].layer);
    }
    let mut spots: Vec<layout::Spot> = laid.nodes.clone();
    spots.extend(laid.edges.iter().flat_map(|path| path[1..path.len() - 1].to_vec()));
    for (index, spot) in spots.iter().enumerate() {
        let above = spots[..index].iter().filter(|other| other.layer == spot.layer);
        above.for_each(|other| assert!((other.row - spot.row).abs() > 0.99, "{spots:?}"));
    }
}

#[test]
fn a_circle_can_be_drawn() {
    assert!(svg(&drawing(&["a", "b"], &[(0, 1), (1, 0)])).contains("</svg>"));
    assert!(svg(&Drawing::default()).contains("</svg>"));
}

#[test]
fn names_mean_nothing_to_the_formats() {
    let all = drawing(&["x[\"</svg><script>@team``` \u{1b}[31m\"]"], &[]);
    let picture = svg(&all);
    assert!(!picture.contains("<script>") && !picture.contains('\u{1b}'), "{picture}");
    assert_eq!(
        mermaid(&all).lines().nth(1),
        Some(
            "  n0[\"x#91;#34;#60;/svg#62;#60;script#62;#64;team#96;#96;#96; \
             #92;u001b#91;31m#34;#93;\"]:::new"
        )
    );
    assert!(dot(&all).contains(r#"label = "x[\"</svg><script>@team``` \\u001b[31m\"]""#));
    assert_eq!(json(&all)["nodes"][0]["name"], all.nodes[0].name.as_str());
}
