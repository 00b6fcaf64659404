policytest {
  targets = ["chain.policy.hcl"]
}

resource "aws_subnet" "private" {
  skip  = true
  attrs = { id = "subnet-private", tags = { tier = "private" } }
}

resource "aws_subnet" "public" {
  skip  = true
  attrs = { id = "subnet-public", tags = { tier = "public", name = "public" } }
}

resource "aws_internet_gateway" "main" {
  skip  = true
  attrs = { id = "igw-1" }
}

resource "aws_route" "out" {
  skip  = true
  attrs = { route_table_id = "rtb-public", gateway_id = aws_internet_gateway.main.id }
}

resource "aws_route" "nat" {
  skip  = true
  attrs = { route_table_id = "rtb-private", nat_gateway_id = "nat-1" }
}

resource "aws_route_table_association" "public" {
  skip  = true
  attrs = { subnet_id = aws_subnet.public.id, route_table_id = aws_route.out.route_table_id }
}

resource "aws_route_table_association" "private" {
  skip  = true
  attrs = { subnet_id = aws_subnet.private.id, route_table_id = "rtb-private" }
}

resource "aws_instance" "inside" {
  attrs = { subnet_id = aws_subnet.private.id }
}

resource "aws_instance" "outside" {
  expect_failure = true
  attrs          = { subnet_id = "subnet-public" }
}
