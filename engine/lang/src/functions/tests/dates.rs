//! Answers of Terraform 1.11.4.

use crate::eval::tests::{gives, planned, says, value};

#[test]
fn timestamps_are_formatted() {
    gives(
        r#"formatdate("YY M MMM MMMM D EEE EEEE h H HH AA aa m s Z ZZZ ZZZZ ZZZZZ", "2017-02-08T02:03:04+02:00")"#,
        "\"17 2 Feb February 8 Wed Wednesday 2 2 02 AM am 3 4 +02:00 +0200 +0200 +02:00\" string",
    );
    gives(r#"formatdate("''é 'it''s' ÿ", "2017-02-28T12:03:04Z")"#, "\"'é it's ÿ\" string");
    gives(r#"formatdate("HHaa ZZZ", "2017-02-28T00:03:04Z")"#, "\"12am UTC\" string");
    for (format, why) in [
        ("YYY", "invalid date format verb \"YYY\": year must either be \"YY\" or \"YYYY\""),
        ("AAA", "invalid date format verb \"AAA\": must be \"AA\""),
        ("G", "invalid date format verb \"G\""),
        ("'a", "unterminated literal '"),
    ] {
        let why = format!("Invalid value for \"format\" parameter: {why}");
        says(&format!("formatdate({format:?}, \"2017-02-28T00:00:00Z\")"), &why);
    }
}

#[test]
fn timestamps_are_refused_word_for_word() {
    for (text, why) in [
        ("", "end of string before year"),
        ("2017-13-22T00:00:00Z", "cannot use \"-22T00:00:00Z\" as month"),
        ("2017/02", "found \"/02\" where \"-\" is expected"),
        ("2017-02-28", "missing required time introducer 'T'"),
        ("2017-02-30T00:00:00Z", "day out of range"),
        ("2017-02-28T24:00:00Z", "hour must be between 0 and 23 inclusive"),
        ("2017-02-28T2:00:00Z", "hour must have exactly two digits"),
        ("2017-02-28T02:60:00Z", "minute must have exactly two digits"),
        ("2017-02-28T02:00:60Z", "cannot use \"Z\" as second"),
        ("2017-02-28T02:00:00,5Z", "cannot use \",\" as timestamp segment"),
        ("2017-02-28T02:00:00", "end of string before UTC offset"),
        ("2017-02-28T02:00:00+24:00", "cannot use \"+24:00\" as UTC offset"),
        ("2017-02-28T02:00:00+24:61", "end of string before UTC offset"),
        ("2017-02-28T02:00:00Zfoo", "cannot use \"foo\" as timestamp segment"),
    ] {
        let why =
            format!("Invalid value for \"time\" parameter: not a valid RFC3339 timestamp: {why}");
        says(&format!("formatdate(\"Z\", {text:?})"), &why);
    }
}

#[test]
fn durations_are_added() {
    let from = "2017-02-28T02:00:00Z";
    for (duration, until) in [
        ("1h30m10.5s", "2017-02-28T03:30:10Z"),
        ("-.5m", "2017-02-28T01:59:30Z"),
        ("0", from),
        ("1.s", "2017-02-28T02:00:01Z"),
        ("1µs1us1ms", from),
        ("-9223372036854775808ns", "1724-11-19T02:12:43Z"),
    ] {
        gives(&format!("timeadd({from:?}, {duration:?})"), &format!("{until:?} string"));
    }
    gives(
        r#"timeadd("9999-12-31T23:59:59+02:00", "2562047h")"#,
        "\"10292-04-10T22:59:59+02:00\" string",
    );
    gives(r#"timeadd("0001-01-01T00:00:00Z", "-2562047h")"#, "\"-0292-09-22T01:00:00Z\" string");
    for (duration, why) in [
        ("1", "missing unit in duration \"1\""),
        ("1h1", "missing unit in duration \"1h1\""),
        ("1d", "unknown unit \"d\" in duration \"1d\""),
        ("", "invalid duration \"\""),
        (".s", "invalid duration \".s\""),
        ("é", "invalid duration \"\\xc3\\xa9\""),
        ("2562048h", "invalid duration \"2562048h\""),
        ("9223372036854775808ns", "invalid duration \"9223372036854775808ns\""),
    ] {
        let why = format!("Call to function \"timeadd\" failed: time: {why}");
        says(&format!("timeadd({from:?}, {duration:?})"), &why);
    }
}

#[test]
fn comparison_is_lenient() {
    gives(r#"timecmp("2017-02-28T2:00:00,5Z", "2017-02-28T04:00:00+02:00")"#, "1 number");
    gives(r#"timecmp("2017-02-28T02:00:00Z", "2017-02-28T04:00:00+02:00")"#, "0 number");
}

#[test]
fn the_present_is_unknown_in_a_plan() {
    gives("timestamp()", "\"2024-02-03T04:05:06Z\" string");
    gives("plantimestamp()", "\"2024-01-01T00:00:00Z\" string");
    gives("uuid()", "\"07070707-0707-0707-0707-070707070707\" string");
    gives("length(bcrypt(\"x\", 4))", "60 number");
    for call in ["timestamp()", "uuid()", "bcrypt(\"x\")"] {
        assert!(!planned(call).is_known(), "{call}");
    }
    assert_eq!(planned("plantimestamp()"), value("plantimestamp()"));
}
