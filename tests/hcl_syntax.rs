//! The native syntax: what Terraform reads, planfit reads. The verdicts are those of `terraform fmt -` (1.11); an ignored
//! test at the end asks it again.

#![expect(clippy::disallowed_methods, reason = "one test asks terraform")]

use std::io::Write as _;
use std::process::{Command, Stdio};

use planfit::source::hcl::{clean, outline, parse};

/// Name and text of what Terraform accepts.
#[rustfmt::skip]
const ACCEPTED: &[(&str, &str)] = &[
    ("dup_keys", "a = { x = 1, y = 2, x = 3 }\n"),
    ("dup_keys_colon", "a = { x : 1, x : 3 }\n"),
    ("dup_keys_quoted", "a = {\n \"x\" = 1\n x = 3\n}\n"),
    ("dup_keys_paren", "a = {\n (var.x) = 1\n (var.x) = 3\n}\n"),
    ("dup_keys_nested", "a = { q = { x = 1, x = { z = 1, z = 2 } } }\n"),
    ("dup_keys_tmpl", "a = {\n \"${var.x}\" = 1\n \"${var.x}\" = 3\n}\n"),
    ("dup_keys_trav", "a = {\n var.x = 1\n var.x = 3\n}\n"),
    ("for_nl", "a = [for x in y :\n  x\n]\n"),
    ("for_nl2", "a = [\n for x in y : x\n  if\n x != 1\n]\n"),
    ("for_val_nl", "a = { for k, v in y : k => {\n  a = 1\n} }\n"),
    ("for_val_cond_nl", "a = [for x in y : x == 1 ?\n 1 :\n 2]\n"),
    ("for_val_cond_nl2", "a = { for k in y : k => k == 1\n ? 1\n : 2 }\n"),
    ("for_val_bin_nl", "a = { for k in y : k => k\n && 2 }\n"),
    ("for_obj_arrow_nl", "a = { for k in y : k =>\n k }\n"),
    ("for_cr", "a = [for\r\n x in y : x]\r\n"),
    ("for_open_crlf", "a = [\r\n  for x in y : x\r\n]\r\n"),
    ("for_obj_crlf", "a = {\r\n  for x in y :\r\n x => x\r\n if true\r\n}\r\n"),
    ("cond_nl_paren", "a = (var.x ?\n 1 :\n 2)\n"),
    ("cond_nl_paren2", "a = (\n  var.x\n  ? 1\n  : 2\n)\n"),
    ("cond_nl_call", "a = f(var.x ?\n 1 :\n 2)\n"),
    ("cond_obj", "a = var.x ? {\n b = 1\n} : {\n c = 1\n}\n"),
    ("cond_in_objval", "a = {\n b = (var.x ?\n 1 : 2)\n c = 1\n}\n"),
    ("heredoc", "a = <<EOT\nx\nEOT\n"),
    ("heredoc_ind", "a = <<-EOT\n    x\n  EOT\n"),
    ("heredoc_ind_plain", "a = <<EOT\n    x\n  EOT\n"),
    ("heredoc_crlf", "a = <<EOT\r\nx\r\nEOT\r\nb = 1\r\n"),
    ("heredoc_empty", "a = <<EOT\nEOT\n"),
    ("heredoc_ind_empty", "a = <<-EOT\n  EOT\n"),
    ("heredoc_call", "a = f(<<EOT\nx\nEOT\n)\n"),
    ("heredoc_call2", "a = f(<<EOT\nx\nEOT\n, 1)\n"),
    ("heredoc_list", "a = [<<EOT\nx\nEOT\n, <<EOT\ny\nEOT\n]\n"),
    ("heredoc_list_inline", "a = [<<EOT\nx\nEOT\n]\n"),
    ("heredoc_obj", "a = {\n b = <<EOT\nx\nEOT\n c = 1\n}\n"),
    ("heredoc_trail_ws", "a = <<EOT\nx\nEOT  \nb = 1\n"),
    ("heredoc_interp_nl", "a = <<EOT\n${\n  var.x\n}\nEOT\n"),
    ("heredoc_interp_obj", "a = <<EOT\n${jsonencode({\n  a = 1\n  b = [1,\n2]\n})}\nEOT\n"),
    ("heredoc_nested", "a = <<EOT\n${f(<<X\nq\nX\n)}\nEOT\n"),
    ("heredoc_marker_in", "a = <<EOT\nxEOT\nEOTx\nEOT\n"),
    ("heredoc_dollar", "a = <<EOT\n$${x} %%{y} $ { % $$ %%\nEOT\n"),
    ("heredoc_quote", "a = <<EOT\n\"a\" \\n \\ \nEOT\n"),
    ("heredoc_directive", "a = <<EOT\n%{ for x in y ~}\n${x}\n%{ endfor ~}\nEOT\n"),
    ("heredoc_dir_nl", "a = <<EOT\n%{ if\nx }\nq\n%{ else }\nz\n%{ endif }\nEOT\n"),
    ("heredoc_hyph", "a = <<END-OF\nx\nEND-OF\n"),
    ("heredoc_uni", "a = <<ÄX\nx\nÄX\n"),
    ("heredoc_digit", "a = <<E1_\nx\nE1_\n"),
    ("heredoc_in_tern_paren", "a = (var.x ? <<A\n1\nA\n : <<B\n2\nB\n)\n"),
    ("heredoc_indent_mixed", "a = <<-A\n\t\tx\n    y\n\tA\n"),
    ("heredoc_blank_line_ind", "a = <<-A\n\n   x\n\n   A\n"),
    ("heredoc_cr_ind", "a = <<-A\r\n   x\r\n   A\r\nb=1\r\n"),
    ("bom", "\u{feff}a = 1\n"),
    ("bom_only", "\u{feff}"),
    ("empty", ""),
    ("only_comment", "# x"),
    ("block_oneline", "a { b = 1 }\n"),
    ("block_empty", "a {}\n"),
    ("block_label_ident", "a b c {}\n"),
    ("splat", "a = x[*].y[0].z.*.w\n"),
    ("legacy_index", "a = x.0.y.1\n"),
    ("legacy_splat_idx", "a = x.*.0\n"),
    ("legacy_splat_br", "a = x.*.y[0]\n"),
    ("splat_end", "a = x[*]\n"),
    ("index_nl", "a = x[\n0\n]\n"),
    ("index_neg", "a = x[-1]\n"),
    ("attr_nl_in_paren", "a = (x\n.y\n.z)\n"),
    ("num_exp", "a = 1e10\nb=1E-5\nc=1.5e+3\n"),
    ("num_zero", "a = 007\n"),
    ("num_big", "a = 123456789012345678901234567890\n"),
    ("num_bigf", "a = 0.1234567890123456789012345678901234567\n"),
    ("neg", "a = -x\nb = - 1\nc = !x\nd = !!x\ne = --1\n"),
    ("ops", "a = 1 + 2 * 3 - 4 / 5 % 6 == 7 && 8 < 9 || 10 >= 11 != false\n"),
    ("op_nl_paren", "a = (1\n + \n2)\n"),
    ("op_nl_idx", "a = x[1\n + \n2]\n"),
    ("call_expand", "a = f(x...)\nb = f(1, x...)\n"),
    ("call_expand_nl", "a = f(\n x...\n)\n"),
    ("call_trail", "a = f(1,2,)\n"),
    ("call_trail_nl", "a = f(1,\n2,\n)\n"),
    ("call_ns", "a = provider::aws::arn_parse(\"x\")\n"),
    ("call_space", "a = f (1)\n"),
    ("call_nl_comma", "a = f(1\n, 2)\n"),
    ("call_comment", "a = f(1, # x\n 2 // y\n /* z */)\n"),
    ("list_trail", "a = [1,2,]\n"),
    ("list_nl_comma", "a = [1\n,2\n]\n"),
    ("list_comment", "a = [ # x\n 1, # y\n # z\n]\n"),
    ("list_comment_c", "a = [ /* x */ 1 /* y\n */ , 2 ]\n"),
    ("obj_comment", "a = { # x\n b = 1 # y\n # z\n}\n"),
    ("obj_comma_nl", "a = {\n b = 1,\n c = 2,\n}\n"),
    ("obj_colon", "a = { b: 1, c: 2 }\n"),
    ("obj_mixed", "a = { b = 1\n c = 2, d = 3 }\n"),
    ("obj_num_key", "a = { 1 = 2 }\n"),
    ("obj_num_key2", "a = { 1.5 = 2 }\n"),
    ("obj_kw_key", "a = { true = 2, null = 3, if = 4, in = 5 }\n"),
    ("obj_for_key", "a = { \"for\" = 2 }\n"),
    ("obj_trav_key", "a = { aws.x = aws.y }\n"),
    ("obj_call_key", "a = { f(1) = 2 }\n"),
    ("obj_idx_key", "a = { x[0] = 2 }\n"),
    ("obj_tmpl_key", "a = { \"x${var.y}\" = 2 }\n"),
    ("obj_paren_key", "a = { (x) = 2 }\n"),
    ("obj_tern_key", "a = { x ? 1 : 2 = 2 }\n"),
    ("obj_neg_key", "a = { -1 = 2 }\n"),
    ("obj_blank", "a = {\n\n\n b = 1\n\n}\n"),
    ("obj_nested_oneline", "a = { b = { c = 1 } }\n"),
    ("kw_attr", "for = 1\nif = 2\ntrue = 3\nnull = 4\n"),
    ("kw_block", "for {}\nif \"x\" {}\n"),
    ("kw_var", "a = for\n"),
    ("kw_in", "a = in\n"),
    ("ident_dash", "a-b = c-d\n"),
    ("ident_uni", "é = ü\n"),
    ("ident_dash_end", "a- = 1\n"),
    ("sub_nospace", "a = b -c\n"),
    ("str_esc", "a = \"\\n\\t\\r\\\"\\\\\\u00e9\\U0001F600\"\n"),
    ("str_dollar", "a = \"$ $$ % %% $${x} %%{x} $$${y} $\"\n"),
    ("str_dollar_end", "a = \"x$\"\nb = \"x%\"\nc=\"$$\"\nd=\"$$${x}\"\n"),
    ("str_interp_nl", "a = \"${\nx\n}\"\n"),
    ("str_interp_str", "a = \"${\"x\"}\"\n"),
    ("str_interp_nested", "a = \"${f(\"${x}\", { a = \"}\" })}\"\n"),
    ("str_interp_strip", "a = \"${~ x ~}\"\n"),
    ("str_dir", "a = \"%{ if x }y%{ else }z%{ endif }\"\n"),
    ("str_dir_for", "a = \"%{ for k, v in m }${k}%{ endfor }\"\n"),
    ("str_dir_esc", "a = \"%{ if x }\\\"y\\\"%{ endif }\"\n"),
    ("str_tab", "a = \"x\ty\"\n"),
    ("str_label_esc", "a \"x\\\"y\" {}\n"),
    ("str_label_dollar", "a \"x$y\" {}\n"),
    ("comment_block", "/* x\n y */ a = 1\n"),
    ("comment_mid", "a /* x */ = /* y */ 1 /* z */\n"),
    ("comment_block_label", "a /* x */ \"b\" /* y */ { /* z */ }\n"),
    ("comment_slash", "a = 1 // x\n"),
    ("comment_after_brace", "a { # x\n}\n"),
    ("comment_stars", "/***/ a = 1 /**/\n"),
    ("comment_eof", "a = 1 #"),
    ("comment_cr", "# x\r\na = 1\r\n"),
    ("paren_nl", "a = (\n1\n)\n"),
    ("paren_nested", "a = ((((1))))\n"),
    ("tabs", "\ta\t=\t1\t\n"),
    ("nul", "a = \"\u{0}\"\n"),
    ("crlf_mid", "a = {\r\n  b = 1\r\n  c = [\r\n 1,\r\n 2\r\n ]\r\n}\r\n"),
    ("crlf_cond", "a = (x\r\n ? 1\r\n : 2)\r\n"),
    ("crlf_call", "a = f(\r\n  1,\r\n  2\r\n)\r\n"),
    ("crlf_comment", "a = [ # x\r\n 1, # y\r\n]\r\n"),
    ("crlf_ops", "a = (1 +\r\n 2)\r\n"),
    ("type_expr", "a = map(object({ x = optional(string, \"y\"), z = list(any) }))\n"),
    ("type_kw", "type = string\n"),
    ("tern_nested", "a = x ? y ? 1 : 2 : 3\n"),
    ("tern_for", "a = [for x in y : x if z ? true : false]\n"),
    ("tern_colon_obj", "a = {b = x ? 1 : 2}\n"),
    ("for_group", "a = {for k, v in m : v => k...}\n"),
    ("for_group_if", "a = {for k, v in m : v => k... if k != \"\"}\n"),
    ("for_group_nl", "a = {for k, v in m : v => k...\n if k != \"\"\n}\n"),
    ("for_comment", "a = [for x in y : # c\n x # d\n]\n"),
    ("for_comment2", "a = [\n # c\n for x in y : x\n]\n"),
    ("for_comment_obj", "a = {\n # c\n for x in y : x => x\n}\n"),
    ("for_comment_c", "a = [/* c */ for x in y : x]\n"),
    ("for_nested", "a = flatten([\n for x in y : [\n for z in x.q : {\n a = z\n b = x\n }\n ]\n])\n"),
    ("for_heredoc", "a = [for x in y : <<A\n${x}\nA\n]\n"),
    ("for_obj_val_heredoc", "a = {for x in y : x => <<A\n${x}\nA\n}\n"),
    ("for_splat", "a = [for x in y[*].z : x]\n"),
    ("for_in_kw", "a = [for in in in : in]\n"),
    ("for_val_call_nl", "a = {\n for k in y : k => merge(\n  x,\n {\n a = 1\n }\n )\n}\n"),
    ("for_val_then_nl", "a = {\n for k in y : k => x\n ...\n}\n"),
    ("for_cond_nl_obj", "a = {\n for k in y :\n k => k == 1 ? {\n a = 1\n} : {\n a = 2\n}\n if k\n}\n"),
    ("for_dup_key_inner", "a = [for x in y : {\n q = 1\n q = 2\n}]\n"),
    ("fortune", "a = [fortune, format]\n"),
    ("for_paren_nl", "a = [for x in (\n y\n) : x]\n"),
    ("provider_ref", "providers = {\n aws = aws.x\n aws.y = aws.z\n}\n"),
    ("wildcard", "ignore_changes = [tags[\"a\"], x[0].y, all]\n"),
    ("tmpl_wrap", "a = \"${x}\"\n"),
    ("tmpl_tern_nl", "a = \"${x ?\n \"a\" :\n \"b\"}\"\n"),
    ("tmpl_obj", "a = \"${jsonencode({\n a = 1\n b = 2\n})}\"\n"),
    ("attr_block_same", "a = 1\na {}\n"),
    ("paren_trav", "a = (x).y\nb = f(x).y[0]\nc = [1,2][0]\nd = {a=1}.a\n"),
    ("str_trav", "a = \"x\".y\n"),
    ("str_index", "a = \"x\"[0]\n"),
    ("for_trav", "a = [for x in y : x].z\nb = [for x in y: x][0]\nc = {for x in y: x => x}[\"a\"]\n"),
    ("obj_trav_nl", "a = {\n b = 1\n}.b\n"),
    ("tern_trav", "a = (x ? y : z).w\n"),
    ("num_trav", "a = 1.x\n"),
    ("null_cmp", "a = x == null\n"),
    ("not_eq", "a = !(x==y)\nb = !x.y[0]\n"),
    ("neg_paren", "a = -(1)\n"),
    ("idx_str_tmpl", "a = x[\"${y}\"]\nb = x[\"a${y}\"].c\n"),
    ("idx_splat_sp", "a = x[ * ]\n"),
    ("dot_sp", "a = x . y\n"),
    ("trail_nl_ws", "a = 1   \n   \n"),
    ("noeof", "a {\n b = 1\n}"),
];

