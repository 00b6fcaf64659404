//! The edges of evaluation: values as Terraform 1.11 plans them, and what is not known, not there, or leads back to itself.

use planfit::terraform::config::values::{Asked, Outside};

use crate::judged::{expect, judged};

const APP: &str = r#"
variable "name" {
  type     = string
  default  = "default"
}
variable "number" {
  type    = string
  default = 7
}
variable "optional" {
  type     = string
  default  = "opt"
  nullable = false
}
resource "terraform_data" "this" {
  input = "${coalesce(var.name, "null")}-${var.number}-${var.optional}-${path.module}"
}
module "inner" {
  source = "../list"
  count  = 2
  items  = [var.number, count.index]
}
output "name" { value = terraform_data.this.input }
output "number" { value = var.number }
output "inner" { value = module.inner[*].sum }
"#;

const LIST: &str = r#"
variable "items" { type = list(number) }
resource "terraform_data" "sum" {
  input = sum(var.items)
}
output "sum" { value = terraform_data.sum.input }
"#;

// The values are those of `terraform show -json` of Terraform 1.11 for the same files.
#[test]
fn modules_are_expanded_as_terraform_expands_them() {
    let root = r#"
module "app" {
  source   = "./mods/app"
  for_each = { one = 1, two = 2 }
  name     = each.key
  number   = each.value
}
module "none" {
  source = "./mods/app"
  count  = 0
  name   = "none"
}
module "nulls" {
  source   = "./mods/app"
  name     = null
  optional = null
}
resource "terraform_data" "outputs" {
  input = [module.app["one"].name, [for k, m in module.app : m.number], module.none[*].name, module.nulls.name, module.app["two"].inner]
}
"#;
    expect(
        &[("main.tf", root), ("mods/app/main.tf", APP), ("mods/list/main.tf", LIST)],
        &[
            "module.app[\"one\"].module.inner[0].terraform_data.sum = 1",
            "module.app[\"one\"].module.inner[1].terraform_data.sum = 2",
            "module.app[\"one\"].terraform_data.this = \"one-1-opt-mods/app\"",
            "module.app[\"two\"].module.inner[0].terraform_data.sum = 2",
            "module.app[\"two\"].module.inner[1].terraform_data.sum = 3",
            "module.app[\"two\"].terraform_data.this = \"two-2-opt-mods/app\"",
            "module.nulls.module.inner[0].terraform_data.sum = 7",
            "module.nulls.module.inner[1].terraform_data.sum = 8",
            "module.nulls.terraform_data.this = \"null-7-opt-mods/app\"",
            "terraform_data.outputs = [\"one-1-opt-mods/app\",[\"1\",\"2\"],[],\"null-7-opt-mods/app\",[2,3]]",
        ],
    );
}

