//! Where an object of a generated plan stands, and what the places in its template's texts stand for there.
//!
//! Everything is computed from the numbers of the stack and the service: no state, no chance.

use std::fmt::Write as _;

use super::node::Reference;

/// What happens to a service in this plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Kept,
    /// A new image: a new task definition, and the service changes over to it.
    Released,
    /// Another threshold of an alarm.
    Tuned,
    /// A log group goes.
    Retired,
    New,
}

/// What Terraform does with one object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    NoOp,
    Create,
    Update,
    Replace,
    Delete,
}

/// A side of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    Before,
    After,
}

/// The key of an instance.
#[derive(Clone, Copy)]
pub(crate) enum Index<'k> {
    None,
    Number(usize),
    Key(&'k str),
}

/// A module instance.
#[derive(Clone, Copy)]
pub(crate) struct Scope {
    /// None in the root module.
    pub(crate) stack: Option<usize>,
    /// The number of the service among all, in the module of a service.
    pub(crate) service: Option<usize>,
    pub(crate) state: State,
    pub(crate) is_first_apply: bool,
}

/// An object at one moment.
pub(crate) struct View<'v> {
    pub(crate) scope: Scope,
    pub(crate) index: Index<'v>,
    pub(crate) moment: Moment,
    pub(crate) change: Change,
    /// The object is new, or replaced.
    pub(crate) is_made: bool,
    /// Which templates of the module are new, or replaced.
    pub(crate) made: &'v [bool],
}

/// A place in a text.
pub(crate) enum Variable {
    Stack,
    Service,
    Index,
    Zone,
    Desired,
    Max,
    Retention,
    Threshold,
    Priority,
    Release,
    Revision,
    Hash { alphabet: Alphabet, of_stack: bool, label: String, index: LabelIndex },
}

pub(crate) enum Alphabet {
    /// 17 digits, as EC2 has them.
    Id,
    /// 20 digits in capitals.
    Hex,
    Uuid,
}

pub(crate) enum LabelIndex {
    None,
    Own,
    Number(u64),
}

impl State {
    pub(crate) fn read(name: &str) -> Option<Self> {
        match name {
            "released" => Some(Self::Released),
            "tuned" => Some(Self::Tuned),
            "retired" => Some(Self::Retired),
            _ => None,
        }
    }

    /// What happens to a service of a stack that is in use: little.
    pub(crate) const fn of(service: usize) -> Self {
        match (service % 16, service % 32, service % 40, service % 50) {
            (3, ..) => Self::Released,
            (_, 9, ..) => Self::Tuned,
            (_, _, 21, _) => Self::Retired,
            (_, _, _, 17) => Self::New,
            _ => Self::Kept,
        }
    }
}

impl Change {
    pub(crate) fn read(name: &str) -> Option<Self> {
        match name {
            "update" => Some(Self::Update),
            "replace" => Some(Self::Replace),
            "delete" => Some(Self::Delete),
            _ => None,
        }
    }

    pub(crate) const fn makes(self) -> bool {
        matches!(self, Self::Create | Self::Replace)
    }
}

impl Scope {
    /// The address of the module instance; empty for the root.
    pub(crate) fn module(self) -> String {
        match (self.stack, self.service) {
            (None, _) => String::new(),
            (Some(stack), None) => format!("module.stack_{stack:03}"),
            (Some(stack), Some(service)) => format!("module.stack_{stack:03}.module.service[\"{}\"]", name_of(service)),
        }
    }
}

fn name_of(service: usize) -> String {
    const NAMES: [&str; 8] = ["account", "billing", "catalog", "checkout", "mail", "orders", "search", "shipping"];
    let name = NAMES.iter().cycle().nth(service % NAMES.len()).unwrap_or(&"app");
    format!("{name}-{service:04}")
}

impl View<'_> {
    pub(crate) fn is_new(&self, reference: &Reference) -> bool {
        if reference.is_known {
            return false;
        }
        let target = reference.target.and_then(|target| self.made.get(target));
        target.copied().unwrap_or(reference.is_new_at_first && self.scope.is_first_apply)
    }

    fn is_changed(&self) -> bool {
        self.moment == Moment::After && matches!(self.change, Change::Update | Change::Replace)
    }
}

