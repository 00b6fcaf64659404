//! Arithmetic on address ranges, IPv4 and IPv6.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use dashu_int::IBig;

use super::{ANY, Arguments, Builtin, plain};
use crate::value::{ListKind, Value};

pub(super) const FUNCTIONS: &[Builtin] = &[
    plain(
        ("cidrhost", "prefix, hostnum", 2, 2, "The address of that number in the range; -1 is the last one."),
        cidrhost,
    ),
    plain(("cidrnetmask", "prefix", 1, 1, "The mask of an IPv4 range, as an address."), cidrnetmask),
    plain(
        ("cidrsubnet", "prefix, newbits, netnum", 3, 3, "The range of that number among those with so many more bits."),
        cidrsubnet,
    ),
    plain(
        ("cidrsubnets", "prefix, newbits...", 1, ANY, "Ranges one behind the other, each with so many more bits."),
        cidrsubnets,
    ),
];

/// A range of addresses, its base in the lower bits of a number.
#[derive(Clone, Copy)]
struct Range {
    base: u128,
    /// 32 or 128.
    size: u32,
    length: u32,
}

impl Range {
    fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("\"{text}\" is no address range; one looks like 10.0.0.0/16");
        let (address, length) = text.split_once('/').ok_or_else(wrong)?;
        let digits = !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit());
        let length = digits.then(|| length.parse::<u32>().ok()).flatten().ok_or_else(wrong)?;
        let (address, size) = match parse_v4(address) {
            Some(address) => (u128::from(address.to_bits()), 32),
            None => (address.parse::<Ipv6Addr>().map_err(|_| wrong())?.to_bits(), 128),
        };
        if length > size {
            return Err(wrong());
        }
        let range = Self { base: address, size, length };
        Ok(Self { base: address & !range.host_mask(), ..range })
    }

    fn host_bits(self) -> u32 {
        self.size - self.length
    }

    fn host_mask(self) -> u128 {
        u128::MAX.checked_shr(128 - self.host_bits()).unwrap_or(0)
    }

    fn last(self) -> u128 {
        self.base | self.host_mask()
    }

    // An address of IPv4 that is written as one of IPv6 is shown as the former.
    fn address(self, number: u128) -> String {
        let v6 = Ipv6Addr::from_bits(number);
        let v4 = u32::try_from(number).ok().filter(|_| self.size == 32).map(Ipv4Addr::from_bits);
        v4.or_else(|| v6.to_ipv4_mapped()).map_or(IpAddr::V6(v6), IpAddr::V4).to_string()
    }

    fn is_mapped(self) -> bool {
        self.size == 128 && self.length >= 96 && Ipv6Addr::from_bits(self.base).to_ipv4_mapped().is_some()
    }

    fn longer(self, bits: i64) -> Result<Self, String> {
        let length = i64::from(self.length).saturating_add(bits);
        let length = u32::try_from(length).ok().filter(|length| *length <= self.size);
        let length = length.ok_or_else(|| format!("a prefix of {} bits cannot grow by {bits}", self.length))?;
        Ok(Self { length, ..self })
    }
}

impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let length = if self.is_mapped() { self.length - 96 } else { self.length };
        write!(f, "{}/{length}", self.address(self.base))
    }
}

// Terraform takes leading zeros, and means decimal digits by them.
fn parse_v4(text: &str) -> Option<Ipv4Addr> {
    let mut parts = text.split('.');
    let mut bytes = [0; 4];
    for byte in &mut bytes {
        let part = parts.next().filter(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))?;
        *byte = part
            .trim_start_matches('0')
            .parse()
            .or_else(|error| if part.trim_start_matches('0').is_empty() { Ok(0) } else { Err(error) })
            .ok()?;
    }
    parts.next().is_none().then_some(Ipv4Addr::from(bytes))
}

fn whole(arguments: &Arguments<'_>, index: usize) -> Result<IBig, String> {
    let number = arguments.number(index)?;
    number.integer().ok_or_else(|| format!("argument {} must be a whole number, not {number}", index + 1))
}

fn cidrhost(arguments: &Arguments<'_>) -> Result<Value, String> {
    let range = Range::parse(&arguments.text(0)?)?;
    let number = whole(arguments, 1)?;
    let count = IBig::from(range.host_mask()) + 1;
    let offset = if number < IBig::ZERO { &count + &number } else { number.clone() };
    let offset = u128::try_from(offset.clone()).ok().filter(|_| offset < count);
    let offset = offset.ok_or_else(|| format!("{range} has no address number {number}"))?;
    Ok(Value::string(&range.address(range.base + offset)))
}

fn cidrnetmask(arguments: &Arguments<'_>) -> Result<Value, String> {
    let range = Range::parse(&arguments.text(0)?)?;
    let all = if range.size == 32 { u128::from(u32::MAX) } else { u128::MAX };
    if range.size != 32 && !range.is_mapped() {
        return Err("only ranges of IPv4 have a netmask".to_owned());
    }
    Ok(Value::string(&range.address(all & !range.host_mask())))
}

fn cidrsubnet(arguments: &Arguments<'_>) -> Result<Value, String> {
    let range = Range::parse(&arguments.text(0)?)?;
    let bits = arguments.whole(1)?;
    let number = whole(arguments, 2)?;
    if bits < 0 {
        return Err("the number of new bits is 0 or more".to_owned());
    }
    let inner = range.longer(bits)?;
    let count = IBig::ONE << usize::try_from(bits).unwrap_or_default();
    let offset = u128::try_from(number.clone()).ok().filter(|_| number < count);
    let offset = offset.ok_or_else(|| {
        format!("{bits} new bits number the ranges from 0 to {}, and {number} is asked for", count - 1)
    })?;
    let base = range.base | offset.checked_shl(inner.host_bits()).unwrap_or(0);
    Ok(Value::string(&Range { base, ..inner }.to_string()))
}

fn cidrsubnets(arguments: &Arguments<'_>) -> Result<Value, String> {
    let range = Range::parse(&arguments.text(0)?)?;
    if range.is_mapped() {
        return Err("a range of IPv4 is cut in the form of IPv4".to_owned());
    }
    // Terraform starts behind the range before, and there is none.
    if range.base == 0 {
        return Err("a range that begins with the first of all addresses is not cut".to_owned());
    }
    let mut next = Some(range.base);
    let mut ranges = Vec::new();
    for position in 1..arguments.len() {
        let bits = arguments.whole(position)?;
        if !(1..=32).contains(&bits) {
            return Err(format!("argument {}: the number of new bits is 1 to 32", position + 1));
        }
        let inner = range.longer(bits)?;
        // Up to where a range of this size can begin.
        let full = || format!("there is no room in {range} for {} ranges of these sizes", arguments.len() - 1);
        let aligned = next.and_then(|next| next.checked_add(inner.host_mask())).ok_or_else(full)? & !inner.host_mask();
        let inner = Range { base: aligned, ..inner };
        if inner.last() > range.last() {
            return Err(full());
        }
        next = inner.last().checked_add(1);
        ranges.push(Value::string(&inner.to_string()));
    }
    Ok(Value::list_of(ListKind::List, ranges))
}
