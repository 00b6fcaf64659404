//! What holds for all functions: no panic, no secret that comes out, bounds, and what is not known.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

#[path = "support/nowhere.rs"]
mod nowhere;

use std::fmt::Write as _;
use std::io::Read as _;
use std::sync::Arc;

use base64::Engine as _;
use planfit::expr::functions::{Function, Pattern, builtin, catalogue, names};
use planfit::instant::Instant;
use planfit::value::unknown::Part;
use planfit::value::{Cause, Handle, Number, Path, Side, Symbol, Unknown, Value};
use proptest::prelude::*;

use nowhere::{Nowhere, evaluate};

/// A text that must not appear unmarked once it was marked.
const SECRET: &str = "hunter2222";

fn call(name: &str, arguments: &[Value]) -> Result<Value, String> {
    match builtin(name) {
        Some(Function::Builtin(function)) => {
            function.call(&Nowhere::default(), &arguments.iter().collect::<Vec<_>>(), None)
        }
        _ => panic!("{name} is no function"),
    }
}

fn text(length: usize) -> Value {
    Value::string(&"x".repeat(length))
}

fn list(length: usize) -> Value {
    Value::list(vec![Value::Null; length])
}

/// Larger than half of what a text may have.
const HALF: usize = 9 << 20;

/// More than half of what a list may have.
const MANY: usize = 600_000;

#[test]
fn every_bound_is_an_error_that_names_it() {
    let too_long = "the text would be longer than 16 MiB";
    let too_many = "the list would have more than 1048576 members";
    let s = Value::string;
    let n = Value::int;
    let table: Vec<(&str, Vec<Value>, &str)> = vec![
        ("join", vec![s(","), Value::list(vec![text(HALF); 2])], too_long),
        ("replace", vec![text(5000), s("x"), text(5000)], too_long),
        ("replace", vec![text(5000), s("/x/"), text(5000)], too_long),
        ("replace", vec![text(5000), s("/x+/"), s(&"$0".repeat(5000))], too_long),
        ("indent", vec![n(1 << 30), s("a\nb")], too_long),
        ("format", vec![s("%s%s"), text(HALF), text(HALF)], too_long),
        ("format", vec![s("%10001d"), n(1)], "10001 is too much for a format; the bound is 10000"),
        (
            "format",
            vec![s("%.99999999999999999999f"), n(1)],
            "99999999999999999999 is too much for a format; the bound is 10000",
        ),
        ("formatlist", vec![s("%s"), Value::list(vec![text(HALF); 2])], too_long),
        ("jsonencode", vec![Value::list(vec![text(HALF); 2])], too_long),
        ("yamlencode", vec![Value::list(vec![text(HALF); 2])], too_long),
        ("urlencode", vec![s(&"é".repeat(3 << 20))], too_long),
        ("base64encode", vec![text(15 << 20)], too_long),
        ("textencodebase64", vec![text(HALF), s("UTF-16LE")], too_long),
        ("formatdate", vec![s(&"MMMM-".repeat(3 << 20)), s("2026-09-01T00:00:00Z")], too_long),
        ("range", vec![n(1025)], "a range has 1024 members at most"),
        ("setproduct", vec![list(2000), list(2000)], too_many),
        ("concat", vec![list(MANY), list(MANY)], too_many),
        ("setunion", vec![list(MANY), list(MANY)], too_many),
        ("setintersection", vec![list(MANY), list(MANY)], too_many),
        ("flatten", vec![Value::list(vec![list(MANY), list(MANY)])], too_many),
        ("split", vec![s(""), text(MANY * 2)], too_many),
        ("regexall", vec![s("x"), text(MANY * 2)], too_many),
        ("csvdecode", vec![s(&format!("a\n{}", "x\n".repeat(MANY * 2)))], too_many),
        ("regex", vec![s(r"(\pL{1000}){100}"), s("a")], "the regular expression takes more than 2500000 bytes"),
        ("parseint", vec![text(5000), n(36)], "the text has more than 4096 digits"),
        ("templatestring", vec![text(70_000), Value::object(Vec::new())], "a template has at most 64 KiB"),
    ];
    for (name, arguments, expected) in table {
        match call(name, &arguments) {
            Err(message) => assert_eq!(message, expected, "{name}"),
            Ok(_) => panic!("{name} has no bound"),
        }
    }
}

