//! The blocks `cost`, `audit`, `calendar` and `rehearsal`: what they say, typed.

use rust_decimal::Decimal;

use super::date::Date;
use super::glob::{Pattern, Patterns, Style};
use super::literal::Literal;
use super::section::{self, Section};
use crate::expr::Fault;
use crate::source::Span;

/// `cost`
#[derive(Clone, Debug, Default)]
pub struct Cost {
    /// The currency of the report; none is US dollars.
    pub currency: Option<String>,
    /// How much of it one US dollar is.
    pub rate: Option<Decimal>,
    /// The day of the rate.
    pub rate_as_of: Option<Date>,
    /// Percent.
    pub tax: Option<Decimal>,
    /// The region where nothing else tells it.
    pub region: Option<String>,
    /// The file with usage.
    pub usage_file: Option<String>,
    /// Files with prices.
    pub price_book: Vec<String>,
    /// Older prices get a note; none is 365.
    pub max_age_days: Option<u64>,
    /// The root volume where no size is written.
    pub assume_root_volume_gb: Option<Decimal>,
    /// GB stored for each GB of logs.
    pub log_compression: Option<Decimal>,
    /// Whether twice the price of one zone is taken where no price is known.
    pub derive_multi_az: bool,
    /// The share that spot takes off the price of Fargate.
    pub spot_discount_fargate: Option<Decimal>,
    /// Limits.
    pub budgets: Vec<Budget>,
}

/// A `budget` block.
#[derive(Clone, Debug)]
pub struct Budget {
    /// Its name.
    pub name: String,
    /// Where it holds; none: everywhere.
    pub environments: Vec<String>,
    /// Targets of tfaction where it holds; none: all.
    pub targets: Patterns,
    /// Working directories where it holds; none: all.
    pub paths: Patterns,
    /// Addresses that count; none: all.
    pub scope: Patterns,
    /// Of the cost of a month.
    pub total_monthly: Option<Limits>,
    /// Of what is added to it.
    pub increase_monthly: Option<Limits>,
    /// Of the cost of one resource.
    pub per_resource: Option<Limits>,
    /// Of what is added, in percent.
    pub increase_percent: Option<Limits>,
    /// `fixed`, `max` or `with_usage`.
    pub measure: Option<String>,
    /// `warn`, `fail` or `pass`.
    pub on_unknown: Option<String>,
    /// `report`, `warn` or `fail`.
    pub unpriced: Option<String>,
    /// What to add to the finding.
    pub message: Option<String>,
    /// Where the block's header stands.
    pub span: Span,
}

/// A limit of a budget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// From here on a warning.
    pub warn: Option<Decimal>,
    /// From here on an error.
    pub fail: Option<Decimal>,
    /// A smaller increase is let pass; of `increase_percent` only.
    pub min_amount: Option<Decimal>,
}

/// `audit`
#[derive(Clone, Debug, Default)]
pub struct Audit {
    /// Working directories of states, by glob over the states' paths.
    pub directories: Vec<(Pattern, String)>,
    /// Types, ARNs and addresses that are no leftovers.
    pub ignore: Patterns,
    /// A tag that says: keep this.
    pub keep_tag: Option<String>,
    /// Waste in a month, in US dollars, from which a finding is high.
    pub severity_high: Option<Decimal>,
    /// … medium.
    pub severity_medium: Option<Decimal>,
    /// Days between mark and delete.
    pub quiet_days: Option<u64>,
}

/// `calendar`
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    /// Weekly hours.
    pub business_hours: Option<String>,
    /// Their time zone.
    pub timezone: Option<String>,
}

/// `rehearsal`
#[derive(Clone, Debug, Default)]
pub struct Rehearsal {
    /// Words in names that stand for the side, by side.
    pub tokens: Vec<(String, Vec<String>)>,
    /// Regions of each side.
    pub regions: Vec<(String, Vec<String>)>,
    /// Accounts of each side.
    pub accounts: Vec<(String, Vec<String>)>,
    /// Domains of each side.
    pub domains: Vec<(String, Vec<String>)>,
    /// Working directories that belong together.
    pub pairs: Vec<(String, String)>,
    /// The order of working directories.
    pub order: Vec<String>,
    /// How many days old a rehearsal may be; none is 14.
    pub max_age_days: Option<u64>,
    /// Attributes whose values must be equal.
    pub compare_values: Vec<String>,
    /// What need not be rehearsed.
    pub waivers: Vec<Waiver>,
    /// Steps that somebody does by hand.
    pub manual: Vec<Manual>,
}

/// A `waiver` block.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// The addresses.
    pub addresses: Pattern,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Where the block's header stands.
    pub span: Span,
}

/// A `manual` block.
#[derive(Clone, Debug)]
pub struct Manual {
    /// What is done.
    pub title: String,
    /// The working directory that comes next.
    pub before: Option<String>,
    /// How long it takes.
    pub minutes: Option<Decimal>,
    /// The file that shows that it was rehearsed.
    pub evidence: Option<String>,
    /// Where the block's header stands.
    pub span: Span,
}

