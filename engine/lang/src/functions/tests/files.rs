//! Files by pattern.

use crate::eval::tests::{fails, gives};

#[test]
fn patterns_find_files() {
    for (pattern, found) in [
        ("*", "[\"a.txt\",\"b.txt\"]"),
        ("**", "[\"a.txt\",\"b.txt\",\"sub/a.txt\",\"sub/deep/c.txt\"]"),
        ("**/a.txt", "[\"a.txt\",\"sub/a.txt\"]"),
        ("sub/**/*.txt", "[\"sub/a.txt\",\"sub/deep/c.txt\"]"),
        ("**/**", "[\"a.txt\",\"b.txt\",\"sub/a.txt\",\"sub/deep/c.txt\"]"),
        ("**/**/*.txt", "[\"sub/a.txt\",\"sub/deep/c.txt\"]"),
        ("**/**/**", "[\"sub/a.txt\",\"sub/deep/c.txt\"]"),
        ("sub/**/**/**/c.txt", "[\"sub/deep/c.txt\"]"),
        ("[!a]*", "[\"a.txt\"]"),
        ("[^a]*", "[\"b.txt\"]"),
        ("{a,x}.[s-u]?t", "[\"a.txt\"]"),
        ("./a.txt", "[\"a.txt\"]"),
        ("../tree/b.txt", "[\"../tree/b.txt\"]"),
        ("sub", "[]"),
        ("", "[]"),
    ] {
        gives(&format!("fileset(\"tree\", {pattern:?})"), &format!("{found} set(string)"));
    }
    gives("fileset(\"nowhere\", \"**\")", "[] set(string)");
    fails("fileset(\"tree\", \"[\")", "Error in function call");
}