// As above, of Terraform 1.11.
#[test]
fn variables_and_expressions_are_what_terraform_makes_of_them() {
    let root = r#"
variable "apps" {
  type = map(object({
    size    = optional(number, 2)
    zones   = optional(list(string), ["a", "b"])
    network = optional(object({ public = optional(bool, false), name = string }), { name = "main" })
    tags    = optional(map(string), {})
  }))
  default = {
    web = { size = "3" }
    api = { network = { name = "back" }, zones = [] }
  }
}
variable "required" { type = string }
variable "create" {
  type    = bool
  default = false
}
variable "not_null" {
  type     = string
  default  = "fallback"
  nullable = false
}
variable "words" { type = set(string) }
locals {
  names   = { for key, app in var.apps : upper(key) => "${key}-${app.size}" if length(app.zones) > 0 }
  heredoc = <<-EOT
    one
      two ${var.required}
  EOT
  text    = "%{for k, v in var.apps}${k}=${v.size};%{endfor}"
}
resource "terraform_data" "apps" {
  for_each = var.apps
  input    = { key = each.key, value = each.value }
}
resource "terraform_data" "off" {
  count = var.create ? 1 : 0
  input = "never"
}
resource "terraform_data" "counted" {
  count = 2
  input = "${count.index}/${length(terraform_data.apps)}"
}
resource "terraform_data" "locals" {
  input = [local.names, local.heredoc, local.text, terraform_data.counted[*].input, [for k, a in terraform_data.apps : a.input.value.size]]
}
resource "terraform_data" "words" {
  for_each = var.words
  input    = each.value
}
resource "terraform_data" "paths" {
  input = [path.module, path.root, basename("a/b.txt"), trimspace(file("${path.module}/hello.txt")), templatefile("hello.tftpl", { names = ["x", "y"] }), fileexists("nothing")]
}
resource "terraform_data" "misc" {
  input = [
    try(var.apps.web.nothing, "tried"),
    coalesce(null, var.not_null),
    one(terraform_data.off[*].input),
    { for z in ["a", "b", "a"] : z => z... },
    var.apps["web"].network.public,
  ]
}
"#;
    let judged = expect(
        &[
            ("main.tf", root),
            ("terraform.tfvars", "required = \"given\"\nwords = [\"b\", \"a\", \"b\"]\n"),
            ("z.auto.tfvars", "words = [\"auto\"]\n"),
            ("y.auto.tfvars.json", "{\"create\": true}"),
            ("hello.txt", "hello\n"),
            ("hello.tftpl", "T:%{ for n in names }-${n}%{ endfor }"),
        ],
        &[
            r#"terraform_data.apps["api"] = {"key":"api","value":{"network":{"name":"back","public":false},"size":2,"tags":{},"zones":[]}}"#,
            r#"terraform_data.apps["web"] = {"key":"web","value":{"network":{"name":"main","public":false},"size":3,"tags":{},"zones":["a","b"]}}"#,
            "terraform_data.counted[0] = \"0/2\"",
            "terraform_data.counted[1] = \"1/2\"",
            r#"terraform_data.locals = [{"WEB":"web-3"},"one\n  two given\n","api=2;web=3;",["0/2","1/2"],[2,3]]"#,
            r#"terraform_data.misc = ["tried","fallback","never",{"a":["a","a"],"b":["b"]},false]"#,
            "terraform_data.off[0] = \"never\"",
            r#"terraform_data.paths = [".",".","b.txt","hello","T:-x-y",false]"#,
            "terraform_data.words[\"auto\"] = \"auto\"",
        ],
    );
    assert!(judged.gaps.uncounted.is_empty() && judged.gaps.faults.is_empty() && judged.troubles.is_empty());
}

#[test]
fn what_is_not_counted_stands_for_all_and_is_said() {
    let root = r#"
variable "number" { type = number }
variable "switch" { type = bool }
resource "terraform_data" "many" {
  count = var.number
  input = "x${count.index}"
}
resource "terraform_data" "perhaps" {
  count = var.switch ? 1 : 0
  input = "there"
}
resource "terraform_data" "keyed" {
  for_each = terraform_data.many[0].output
  input    = each.key
}
resource "terraform_data" "user" {
  input = length(terraform_data.many)
}
module "maybe" {
  source = "./m"
  count  = var.switch ? 1 : 0
}
"#;
    let judged = expect(
        &[("main.tf", root), ("m/main.tf", "resource \"terraform_data\" \"inner\" {\n  input = 1\n}\n")],
        &[
            "module.maybe[0].terraform_data.inner = 1",
            "terraform_data.keyed[*] = ? for_each is not known: count is not known: var.number has no value here",
            "terraform_data.many[*] = ? count is not known: var.number has no value here",
            "terraform_data.perhaps[0] = \"there\"",
            "terraform_data.user = ? count is not known: var.number has no value here",
        ],
    );
    let uncounted: Vec<&str> = judged.gaps.uncounted.iter().map(|(address, _)| &**address).collect();
    assert_eq!(
        uncounted,
        ["module.maybe[0]", "terraform_data.keyed[*]", "terraform_data.many[*]", "terraform_data.perhaps[0]"]
    );
}