fn text(section: &Section, name: &str) -> Option<String> {
    section.text(name).map(|text| text.value)
}

fn field(literal: &Literal, name: &str) -> Option<Decimal> {
    literal.field(name)?.as_number()?.as_decimal()
}

impl Cost {
    pub(super) fn read(section: &Section, faults: &mut Vec<Fault>) -> Self {
        let needs_rate = section.text("currency").filter(|currency| currency.value != "USD");
        if let Some(currency) = needs_rate.filter(|_| !section.is_written("rate")) {
            let message = format!("prices are in USD: with {} this block needs a rate", currency.value);
            faults.push(Fault::at(currency.span, message));
        }
        Self {
            currency: text(section, "currency"),
            rate: section.number("rate"),
            rate_as_of: section.date("rate_as_of"),
            tax: section.number("tax"),
            region: text(section, "region"),
            usage_file: text(section, "usage_file"),
            price_book: section.words("price_book"),
            max_age_days: section.whole("max_age_days"),
            assume_root_volume_gb: section.number("assume_root_volume_gb"),
            log_compression: section.number("log_compression"),
            derive_multi_az: section.bool("derive_multi_az").is_some_and(|derive| derive.value),
            spot_discount_fargate: section.get("spot_discount").and_then(|share| field(share, "fargate")),
            budgets: section.blocks("budget").map(|budget| Budget::read(budget, faults)).collect(),
        }
    }
}

impl Budget {
    fn read(section: &Section, faults: &mut Vec<Fault>) -> Self {
        let limits = |name: &str| section.get(name).map(Limits::read);
        let budget = Self {
            name: section.label.value.clone(),
            environments: section.words("environments"),
            targets: section.patterns("targets"),
            paths: section.patterns("paths"),
            scope: section.patterns("scope"),
            total_monthly: limits("total_monthly"),
            increase_monthly: limits("increase_monthly"),
            per_resource: limits("per_resource"),
            increase_percent: limits("increase_percent"),
            measure: text(section, "measure"),
            on_unknown: text(section, "on_unknown"),
            unpriced: text(section, "unpriced"),
            message: text(section, "message"),
            span: section.label.span,
        };
        for name in ["total_monthly", "increase_monthly", "per_resource", "increase_percent"] {
            let upside_down = limits(name).is_some_and(Limits::is_upside_down);
            if let Some(literal) = section.get(name).filter(|_| upside_down) {
                faults.push(Fault::at(literal.span, format!("{name}: warn is above fail and would never be seen")));
            }
        }
        budget
    }
}

impl Limits {
    fn read(literal: &Literal) -> Self {
        Self { warn: field(literal, "warn"), fail: field(literal, "fail"), min_amount: field(literal, "min_amount") }
    }

    fn is_upside_down(self) -> bool {
        matches!((self.warn, self.fail), (Some(warn), Some(fail)) if warn > fail)
    }
}

impl Audit {
    pub(super) fn read(section: &Section) -> Self {
        let directories = section.map("directories").into_iter();
        let severity = |name: &str| section.get("severity_usd").and_then(|amounts| field(amounts, name));
        Self {
            directories: directories
                .filter_map(|(states, directory)| Some((Pattern::new(&states, Style::Path).ok()?, directory)))
                .collect(),
            ignore: section.patterns("ignore"),
            keep_tag: text(section, "keep_tag"),
            severity_high: severity("high"),
            severity_medium: severity("medium"),
            quiet_days: section.whole("quiet_days"),
        }
    }
}

impl Calendar {
    pub(super) fn read(section: &Section) -> Self {
        Self { business_hours: text(section, "business_hours"), timezone: text(section, "timezone") }
    }
}

impl Rehearsal {
    pub(super) fn read(section: &Section) -> Self {
        Self {
            tokens: section.lists("tokens"),
            regions: section.lists("regions"),
            accounts: section.lists("accounts"),
            domains: section.lists("domains"),
            pairs: section.map("pairs"),
            order: section.words("order"),
            max_age_days: text(section, "max_age").and_then(|age| section::days(&age)),
            compare_values: section.words("compare_values"),
            waivers: section.blocks("waiver").filter_map(Waiver::read).collect(),
            manual: section.blocks("manual").map(Manual::read).collect(),
        }
    }
}

impl Waiver {
    fn read(section: &Section) -> Option<Self> {
        Some(Self {
            addresses: Pattern::new(&section.label.value, Style::Name).ok()?,
            reason: text(section, "reason")?,
            until: section.date("until"),
            span: section.label.span,
        })
    }
}

impl Manual {
    fn read(section: &Section) -> Self {
        Self {
            title: section.label.value.clone(),
            before: text(section, "before"),
            minutes: section.number("minutes"),
            evidence: text(section, "evidence"),
            span: section.label.span,
        }
    }
}
