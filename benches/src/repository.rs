//! Writes a repository of Terraform code of any size: for benches and budgets.
//!
//! Each unit of ten files is a root module of five and a module of five. A root calls its own module and the next one, so
//! that modules are shared as in life. One finding in each file or two is what a run has to carry. The same arguments give the
//! same bytes. Start at [`write()`].

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// Files of a root and its module.
const FILES_OF_A_UNIT: usize = 10;

/// Bytes of a file, on average.
const BYTES_OF_A_FILE: usize = 1_580;

/// Writes so many files, rounded down to units, below a directory. Gives their number and their bytes.
///
/// # Errors
///
/// What the system says.
pub fn write(directory: &Path, files: usize) -> io::Result<(usize, usize)> {
    let units = files / FILES_OF_A_UNIT;
    let mut bytes = 0;
    for unit in 0..units {
        let next = (unit + 1) % units;
        let root = directory.join(format!("stacks/area_{:02}/stack_{unit:04}", unit / 50));
        let module = directory.join(format!("modules/service_{unit:04}"));
        for (directory, name, text) in [
            (&root, "main.tf", calls(unit, next)),
            (&root, "network.tf", network(unit)),
            (&root, "storage.tf", storage(unit)),
            (&root, "variables.tf", variables(unit)),
            (&root, "versions.tf", versions(unit)),
            (&module, "main.tf", service()),
            (&module, "policy.tf", policy()),
            (&module, "alarms.tf", alarms()),
            (&module, "variables.tf", module_variables()),
            (&module, "outputs.tf", outputs()),
        ] {
            let text = filled(text, name.trim_end_matches(".tf"));
            bytes += text.len();
            fs::create_dir_all(directory)?;
            fs::write(directory.join(name), text)?;
        }
    }
    Ok((units * FILES_OF_A_UNIT, bytes))
}

// As many notes as make a file of the usual size. They are used: thousands of locals that nobody reads would be found.
fn filled(mut text: String, file: &str) -> String {
    let end =
        format!("  }}\n}}\n\nresource \"terraform_data\" \"{file}_notes\" {{\n  input = local.{file}_notes\n}}\n");
    let room = BYTES_OF_A_FILE.saturating_sub(end.len() + 100);
    if text.len() >= room {
        return text;
    }
    let _ = write!(text, "\nlocals {{\n  {file}_notes = {{\n");
    let mut line = 0;
    while text.len() < room {
        line += 1;
        let _ =
            writeln!(text, "    note_{line:02} = \"{line}: ${{lower(\"Kept\")}} for the report\" # see the runbook");
    }
    text + &end
}

fn calls(unit: usize, next: usize) -> String {
    let call = |name: &str, module: usize, size: usize| {
        format!(
            r#"module "{name}" {{
  source = "../../../modules/service_{module:04}"

  name          = "${{local.prefix}}-{name}"
  environment   = var.environment
  desired_count = var.sizes["{name}"]
  retention     = var.environment == "production" ? 365 : 30
  subnets       = [for subnet in aws_subnet.private : subnet.id]
  tags          = merge(local.tags, {{ Service = "{name}", Size = {size} }})
  alarms = {{
    cpu    = {{ threshold = 80, periods = 3 }}
    memory = {{ threshold = 85 }}
  }}
}}

"#
        )
    };
    let locals = format!(
        r#"locals {{
  prefix = "stack-{unit:04}-${{var.environment}}"
  tags = {{
    Owner       = var.owner
    Environment = var.environment
  }}
}}

"#
    );
    locals + &call("api", unit, unit % 7) + &call("worker", next, unit % 5)
}

fn network(unit: usize) -> String {
    let octet = unit % 200;
    format!(
        r#"resource "aws_vpc" "main" {{
  cidr_block           = "10.{octet}.0.0/16"
  enable_dns_hostnames = true
  tags                 = local.tags
}}

resource "aws_subnet" "private" {{
  for_each = {{ a = 0, b = 1, c = 2 }}

  vpc_id            = aws_vpc.main.id
  cidr_block        = cidrsubnet(aws_vpc.main.cidr_block, 8, each.value)
  availability_zone = "eu-west-1${{each.key}}"
  tags              = merge(local.tags, {{ Name = "${{local.prefix}}-${{each.key}}" }})
}}

resource "aws_security_group" "main" {{
  name        = local.prefix
  description = "Traffic of ${{local.prefix}}"
  vpc_id      = aws_vpc.main.id

  dynamic "ingress" {{
    for_each = var.open_ports

    content {{
      description = "port ${{ingress.value}}"
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["10.0.0.0/8"]
    }}
  }}

  egress {{
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }}

  lifecycle {{
    create_before_destroy = true
  }}
}}
"#
    )
}

fn storage(unit: usize) -> String {
    format!(
        r#"resource "aws_db_instance" "main" {{
  identifier              = local.prefix
  engine                  = "postgres"
  engine_version          = "16.3"
  instance_class          = var.environment == "production" ? "db.m6g.large" : "db.t4g.small"
  allocated_storage       = {storage}
  multi_az                = var.environment == "production"
  backup_retention_period = 14
  deletion_protection     = true
  storage_encrypted       = true
  username                = "app"
  password                = var.password
  vpc_security_group_ids  = [aws_security_group.main.id]
  tags                    = local.tags
}}

resource "aws_s3_bucket" "files" {{
  bucket = "${{local.prefix}}-files"
  tags   = local.tags
}}

