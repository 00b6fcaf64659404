locals {
  exact = [
    1 / 3 * 3 == 1,
    0.1 + 0.2 == 0.3,
    1e3 == 1000,
    2.50 == 2.5,
    9007199254740993 + 1 == 9007199254740994,
    123456789012345678901234567890 * 10 == 1234567890123456789012345678900,
    core::floor(-0.5) == -1,
    core::pow(2, 10) == 1024,
    core::parseint("ff", 16) == 255,
    core::sum([0.1, 0.2, 0.3]) == 0.6,
    10 / 4 == 2.5,
  ]
}

resource_policy "aws_dynamodb_table" "numbers" {
  enforce {
    condition = core::alltrue(local.exact)
  }

  enforce {
    condition     = attrs.read_capacity * 0.75 >= attrs.write_capacity && attrs.read_capacity / attrs.write_capacity > 4 / 3 - 0.001
    error_message = "${attrs.write_capacity} of ${attrs.read_capacity}: ${core::format("%.1f", 100 * attrs.write_capacity / attrs.read_capacity)} %"
  }
}