/// Name and text of what Terraform refuses.
#[rustfmt::skip]
const REFUSED: &[(&str, &str)] = &[
    ("bracket_for_cr", "a = [for\rx in y : x]\n"),
    ("cond_nl_bare_q", "a = var.x ?\n 1 : 2\n"),
    ("cond_nl_bare_c", "a = var.x ? 1 :\n 2\n"),
    ("cond_nl_bare_before", "a = var.x\n ? 1 : 2\n"),
    ("cond_in_objval_nl", "a = {\n b = var.x ?\n 1 : 2\n c = 1\n}\n"),
    ("obj_val_nl", "a = {\n b =\n 1\n}\n"),
    ("attr_val_nl", "a =\n 1\n"),
    ("obj_key_nl_eq", "a = {\n b\n = 1\n}\n"),
    ("heredoc_obj_comma", "a = {\n b = <<EOT\nx\nEOT\n, c = 1\n}\n"),
    ("heredoc_space_marker", "a = << EOT\nx\nEOT\n"),
    ("heredoc_marker_space", "a = <<EOT \nx\nEOT\n"),
    ("heredoc_dash_space", "a = <<-  EOT\nx\nEOT\n"),
    ("heredoc_tern", "a = var.x ? <<A\n1\nA\n : <<B\n2\nB\n"),
    ("heredoc_attr_after", "a = <<A\n1\nA\n.foo\n"),
    ("cr_only", "a = 1\rb = 2\r"),
    ("block_oneline_nl", "a { b = 1\n}\n"),
    ("block_label_nl", "a \"b\"\n{\n}\n"),
    ("two_on_line", "a = 1 b = 2\n"),
    ("block_then_attr", "a {} b = 1\n"),
    ("num_dot", "a = 1.\n"),
    ("num_leading", "a = .5\n"),
    ("op_nl", "a = 1 +\n 2\n"),
    ("obj_for_key2", "a = { for = 2 }\n"),
    ("obj_lead_comma", "a = {\n b = 1\n, c = 2 }\n"),
    ("str_bad_esc", "a = \"\\d\"\n"),
    ("label_interp", "a \"${x}\" {}\n"),
    ("formfeed", "a = 1\n\u{c}\n"),
    ("nbsp", "a =\u{a0}1\n"),
    ("semi", "a = 1;\n"),
    ("backtick", "a = `x`\n"),
    ("single", "a = 'x'\n"),
    ("for_trailing_comma", "a = [for x in y : x,]\n"),
    ("attr_dup", "a = 1\na = 2\n"),
    ("unclosed", "a {\n"),
    ("extra_close", "}\n"),
    ("ellipsis_obj", "a = {x...}\n"),
];