#[test]
fn aliases_of_yaml_do_not_multiply_without_end() {
    // Nine members, each nine times the one before, and so on: 9^8 in all.
    let mut yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..8 {
        let before = vec![format!("*a{}", level - 1); 9].join(", ");
        writeln!(yaml, "a{level}: &a{level} [{before}]").unwrap();
    }
    let message = call("yamldecode", &[Value::string(&yaml)]).unwrap_err();
    assert_eq!(message, "the list would have more than 1048576 members");
    let deep = "[".repeat(200) + &"]".repeat(200);
    assert_eq!(call("yamldecode", &[Value::string(&deep)]).unwrap_err(), "YAML is read to a depth of 128");
}

#[test]
fn lists_that_hold_one_list_many_times_are_not_walked_through() {
    let mut value = Value::list(vec![Value::int(1), Value::string("a")]);
    for _ in 0..60 {
        value = Value::list(vec![value.clone(), value]);
    }
    let names = [
        "jsonencode",
        "yamlencode",
        "toset",
        "tolist",
        "distinct",
        "setunion",
        "setproduct",
        "sort",
        "type",
        "coalesce",
    ];
    for name in names {
        let message = call(name, &[value.clone(), value.clone()]).unwrap_err();
        assert_eq!(message, "an argument holds more than 10485760 values", "{name}");
    }
    assert_eq!(call("flatten", &[value]).unwrap_err(), "the list would have more than 1048576 members");
}

#[test]
fn what_changes_at_each_call_is_unknown() {
    for (expression, reason) in [
        ("uuid()", "uuid gives another id at each call"),
        ("bcrypt(\"a\")", "bcrypt gives another hash at each call"),
        ("rsadecrypt(\"a\", \"b\")", "planfit decrypts nothing"),
        ("timestamp()", "the time of the run is not given"),
        ("plantimestamp()", "the time of the run is not given"),
    ] {
        let value = evaluate(expression, &Nowhere::default()).unwrap();
        assert_eq!(value.cause(), Some(Cause::Reason(Arc::from(reason))), "{expression}");
    }
}

#[test]
fn the_clock_is_the_one_reading_of_the_run() {
    let host = Nowhere { now: Instant::parse("2026-11-25T18:30:00.5+09:00") };
    for expression in ["timestamp()", "plantimestamp()", "[for t in [\"$${timestamp()}\"] : templatestring(t, {})][0]"]
    {
        assert_eq!(evaluate(expression, &host).unwrap().as_str(), Some("2026-11-25T09:30:00Z"), "{expression}");
    }
}

#[test]
fn a_withdrawn_function_names_what_stands_in_its_place() {
    let message = |expression| evaluate(expression, &Nowhere::default()).unwrap_err();
    assert_eq!(message("list(1)"), "Terraform has withdrawn the function list; write tolist([…])");
    assert_eq!(message("map(1)"), "Terraform has withdrawn the function map; write tomap({…})");
    assert_eq!(message("uper(1)"), "there is no function uper; did you mean upper?");
}