resource "aws_s3_bucket_versioning" "files" {{
  bucket = aws_s3_bucket.files.id

  versioning_configuration {{
    status = "Enabled"
  }}
}}

resource "aws_sqs_queue" "jobs" {{
  count = {queues}

  name                       = "${{local.prefix}}-jobs-${{count.index}}"
  visibility_timeout_seconds = 60
  message_retention_seconds  = 1209600
  tags                       = local.tags
}}
"#,
        storage = 20 + unit % 10 * 10,
        queues = unit % 3,
    )
}

fn variables(unit: usize) -> String {
    format!(
        r#"variable "environment" {{
  type        = string
  default     = "{environment}"
  description = "Where the stack runs."

  validation {{
    condition     = contains(["production", "staging"], var.environment)
    error_message = "The environment is production or staging."
  }}
}}

variable "owner" {{
  type        = string
  default     = "team-{team}"
  description = "Who is asked when something is wrong."
}}

variable "password" {{
  type        = string
  sensitive   = true
  description = "Of the database."
}}

variable "sizes" {{
  type = map(number)
  default = {{
    api    = {api}
    worker = {worker}
  }}
}}

variable "open_ports" {{
  type    = list(number)
  default = [443, 8443]
}}
"#,
        environment = if unit.is_multiple_of(2) { "production" } else { "staging" },
        team = unit % 9,
        api = unit % 4 + 1,
        worker = unit % 3,
    )
}

fn versions(unit: usize) -> String {
    format!(
        r#"terraform {{
  required_version = ">= 1.5"

  required_providers {{
    aws = {{
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }}
  }}

  backend "s3" {{
    bucket = "states"
    key    = "stack-{unit:04}.tfstate"
    region = "eu-west-1"
  }}
}}

provider "aws" {{
  region = "eu-west-1"

  default_tags {{
    tags = {{
      Repository = "infrastructure"
    }}
  }}
}}
"#
    )
}

fn service() -> String {
    r#"resource "aws_cloudwatch_log_group" "this" {
  name              = "/ecs/${var.name}"
  retention_in_days = var.retention
  tags              = var.tags
}

resource "aws_ecs_task_definition" "this" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.this.arn

  container_definitions = jsonencode([
    {
      name      = var.name
      image     = "registry.example.com/${var.name}@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
      essential = true
      healthCheck = {
        command = ["CMD-SHELL", "curl --fail http://localhost/health"]
      }
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"  = aws_cloudwatch_log_group.this.name
          "awslogs-region" = "eu-west-1"
        }
      }
      environment = [for key, value in local.environment : { name = key, value = value } if value != ""]
    }
  ])
}

resource "aws_ecs_service" "this" {
  name            = var.name
  cluster         = "main"
  task_definition = aws_ecs_task_definition.this.arn
  desired_count   = var.desired_count
  launch_type     = "FARGATE"

  network_configuration {
    subnets = var.subnets
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  lifecycle {
    ignore_changes = [desired_count]
  }
}

locals {
  environment = {
    STAGE = var.environment
    DEBUG = var.environment == "production" ? "" : "yes"
  }
}
"#
    .to_owned()
}

fn policy() -> String {
    r#"resource "aws_iam_role" "this" {
  name = "${var.name}-task"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "ecs-tasks.amazonaws.com" }
      }
    ]
  })
}

resource "aws_iam_role_policy" "logs" {
  name = "logs"
  role = aws_iam_role.this.id

  policy = <<-POLICY
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
          "Resource": "${aws_cloudwatch_log_group.this.arn}:*"
        }
      ]
    }
  POLICY
}
"#
    .to_owned()
}

fn alarms() -> String {
    r#"resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = var.alarms

  alarm_name          = "${var.name}-${each.key}"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = each.value.periods
  metric_name         = each.key == "cpu" ? "CPUUtilization" : "MemoryUtilization"
  namespace           = "AWS/ECS"
  period              = 60
  statistic           = "Average"
  threshold           = each.value.threshold
  alarm_actions       = ["arn:aws:sns:eu-west-1:123456789012:alarms"]

  dimensions = {
    ServiceName = aws_ecs_service.this.name
  }
}

resource "aws_appautoscaling_target" "this" {
  count = var.desired_count > 0 ? 1 : 0

  min_capacity       = var.desired_count
  max_capacity       = max(var.desired_count * 3, 4)
  resource_id        = "service/main/${aws_ecs_service.this.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  service_namespace  = "ecs"
}
"#
    .to_owned()
}

fn module_variables() -> String {
    let plain = |name: &str, kind: &str, text: &str| {
        format!("variable \"{name}\" {{\n  type        = {kind}\n  description = \"{text}\"\n}}\n\n")
    };
    plain("name", "string", "Of the service and all that belongs to it.")
        + &plain("environment", "string", "Where it runs.")
        + &plain("desired_count", "number", "Tasks.")
        + &plain("retention", "number", "Days that logs are kept.")
        + &plain("subnets", "list(string)", "Where tasks run.")
        + &plain("tags", "map(string)", "On everything that takes tags.")
        + r#"variable "alarms" {
  type = map(object({
    threshold = number
    periods   = optional(number, 2)
  }))
  default = {}
}
"#
}

fn outputs() -> String {
    let output = |name: &str, value: &str| format!("output \"{name}\" {{\n  value = {value}\n}}\n\n");
    output("log_group", "aws_cloudwatch_log_group.this.name")
        + &output("service", "aws_ecs_service.this.id")
        + &output("role_arn", "aws_iam_role.this.arn")
        + &output("alarm_names", "[for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_name]")
}
