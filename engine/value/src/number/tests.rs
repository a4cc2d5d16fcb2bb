use super::*;

const THIRD: &str = "0.33333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333335";

fn number(text: &str) -> Number {
    Number::parse(text).unwrap()
}

/// What Terraform prints for the same literals, calls of `tonumber` and operations.
#[test]
fn prints_as_terraform_does() {
    for (text, printed) in [
        ("0", "0"),
        ("-0", "-0"),
        ("1.50", "1.5"),
        ("1e400", &format!("1{}", "0".repeat(400))),
        ("1e-5", "0.00001"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        // More digits than 512 bits tell apart.
        (&"9".repeat(225), &format!("1{}", "0".repeat(225))),
        ("+5", "5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("010", "10"),
        ("1p3", "8"),
        ("1P-1", "0.5"),
        ("Inf", "+Inf"),
        ("-inf", "-Inf"),
        ("0e999999999", "0"),
        ("0.1000", "0.1"),
    ] {
        assert_eq!(number(text).to_string(), printed, "{text}");
    }
}

#[test]
fn refuses_what_is_no_number() {
    for text in [
        "", "-", ".", "1.2.3", "1e", "1e+", "0x10", "1_000", " 5", "5 ", "e5", "infinity", "NaN",
        "--1", "١",
    ] {
        assert_eq!(Number::parse(text), Err(NumberError::Syntax), "{text}");
    }
}

#[test]
fn refuses_what_would_eat_memory() {
    let long = "1".repeat(TEXT_LIMIT + 1);
    for text in ["1e999999999", "1e-999999999", "1e99999999999999999999999", "1p999999999", &long] {
        assert_eq!(Number::parse(text), Err(NumberError::Range), "{text:.30}");
    }
    let mut power = number("2");
    while let Ok(square) = power.mul(&power) {
        power = square;
    }
    assert_eq!(power.mul(&power), Err(NumberError::Range));
}

#[test]
fn arithmetic_is_terraforms() {
    let binary = |left: &str,
                  operation: fn(&Number, &Number) -> Result<Number, NumberError>,
                  right: &str| {
        operation(&number(left), &number(right)).map(|result| result.to_string())
    };
    for (left, right, quotient) in [
        ("1", "3", THIRD),
        ("10", "4", "2.5"),
        ("1", "0", "+Inf"),
        ("-1", "0", "-Inf"),
        ("0", "-5", "-0"),
        ("5", "Inf", "0"),
        ("-9223372036854775808", "-1", "9223372036854775808"),
    ] {
        assert_eq!(binary(left, Number::div, right).as_deref(), Ok(quotient), "{left} / {right}");
    }
    for (left, right, rest) in [
        ("5", "0", "5"),
        ("5.5", "2", "1.5"),
        ("-5", "3", "-2"),
        ("5", "-3", "2"),
        ("1e30", "7", "1"),
        ("1e400", "7", "0"),
        ("-4", "2", "0"),
        ("7.5", "0.25", "0"),
    ] {
        assert_eq!(binary(left, Number::rem, right).as_deref(), Ok(rest), "{left} % {right}");
    }
    assert_eq!(binary("0", Number::mul, "-1").as_deref(), Ok("-0"));
    assert_eq!(
        binary("9223372036854775807", Number::add, "1").as_deref(),
        Ok("9223372036854775808")
    );
    assert_eq!(
        binary("9223372036854775808", Number::sub, "1").as_deref(),
        Ok("9223372036854775807")
    );
    assert_eq!(binary("0", Number::div, "0"), Err(NumberError::Quotient));
    assert_eq!(binary("Inf", Number::div, "Inf"), Err(NumberError::Quotient));
    assert_eq!(binary("Inf", Number::sub, "Inf"), Err(NumberError::Difference));
    assert_eq!(binary("Inf", Number::add, "-Inf"), Err(NumberError::Sum));
    assert_eq!(binary("Inf", Number::mul, "0"), Err(NumberError::Product));
    assert_eq!(binary("2", Number::rem, "Inf"), Err(NumberError::Remainder));
}

#[test]
fn decimal_fractions_add_up() {
    assert_eq!(number("0.1").add(&number("0.2")).unwrap(), number("0.3"));
}

#[test]
fn precision_follows_the_origin() {
    let (one, three) = (Number::from(1_i64), Number::from(3_i64));
    assert_eq!(one.div(&three).unwrap().to_string(), "0.33333333333333333334");
    assert_eq!(one.div(&number("3")).unwrap().to_string(), THIRD);
    let root = Number::from_f64(2_f64.sqrt()).unwrap();
    assert_eq!(root.to_string(), "1.4142135623730951");
    let sum = root.add(&number("1")).unwrap();
    assert_eq!(sum.to_string(), "2.4142135623730951454746218587388284504413604736328125");
    let power = Number::from_f64(2_f64.powi(60)).unwrap();
    assert_eq!(power.to_string(), "1152921504606847000");
    assert_eq!(power.add(&number("1")).unwrap().to_string(), "1152921504606846977");
}

#[test]
fn what_prints_alike_is_equal() {
    let double = Number::from_f64(0.1).unwrap();
    assert_eq!(double, number("0.1"));
    assert!(Number::from_f64(0.1).unwrap() < number("0.1000000001"));
    assert!(Number::from_f64(-0.1).unwrap() > number("-0.1000000001"));
    let hash = |number: &Number| {
        let mut hasher = std::hash::DefaultHasher::new();
        number.hash(&mut hasher);
        hasher.finish()
    };
    assert_eq!(hash(&double), hash(&number("0.1")));
    assert_eq!(number("-0"), number("0"));
    assert_eq!(hash(&number("-0")), hash(&number("0")));
    assert_eq!(hash(&number("3.0")), hash(&Number::from(3_i64)));
}

#[test]
fn integers_take_the_short_form() {
    assert_eq!(number("1e18").as_i64(), Some(1_000_000_000_000_000_000));
    assert_eq!(number("0.5").add(&number("0.5")).unwrap().as_i64(), Some(1));
    assert_eq!(number("-9223372036854775808").as_i64(), Some(i64::MIN));
    assert_eq!(number("-9223372036854775809").as_i64(), None);
    assert_eq!(Number::from(u64::MAX).to_string(), "18446744073709551615");
    assert!(number("1e30").is_integer() && !number("1.5").is_integer());
}

#[test]
fn orders_by_value() {
    let ascending = [
        "-Inf",
        "-1e30",
        "-2.5",
        "-2",
        "-0.5",
        "0",
        "1e-30",
        "0.5",
        "1",
        "1.5",
        "9223372036854775808",
        "1e30",
        "Inf",
    ];
    for (left_index, left) in ascending.iter().enumerate() {
        for (right_index, right) in ascending.iter().enumerate() {
            assert_eq!(
                number(left).cmp(&number(right)),
                left_index.cmp(&right_index),
                "{left} {right}"
            );
        }
    }
}

#[test]
fn whole_numbers_around() {
    for (text, floor, ceil, abs) in [
        ("1.5", "1", "2", "1.5"),
        ("-1.5", "-2", "-1", "1.5"),
        ("-0.5", "-1", "0", "0.5"),
        ("7", "7", "7", "7"),
        ("-Inf", "-Inf", "-Inf", "+Inf"),
        ("-0", "-0", "-0", "0"),
        (
            "1000000000000000000000000000000.5",
            "1000000000000000000000000000000",
            "1000000000000000000000000000001",
            "1000000000000000000000000000000.5",
        ),
    ] {
        let number = number(text);
        assert_eq!(number.floor().to_string(), floor, "floor {text}");
        assert_eq!(number.ceil().to_string(), ceil, "ceil {text}");
        assert_eq!(number.abs().to_string(), abs, "abs {text}");
    }
    assert_eq!(number(&i64::MIN.to_string()).neg().to_string(), "9223372036854775808");
}

#[test]
fn other_forms() {
    let general = |text: &str| number(text).to_general_shortest();
    assert_eq!(general("100000"), "100000");
    assert_eq!(general("1000000"), "1e+06");
    assert_eq!(general("123456789012345678901234"), "1.23456789012345678901234e+23");
    assert_eq!(general("0.00001"), "1e-05");
    assert_eq!(general("0"), "0");
    assert_eq!(number("1234567").to_general(3), "1.23e+06");
    assert_eq!(number("100").to_general(10), "100");
    assert_eq!(number("12345678901").to_general(10), "1.23456789e+10");
    assert_eq!(number("0").to_general(10), "0");
    assert_eq!(number("1500").to_scientific(6), "1.500000e+03");
    assert_eq!(number("2.345").to_fixed(2), "2.34");
    assert_eq!(number("2.5").to_fixed(0), "2");
    assert_eq!(number("0.001").to_fixed(2), "0.00");
    assert_eq!(number("0.999").to_fixed(2), "1.00");
    assert_eq!(number("-0.06").to_fixed(1), "-0.1");
    assert_eq!(number("255").to_radix(16).as_deref(), Some("ff"));
    assert_eq!(number("-5").to_radix(2).as_deref(), Some("-101"));
    assert_eq!(number("1.5").to_radix(2), None);
    assert_eq!(
        Number::parse_radix("ffffffffffffffffffffffff", 16).unwrap().to_string(),
        "79228162514264337593543950335"
    );
    assert_eq!(Number::parse_radix("-zZ", 36).unwrap(), number("-1295"));
    assert_eq!(Number::parse_radix("12", 2), Err(NumberError::Syntax));
}

#[test]
fn doubles_there_and_back() {
    for value in [0.0, 1.0, -1.5, 0.1, 1e300, 5e-324, f64::MAX, f64::MIN_POSITIVE, 123456.789, 1e23]
    {
        let number = Number::from_f64(value).unwrap();
        assert_eq!(number.as_f64().to_bits(), value.to_bits(), "{value}");
        assert_eq!(number.to_string().parse::<f64>().unwrap().to_bits(), value.to_bits());
    }
    assert_eq!(Number::from_f64(f64::NAN), Err(NumberError::NotANumber));
    assert_eq!(number("1e400").as_f64(), f64::INFINITY);
}
