//! The blocks and keys of `.planfit.hcl`, as tables: what is checked, what is read, and what the documentation shows all
//! come from here (`spec/config.md`).

/// A block, or the top level of the file.
#[derive(Debug)]
pub struct Block {
    /// Its word; empty for the top level.
    pub name: &'static str,
    /// What its label is, if it has one.
    pub label: Option<&'static str>,
    /// Whether it may occur more than once.
    pub repeatable: bool,
    /// What it is for.
    pub about: &'static str,
    /// Its keys.
    pub keys: &'static [Key],
    /// The blocks inside of it.
    pub blocks: &'static [Block],
}

/// A key.
#[derive(Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// What holds if it is not written, as one would write it; empty: nothing.
    pub default: &'static str,
    /// Whether it must be written.
    pub required: bool,
    /// What it means.
    pub about: &'static str,
}

/// What values a key takes.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// `true` or `false`
    Bool,
    /// A text in one of these forms.
    Text(Text),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A whole number in a range.
    Whole(i64, i64),
    /// A number in a range.
    Number(i64, i64),
    /// A list of texts.
    List(Text),
    /// A map of texts, each in the second form under a key in the first.
    Map(Text, Text),
    /// A map of lists of texts.
    Lists,
    /// A map of any values.
    Values,
    /// An object with these keys.
    Fields(&'static [Key]),
}

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// Anything.
    Any,
    /// A path.
    Path,
    /// A glob over paths.
    Glob,
    /// A pattern over addresses.
    Address,
    /// A policy's id or alias, or a pattern over them.
    Policy,
    /// A category of policies.
    Category,
    /// The label of an `environment` block.
    Environment,
    /// `YYYY-MM-DD`
    Date,
    /// A number of days: `14d`.
    Age,
    /// A currency's code.
    Currency,
    /// Weekly hours: `Mon-Sat 06:00-24:00, Sun 08:00-20:00`.
    Hours,
    /// A time zone's name.
    Zone,
}

const MANY: i64 = 1_000_000_000_000;

const fn key(name: &'static str, kind: Kind, default: &'static str, about: &'static str) -> Key {
    Key { name, kind, default, required: false, about }
}

const fn required(name: &'static str, kind: Kind, about: &'static str) -> Key {
    Key { name, kind, default: "", required: true, about }
}

const fn block(name: &'static str, about: &'static str, keys: &'static [Key], blocks: &'static [Block]) -> Block {
    Block { name, label: None, repeatable: false, about, keys, blocks }
}

const SEVERITIES: &[&str] = &["critical", "high", "medium", "low"];

/// The whole file.
pub static FILE: Block = block("", "", TOP, &[ENVIRONMENT, RULE, IGNORE, COST, AUDIT, LIGHTSAIL, CALENDAR, REHEARSAL]);

#[rustfmt::skip]
const TOP: &[Key] = &[
    key("policy_paths", Kind::List(Text::Path), "[]", "directories with policies of your own, read before those of `--policies`"),
    key("fail_level", Kind::Word(&["critical", "high", "medium", "low", "none"]), "\"high\"",
        "findings from this severity on fail the run; `--fail-level` is stronger"),
    key("pedantic", Kind::Bool, "false", "whether policies that are off by default run, too; like `--pedantic`"),
    key("baseline", Kind::Text(Text::Path), "", "the file of known findings; like `--baseline`"),
    key("exclude", Kind::List(Text::Glob), "[]", "directories that are never judged, whoever names them"),
    key("require_reason", Kind::Bool, "true", "whether a suppression without a reason is a finding"),
    key("honour_foreign_suppressions", Kind::Bool, "false",
        "whether `checkov:skip=`, `trivy:ignore:` and `tflint-ignore:` count, where the id is an alias of a policy"),
    key("max_file_size", Kind::Whole(1, 16 << 20), "16777216",
        "bytes; a larger HCL file is not read, and the report says so"),
];

const ENVIRONMENT: Block = Block {
    name: "environment",
    label: Some("its name"),
    repeatable: true,
    about: "An environment. It matches if any of its keys does; of several blocks that match the last one counts. \
            If no block has `tags` and none matches, a tag `env` or `environment` that is equal to a label counts. \
            The name `production` is the one that policies know.",
    keys: &[
        key("paths", Kind::List(Text::Glob), "", "working directories"),
        key("targets", Kind::List(Text::Glob), "", "targets of tfaction (`TFACTION_TARGET`)"),
        key("workspaces", Kind::List(Text::Glob), "", "workspaces of Terraform"),
        key("tags", Kind::Lists, "", "values of the resource's own tags, by name of the tag"),
    ],
    blocks: &[],
};