#[test]
fn the_functions_of_terraform_policy_compute() {
    // Not in Terraform itself; the right sides are hand arithmetic.
    let table = [
        ("contains_substring(\"abc\", \"bc\")", "true"),
        ("regex_match(\"^a.c$\", \"abc\")", "true"),
        ("regex_match(\"^b\", \"abc\")", "false"),
        ("semvercmp(\"1.2.3\", \"1.10.0\")", "-1"),
        ("semvercmp(\"1.0.0\", \"1.0.0-rc1\")", "1"),
        ("semvercmp(\"v1.2\", \"1.2.0\")", "0"),
        ("semverconstraint(\"5.100.0\", \"~> 5.0\")", "true"),
        ("semverconstraint(\"6.0.0\", \">= 5.0, < 6\")", "false"),
        ("valuetostring(true)", "\"true\""),
        ("valuetostring(null)", "\"(null)\""),
        (
            "valuetostring([1, { a = \"b,[\\\"\" }, [], {}])",
            r#""[\n  1,\n  {\n    \"a\": \"b,[\\\"\"\n  },\n  [],\n  {}\n]""#,
        ),
        ("type(1)", "\"number\""),
        ("type([\"a\"])", "\"tuple([\\n    string,\\n])\""),
        ("type(tolist([\"a\"]))", "\"list(string)\""),
        ("type(toset([1]))", "\"set(number)\""),
        ("type(tomap({ a = [1] }))", "\"map(\\n    tuple([\\n        number,\\n    ]),\\n)\""),
        ("type([])", "\"tuple([])\""),
        ("type([1, \"a\"])", "\"tuple([\\n    number,\\n    string,\\n])\""),
        ("type({ a = [true] })", "\"object({\\n    a: tuple([\\n        bool,\\n    ]),\\n})\""),
        ("type(null)", "\"dynamic\""),
    ];
    for (expression, expected) in table {
        let text = evaluate(&format!("jsonencode({expression})"), &Nowhere::default()).unwrap();
        assert_eq!(text.as_str(), Some(expected), "{expression}");
    }
}

#[test]
fn what_is_packed_can_be_unpacked() {
    for text in ["", "hello", &"日本".repeat(10_000)] {
        let packed = call("base64gzip", &[Value::string(text)]).unwrap();
        let packed = base64::engine::general_purpose::STANDARD.decode(packed.as_str().unwrap()).unwrap();
        let mut unpacked = String::new();
        flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut unpacked).unwrap();
        assert_eq!(unpacked, text);
    }
}

#[test]
fn unknown_members_leave_open_what_depends_on_them() {
    let unknown = || Value::unknown("later");
    let known = |value: &Value| !value.has_unknown();
    let mixed = Value::list(vec![Value::int(1), unknown()]);
    assert!(call("length", std::slice::from_ref(&mixed)).is_ok_and(|length| known(&length)));
    assert!(call("contains", &[mixed.clone(), Value::int(1)]).is_ok_and(|found| found.as_bool() == Some(true)));
    assert!(call("contains", &[mixed.clone(), Value::int(2)]).is_ok_and(|found| !known(&found)));
    for name in ["toset", "distinct", "setunion", "sum", "sort", "max", "jsonencode", "yamlencode"] {
        let value = call(name, std::slice::from_ref(&mixed));
        assert!(value.is_err() || value.is_ok_and(|value| !known(&value)), "{name}");
    }
    let texts = call("formatlist", &[Value::string("<%s>"), mixed.clone()]).unwrap();
    let texts = texts.as_list().unwrap();
    assert_eq!((texts[0].as_str(), texts[1].as_unknown().is_some()), (Some("<1>"), true));
    let slice = call("slice", &[mixed, Value::int(0), Value::int(1)]).unwrap();
    assert!(known(&slice), "the unknown member is not in it");
    let map = call("zipmap", &[Value::list(vec![Value::string("a")]), Value::list(vec![unknown()])]).unwrap();
    assert!(map.as_unknown().is_none(), "the keys are known");
}

/// `com.amazonaws.REGION.s3`, and the region is not known.
fn endpoint() -> Value {
    let parts = [Part::Text(Arc::from("com.amazonaws.")), Part::Any(Cause::Reason(Arc::from("later")))];
    Value::Unknown(Arc::new(Unknown::Template(parts.into_iter().chain([Part::Text(Arc::from(".s3"))]).collect())))
}

#[test]
fn the_known_pieces_of_a_text_decide_where_they_can() {
    let found = |name: &str, arguments: &[Value]| call(name, arguments).unwrap().as_bool();
    for name in ["strcontains", "contains_substring"] {
        assert_eq!(found(name, &[endpoint(), Value::string("amazonaws")]), Some(true), "{name}");
        assert_eq!(found(name, &[endpoint(), Value::string("eu-")]), None, "{name}");
    }
    let matches = |pattern: &str| found("regex_match", &[Value::string(pattern), endpoint()]);
    assert_eq!(matches("[.][^.]*$"), Some(true));
    assert_eq!(matches("^com[.]"), Some(true));
    assert_eq!(matches("amazon"), Some(true));
    for beyond in ["^[.]s3", "amazonaws[.]$", "^com.*s3$", "\\bs3", "eu", "^$"] {
        assert_eq!(matches(beyond), None, "{beyond}");
    }
    assert!(call("regex_match", &[Value::string("("), endpoint()]).is_err());
    let first = call("coalesce", &[endpoint(), Value::string("-")]).unwrap();
    assert_eq!(found("endswith", &[first, Value::string(".s3")]), Some(true), "it is not empty");
}

