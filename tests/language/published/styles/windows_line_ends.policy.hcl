policy {}

input "max" {
	type    = number
	default = 2
}

locals {
	text = <<EOT
a
  b
EOT
	indented = <<-EOT
		a
		  b
	EOT
	list = [
		for x in [1, 2] :
		x
	]
}

/* A comment
   of two lines. */
resource_policy "aws_lambda_function" "windows_line_ends" {
	enforce {
		condition     = attrs.timeout <= input.max * 60 && core::length(local.list) == 2
		error_message = "Runs ${attrs.timeout} s."
	}

	enforce {
		condition     = local.text == "a\r\n  b\r\n" && local.indented == "a\r\n  b\r\n"
		error_message = core::jsonencode([local.text, local.indented])
	}
}
