//! Answers of Terraform 1.11.4.

use crate::eval::tests::{fails, gives, says, value};

#[test]
fn tables_are_read() {
    gives(
        r#"csvdecode("a, b\r\n\"1\r\n\"\"2\",\n\n,x")"#,
        r#"[{" b":"","a":"1\n\"2"},{" b":"x","a":""}] list(object({  b = string, a = string }))"#,
    );
    gives("csvdecode(\"a\")", "[] list(object({ a = string }))");
    for (table, why) in [
        ("\\n", "missing header line"),
        ("a,a", "duplicate column name \"a\""),
        ("a\\n1,2", "CSV parse error on line 2: wrong number of fields"),
        ("a\\nb\\\"x", "CSV parse error on line 2: bare \" in non-quoted-field"),
        (
            "a,b\\n\\\"x\\ny\\\"z,2",
            "CSV parse error on line 3: extraneous or missing \" in quoted-field",
        ),
        ("a\\n\\\"x\\n\\ny", "CSV parse error on line 4: extraneous or missing \" in quoted-field"),
    ] {
        let why = format!("Call to function \"csvdecode\" failed: {why}");
        says(&format!("csvdecode(\"{table}\")"), &why);
    }
}

#[test]
fn gzip_has_the_bytes_of_go() {
    for (text, expected) in [
        ("\"\"", "H4sIAAAAAAAA/wAAAP//AQAA//8AAAAAAAAAAA=="),
        ("\"hello\"", "H4sIAAAAAAAA/8pIzcnJBwAAAP//AQAA//+GphA2BQAAAA=="),
        (
            "\"hello hello hello hello hello hello\"",
            "H4sIAAAAAAAA/8pIzcnJV8BLAgAAAP//AQAA//9XN2KFIwAAAA==",
        ),
    ] {
        gives(&format!("base64gzip({text})"), &format!("{expected:?} string"));
    }
    // Codes of its own, far repetitions and several blocks.
    for (text, digest) in [
        ("join(\",\", range(300))", "1f44ee964ffc7af67dc6395bacd7e75e34decef9"),
        (
            "join(\"\", [for a in range(1000) : sha512(tostring(a))])",
            "9e3954011ff3e6373b6437f80792a73ef1a1bd58",
        ),
        (
            "jsonencode([for a in range(1000) : { id = a, name = \"user-${a}\", on = a % 3 == 0 }])",
            "373af3b9f236c360a5518ec9ef5e126ec971b58a",
        ),
    ] {
        let actual = value(&format!("sha1(base64gzip({text}))"));
        assert_eq!(actual.as_str(), Some(digest), "{text}");
    }
}

#[test]
fn text_is_encoded() {
    for (text, name, bytes) in [
        ("aé", "UTF-16", "/v8AYQDp"),
        ("😀", "utf-16le", "PdgA3g=="),
        ("aé", "latin1", "Yek="),
        ("a€", "ISO-8859-15", "YaQ="),
        ("日本", "Shift_JIS", "k/qWew=="),
        ("日本", "ISO-2022-JP", "GyRCRnxLXBsoQg=="),
        ("日本", "GBK", "yNWxvg=="),
        ("€", "csWindows1252", "gA=="),
    ] {
        gives(&format!("textencodebase64({text:?}, {name:?})"), &format!("{bytes:?} string"));
        gives(&format!("textdecodebase64({bytes:?}, {name:?})"), &format!("{text:?} string"));
    }
    for call in [
        "textencodebase64(\"é\", \"US-ASCII\")",
        "textencodebase64(\"\\u0085\", \"windows-1252\")",
        "textencodebase64(\"a\", \"cp1252\")",
        "textencodebase64(\"a\", \"utf8\")",
        "textdecodebase64(\"gQ==\", \"windows-1252\")",
        "textdecodebase64(\"PdgAAA==\", \"UTF-16LE\")",
    ] {
        fails(call, "Invalid function argument");
    }
    for (source, offset) in [("AAA", 0), ("AAAAAA", 4), ("A===", 1), ("AA==AA==", 4), ("AAAé", 3)]
    {
        let why = format!(
            "Invalid value for \"source\" parameter: the given value is has an invalid base64 \
             symbol at offset {offset}"
        );
        says(&format!("textdecodebase64({source:?}, \"UTF-8\")"), &why);
    }
}

#[test]
fn identifiers_follow_from_names() {
    for (namespace, expected) in [
        ("{6ba7b810-9dad-11d1-80b4-00c04fd430c8}", "36594bba-bbaf-5783-bbba-e2284929a2c9"),
        ("urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8", "36594bba-bbaf-5783-bbba-e2284929a2c9"),
    ] {
        gives(&format!("uuidv5({namespace:?}, \"terraform.io\")"), &format!("{expected:?} string"));
    }
    says(
        "uuidv5(\"DNS\", \"a\")",
        "Call to function \"uuidv5\" failed: uuidv5() doesn't support namespace DNS (invalid UUID \
         length: 3)",
    );
    gives("urlencode(\"ü~-_.! *'\")", "\"%C3%BC~-_.%21+%2A%27\" string");
}
