policytest { targets = ["networks.policy.hcl"] }
locals {
  open = ["0.0.0.0/0"]
  base = { protocol = "tcp", cidr_blocks = [], ipv6_cidr_blocks = [] }
}
resource "aws_security_group" "none" { attrs = { name = "x" } }
resource "aws_security_group" "null" { attrs = { name = "x", ingress = null } }
resource "aws_security_group" "web" {
  attrs = { ingress = [merge(local.base, { from_port = 443, to_port = 443, cidr_blocks = local.open })] }
}
resource "aws_security_group" "ssh" {
  attrs          = { ingress = [merge(local.base, { from_port = 20, to_port = 30, cidr_blocks = local.open })] }
  expect_failure = true
}
resource "aws_security_group" "ssh6" {
  attrs          = { ingress = [merge(local.base, { from_port = 22, to_port = 22, ipv6_cidr_blocks = ["::/0"] }), { from_port = 1, to_port = 2, cidr_blocks = null }] }
  expect_failure = true
}
resource "aws_vpc_security_group_ingress_rule" "all" {
  attrs          = { cidr_ipv4 = "0.0.0.0/0", ip_protocol = "-1" }
  expect_failure = true
}
resource "aws_vpc_security_group_ingress_rule" "web" {
  attrs = { cidr_ipv4 = "0.0.0.0/0", ip_protocol = "tcp", from_port = 443, to_port = 443 }
}
resource "aws_subnet" "ok" { attrs = { cidr_block = "10.2.3.0/24" } }
resource "aws_subnet" "wide" {
  attrs          = { cidr_block = "10.1.0.0/16" }
  expect_failure = true
}
resource "aws_subnet" "elsewhere" {
  attrs          = { cidr_block = "192.168.3.0/24" }
  expect_failure = true
}
resource "aws_subnet" "other_input" {
  attrs = { cidr_block = "192.168.3.0/24" }
  inputs { private_ranges = { home = { cidr = "192.168.0.0/16" } } }
}
resource "aws_subnet" "public" {
  attrs          = { cidr_block = "10.2.3.0/24", map_public_ip_on_launch = true }
  expect_failure = true
}
resource "aws_route_table" "p" {
  skip  = true
  attrs = { id = "rtb-1", tags = { tier = "private" } }
}
resource "aws_route_table" "q" {
  skip  = true
  attrs = { id = "rtb-2", tags = null }
}
resource "aws_route" "bad" {
  attrs          = { route_table_id = aws_route_table.p.id, gateway_id = "igw-1" }
  expect_failure = true
}
resource "aws_route" "fine" {
  attrs = { route_table_id = aws_route_table.q.id, gateway_id = "igw-1" }
}
resource "aws_lb_listener" "http" {
  attrs          = { protocol = "HTTP", default_action = [{ type = "forward" }] }
  expect_failure = true
}
resource "aws_lb_listener" "redirect" {
  attrs = { protocol = "HTTP", default_action = [{ type = "redirect", redirect = [{ protocol = "HTTPS", port = "443" }] }] }
}
resource "aws_lb_listener" "tcp" {
  attrs = { protocol = "TCP", default_action = [{ type = "forward" }] }
}
