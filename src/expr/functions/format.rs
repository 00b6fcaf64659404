//! `format` and `formatlist`: the verbs of Terraform's formatting language.

use std::str::Chars;

use dashu_int::IBig;
use dashu_int::ops::UnsignedAbs as _;

use super::characters::{self, characters};
use super::digits::Written;
use super::limits::{self, MAX_WIDTH, Text};
use super::{ANY, Arguments, Builtin, Takes, bare, json, lifted, number, own, taking, text};
use crate::expr::eval::{Host, decided, truth};
use crate::value::{ListKind, Number, Value};

pub(super) const FUNCTIONS: &[Builtin] = &[
    taking(
        Takes::TextAndAny,
        lifted(
            (
                "format",
                "format, values...",
                1,
                ANY,
                "The text with each verb, such as %s or %03d, replaced by a value.",
            ),
            |arguments| {
                let (first, rest) = arguments.values.split_first().unwrap_or((&&Value::Null, &[]));
                let format = text(first).map_err(|name| format!("argument 1 must be a string, not a {name}"))?;
                formatted(&format, rest).map(Text::into_value)
            },
        ),
    ),
    own(
        ("formatlist", "format, values...", 1, ANY, "A list of texts: lists among the values give one member to each."),
        formatlist,
    ),
];

// A row with something unknown is unknown, and the others are not.
fn formatlist(arguments: &Arguments<'_>) -> Result<Value, String> {
    if (0..arguments.len()).any(|index| arguments.is_unknown(index)) {
        return Ok(arguments.unknown());
    }
    let format = arguments.text(0)?;
    let values = arguments.values.get(1..).unwrap_or_default();
    let lists: Vec<&[Value]> = values.iter().filter_map(|value| value.as_list()).collect();
    if lists.iter().any(|items| items.iter().any(|item| item.member().1)) {
        return Ok(arguments.unknown());
    }
    let count = lists.first().map_or(1, |items| items.len());
    if let Some(other) = lists.iter().map(|items| items.len()).find(|length| *length != count) {
        return Err(format!("the lists must be of one length, and these have {count} and {other} members"));
    }
    let mut length = 0;
    let mut result = Vec::with_capacity(count);
    for position in 0..count {
        let text = row(arguments.host, &format, values, position)?;
        length += text.as_str().map_or(0, str::len);
        if length > limits::MAX_TEXT {
            return Err(limits::text_too_long());
        }
        result.push(text);
    }
    Ok(arguments.marked(Value::list_of(ListKind::List, result)))
}

fn row<'v>(host: &dyn Host, format: &str, values: &[&'v Value], position: usize) -> Result<Value, String> {
    let member = |value: &'v Value| match value {
        Value::List(items) => items.get(position).unwrap_or(&Value::Null),
        other => other,
    };
    let members: Vec<Value> = values.iter().map(|value| bare(host, member(value), true)).collect();
    if members.iter().any(Value::has_unknown) {
        return Ok(decided(None, &members.iter().collect::<Vec<_>>()));
    }
    formatted(format, &members.iter().collect::<Vec<_>>()).map(Text::into_value)
}

/// What stands between `%` and the letter.
#[derive(Default)]
struct Verb {
    flags: Vec<char>,
    width: usize,
    precision: Option<usize>,
    argument: Option<usize>,
    letter: char,
}

fn formatted(format: &str, values: &[&Value]) -> Result<Text, String> {
    let mut result = Text::default();
    let mut rest = format.chars();
    let mut next = 1;
    let mut used = 0;
    loop {
        let literal = rest.as_str();
        let Some(start) = literal.find('%') else {
            result.push(literal)?;
            break;
        };
        result.push(literal.get(..start).unwrap_or_default())?;
        rest = literal.get(start + 1..).unwrap_or_default().chars();
        if let Some(after) = rest.as_str().strip_prefix('%') {
            result.push("%")?;
            rest = after.chars();
            continue;
        }
        let verb = Verb::read(&mut rest)?;
        let position = verb.argument.unwrap_or(next);
        let value = position.checked_sub(1).and_then(|at| values.get(at));
        let value = value
            .ok_or_else(|| format!("%{} asks for value {position}, and {} are given", verb.letter, values.len()))?;
        result.push(&verb.write(value)?)?;
        used = used.max(position);
        next = position + 1;
    }
    if used < values.len() {
        return Err(format!("{} values are given, and the format uses {used}", values.len()));
    }
    Ok(result)
}

fn count(rest: &mut Chars<'_>) -> Result<Option<usize>, String> {
    let text = rest.as_str();
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let digits = text.get(..length).unwrap_or_default();
    *rest = text.get(length..).unwrap_or_default().chars();
    if digits.is_empty() {
        return Ok(None);
    }
    let count = digits.parse::<usize>().ok().filter(|count| *count <= MAX_WIDTH);
    count.map(Some).ok_or_else(|| format!("{digits} is too much for a format; the bound is {MAX_WIDTH}"))
}

fn skip(rest: &mut Chars<'_>, character: char) -> bool {
    match rest.as_str().strip_prefix(character) {
        Some(after) => {
            *rest = after.chars();
            true
        }
        None => false,
    }
}

