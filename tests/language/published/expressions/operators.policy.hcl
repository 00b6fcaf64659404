locals {
  table = {
    "products before sums"     = 1 + 2 * 3 == 7
    "sums before comparisons"  = 1 + 1 < 3
    "comparisons before equal" = 1 < 2 == true
    "equal before and"         = 1 == 1 && 2 == 2
    "and before or"            = true || false && false
    "parentheses first"        = !((true || false) && false)
    "minus of a product"       = -2 * 3 == -6
    "minus in parentheses"     = 5 - (-2) == 7
    "remainder"                = 7 % 3 == 1 && -7 % 3 == -1
    "quotient"                 = 7 / 2 == 3.5
    "not before and"           = !false && true
    "texts that are numbers"   = "2" + "3" == 5 && "10" > 9
    "at least and at most"     = 2 >= 2 && 2 <= 2 && !(2 > 2) && !(2 < 2)
    "unequal"                  = 1 != "1" && [1] != [2]
    "chains"                   = (1 > 2 ? "a" : 2 > 1 ? "b" : "c") == "b"
  }

  wrong = [for name, holds in local.table : name if !holds]
}

resource_policy "aws_ebs_volume" "operators" {
  enforce {
    condition     = core::length(local.wrong) == 0
    error_message = "Wrong: ${core::join(", ", local.wrong)}."
  }

  enforce {
    condition = (
      attrs.type == "gp3"
      ? attrs.iops >= 3000 && attrs.throughput >= 125
      : attrs.type == "io2"
      ? attrs.iops <= attrs.size * 1000
      : true
    )
    error_message = "${attrs.iops} IOPS do not fit ${attrs.size} GiB of ${attrs.type}."
  }
}
