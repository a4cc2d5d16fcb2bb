//! IP networks.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use platoform_value::{Number, Type, Value};

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

/// A network's address as a number, its prefix length, and the length of an address.
#[derive(Clone, Copy)]
struct Network {
    address: u128,
    prefix: u32,
    bits: u32,
}

impl Network {
    fn parse(text: &str) -> Result<Self, String> {
        let net: IpNet = without_leading_zeros(text)
            .parse()
            .map_err(|_| format!("invalid CIDR expression: invalid CIDR address: {text}"))?;
        let net = net.trunc();
        let address = match net.addr() {
            IpAddr::V4(address) => u128::from(u32::from(address)),
            IpAddr::V6(address) => u128::from(address),
        };
        let bits = u32::from(net.max_prefix_len());
        Ok(Self { address, prefix: u32::from(net.prefix_len()), bits })
    }

    /// Bits that number hosts.
    fn host_bits(self) -> u32 {
        self.bits - self.prefix
    }

    fn address(self, address: u128) -> IpAddr {
        match u32::try_from(address) {
            Ok(address) if self.bits == 32 => Ipv4Addr::from(address).into(),
            _ => Ipv6Addr::from(address).into(),
        }
    }

    fn text(self) -> String {
        format!("{}/{}", self.address(self.address), self.prefix)
    }

    /// The last address.
    fn last(self) -> u128 {
        self.address | highest(self.host_bits())
    }
}

/// The greatest number of so many bits.
fn highest(bits: u32) -> u128 {
    1_u128.checked_shl(bits).map_or(u128::MAX, |power| power - 1)
}

/// Numbers of an IPv4 address may have leading zeros, which mean nothing.
fn without_leading_zeros(text: &str) -> String {
    if text.contains(':') {
        return text.into();
    }
    let strip = |part: &str| {
        let stripped = part.trim_start_matches('0');
        if stripped.is_empty() && !part.is_empty() { "0".into() } else { stripped.to_owned() }
    };
    match text.split_once('/') {
        Some((address, prefix)) => {
            let parts: Vec<String> = address.split('.').map(strip).collect();
            format!("{}/{prefix}", parts.join("."))
        }
        None => text.into(),
    }
}

/// A whole number as its sign and its magnitude, which is `None` beyond every address.
fn whole(number: &Number) -> Result<(bool, Option<u128>), Problem> {
    if !number.is_integer() {
        return Err("value must be a whole number".into());
    }
    Ok((number.is_negative(), number.abs().to_string().parse().ok()))
}

/// A host number below zero counts from the end.
fn cidrhost(arguments: &Arguments<'_>) -> Outcome {
    let (negative, magnitude) = whole(arguments.number(1))?;
    let network = Network::parse(arguments.text(0))?;
    let most = highest(network.host_bits());
    let host = magnitude.and_then(|magnitude| {
        // The first from the end is the greatest number.
        if negative { most.checked_sub(magnitude - 1) } else { Some(magnitude) }
    });
    match host.filter(|host| *host <= most) {
        Some(host) => Ok(network.address(network.address | host).to_string().into()),
        None => Err(format!(
            "prefix of {} does not accommodate a host numbered {}",
            network.prefix,
            arguments.number(1)
        )
        .into()),
    }
}

fn cidrnetmask(arguments: &Arguments<'_>) -> Outcome {
    let text = arguments.text(0);
    let network = Network::parse(text)?;
    if network.bits != 32 {
        return Err(format!("IPv6 addresses cannot have a netmask: {text}").into());
    }
    let mask = highest(32) ^ highest(network.host_bits());
    Ok(network.address(mask).to_string().into())
}

fn cidrsubnet(arguments: &Arguments<'_>) -> Outcome {
    let added = arguments.integer(1)?;
    let (negative, magnitude) = whole(arguments.number(2))?;
    let network = Network::parse(arguments.text(0))?;
    let prefix = i64::from(network.prefix).saturating_add(added);
    let too_long = prefix > i64::from(network.bits);
    let Some(prefix) = u32::try_from(prefix).ok().filter(|_| !too_long) else {
        let parent = network.prefix;
        return Err(
            format!("insufficient address space to extend prefix of {parent} by {added}").into()
        );
    };
    // From the reference: a network may also become larger.
    let most = prefix.checked_sub(network.prefix).map_or(u128::MAX, highest);
    let Some(number) = magnitude.filter(|number| *number <= most) else {
        let number = arguments.number(2);
        return Err(format!(
            "prefix extension of {added} does not accommodate a subnet numbered {number}"
        )
        .into());
    };
    let shifted = number.checked_shl(network.bits - prefix).unwrap_or(0);
    let address = if negative && shifted > 0 {
        // From the reference: the magnitude of the two's complement that this makes.
        ((!network.address & (shifted - 1)) + 1) & highest(network.bits)
    } else {
        network.address | shifted
    };
    let subnet = Network { address, prefix, ..network };
    Ok(subnet.text().into())
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