impl Variable {
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let (name, label, index) = (words.next()?, words.next(), words.next());
        let hash = |alphabet, of_stack| {
            let index = match index {
                None => LabelIndex::None,
                Some(number) => number.parse().map_or(LabelIndex::Own, LabelIndex::Number),
            };
            Some(Self::Hash { alphabet, of_stack, label: label?.to_owned(), index })
        };
        match name {
            "stack" => Some(Self::Stack),
            "service" => Some(Self::Service),
            "index" => Some(Self::Index),
            "zone" => Some(Self::Zone),
            "desired" => Some(Self::Desired),
            "max" => Some(Self::Max),
            "retention" => Some(Self::Retention),
            "threshold" => Some(Self::Threshold),
            "priority" => Some(Self::Priority),
            "release" => Some(Self::Release),
            "revision" => Some(Self::Revision),
            "id" => hash(Alphabet::Id, false),
            "sid" => hash(Alphabet::Id, true),
            "hex" => hash(Alphabet::Hex, false),
            "uuid" => hash(Alphabet::Uuid, false),
            _ => None,
        }
    }

    pub(crate) fn write(&self, view: &View<'_>, out: &mut String) {
        let service = view.scope.service.unwrap_or_default();
        let stack = view.scope.stack.unwrap_or_default();
        let changed = usize::from(view.is_changed());
        // One service in twenty has a single task, one in 25 keeps its logs for ever.
        let desired = if service % 20 == 7 { 1 } else { 2 + service % 3 };
        let written = match self {
            Self::Stack => write!(out, "stack-{stack:03}"),
            Self::Service => write!(out, "{}", name_of(service)),
            Self::Index => match view.index {
                Index::None => Ok(()),
                Index::Number(number) => write!(out, "{number}"),
                Index::Key(key) => write!(out, "{key}"),
            },
            Self::Zone => {
                let number = if let Index::Number(number) = view.index { number } else { 0 };
                write!(out, "ap-northeast-1{}", ["a", "c", "d"].get(number).unwrap_or(&"a"))
            }
            Self::Desired => write!(out, "{desired}"),
            Self::Max => write!(out, "{}", desired * 4),
            Self::Retention => write!(out, "{}", if service % 25 == 11 { 0 } else { 90 }),
            Self::Threshold => write!(out, "{}", 80 + 5 * changed),
            Self::Priority => write!(out, "{}", 100 + service % 400),
            Self::Release => write!(out, "{}", 40 + service % 9 + changed),
            Self::Revision => write!(out, "{}", 12 + service % 30 + changed),
            Self::Hash { alphabet, of_stack, label, index } => {
                let service = view.scope.service.filter(|_| !of_stack);
                let hash = [service.map_or(0, |service| service as u64 + 1), index.number(view)]
                    .into_iter()
                    .fold(label_hash(label) ^ stack as u64, |hash, part| mix(hash.wrapping_add(part)));
                alphabet.write(hash, out)
            }
        };
        // Writing into a string cannot fail.
        debug_assert!(written.is_ok());
    }
}

impl LabelIndex {
    fn number(&self, view: &View<'_>) -> u64 {
        match (self, view.index) {
            (Self::Number(number), _) => *number,
            (Self::Own, Index::Number(number)) => number as u64,
            (Self::Own, Index::Key(key)) => label_hash(key),
            _ => 0,
        }
    }
}

impl Alphabet {
    fn write(&self, hash: u64, out: &mut String) -> std::fmt::Result {
        let second = mix(hash);
        match self {
            Self::Id => write!(out, "0{hash:016x}"),
            Self::Hex => write!(out, "{hash:016X}{:04X}", second >> 48),
            Self::Uuid => write!(
                out,
                "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
                hash >> 32,
                hash >> 16 & 0xffff,
                hash & 0xffff,
                second >> 48,
                second & 0xffff_ffff_ffff
            ),
        }
    }
}

fn label_hash(label: &str) -> u64 {
    label.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

// The last step of splitmix64.
fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
