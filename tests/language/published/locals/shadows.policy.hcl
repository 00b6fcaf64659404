locals {
  limit = 10
  owner = local.names.owner
  names = { owner = "team", unused = local.limit }
}

locals {
  later = "${local.owner}-${local.limit}"
}

resource_policy "aws_sqs_queue" "own_limit" {
  locals {
    limit = 20
    twice = local.limit * 2
    later = "own ${local.limit}"
  }

  enforce {
    condition = local.limit == 20 && local.twice == 40 && local.later == "own 20" && local.owner == "team"
  }
}

resource_policy "aws_sqs_queue" "of_the_file" {
  enforce {
    condition     = local.limit == 10 && local.later == "team-10" && attrs.max <= local.limit
    error_message = "${attrs.max} > ${local.limit}"
  }
}
