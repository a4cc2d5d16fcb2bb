//! Networks. The answers are those of Terraform, odd ones included.

use crate::eval::tests::{gives, says};

#[test]
fn numbers_below_zero_count_from_the_end() {
    gives(r#"cidrhost("10.0.0.0/8", -1)"#, "\"10.255.255.255\" string");
    says(
        r#"cidrhost("192.168.0.0/24", -257)"#,
        "Call to function \"cidrhost\" failed: prefix of 24 does not accommodate a host \
         numbered -1",
    );
    gives(r#"cidrsubnet("fd00::/8", -8, -1)"#, "\"300::/0\" string");
    gives(r#"cidrsubnet("10.0.0.0/8", -9, 0)"#, "\"<nil>\" string");
}

#[test]
fn only_the_last_bits_of_a_large_number_are_compared() {
    gives(r#"cidrhost("2001:db8::/64", 18446744073709551616)"#, "\"2001:db8:0:1::\" string");
    gives(r#"cidrsubnet("64:ff9b::/96", 2, 18446744073709551616)"#, "\"64:ff9b:4000::/98\" string");
}

#[test]
fn a_mapped_network_is_written_as_what_it_is_mapped_from() {
    let network = "::ffff:10.0.0.0/104";
    gives(&format!("cidrhost(\"{network}\", 0)"), "\"10.0.0.0\" string");
    gives(&format!("cidrhost(\"{network}\", 1)"), "\"0:1::ffff:a00:0\" string");
    gives(&format!("cidrsubnet(\"{network}\", 1, 1)"), "\"10.128.0.0/9\" string");
    gives(
        &format!("cidrnetmask(\"{network}\")"),
        "\"ffff:ffff:ffff:ffff:ffff:ffff:ff00:0\" string",
    );
    says(
        &format!("cidrsubnets(\"{network}\", 1)"),
        "Invalid value for \"newbits\" parameter: not enough remaining address space for a \
         subnet with a prefix of 105 bits after <nil>",
    );
}