#[test]
fn unknown_values_keep_where_they_come_from() {
    let root = r#"
variable "vpc" {}
data "external" "it" {
  program = ["x"]
}
resource "terraform_data" "a" {
  input = var.vpc
}
resource "terraform_data" "b" {
  input = terraform_data.a.id
}
resource "terraform_data" "c" {
  input = data.external.it.result.name
}
resource "terraform_data" "d" {
  input = terraform.workspace
}
"#;
    let files = [("main.tf", root)];
    expect(
        &files,
        &[
            "data.external.it = ? data.external.it.input",
            "terraform_data.a = ? var.vpc",
            "terraform_data.b = ? terraform_data.a.id",
            "terraform_data.c = ? data.external.it.result.name",
            "terraform_data.d = ? terraform.workspace is not known here; --workspace gives it",
        ],
    );
    let named = judged(&files, &Outside::default(), Some("prod"));
    assert_eq!(named.lines.last().map(String::as_str), Some("terraform_data.d = \"prod\""));
}

#[test]
fn circles_end_with_a_place_and_not_with_a_loop() {
    let root = r#"
locals {
  a = local.b
  b = local.a
}
variable "x" { default = "x" }
resource "terraform_data" "circle" {
  input = local.a
}
resource "terraform_data" "self" {
  count = length(terraform_data.self)
}
module "loop" {
  source = "./m"
}
"#;
    let module = "module \"again\" {\n  source = \"../m\"\n}\nresource \"terraform_data\" \"one\" {\n  input = 1\n}\n";
    let judged = expect(
        &[("main.tf", root), ("m/main.tf", module)],
        &[
            "module.loop.terraform_data.one = 1",
            "terraform_data.circle = ? this value needs itself to be known: the references go in a circle",
            "terraform_data.self[*] = -",
        ],
    );
    assert_eq!(judged.gaps.faults.len(), 2, "{:?}", judged.gaps.faults);
    let troubles: Vec<&str> = judged.troubles.iter().map(|trouble| &*trouble.message).collect();
    assert_eq!(
        troubles,
        ["this call leads back to the module that it stands in, so it is not followed; Terraform refuses it, too"]
    );
}

// Terraform 1.11 plans the same blocks for the same `dynamic` blocks.
#[test]
fn dynamic_blocks_are_written_out() {
    let root = r#"
variable "unknown" { type = list(string) }
resource "terraform_data" "shown" {
  dynamic "input" {
    for_each = { a = ["x", "y"], b = [] }
    iterator = outer
    content {
      key = outer.key
      dynamic "inner" {
        for_each = outer.value
        content {
          at   = inner.key
          name = "${outer.key}${inner.value}"
        }
      }
    }
  }
  input {
    key = "last"
  }
}
resource "terraform_data" "set" {
  dynamic "input" {
    for_each = toset(["b", "a"])
    content {
      key = input.key
    }
  }
}
resource "terraform_data" "open" {
  dynamic "input" {
    for_each = var.unknown
    content {
      key = input.value
    }
  }
}
"#;
    expect(
        &[("main.tf", root)],
        &[
            "terraform_data.open = ? which blocks there are is not known: var.unknown has no value here",
            r#"terraform_data.set = [{"key":"a"},{"key":"b"}]"#,
            concat!(
                r#"terraform_data.shown = [{"inner":[{"at":0,"name":"ax"},{"at":1,"name":"ay"}],"key":"a"},"#,
                r#"{"inner":[],"key":"b"},{"key":"last"}]"#
            ),
        ],
    );
}

#[test]
fn a_module_that_is_not_there_is_said_and_its_outputs_are_unknown() {
    let root = r#"
module "far" {
  source = "terraform-aws-modules/vpc/aws"
}
resource "terraform_data" "user" {
  input = module.far.vpc_id
}
"#;
    let judged = expect(&[("main.tf", root)], &["terraform_data.user = ? module.far is not at hand"]);
    assert_eq!(judged.troubles.len(), 1);
    assert!(judged.gaps.faults.is_empty());
}