#[test]
fn coalesce_takes_lists_of_blocks_that_write_different_attributes() {
    let block = |name: &str| Value::object(vec![(Arc::from(name), Value::list(vec![Value::int(1)]))]);
    let blocks = Value::list(vec![block("expiration"), Value::object(vec![(Arc::from("id"), Value::string("a"))])]);
    let taken = call("coalesce", &[Value::Null, blocks, Value::list(vec![])]).unwrap();
    assert_eq!(taken.as_list().map(<[Value]>::len), Some(2));
    assert!(call("coalesce", &[Value::string("a"), Value::list(vec![])]).is_err(), "a text and a list have no type");
}

#[test]
fn every_function_is_in_the_catalogue() {
    let entries: Vec<_> = catalogue().collect();
    for name in names() {
        assert_eq!(entries.iter().filter(|entry| entry.name == name).count(), 1, "{name}");
    }
    for entry in &entries {
        assert!(entry.signature.starts_with(&format!("{}(", entry.name)), "{}", entry.signature);
        assert!(entry.description.ends_with('.') && entry.description.len() > 10, "{}", entry.name);
    }
    assert!(entries.is_sorted_by_key(|entry| (entry.group, entry.name)));
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => proptest::sample::select(vec![
            "", "a", "1", "-1", "true", "10.0.0.0/8", "fd00::/64", "::/0", "2026-01-31T09:00:00+09:00", "1h30m", "%s", "%5.2f",
            "%[1]#x", "%-08d%v", "%q%e%g", "/a+/", "(a)(?P<n>b)?", "[^[]", "a{,2}", "$1${n}", "YYYY 'a''b' Z", "YQ==", "[1,{\"a\":null}]",
            "a: &x [1, *x]", "a: &x {b: 1}\nc: *x", "a,b\n1,2\n", "1.2.3-beta", ">= 1.2, ~> 1", "UTF-16LE", "dns", "é\u{301}👨‍👩‍👧",
            "a\nb\r\n", "${a}", "%{ for x in a }${x}%{ endfor }", "99999999999999999999999999", "\u{0}\u{feff}\u{2028}",
        ]).prop_map(str::to_owned),
        1 => "(?s).{0,40}",
        1 => "[%0-9.#+ \\[\\]a-zA-Z-]{0,12}",
        1 => "[a-z0-9:{}\\[\\],&*!|>'\"\n -]{0,30}",
        1 => "[()\\[\\]{}?*+|^$.\\\\a-zP<>:0-9-]{0,20}",
    ]
}

fn numbers() -> impl Strategy<Value = Number> {
    prop_oneof![
        (-3_i64..40).prop_map(Number::from),
        proptest::sample::select(vec![i64::MIN, i64::MAX, 1 << 53, -1_000_000]).prop_map(Number::from),
        proptest::sample::select(vec![
            "0.5",
            "-2.675",
            "1e30",
            "-1e300",
            "79228162514264337593543950335",
            "1e-28",
            "1e-300",
            "123456789012345678901234567890.5",
        ])
        .prop_map(|text| Number::parse(text).unwrap()),
    ]
}

fn symbol() -> Symbol {
    Symbol { object: 0, path: Path::attribute("arn") }
}

