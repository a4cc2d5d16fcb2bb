//! Sets and lists some of whose elements are not known, or of no one type.

use crate::eval::tests::{fails, gives, says, value};

/// A single element is one element, whatever it turns out to be.
#[test]
fn a_set_of_one_unknown_element_is_counted() {
    gives("length(toset([text]))", "1 number");
    gives("length(toset([text, \"a\"]))", "unknown number");
    assert_eq!(value("flatten([toset([text]), [null]])").children().count(), 2);
    assert_eq!(value("setproduct([\"a\", \"b\"], toset([text]))").children().count(), 2);
    assert_eq!(value("formatlist(\"%s\", toset([text]))").children().count(), 1);
}

#[test]
fn elements_that_differ_inside_a_part_of_any_type_make_no_collection() {
    for elements in ["[null], [[1]]", "{ a = null }, { a = [1] }", "tolist(null), [[\"a\"]]"] {
        says(
            &format!("tolist([{elements}])"),
            "Invalid value for \"v\" parameter: cannot convert tuple to list of any single type",
        );
    }
    gives("tolist([[null], [1]])", "[[null],[1]] list(tuple([number]))");
}

#[test]
fn keys_that_are_not_known_are_not_counted() {
    gives("zipmap([text], [1, \"a\"])", "unknown any");
    fails("zipmap([\"a\"], [1, \"a\"])", "Error in function call");
}

#[test]
fn the_first_that_is_not_empty_is_text_only_where_all_are() {
    gives("coalesce(\"\", \"a\")", "\"a\" string");
    gives("coalesce(\"\", tolist([1]), null)", "\"\" string");
}

/// Odd, but so it is in Terraform: beside null of no type, the types of the others are not asked for.
#[test]
fn a_set_merges_beside_null() {
    gives("merge(null, toset([\"a\"]))", r#"{"a":"a"} object({ a = string })"#);
    fails("merge(toset([\"a\"]))", "Error in function call");
    fails("merge(null, [1])", "Error in function call");
}