#[test]
fn what_terraform_accepts_is_read() {
    let refused: Vec<String> = ACCEPTED
        .iter()
        .filter_map(|(name, text)| Some(format!("{name}: {:?}", parse(&clean((*text).to_owned())).err()?)))
        .collect();
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[test]
fn what_terraform_refuses_is_refused_with_a_place_inside_of_the_text() {
    for (name, text) in REFUSED {
        let error = parse(&clean((*text).to_owned())).err();
        assert!(error.as_ref().is_some_and(|error| error.offset <= text.len()), "{name}: {error:?}");
    }
}

// Terraform has no such bounds. A diagnostic says where the file is over one.
#[test]
fn what_is_nested_or_chained_beyond_reason_is_refused_with_its_place() {
    let nested =
        |open: &str, middle: &str, close: &str| format!("a = {}{middle}{}\n", open.repeat(70), close.repeat(70));
    let chained = "x == 1 ? 1 : ".repeat(80);
    for text in [
        nested("[", "", "]"),
        nested("(", "1", ")"),
        nested("{b=", "1", "}"),
        nested("f(", "1", ")"),
        format!("{}{}", "a {\n".repeat(70), "}\n".repeat(70)),
        format!("a = {}\n", vec!["1"; 200].join(" + ")),
        format!("a = {}\n", vec!["x"; 200].join(" && ")),
        format!("a = {chained}0\n"),
    ] {
        let error = parse(&text).unwrap_err();
        assert!(error.offset > 0 && error.offset <= text.len(), "{text}: {error:?}");
    }
}

#[test]
fn many_equal_keys_do_not_cost_a_parse_each() {
    let text = format!("a = {{\n{}}}\n", "  k = 1\n".repeat(2_000));
    assert!(parse(&text).is_ok());
}

#[test]
fn skimming_never_panics_on_a_part_of_a_text() {
    for (_, text) in ACCEPTED.iter().chain(REFUSED) {
        let text = format!("module \"m\" {{\n  source = \"./m\"\n}}\n{text}");
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            let _ = outline(text.get(..end).unwrap());
        }
    }
}

#[test]
fn the_verdicts_are_those_of_terraform() {
    // Where terraform is not installed, the verdicts that were noted down are believed.
    if Command::new("terraform").arg("version").env("CHECKPOINT_DISABLE", "1").output().is_err() {
        return;
    }
    let accepts = |text: &str| {
        let mut terraform = Command::new("terraform");
        terraform.args(["fmt", "-"]).env("CHECKPOINT_DISABLE", "1");
        let mut child = terraform.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        child.wait().unwrap().success()
    };
    for (name, text) in ACCEPTED {
        assert!(accepts(text), "{name}");
    }
    for (name, text) in REFUSED {
        assert!(!accepts(text), "{name}");
    }
}
