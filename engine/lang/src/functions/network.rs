//! IP networks.

use platoform_value::{Number, Type, Value};

use super::cidr::{Network, highest};
use super::{Arguments, Function, Parameter, Problem, Returns};

type Outcome = Result<Value, Problem>;

const PREFIX: Parameter = Parameter::text("prefix");

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("cidrhost", &[PREFIX, Parameter::number("hostnum")], Returns::TEXT, cidrhost),
    Function::new("cidrnetmask", &[PREFIX], Returns::TEXT, cidrnetmask),
    Function::new(
        "cidrsubnet",
        &[PREFIX, Parameter::number("newbits"), Parameter::number("netnum")],
        Returns::TEXT,
        cidrsubnet,
    ),
    Function::new("cidrsubnets", &[PREFIX], Returns::TEXTS, cidrsubnets)
        .variadic(Parameter::number("newbits")),
];

/// A whole number as its sign and its magnitude, which is `None` beyond every address.
fn whole(number: &Number) -> Result<(bool, Option<u128>), Problem> {
    if !number.is_integer() {
        return Err("value must be a whole number".into());
    }
    Ok((number.is_negative(), number.abs().to_string().parse().ok()))
}

/// A host number below zero counts from the end.
fn cidrhost(arguments: &Arguments<'_>) -> Outcome {
    let number = arguments.number(1);
    let (negative, magnitude) = whole(number)?;
    let network = Network::parse(arguments.text(0))?;
    let refused = |number: &Number| {
        let prefix = network.prefix;
        Problem::from(format!("prefix of {prefix} does not accommodate a host numbered {number}"))
    };
    let most = highest(network.host_bits());
    let host = match magnitude {
        // The first from the end is the greatest number.
        _ if negative => {
            let counted = magnitude.and_then(|magnitude| most.checked_sub(magnitude - 1));
            counted.ok_or_else(|| {
                // What is too far is named as counted forwards.
                let most = Number::parse(&most.to_string()).unwrap_or(Number::ZERO);
                refused(&most.add(number).and_then(|sum| sum.add(&1_i64.into())).unwrap_or(most))
            })?
        }
        // From the reference: only the last 64 bits are compared, and as a number with a sign.
        Some(magnitude) => {
            let low = (magnitude as u64).cast_signed();
            if u128::try_from(low).is_ok_and(|low| low > most) {
                return Err(refused(number));
            }
            magnitude
        }
        None => return Err(refused(number)),
    };
    // From the reference: a mapped address takes the number where an IPv4 address would begin.
    let host =
        if network.is_mapped() { fitting(host, 96, 128) } else { fitting(host, 0, network.bits) };
    let host = host.ok_or_else(|| refused(number))?;
    Ok(network.address(network.address | host).to_string().into())
}

/// A number moved to the left, unless it leaves the bits of an address.
fn fitting(number: u128, shift: u32, bits: u32) -> Option<u128> {
    let moved = number.checked_shl(shift).unwrap_or(0);
    (moved.checked_shr(shift).unwrap_or(0) == number && moved <= highest(bits)).then_some(moved)
}

fn cidrnetmask(arguments: &Arguments<'_>) -> Outcome {
    let text = arguments.text(0);
    let network = Network::parse(text)?;
    if network.bits != 32 && !network.is_mapped() {
        return Err(format!("IPv6 addresses cannot have a netmask: {text}").into());
    }
    let mask = highest(network.bits) ^ highest(network.host_bits());
    Ok(network.address(mask).to_string().into())
}

fn cidrsubnet(arguments: &Arguments<'_>) -> Outcome {
    let added = arguments.integer(1)?;
    let (negative, magnitude) = whole(arguments.number(2))?;
    let network = Network::parse(arguments.text(0))?;
    let prefix = i64::from(network.prefix).wrapping_add(added);
    let insufficient = || {
        let parent = network.prefix;
        format!("insufficient address space to extend prefix of {parent} by {added}")
    };
    if prefix > i64::from(network.bits) {
        return Err(insufficient().into());
    }
    let Ok(prefix) = u32::try_from(prefix) else {
        // From the reference: the network with number zero in a space larger than all has no mask.
        return if magnitude == Some(0) { Ok("<nil>".into()) } else { Err(insufficient().into()) };
    };
    let refused = || {
        let number = arguments.number(2);
        format!("prefix extension of {added} does not accommodate a subnet numbered {number}")
    };
    // From the reference: only the last 64 bits are compared, and a network may become larger.
    let most = prefix.checked_sub(network.prefix).map_or(u128::MAX, highest);
    let number = magnitude.filter(|number| u128::from(*number as u64) <= most);
    let number = number.ok_or_else(refused)?;
    let shift = network.bits - prefix;
    let address = if negative && number > 0 {
        // From the reference: the magnitude of the two's complement that this makes.
        let below = last_below(number, shift).ok_or_else(refused)?;
        (!network.address & below).checked_add(1).ok_or_else(refused)?
    } else {
        network.address | fitting(number, shift, network.bits).ok_or_else(refused)?
    };
    if address > highest(network.bits) {
        return Err(refused().into());
    }
    Ok(Network { address, prefix, ..network }.text().into())
}

/// The number before one that is moved to the left, unless it has more bits than any address.
fn last_below(number: u128, shift: u32) -> Option<u128> {
    let power = number.is_power_of_two() && number.trailing_zeros() + shift == 128;
    if power { Some(u128::MAX) } else { Some(fitting(number, shift, 128)? - 1) }
}

/// The most bits by which one call extends a prefix.
const LARGEST_EXTENSION: i64 = 32;

fn cidrsubnets(arguments: &Arguments<'_>) -> Outcome {
    let network = Network::parse(arguments.text(0)).map_err(|error| Problem::at(0, error))?;
    let mut subnets = Vec::new();
    let mut next = Some(network.address);
    let mut previous = network;
    for index in 1..arguments.values.len() {
        let refused = |message: String| Err(Problem::at(index, message));
        let added = arguments.integer(index).map_err(|error| Problem::at(index, error.message))?;
        if added < 1 {
            return refused("must extend prefix by at least one bit".into());
        }
        if added > LARGEST_EXTENSION {
            return refused("may not extend prefix by more than 32 bits".into());
        }
        let prefix = network.prefix + u32::try_from(added).unwrap_or(0);
        if prefix > network.bits {
            let protocol = if network.bits == 32 { "IPv4" } else { "IPv6" };
            return refused(format!(
                "would extend prefix to {prefix} bits, which is too long for an {protocol} address"
            ));
        }
        if network.is_mapped() {
            // From the reference: it is taken for an IPv4 network, and no such mask exists.
            return refused(format!(
                "not enough remaining address space for a subnet with a prefix of {prefix} bits \
                 after <nil>"
            ));
        }
        let hosts = highest(network.bits - prefix);
        // The first address that is a multiple of the subnet's size.
        let start = next.and_then(|next| next.checked_add(hosts)).map(|end| end & !hosts);
        // The reference begins before the network, and there is nothing before address zero.
        let start = start.filter(|start| *start > 0);
        if index == 1 && start.is_none() {
            previous = Network { address: highest(network.bits) & !hosts, prefix, ..network };
        }
        let Some(address) = start.filter(|start| *start <= network.last()) else {
            let after = previous.text();
            return refused(format!(
                "not enough remaining address space for a subnet with a prefix of {prefix} bits \
                 after {after}"
            ));
        };
        previous = Network { address, prefix, ..network };
        next = previous.last().checked_add(1);
        subnets.push(Value::from(previous.text()));
    }
    Ok(Value::list(Type::String, subnets))
}
