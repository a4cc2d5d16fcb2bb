//! Depth, size and time.

use super::super::{MAX_HEIGHT, parse};
use super::{FILE, findings};

/// `before` and `after` repeated around the middle.
fn nested(before: &str, middle: &str, after: &str, times: u32) -> String {
    let times = times as usize;
    format!("a = {}{middle}{}\n", before.repeat(times), after.repeat(times))
}

/// What nests, each with how many levels one of it takes.
const NESTS: [(&str, &str, &str, u32); 12] = [
    ("(", "1", ")", 1),
    ("[", "1", "]", 1),
    ("{ a = ", "1", " }", 1),
    ("f(", "1", ")", 1),
    ("b[", "1", "]", 1),
    ("\"${", "1", "}\"", 1),
    ("!", "b", "", 1),
    ("-", "1", "", 1),
    ("b ? 1 : ", "1", "", 1),
    ("", "b", "[*]", 1),
    ("[for b in ", "c", " : 1]", 1),
    ("(1 + ", "1", ")", 3),
];

#[test]
fn what_fits_the_limit_is_parsed_and_walked() {
    for (before, middle, after, levels) in NESTS {
        let text = nested(before, middle, after, (MAX_HEIGHT - 2) / levels);
        let (body, found) = parse(FILE, &text);
        assert!(found.is_empty(), "{before}: {found:?}");
        // These recurse as deep as the tree is high.
        assert!(body == body.clone());
        assert!(!format!("{body:?}").is_empty());
    }
}

#[test]
fn what_does_not_is_refused() {
    for (before, middle, after, _) in NESTS {
        for times in [MAX_HEIGHT + 1, 100_000] {
            let text = nested(before, middle, after, times) + "b = 1\n";
            let (body, found) = parse(FILE, &text);
            let summaries: Vec<_> = found.iter().map(|one| &*one.summary).collect();
            assert_eq!(summaries, ["Nesting too deep"], "{before}");
            assert_eq!(body.attributes.len(), 2, "{before}");
        }
    }
}

#[test]
fn heights_add_up() {
    // Brackets in brackets in brackets: none of them is too high, all of them together are.
    let third = MAX_HEIGHT as usize / 3;
    let (open, close) = ("[".repeat(third), "]".repeat(third));
    let text = format!("a = {0}{0}{0}{0}{1}{1}{1}{1}\n", open, close);
    assert_eq!(findings(&text)[0].1, "Nesting too deep");
    let beside = format!("a = [{0}{1}, {0}{1}, {0}{1}, {0}{1}]\n", open, close);
    assert_eq!(findings(&beside), []);
}

#[test]
fn a_chain_of_operators_is_flat() {
    let text =
        format!("a = 1{}\nb = true{}\n", " + 2 * 3 - 4".repeat(50_000), " && b".repeat(100_000));
    let (body, found) = parse(FILE, &text);
    assert!(found.is_empty());
    assert!(body == body.clone());
    let mut names = 0;
    body.attributes[1].expression.references(&mut |_| names += 1);
    assert_eq!(names, 100_000);
}

#[test]
fn blocks_and_directives_count() {
    let many = 2 * MAX_HEIGHT as usize;
    let blocks = "a {\n".repeat(many) + &"}\n".repeat(many);
    assert_eq!(findings(&blocks).len(), 1);
    let ifs = format!("a = \"{}{}\"\n", "%{if a}".repeat(many), "%{endif}".repeat(many));
    assert_eq!(findings(&ifs).len(), 1);
}

/// Inputs on which a careless parser takes time quadratic in their size: half a megabyte of each
/// would take minutes.
#[test]
fn time_is_linear() {
    let worst = [
        "a {\n",
        "a { b = 1 c\n",
        "a = \"\n",
        "a = /*",
        "a = [1 2\n",
        "a = (\n",
        "}\n",
        "a = <<E\n",
        "\"${",
        "%{if a}",
        "a = {\n",
        "\n",
        "a ",
        "<<",
        "a { \n b = ( \n } \n",
        "\"\n}",
        "a = 1 +\n",
    ];
    for fragment in worst {
        let text = fragment.repeat(500_000 / fragment.len());
        let _ = parse(FILE, &text);
        let _ = super::super::parse_template(FILE, &text, 0);
        let _ = super::super::parse_expression(FILE, &text, 0);
    }
    let mismatched = format!("a = {}{}\n", "(".repeat(200_000), "]".repeat(200_000));
    assert_eq!(findings(&mismatched).len(), 1);
    let closers = "a {\n".repeat(200) + &"} x\n".repeat(100_000);
    let _ = parse(FILE, &closers);
    let arguments: String = (0..50_000).map(|index| format!("a{index} = 1\n")).collect();
    assert_eq!(findings(&arguments), []);
}
