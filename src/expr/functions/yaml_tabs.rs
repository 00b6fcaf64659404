//! Tabs in YAML: Terraform's reader takes none where blanks say how deep something stands, the parser takes some.

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle};

/// Whether a tab stands where Terraform wants blanks: at the start of a line or behind `-` and `?`. Inside of brackets
/// and of texts of several lines a tab is as good as a blank. What is no YAML at all is left to its reader.
pub(super) fn are_misplaced(text: &str) -> bool {
    if !text.contains('\t') {
        return false;
    }
    let characters: Vec<char> = text.chars().collect();
    let mut tabs = Tabs { text: &characters, free: Vec::new() };
    tabs.read(text) || tabs.at_line_starts()
}

struct Tabs<'t> {
    text: &'t [char],
    /// Where tabs may stand, in order: from the first character to behind the last one.
    free: Vec<(usize, usize)>,
}

impl Tabs<'_> {
    // Gathers what is free; whether there is a misplaced tab before a member of a block.
    fn read(&mut self, text: &str) -> bool {
        let mut events = Parser::new_from_str(text);
        // Which of the open nodes are in brackets, how many are, and where the outermost of them begins.
        let (mut nodes, mut brackets, mut outermost) = (Vec::new(), 0_usize, 0);
        while let Some(Ok((event, span))) = events.next_event() {
            let (start, end) = (span.start.index(), span.end.index());
            let is_inside = brackets > 0;
            match &event {
                Event::StreamEnd => break,
                Event::SequenceStart(style, ..) | Event::MappingStart(style, ..) => {
                    let is_flow = matches!(style, StructureStyle::Flow);
                    if is_flow && !is_inside {
                        outermost = start;
                    }
                    nodes.push(is_flow);
                    brackets += usize::from(is_flow);
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    brackets -= usize::from(nodes.pop() == Some(true));
                    if is_inside && brackets == 0 {
                        self.free.push((outermost, end));
                    }
                    continue;
                }
                Event::Scalar(_, style, ..) if !is_inside => {
                    if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) && self.begins_block(start) {
                        return true;
                    }
                    self.free.push((start, end));
                }
                Event::Scalar(..) | Event::Alias(_) => {}
                _ => continue,
            }
            if !is_inside && self.follows_tab(start) {
                return true;
            }
        }
        false
    }

    // Whether a tab is between a member and the `-` or `?` before it.
    fn follows_tab(&self, start: usize) -> bool {
        let before = self.text.get(..start).unwrap_or_default();
        let blanks = before.iter().rev().take_while(|character| matches!(character, ' ' | '\t')).count();
        let (rest, blanks) = before.split_at(before.len() - blanks);
        blanks.contains(&'\t') && matches!(rest.last(), Some('-' | '?')) && !rest.ends_with(&['-', '-', '-'])
    }

    // Whether a block of text, which says by its first line how deep it stands, begins with a tab.
    fn begins_block(&self, start: usize) -> bool {
        let is_tab = self.text.get(start) == Some(&'\t');
        let before = self.text.get(..start).unwrap_or_default();
        let header = before.iter().rev().skip_while(|character| character.is_whitespace());
        let mut signs = header.take_while(|character| !character.is_whitespace());
        is_tab && !signs.any(|sign| matches!(sign, '1'..='9'))
    }

    fn at_line_starts(&self) -> bool {
        let mut at = 0;
        self.text.split(|character| *character == '\n').any(|line| {
            let blanks = line.iter().take_while(|character| **character == ' ').count();
            let (tab, is_tab) = (at + blanks, line.get(blanks) == Some(&'\t'));
            at += line.len() + 1;
            is_tab && !self.is_free(tab)
        })
    }

    fn is_free(&self, at: usize) -> bool {
        let before = self.free.partition_point(|(start, _)| *start <= at);
        before.checked_sub(1).and_then(|last| self.free.get(last)).is_some_and(|(_, end)| at < *end)
    }
}
