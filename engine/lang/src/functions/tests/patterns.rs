//! Regular expressions.

use crate::eval::tests::{fails, gives, says};

#[test]
fn patterns_mean_what_they_mean_in_re2() {
    gives(r#"regex("[\\w]+", "aé")"#, "\"a\" string");
    gives(r#"regex("a\\b", "aé")"#, "\"a\" string");
    gives(r#"regex("[a&&b]+", "a&&b")"#, "\"a&&b\" string");
    gives(r#"regex("[a[b]+", "[")"#, "\"[\" string");
    gives(r#"regex("[]a]", "]")"#, "\"]\" string");
    gives(r#"regex("x{a}", "x{a}")"#, "\"x{a}\" string");
    gives(r#"regex("\\Qa.b\\E", "a.b")"#, "\"a.b\" string");
    gives(r#"regex("\\x{41}\\x41\\101", "AAA")"#, "\"AAA\" string");
    gives(r#"regex("[[:^alpha:]]", "1")"#, "\"1\" string");
    gives(
        r#"regex("(?P<n>\\d)(?P<m>x)?", "7")"#,
        r#"{"m":null,"n":"7"} object({ m = string, n = string })"#,
    );
    for pattern in ["a**", "(?x)a", "a(?=b)", "[a--z]", "\\\\8", "\\\\C", "[a", "a{1001}", "\\\\"] {
        fails(&format!("regex(\"{pattern}\", \"a\")"), "Invalid function argument");
    }
}

#[test]
fn groups_may_share_a_name_and_begin_it_with_a_digit() {
    gives(r#"regex("(?P<n>a)(?P<n>b)", "ab")"#, r#"{"n":"b"} object({ n = string })"#);
    gives(r#"regex("(?<1a>a)", "a")"#, r#"{"1a":"a"} object({ 1a = string })"#);
    gives(r#"replace("ab", "/(?P<n>x)?(?P<n>b)/", "<$n>")"#, "\"a<b>\" string");
}

#[test]
fn what_is_wrong_with_a_pattern_is_named() {
    let invalid = "Invalid value for \"pattern\" parameter: invalid regexp pattern: ";
    for (pattern, reason) in [
        ("(?P<a-b>a)", "invalid named capture in (?P<a-b>"),
        ("(?<=a)b", "invalid named capture in (?<=a)b"),
        ("(?-)a", "invalid or unsupported Perl syntax in (?-)"),
        ("a{2,1}", "invalid repeat count in {2,1}"),
        ("(a{500}){3}", "invalid repeat count in {3}"),
        ("x(*a)", "missing argument to repetition operator in *"),
        ("\\\\x4", "invalid escape sequence in \\x4"),
        ("\\\\x{110000}", "invalid escape sequence in \\x{110000"),
        ("\\\\p{greek}", "invalid character class range in \\p{greek}"),
        ("(a", "missing closing ) in (a"),
    ] {
        says(&format!("regex(\"{pattern}\", \"a\")"), &format!("{invalid}{reason}"));
    }
}

#[test]
fn a_replacement_refers_to_groups_as_in_go() {
    for (replacement, result) in [
        ("$1-$2", "b-"),
        ("$${1}x", "bx"),
        ("$1x", ""),
        ("$$1", "$1"),
        ("$${}", "${}"),
        ("$", "$"),
        ("$01", ""),
    ] {
        let expected = format!("\"a{result}c\" string");
        gives(&format!("replace(\"abc\", \"/(b)/\", \"{replacement}\")"), &expected);
    }
}
