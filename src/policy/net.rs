//! Address ranges for policies (`net::`): which are public, which overlap, which lie in which.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// Ranges that are not part of the public internet: the rows of the IANA special-purpose address registries (IPv4 and
/// IPv6) that are not globally reachable, and multicast.
const SPECIAL: [&str; 25] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::/128",
    "::1/128",
    "64:ff9b:1::/48",
    "100::/64",
    "2001:2::/48",
    "2001:db8::/32",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "ff00::/8",
];

/// Whether a range, or an address, holds addresses of the public internet.
///
/// # Errors
///
/// The text is neither.
pub(super) fn is_public(range: &str) -> Result<bool, String> {
    let range = parse(range)?;
    Ok(!SPECIAL.iter().filter_map(|special| special.parse::<IpNet>().ok()).any(|special| special.contains(&range)))
}

/// Whether two ranges have an address in common.
///
/// # Errors
///
/// One of the texts is no range.
pub(super) fn overlaps(one: &str, other: &str) -> Result<bool, String> {
    let (one, other) = (parse(one)?, parse(other)?);
    Ok(one.contains(&other) || other.contains(&one))
}

/// Whether the second range lies wholly in the first.
///
/// # Errors
///
/// One of the texts is no range.
pub(super) fn contains(outer: &str, inner: &str) -> Result<bool, String> {
    Ok(parse(outer)?.contains(&parse(inner)?))
}

// An address is a range of one. An IPv4 address written as IPv6 (`::ffff:10.0.0.1`) is the same address.
fn parse(text: &str) -> Result<IpNet, String> {
    let net = match text.parse::<IpNet>() {
        Ok(net) => net,
        Err(_) => IpNet::from(text.parse::<IpAddr>().map_err(|_| wrong(text))?),
    };
    Ok(unmapped(net).unwrap_or(net))
}

fn unmapped(net: IpNet) -> Option<IpNet> {
    let IpNet::V6(net) = net else { return None };
    let length = net.prefix_len().checked_sub(Ipv6Net::max_prefix_len(&net) - 32)?;
    Ipv4Net::new(net.addr().to_ipv4_mapped()?, length).ok().map(IpNet::V4)
}

fn wrong(text: &str) -> String {
    format!("\"{text}\" is neither an address nor a range; one looks like 10.0.0.0/16")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_special_range_is_one() {
        assert!(SPECIAL.iter().all(|range| range.parse::<IpNet>().is_ok()));
    }

    #[test]
    fn private_ranges_are_not_public() {
        for (range, public) in [
            ("0.0.0.0/0", true),
            ("::/0", true),
            ("10.1.2.0/24", false),
            ("10.0.0.0/7", true),
            ("172.31.255.255", false),
            ("172.32.0.0/16", true),
            ("192.168.0.0/16", false),
            ("100.64.0.1/32", false),
            ("8.8.8.8/32", true),
            ("fd00::/8", false),
            ("2400:cb00::/32", true),
            ("::ffff:10.0.0.1", false),
            ("::ffff:8.8.8.8/128", true),
        ] {
            assert_eq!(is_public(range), Ok(public), "{range}");
        }
        assert!(is_public("10.0.0.0/33").unwrap_err().contains("10.0.0.0/33"));
        assert!(is_public("").is_err());
    }

    #[test]
    fn ranges_are_compared_within_one_family() {
        assert_eq!(overlaps("10.0.0.0/16", "10.0.255.0/24"), Ok(true));
        assert_eq!(overlaps("10.0.255.0/24", "10.0.0.0/16"), Ok(true));
        assert_eq!(overlaps("10.0.0.0/16", "10.1.0.0/16"), Ok(false));
        assert_eq!(overlaps("0.0.0.0/0", "::/0"), Ok(false));
        assert_eq!(contains("10.0.0.0/16", "10.0.3.4"), Ok(true));
        assert_eq!(contains("10.0.3.4/32", "10.0.0.0/16"), Ok(false));
        assert_eq!(contains("2001:db8::/32", "2001:db8:1::1"), Ok(true));
    }
}