const RULE: Block = Block {
    name: "rule",
    label: None,
    repeatable: true,
    about: "Settings of policies. All keys of the first group that are given must match; a list matches if one item does. \
            Of several rules that match, the last one counts, for each setting by itself.",
    keys: &[
        key("policies", Kind::List(Text::Policy), "", "ids and aliases of policies, with `*`"),
        key("categories", Kind::List(Text::Category), "", "categories of policies"),
        key("environments", Kind::List(Text::Environment), "", "names of `environment` blocks"),
        key("paths", Kind::List(Text::Glob), "", "working directories, or files with the resource's block"),
        key("targets", Kind::List(Text::Glob), "", "targets of tfaction"),
        key("enabled", Kind::Bool, "", "on or off; `true` also switches on a policy that is off by default"),
        key(
            "level",
            Kind::Word(&["mandatory", "mandatory_overridable", "advisory"]),
            "",
            "how strictly it holds; also where the policy's own scope would leave it out or make a warning of it",
        ),
        key("severity", Kind::Word(SEVERITIES), "", "how much it hurts"),
        key("inputs", Kind::Values, "", "values of inputs of these policies, merged by name; needs `policies`"),
    ],
    blocks: &[],
};

const IGNORE: Block = Block {
    name: "ignore",
    label: None,
    repeatable: true,
    about: "Findings that are known and accepted. They stay counted and are shown as suppressed. All keys that are given \
            must match.",
    keys: &[
        required("policies", Kind::List(Text::Policy), "ids and aliases of policies, with `*`"),
        key("addresses", Kind::List(Text::Address), "", "addresses, with `*` for any text"),
        key("paths", Kind::List(Text::Glob), "", "files"),
        key("environments", Kind::List(Text::Environment), "", "names of `environment` blocks"),
        key("reason", Kind::Text(Text::Any), "", "why; required, see `require_reason`"),
        key("until", Kind::Text(Text::Date), "", "the last day on which it holds"),
    ],
    blocks: &[],
};

const LIMITS: &[Key] = &[
    key("warn", Kind::Number(0, MANY), "", "from here on a warning"),
    key("fail", Kind::Number(0, MANY), "", "from here on an error"),
];

const PERCENT: &[Key] = &[
    key("warn", Kind::Number(0, MANY), "", "from here on a warning"),
    key("fail", Kind::Number(0, MANY), "", "from here on an error"),
    key("min_amount", Kind::Number(0, MANY), "", "a smaller increase is let pass"),
];

const COST: Block = block(
    "cost",
    "What things cost.",
    &[
        key("currency", Kind::Text(Text::Currency), "\"USD\"", "the currency of the report; any but USD needs `rate`"),
        key("rate", Kind::Number(0, MANY), "", "how much of it one US dollar is"),
        key("rate_as_of", Kind::Text(Text::Date), "", "the day of the rate"),
        key("tax", Kind::Number(0, 100), "", "percent"),
        key("region", Kind::Text(Text::Any), "", "the region where nothing else tells it"),
        key("usage_file", Kind::Text(Text::Path), "", "the file with usage; like `--usage`"),
        key("price_book", Kind::List(Text::Path), "[]", "files with prices of your own"),
        key("max_age_days", Kind::Whole(0, 36_500), "365", "older prices get a note"),
        key("assume_root_volume_gb", Kind::Number(0, MANY), "", "the root volume where no size is written"),
        key("log_compression", Kind::Number(0, 1), "", "GB stored for each GB of logs; without it 0.15 to 1"),
        key("derive_multi_az", Kind::Bool, "false", "take twice the price of one zone where no price is known"),
        key(
            "spot_discount",
            Kind::Fields(&[key("fargate", Kind::Number(0, 1), "", "of Fargate")]),
            "",
            "the share that spot takes off the price",
        ),
    ],
    &[BUDGET],
);

const BUDGET: Block = Block {
    name: "budget",
    label: Some("its name"),
    repeatable: true,
    about: "Limits, in the currency of the report. Every block that matches is judged.",
    keys: &[
        key("environments", Kind::List(Text::Environment), "", "where it holds; without it everywhere"),
        key("targets", Kind::List(Text::Glob), "", "targets of tfaction where it holds"),
        key("paths", Kind::List(Text::Glob), "", "working directories where it holds"),
        key("scope", Kind::List(Text::Address), "", "addresses that count; without it all"),
        key("total_monthly", Kind::Fields(LIMITS), "", "the cost of a month"),
        key("increase_monthly", Kind::Fields(LIMITS), "", "what is added to it"),
        key("per_resource", Kind::Fields(LIMITS), "", "the cost of one resource"),
        key("increase_percent", Kind::Fields(PERCENT), "", "what is added, in percent"),
        key("measure", Kind::Word(&["fixed", "max", "with_usage"]), "\"fixed\"", "what is counted"),
        key("on_unknown", Kind::Word(&["warn", "fail", "pass"]), "\"warn\"", "when a limit cannot be decided"),
        key("unpriced", Kind::Word(&["report", "warn", "fail"]), "\"report\"", "what resources without a price are"),
        key("message", Kind::Text(Text::Any), "", "what to add to the finding"),
    ],
    blocks: &[],
};

