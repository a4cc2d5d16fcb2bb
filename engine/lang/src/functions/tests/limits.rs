//! What would take forever, or all memory, is refused.

use std::time::{Duration, Instant};

use crate::eval::tests::outcome;

/// Far more than any of these takes in a debug build.
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn nothing_takes_forever() {
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let nines = "9".repeat(50_000);
    for text in [
        "range(1e18)".to_owned(),
        "range(0, 1, 1e-18)".into(),
        "range(0, 1, 0)".into(),
        "format(\"%999999999d\", 1)".into(),
        "format(\"%.999999999f\", 1)".into(),
        "format(\"%d\", 1e9999)".into(),
        "pow(10, 1e300) * pow(10, 1e300)".into(),
        "1e99999999999".into(),
        "1e-99999999999".into(),
        "1e100000 * 1e100000".into(),
        "1 / 1e100000".into(),
        "1e100000 % 3".into(),
        format!("{nines} * {nines}"),
        format!("parseint(\"{nines}\", 10)"),
        "setproduct(range(1000), range(1000), range(1000), range(1000))".into(),
        "indent(1e18, \"a\\nb\")".into(),
        "substr(\"abc\", -9e18, 9e18)".into(),
        "element([1], -9e18)".into(),
        "chunklist(range(10), 9e18)".into(),
        "cidrsubnet(\"::/0\", 128, 9e37)".into(),
        "cidrsubnet(\"::/0\", -9e18, 1)".into(),
        "cidrhost(\"10.0.0.0/8\", -9e37)".into(),
        "timeadd(\"9999-12-31T23:59:59Z\", \"2562047h\")".into(),
        "bcrypt(\"a\", 31)".into(),
        format!("jsondecode({deep:?})"),
        format!("yamldecode({deep:?})"),
        "yamldecode(\"a: &a [x,x,x,x,x,x,x,x,x]\\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\\nc: &c \
         [*b,*b,*b,*b,*b,*b,*b,*b,*b]\\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\\ne: &e \
         [*d,*d,*d,*d,*d,*d,*d,*d,*d]\\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e]\")"
            .into(),
        "regex(\"(((a{1000}){1000}){1000})\", \"a\")".into(),
        "regexall(\"(a*)*b\", join(\"\", [for x in range(1000) : \"a\"]))".into(),
        "fileset(\"tree\", \"**/**/**/**/**\")".into(),
        "base64gzip(join(\"\", [for x in range(1000) : \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"]))".into(),
        "log(0, 0)".into(),
        "log(-1, 2)".into(),
        "pow(0, -1)".into(),
    ] {
        let begun = Instant::now();
        // Whether it is an error does not matter here.
        let _ = outcome(&text);
        let taken = begun.elapsed();
        assert!(taken < PATIENCE, "{taken:?}: {}", &text[..text.len().min(80)]);
    }
}
