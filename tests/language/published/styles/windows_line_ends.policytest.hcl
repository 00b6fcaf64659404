policytest {
	targets = ["windows_line_ends.policy.hcl"]
}

resource "aws_lambda_function" "short" {
	attrs = { timeout = 120 }
}

resource "aws_lambda_function" "long" {
	expect_failure = true
	attrs          = { timeout = 121 }
}