const AUDIT: Block = block(
    "audit",
    "The search for leftovers.",
    &[
        key(
            "directories",
            Kind::Map(Text::Glob, Text::Path),
            "",
            "the working directory of a state, by glob over the states' paths",
        ),
        key("ignore", Kind::List(Text::Address), "[]", "types, ARNs and addresses that are no leftovers"),
        key("keep_tag", Kind::Text(Text::Any), "\"planfit:keep\"", "a tag that says: keep this"),
        key(
            "severity_usd",
            Kind::Fields(&[
                key("high", Kind::Number(0, MANY), "30", "from here on high"),
                key("medium", Kind::Number(0, MANY), "5", "from here on medium"),
            ]),
            "{ high = 30, medium = 5 }",
            "waste in a month that makes a finding more severe",
        ),
        key("quiet_days", Kind::Whole(0, 3_650), "14", "days between mark and delete"),
    ],
    &[],
);

const LIGHTSAIL: Block = block(
    "lightsail",
    "Amazon Lightsail.",
    &[key("migrated", Kind::Bool, "false", "whether you have left Lightsail: then all of it is a leftover")],
    &[],
);

const CALENDAR: Block = block(
    "calendar",
    "When people use the service. Values for the inputs `business_hours` and `timezone` of policies, where nothing else \
     gives them one.",
    &[
        key("business_hours", Kind::Text(Text::Hours), "\"Mon-Sun 06:00-24:00\"", "opening hours"),
        key("timezone", Kind::Text(Text::Zone), "\"Asia/Tokyo\"", "their time zone"),
    ],
    &[],
);

const REHEARSAL: Block = block(
    "rehearsal",
    "The comparison of staging and production.",
    &[
        key(
            "tokens",
            Kind::Lists,
            "{ staging = [\"staging\", \"stg\", \"stage\"], production = [\"production\", \"prod\", \"prd\"] }",
            "words in names that stand for the side",
        ),
        key("regions", Kind::Lists, "", "regions of each side"),
        key("accounts", Kind::Lists, "", "accounts of each side"),
        key("domains", Kind::Lists, "", "domains of each side"),
        key("pairs", Kind::Map(Text::Path, Text::Path), "", "working directories that belong together"),
        key("order", Kind::List(Text::Path), "[]", "the order of working directories"),
        key("max_age", Kind::Text(Text::Age), "\"14d\"", "how old a rehearsal may be"),
        key("compare_values", Kind::List(Text::Any), "[]", "attributes (`TYPE.ATTRIBUTE`) whose values must be equal"),
    ],
    &[
        Block {
            name: "waiver",
            label: Some("a pattern over addresses"),
            repeatable: true,
            about: "What need not be rehearsed.",
            keys: &[
                required("reason", Kind::Text(Text::Any), "why"),
                key("until", Kind::Text(Text::Date), "", "the last day on which it holds"),
            ],
            blocks: &[],
        },
        Block {
            name: "manual",
            label: Some("a title"),
            repeatable: true,
            about: "A step that somebody does by hand.",
            keys: &[
                key("before", Kind::Text(Text::Path), "", "the working directory that comes next"),
                key("minutes", Kind::Number(0, 10_000), "", "how long it takes"),
                key("evidence", Kind::Text(Text::Path), "", "the file that shows that it was rehearsed"),
            ],
            blocks: &[],
        },
    ],
);

impl Block {
    /// The key of a name.
    #[must_use]
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// The block of a name.
    #[must_use]
    pub fn block(&self, name: &str) -> Option<&'static Self> {
        self.blocks.iter().find(|block| block.name == name)
    }
}

impl Kind {
    /// How the documentation calls it.
    #[must_use]
    pub fn describe(self) -> String {
        match self {
            Self::Bool => "bool".to_owned(),
            Self::Text(text) => text.describe().to_owned(),
            Self::Word(words) => words.iter().map(|word| format!("`\"{word}\"`")).collect::<Vec<_>>().join(", "),
            Self::Whole(..) => "whole number".to_owned(),
            Self::Number(..) => "number".to_owned(),
            Self::List(text) => format!("list: {}", text.describe()),
            Self::Map(from, to) => format!("map: {} to {}", from.describe(), to.describe()),
            Self::Lists => "map of lists of texts".to_owned(),
            Self::Values => "map of values".to_owned(),
            Self::Fields(keys) => {
                let names: Vec<&str> = keys.iter().map(|key| key.name).collect();
                format!("object with `{}`", names.join("`, `"))
            }
        }
    }
}

impl Text {
    /// How the documentation calls it.
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Any => "text",
            Self::Path => "path",
            Self::Glob => "glob",
            Self::Address => "address with `*`",
            Self::Policy => "policy",
            Self::Category => "category",
            Self::Environment => "environment",
            Self::Date => "`\"YYYY-MM-DD\"`",
            Self::Age => "`\"14d\"`",
            Self::Currency => "currency code",
            Self::Hours => "weekly hours",
            Self::Zone => "time zone",
        }
    }
}