impl Verb {
    fn read(rest: &mut Chars<'_>) -> Result<Self, String> {
        let mut verb = Self::default();
        while let Some(flag) = rest.as_str().chars().next() {
            if !matches!(flag, '+' | '-' | ' ' | '0' | '#') {
                break;
            }
            verb.flags.push(flag);
            rest.next();
        }
        verb.width = count(rest)?.unwrap_or(0);
        if skip(rest, '.') {
            verb.precision = Some(count(rest)?.unwrap_or(0));
        }
        if skip(rest, '[') {
            let argument = count(rest)?.filter(|argument| *argument > 0 && skip(rest, ']'));
            verb.argument = Some(argument.ok_or("an argument's number in a format looks like [1]")?);
        }
        verb.letter = rest.next().ok_or("the format ends within a verb; a percent sign is written %%")?;
        Ok(verb)
    }

    fn has(&self, flag: char) -> bool {
        self.flags.contains(&flag)
    }

    fn write(&self, value: &Value) -> Result<String, String> {
        let wrong = |name: &str| format!("%{} does not take a {name}", self.letter);
        match self.letter {
            'v' => self.plain(value),
            't' => match truth(value) {
                Ok(Some(truth)) => Ok(truth.to_string()),
                _ => Err(wrong(value.type_name())),
            },
            's' => Ok(self.pad(self.cut(&text(value).map_err(wrong)?))),
            'q' => json::quoted(self.cut(&text(value).map_err(wrong)?)).map(|text| self.pad(&text)),
            'b' | 'd' | 'o' | 'x' | 'X' => {
                let number = number(value).map_err(wrong)?;
                let whole = number.integer().ok_or_else(|| format!("%{} takes a whole number", self.letter))?;
                Ok(self.whole(&whole))
            }
            'e' | 'E' | 'f' | 'g' | 'G' => Ok(self.float(&number(value).map_err(wrong)?)),
            other => Err(format!("%{other} is no verb of format")),
        }
    }

    fn plain(&self, value: &Value) -> Result<String, String> {
        let text = match value {
            Value::String(text) if !self.has('#') => text.to_string(),
            Value::Number(number) if number.is_infinite() && !self.has('#') => number.to_string(),
            Value::Number(number) if !self.has('#') => {
                let written = Written::new(number);
                let sign = if written.is_negative() { "-" } else { "" };
                format!("{sign}{}", written.general(None))
            }
            other => json::text(other)?,
        };
        Ok(self.pad(&text))
    }

    // Terraform takes a precision of 0 for none.
    fn cut<'t>(&self, text: &'t str) -> &'t str {
        let Some(precision) = self.precision.filter(|precision| *precision > 0) else { return text };
        let end: usize = characters(text).take(precision).map(str::len).sum();
        text.get(..end).unwrap_or(text)
    }

    fn pad(&self, text: &str) -> String {
        if self.width == 0 {
            return text.to_owned();
        }
        let padding = self.width.saturating_sub(characters::count(text));
        let fill = if self.has('0') { "0" } else { " " }.repeat(padding);
        if self.has('-') { format!("{text}{fill}") } else { format!("{fill}{text}") }
    }

    fn sign(&self, negative: bool) -> &'static str {
        match negative {
            true => "-",
            false if self.has('+') => "+",
            false if self.has(' ') => " ",
            false => "",
        }
    }

    fn whole(&self, number: &IBig) -> String {
        // No digit is asked for and none is needed: nothing is written, not even blanks.
        if self.precision == Some(0) && *number == IBig::ZERO {
            return String::new();
        }
        let (base, prefix) = match self.letter {
            'b' => (2, "0b"),
            'o' => (8, "0"),
            'x' => (16, "0x"),
            'X' => (16, "0X"),
            _ => (10, ""),
        };
        let mut digits = number.clone().unsigned_abs().in_radix(base).to_string();
        if self.letter == 'X' {
            digits.make_ascii_uppercase();
        }
        if let Some(precision) = self.precision {
            digits.insert_str(0, &"0".repeat(precision.saturating_sub(digits.len())));
        }
        let prefix = if self.has('#') { prefix } else { "" };
        let head = format!("{}{prefix}", self.sign(*number < IBig::ZERO));
        self.fill(&head, &digits, self.precision.is_none())
    }

    fn float(&self, number: &Number) -> String {
        if number.is_infinite() {
            return self.infinite(*number < Number::from(0));
        }
        let written = Written::new(number);
        let sign = self.sign(written.is_negative());
        let body = match self.letter {
            'f' => written.fixed(self.precision.unwrap_or(6)),
            'e' | 'E' => written.scientific(self.precision.unwrap_or(6)),
            _ => written.general(self.precision),
        };
        let body = if self.letter.is_uppercase() { body.to_uppercase() } else { body };
        // Zeros go before the digits even where blanks would go behind them.
        if self.has('0') {
            let padding = self.width.saturating_sub(sign.len() + body.len());
            return format!("{sign}{}{body}", "0".repeat(padding));
        }
        self.fill(sign, &body, true)
    }

    // It always has a sign, and no zeros before it.
    fn infinite(&self, negative: bool) -> String {
        let sign = match self.sign(negative) {
            "" => "+",
            sign => sign,
        };
        self.fill(sign, "Inf", false)
    }

    // Zeros come between the sign and the digits, never behind them.
    fn fill(&self, head: &str, digits: &str, zeros: bool) -> String {
        let padding = self.width.saturating_sub(head.len() + digits.len());
        match (self.has('-'), self.has('0') && zeros) {
            (true, _) => format!("{head}{digits}{}", " ".repeat(padding)),
            (false, true) => format!("{head}{}{digits}", "0".repeat(padding)),
            (false, false) => format!("{}{head}{digits}", " ".repeat(padding)),
        }
    }
}
