//! Blocks of addresses in CIDR notation.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// A network's address as a number, its prefix length, and the length of an address.
#[derive(Clone, Copy)]
pub(super) struct Network {
    pub address: u128,
    pub prefix: u32,
    pub bits: u32,
}

impl Network {
    pub fn parse(text: &str) -> Result<Self, String> {
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
    pub fn host_bits(self) -> u32 {
        self.bits - self.prefix
    }

    /// Whether it is an IPv4 network in the form of an IPv6 one: `::ffff:10.0.0.0/104`.
    pub fn is_mapped(self) -> bool {
        self.bits == 128 && self.address >> 32 == 0xffff
    }

    /// An address of this network's kind as text. From the reference: a mapped one is written as
    /// what it is mapped from.
    pub fn address(self, address: u128) -> IpAddr {
        match u32::try_from(address) {
            Ok(address) if self.bits == 32 => Ipv4Addr::from(address).into(),
            _ => IpAddr::V6(Ipv6Addr::from(address)).to_canonical(),
        }
    }

    pub fn text(self) -> String {
        let prefix = if self.is_mapped() { self.prefix.saturating_sub(96) } else { self.prefix };
        format!("{}/{prefix}", self.address(self.address))
    }

    /// The last address.
    pub fn last(self) -> u128 {
        self.address | highest(self.host_bits())
    }
}

/// The greatest number of so many bits.
pub(super) fn highest(bits: u32) -> u128 {
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