#[test]
fn modules_that_init_has_fetched_are_followed() {
    let manifest = r#"{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"far","Source":"x/y/z","Dir":".terraform/modules/far"}]}"#;
    expect(
        &[
            ("main.tf", "module \"far\" {\n  source = \"x/y/z\"\n  in = 2\n}\n"),
            (".terraform/modules/modules.json", manifest),
            (
                ".terraform/modules/far/main.tf",
                "variable \"in\" {}\nresource \"terraform_data\" \"r\" {\n  input = var.in + 1\n}\n",
            ),
        ],
        &["module.far.terraform_data.r = 3"],
    );
}

#[test]
fn moved_removed_import_and_check_blocks_make_no_resource_but_the_data_of_a_check() {
    let root = r#"
resource "terraform_data" "kept" {
  input = "kept"
}
moved {
  from = terraform_data.old
  to   = terraform_data.kept
}
removed {
  from = terraform_data.gone
}
import {
  to = terraform_data.kept
  id = "x"
}
check "health" {
  data "external" "inside" {
    program = ["x"]
  }
  assert {
    condition     = true
    error_message = "no"
  }
}
"#;
    let expected = ["data.external.inside = ? data.external.inside.input", "terraform_data.kept = \"kept\""];
    let judged = expect(&[("main.tf", root)], &expected);
    assert!(judged.gaps.faults.is_empty(), "{:?}", judged.gaps);
}

// Terraform's documentation of input variables: the environment, files, then options in the order of the command line.
#[test]
fn later_sources_of_variables_win() {
    let root = r#"
variable "a" { type = string }
variable "b" { type = string }
variable "c" { type = list(number) }
variable "d" {
  type      = string
  sensitive = true
}
resource "terraform_data" "all" {
  input = [var.a, var.b, var.c]
}
resource "terraform_data" "hidden" {
  input = "x${var.d}"
}
"#;
    let files = [
        ("main.tf", root),
        ("terraform.tfvars", "a = \"file\"\nb = \"file\"\n"),
        ("extra.tfvars", "a = \"extra\"\nd = \"secret\"\n"),
    ];
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let outside = Outside {
        environment: vec![pair("a", "environment"), pair("c", "[1, 2]"), pair("unrelated", "x")],
        asked: vec![
            Asked::Text { name: "a".to_owned(), text: "weak".to_owned() },
            Asked::File("extra.tfvars".to_owned()),
            Asked::Text { name: "b".to_owned(), text: "option".to_owned() },
        ],
    };
    let lines = judged(&files, &outside, None).lines;
    assert_eq!(
        lines,
        ["terraform_data.all = [\"extra\",\"option\",[1,2]]", "terraform_data.hidden = sensitive \"xsecret\""]
    );
}

#[test]
fn a_hundred_calls_of_one_module_are_read_once_each_judged() {
    let call = |at| format!("module \"m{at:02}\" {{\n  source = \"./m\"\n  in = {at}\n}}\n");
    let calls: String = (0..100).map(call).collect();
    let calls: &'static str = Box::leak(calls.into_boxed_str());
    let module = "variable \"in\" {}\nresource \"terraform_data\" \"r\" {\n  input = var.in\n}\n";
    let judged = judged(&[("main.tf", calls), ("m/main.tf", module)], &Outside::default(), None);
    assert_eq!(judged.lines.len(), 100);
    assert_eq!(judged.lines.last().map(String::as_str), Some("module.m99.terraform_data.r = 99"));
}

#[test]
fn counts_in_counts_end() {
    let root = "module \"m\" {\n  source = \"./m\"\n  count = 5000\n}\n";
    let module = "resource \"terraform_data\" \"r\" {\n  count = 5000\n}\n";
    let judged = judged(&[("main.tf", root), ("m/main.tf", module)], &Outside::default(), None);
    assert!(judged.lines.len() <= 200_000);
    assert_eq!(judged.gaps.faults.len(), 1, "the place where it ends is said");
}