fn unknowns() -> impl Strategy<Value = Value> {
    let reason = || Cause::Reason(Arc::from("later"));
    let parts = Arc::from([Part::Text(Arc::from("a")), Part::Symbol(symbol()), Part::Any(reason())]);
    let encoded = Value::list(vec![Value::unknown("later"), Value::int(1)]);
    proptest::sample::select(vec![
        Value::Unknown(Arc::new(Unknown::Opaque(reason()))),
        Value::Unknown(Arc::new(Unknown::Symbol(symbol()))),
        Value::Unknown(Arc::new(Unknown::OneOf(Arc::from([symbol()])))),
        Value::Unknown(Arc::new(Unknown::Template(parts))),
        Value::Unknown(Arc::new(Unknown::Encoded(Arc::new(encoded)))),
        Value::Unknown(Arc::new(Unknown::Count { min: 1, max: 3, cause: Box::new(reason()) })),
    ])
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::Bool),
        3 => numbers().prop_map(Value::Number),
        5 => texts().prop_map(|text| Value::string(&text)),
        1 => unknowns(),
        1 => proptest::sample::select(vec![Side::Prior, Side::Planned])
            .prop_map(|side| Value::Handle(Handle::new(0, side))),
        1 => Just(Value::string(SECRET).mark(true)),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let member = (inner.clone(), proptest::bool::weighted(0.1)).prop_map(|(value, maybe)| value.maybe(maybe));
        prop_oneof![
            4 => proptest::collection::vec(member, 0..4).prop_map(Value::list),
            2 => proptest::collection::vec(("[a-c]", inner.clone()), 0..4).prop_map(|entries| {
                Value::object(entries.into_iter().map(|(key, value)| (Arc::from(key), value)).collect())
            }),
            1 => inner.prop_map(|value| value.mark(true)),
        ]
    })
}

/// Whether the secret stands somewhere without a mark around it.
fn leaks(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(SECRET),
        Value::List(items) => items.iter().any(leaks),
        Value::Object(object) => object.iter().any(|(key, value)| key.contains(SECRET) || leaks(value)),
        Value::Maybe(inner) => leaks(inner),
        Value::Unknown(unknown) => match &**unknown {
            Unknown::Template(parts) => {
                parts.iter().any(|part| matches!(part, Part::Text(text) if text.contains(SECRET)))
            }
            Unknown::Encoded(value) => leaks(value),
            _ => false,
        },
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_arguments_make_a_function_panic_or_show_a_secret(
        arguments in proptest::collection::vec(values(), 0..5),
        constant in any::<bool>(),
    ) {
        for name in names() {
            let Some(Function::Builtin(function)) = builtin(name) else { continue };
            let pattern = constant.then(Pattern::default);
            match function.call(&Nowhere::default(), &arguments.iter().collect::<Vec<_>>(), pattern.as_ref()) {
                Ok(value) => prop_assert!(name == "nonsensitive" || !leaks(&value), "{name} gives {value:?}"),
                Err(message) => prop_assert!(!message.contains(SECRET), "{name} says {message}"),
            }
        }
    }

    #[test]
    fn functions_of_text_do_not_panic(one in texts(), two in texts(), three in numbers()) {
        let (one, two, three) = (Value::string(&one), Value::string(&two), Value::Number(three));
        let orders = [
            vec![one.clone()],
            vec![one.clone(), two.clone()],
            vec![one.clone(), three.clone()],
            vec![three.clone(), one.clone()],
            vec![one.clone(), three.clone(), three.clone()],
            vec![one.clone(), two, one.clone()],
            vec![one.clone(), Value::object(vec![(Arc::from("a"), Value::list(vec![one, three]))])],
        ];
        for name in names() {
            let Some(Function::Builtin(function)) = builtin(name) else { continue };
            for arguments in &orders {
                drop(function.call(&Nowhere::default(), &arguments.iter().collect::<Vec<_>>(), None));
            }
        }
    }

    #[test]
    fn decoding_gives_back_what_was_encoded(value in values()) {
        if value.has_unknown() {
            return Ok(());
        }
        let json = call("jsonencode", std::slice::from_ref(&value)).unwrap();
        for (encode, decode) in [("yamlencode", "yamldecode"), ("jsonencode", "jsondecode")] {
            let text = call(encode, std::slice::from_ref(&value)).unwrap();
            let again = call(decode, std::slice::from_ref(&text)).unwrap_or_else(|message| panic!("{text:?}: {message}"));
            let again = call("jsonencode", &[again]).unwrap();
            prop_assert_eq!(again.as_str(), json.as_str(), "{}", encode);
        }
    }
}
