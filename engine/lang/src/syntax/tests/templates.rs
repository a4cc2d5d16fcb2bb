//! What templates parse to. The texts of heredocs were compared with Terraform's.

use super::super::parse_template;
use super::shapes::sketch;
use super::{FILE, good, good_file};

#[test]
fn quoted_templates_have_the_right_shape() {
    let cases = [
        (r#""""#, r#""""#),
        (r#""a\n\"$${b} %%{c} $ % $$""#, r#""a\n\"${b} %{c} $ % $$""#),
        (r#""$$${a}""#, r#""$${a}""#),
        (r#""\u00e9\U0001F600""#, r#""é😀""#),
        (r#""${a}""#, "(wrap a)"),
        (r#""${a}b""#, r#"(template a "b")"#),
        (r#""a${"b${c}"}""#, r#"(template "a" (template "b" c))"#),
        (r#""  ${~ a ~}  b""#, r#"(template a "b")"#),
        (r#"" ${~ a}""#, "(template a)"),
        (r#""a${{ b = "}" }.b}""#, r#"(template "a" <(object b="}")>.b)"#),
        (r#""%{ if a }b%{ else }c%{ endif }""#, r#"(template (if a "b" else "c"))"#),
        (r#""%{ if a ~} b %{~ endif } c""#, r#"(template (if a "b" else) " c")"#),
        (r#""%{ for k, v in a }${k}%{ endfor }""#, "(template (for k,v a k))"),
        (
            r#""%{ for a in b }%{ if a }x%{ endif }%{ endfor }""#,
            r#"(template (for a b (if a "x" else)))"#,
        ),
        ("\"${ # comment\na }\"", "(wrap a)"),
    ];
    for (text, expected) in cases {
        assert_eq!(sketch(&good(text)), expected, "{text}");
    }
}

/// The shape of `a` in `a = …`.
fn argument(value: &str) -> String {
    sketch(&good_file(&format!("a = {value}")).attributes[0].expression)
}

#[test]
fn heredocs_keep_their_lines() {
    let cases = [
        ("<<E\na\n  b\nE\n", r#""a\n  b\n""#),
        ("<<E\nE\n", r#""""#),
        ("<<E\n\nE\n", r#""\n""#),
        ("<<E\nEX\n E x\n\tE\t\n", r#""EX\n E x\n""#),
        ("<<E-1\nE\nE-1\n", r#""E\n""#),
        ("<<E\na\r\nE\r\n", r#""a\r\n""#),
        ("<<E\n\\n \"q\" $${x} $ %\nE\n", r#""\\n \"q\" ${x} $ %\n""#),
        ("<<E\n${a}\nE\n", r#"(template a "\n")"#),
        ("<<E\n${a}E\nE\n", r#"(template a "E\n")"#),
        ("<<E\na${b ~}\n  c\nE\n", r#"(template "a" b "  c\n")"#),
        ("<<E\na\n  ${~ b}\nE\n", r#"(template "a\n" b "\n")"#),
        ("<<E\n%{ if a ~}\n  b\n%{ endif ~}\nE\n", r#"(template (if a "  b\n" else))"#),
    ];
    for (text, expected) in cases {
        assert_eq!(argument(text), expected, "{text}");
    }
}

#[test]
fn flush_heredocs_lose_what_all_lines_share() {
    let cases = [
        ("<<-E\n    a\n      b\n    E\n", r#""a\n  b\n""#),
        ("<<-E\n    a\n\n  b\n    E\n", r#""  a\n\nb\n""#),
        ("<<-E\n  a\n   \n  b\nE\n", r#""a\n   \nb\n""#),
        ("<<-E\n   \n  E\n", r#""   \n""#),
        ("<<-E\n\ta\n\t\tb\n\tE\n", r#""a\n\tb\n""#),
        ("<<-E\n  a ${b}\n    c\n  E\n", r#"(template "a " b "\n  c\n")"#),
        ("<<-E\n  ${a}\n    b\n  E\n", r#"(template a "\n  b\n")"#),
        ("<<-E\n${a}\n    b\n  E\n", r#"(template a "\n    b\n")"#),
        ("<<-E\n  $a\n    b\n  E\n", r#""$a\n  b\n""#),
        ("<<-E\r\n  a\r\n\r\n    b\r\n  E\r\n", r#""a\r\n\r\n  b\r\n""#),
    ];
    for (text, expected) in cases {
        assert_eq!(argument(text), expected, "{text}");
    }
}

#[test]
fn heredocs_nest_and_stand_in_brackets() {
    let nested = "[<<-E\n  ${ <<F\nx\nF\n  }\n  E\n, 1]\n";
    assert_eq!(argument(nested), r#"(tuple (template "x\n" "\n") 1)"#);
}

#[test]
fn bare_templates_are_whole_texts() {
    let cases = [
        ("", r#""""#),
        ("a \"b\" \\n", r#""a \"b\" \\n""#),
        ("${a}", "(wrap a)"),
        ("a\n${b}\n", r#"(template "a\n" b "\n")"#),
        ("%{ for x in y ~}\n- ${x}\n%{ endfor ~}\n", r#"(template (for x y "- " x "\n"))"#),
        ("100%", r#""100%""#),
    ];
    for (text, expected) in cases {
        let (expression, found) = parse_template(FILE, text, 0);
        assert!(found.is_empty(), "{text}: {found:?}");
        assert_eq!(sketch(&expression), expected, "{text}");
    }
}

#[test]
fn spans_are_moved_by_the_offset() {
    let (expression, found) = parse_template(FILE, "a ${b c}", 100);
    assert_eq!((expression.span.start, expression.span.end), (100, 108));
    let places: Vec<_> = found.iter().filter_map(|one| one.span).map(|span| span.start).collect();
    assert_eq!(places, [106]);
}