#[test]
fn what_cannot_be_evaluated_is_said_once_and_is_no_null() {
    let root = r#"
resource "terraform_data" "a" {
  input = provider::aws::arn_parse("x")
}
resource "terraform_data" "b" {
  input = var.missing
}
resource "terraform_data" "c" {
  input = [terraform_data.b.input]
}
resource "terraform_data" "d" {
  input = file("/etc/hostname")
}
"#;
    let judged = expect(
        &[("main.tf", root)],
        &[
            "terraform_data.a = ? this expression is not evaluated",
            "terraform_data.b = ? there is no variable \"missing\"",
            "terraform_data.c = ? there is no variable \"missing\"",
            "terraform_data.d = ? a path that begins at the root of the machine is not read",
        ],
    );
    assert_eq!(judged.gaps.faults.len(), 1);
}

// The members of fileset and the paths are those of `terraform console` of Terraform 1.11 in the same tree.
#[test]
fn files_are_found_however_their_path_is_written() {
    let root = r#"
module "m" {
  source = "./m"
}
resource "terraform_data" "read" {
  input = [
    file("${path.cwd}/files/a.json"),
    file(abspath("files/a.json")),
    file(abspath("${path.module}/m/../files/a.json")),
    fileexists("${path.cwd}/files/none.json"),
    jsondecode(file(pathexpand("files/a.json"))).a,
    templatefile(abspath("files/t.tftpl"), { name = "x" }),
  ]
}
resource "terraform_data" "sets" {
  input = [
    fileset(path.module, "files/*.json"),
    fileset("files", "**/*.json"),
    fileset("files", "{a,b}.json"),
    fileset("${path.cwd}/files", "*"),
    fileset("nothing", "*"),
  ]
}
resource "terraform_data" "each" {
  for_each = fileset("${path.module}/files", "*.json")
  input    = each.value
}
resource "terraform_data" "machine" {
  input = path.cwd
}
resource "terraform_data" "absolute" {
  input = [abspath("/a/./b/"), basename(abspath("/a/b"))]
}
resource "terraform_data" "ends" {
  input = endswith(abspath("x/y.txt"), "x/y.txt")
}
resource "terraform_data" "home" {
  input = pathexpand("~/x")
}
resource "terraform_data" "outside" {
  input = file(abspath("../secret"))
}
"#;
    let module = "resource \"terraform_data\" \"inner\" {\n  input = file(abspath(\"${path.module}/own.txt\"))\n}\n";
    let files = [
        ("main.tf", root),
        ("files/a.json", "{\"a\":1}"),
        ("files/b.json", "{}"),
        ("files/deep/c.json", "{}"),
        ("files/t.tftpl", "T-${name}"),
        ("m/main.tf", module),
        ("m/own.txt", "own"),
    ];
    let judged = judged(&files, &Outside::default(), None);
    assert_eq!(
        judged.lines,
        [
            "module.m.terraform_data.inner = \"own\"",
            "terraform_data.absolute = [\"/a/b\",\"b\"]",
            "terraform_data.each[\"a.json\"] = \"a.json\"",
            "terraform_data.each[\"b.json\"] = \"b.json\"",
            "terraform_data.ends = true",
            "terraform_data.home = ? the home directory differs from machine to machine",
            "terraform_data.machine = ? the directory that Terraform runs in differs from machine to machine",
            "terraform_data.outside = ? ../secret lies outside of the repository, so it is not read",
            r#"terraform_data.read = ["{\"a\":1}","{\"a\":1}","{\"a\":1}",false,1,"T-x"]"#,
            r#"terraform_data.sets = [["files/a.json","files/b.json"],["a.json","b.json","deep/c.json"],["a.json","b.json"],["a.json","b.json","t.tftpl"],[]]"#,
        ],
        "{:?}",
        judged.gaps
    );
}
