# Volumes of an older type cost more per gigabyte and are slower: gp3 gives 3,000 IOPS at any size, gp2 three for each gigabyte. The
# change is one word, and AWS makes it while the volume is in use.
locals {
  # io1 is needed only for more IOPS than gp3 can give.
  gp3_iops = 16000
}

resource_policy "aws_ebs_volume" "gp2_volume" {
  title             = "Volume of an older, dearer type"
  category          = "cost"
  severity          = "low"
  aliases           = ["CB:EBS-1", "CB:EBS-6"]
  references        = ["Amazon EBS User Guide: Amazon EBS General Purpose SSD volumes", "Amazon EBS User Guide: Modify an Amazon EBS volume using Elastic Volumes operations"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      gp3 costs less per gigabyte than gp2, and speed does not depend on size any more. io1 is paid by the gigabyte and by the IOPS. A
      magnetic volume is charged for each request and is slow. Nobody chooses them today; they stay because nobody looks.
    EOT
    fix = "Write type `gp3`. A large gp2 volume has more than 3,000 IOPS: write `iops` as well, so that it does not get slower."
  }

  enforce {
    condition     = core::contains(["gp2", "standard"], core::coalesce(core::try(attrs.type, null), "gp2")) == false
    at            = attrs.type
    error_message = "${meta.address} is of type ${core::coalesce(core::try(attrs.type, null), "gp2")}: gp3 costs less and gives 3,000 IOPS at any size."
  }

  enforce {
    condition     = core::try(attrs.type, null) != "io1" || core::coalesce(core::try(attrs.iops, null), 0) > local.gp3_iops
    at            = attrs.type
    error_message = "${meta.address} is of type io1 with ${core::coalesce(core::try(attrs.iops, null), "no written")} IOPS, which gp3 gives for less (up to ${local.gp3_iops})."
  }

  option "gp3" {
    title    = "Change the type to gp3"
    merits   = ["a lower price per gigabyte", "speed that does not depend on size"]
    demerits = ["some hours of lower speed while AWS moves the data", "the next change of the volume has to wait until this one is complete"]
    downtime = "none"
    effort   = "S"
    set {
      type = "gp3"
    }
  }

  pass "gp3_and_what_it_cannot_do" {
    resource "aws_ebs_volume" "data" {
      availability_zone = "ap-northeast-1a"
      size              = 100
      type              = "gp3"
    }

    resource "aws_ebs_volume" "fast" {
      availability_zone = "ap-northeast-1a"
      size              = 1000
      type              = "io1"
      iops              = 32000
    }

    resource "aws_ebs_volume" "archive" {
      availability_zone = "ap-northeast-1a"
      size              = 1000
      type              = "sc1"
    }
  }

  pass "other_types_of_resources" {
    resource "aws_instance" "web" {
      ami           = "ami-0a1b2c3d4e5f60718"
      instance_type = "t3.small"

      root_block_device {
        volume_type = "gp3"
      }
    }

    resource "aws_launch_template" "web" {
      name = "web"

      block_device_mappings {
        device_name = "/dev/xvda"

        ebs {
          volume_type = "gp3"
        }
      }
    }

    resource "aws_db_instance" "main" {
      instance_class = "db.m7g.large"
      identifier     = "main"
      storage_type   = "gp3"
    }

    resource "aws_db_instance" "type_not_written" {
      instance_class = "db.m7g.large"
      identifier     = "restored"
    }

    resource "aws_opensearch_domain" "logs" {
      domain_name = "logs"

      ebs_options {
        ebs_enabled = true
        volume_type = "gp3"
      }
    }
  }

  fail "older_types" {
    resource "aws_ebs_volume" "gp2" {
      availability_zone = "ap-northeast-1a"
      size              = 100
      type              = "gp2"
    }

    resource "aws_ebs_volume" "not_written" {
      availability_zone = "ap-northeast-1a"
      size              = 100
    }

    resource "aws_ebs_volume" "magnetic" {
      availability_zone = "ap-northeast-1a"
      size              = 100
      type              = "standard"
    }

    resource "aws_ebs_volume" "io1" {
      availability_zone = "ap-northeast-1a"
      size              = 100
      type              = "io1"
      iops              = 3000
    }
  }

  fail "volumes_inside_of_other_resources" {
    resource "aws_instance" "root" {
      ami           = "ami-0a1b2c3d4e5f60718"
      instance_type = "t3.small"

      root_block_device {
        volume_type = "gp2"
      }
    }

    resource "aws_instance" "extra" {
      ami           = "ami-0a1b2c3d4e5f60718"
      instance_type = "t3.small"

      ebs_block_device {
        device_name = "/dev/sdf"
        volume_type = "io1"
        iops        = 1000
      }
    }

    resource "aws_launch_template" "web" {
      name = "web"

      block_device_mappings {
        device_name = "/dev/xvda"

        ebs {
          volume_type = "gp2"
        }
      }
    }

    resource "aws_db_instance" "main" {
      instance_class = "db.m7g.large"
      identifier     = "main"
      storage_type   = "gp2"
    }

    resource "aws_db_instance" "fast" {
      instance_class = "db.m7g.large"
      identifier     = "fast"
      storage_type   = "io1"
      iops           = 3000
    }

    resource "aws_opensearch_domain" "logs" {
      domain_name = "logs"

      ebs_options {
        ebs_enabled = true
        volume_type = "gp2"
      }
    }
  }
}

resource_policy "aws_instance" "gp2_volume" {
  enforcement_level = "advisory"

  locals {
    devices = core::concat(core::coalesce(core::try([for d in attrs.root_block_device : d], null), []), core::coalesce(core::try([for d in attrs.ebs_block_device : d], null), []))
    old     = [for d in local.devices : d.volume_type if core::contains(["gp2", "standard"], core::try(d.volume_type, "")) || core::try(d.volume_type, "") == "io1" && core::coalesce(core::try(d.iops, null), 0) <= local.gp3_iops]
  }

  filter = plan::configured("root_block_device") || plan::configured("ebs_block_device")

  enforce {
    condition     = core::length(local.old) == 0
    at            = attrs.root_block_device[0].volume_type
    error_message = "${meta.address} has ${core::length(local.old) == 1 ? "a volume" : "${core::length(local.old)} volumes"} of type ${core::join(", ", core::distinct(local.old))}: gp3 costs less and gives 3,000 IOPS at any size."
  }

  option "gp3" {
    title    = "Change the type to gp3"
    merits   = ["a lower price per gigabyte", "speed that does not depend on size"]
    demerits = ["an `ebs_block_device` is replaced with the server; change such a volume as a resource of its own"]
    downtime = "none for the root volume"
    effort   = "S"
  }
}

resource_policy "aws_launch_template" "gp2_volume" {
  enforcement_level = "advisory"

  locals {
    volumes = core::flatten([for m in core::coalesce(core::try([for b in attrs.block_device_mappings : b], null), []) : core::try([for e in m.ebs : e], [])])
    old     = [for d in local.volumes : d.volume_type if core::contains(["gp2", "standard"], core::try(d.volume_type, "")) || core::try(d.volume_type, "") == "io1" && core::coalesce(core::try(d.iops, null), 0) <= local.gp3_iops]
  }

  filter = core::length(local.volumes) > 0

  enforce {
    condition     = core::length(local.old) == 0
    at            = attrs.block_device_mappings
    error_message = "${meta.address} gives each new instance a volume of type ${core::join(", ", core::distinct(local.old))}: gp3 costs less and gives 3,000 IOPS at any size."
  }

  option "gp3" {
    title    = "Change the type to gp3"
    merits   = ["a lower price per gigabyte for every new instance"]
    demerits = ["running instances keep their volumes until they are replaced"]
    downtime = "none"
    effort   = "S"
  }
}

# Only what is written: a copy or a restored database takes the type of its source.
resource_policy "aws_db_instance" "gp2_volume" {
  enforcement_level = "advisory"

  filter = plan::configured("storage_type") && core::contains(["gp2", "standard", "io1"], core::try(attrs.storage_type, ""))

  enforce {
    condition     = attrs.storage_type == "io1" && core::coalesce(core::try(attrs.iops, null), 0) > local.gp3_iops
    at            = attrs.storage_type
    error_message = "${meta.address} keeps its data on ${attrs.storage_type}: gp3 costs the same or less and its speed does not depend on size."
  }

  option "gp3" {
    title    = "Change the storage type to gp3"
    merits   = ["the same or a lower price", "at least 3,000 IOPS, also for a small database"]
    demerits = ["hours of lower speed while AWS moves the data", "no other change of storage for about six hours"]
    downtime = "none"
    effort   = "S"
    set {
      storage_type = "gp3"
    }
  }
}

resource_policy "aws_opensearch_domain" "gp2_volume" {
  enforcement_level = "advisory"

  locals {
    old = [for o in core::coalesce(core::try([for e in attrs.ebs_options : e], null), []) : o.volume_type if core::contains(["gp2", "standard"], core::try(o.volume_type, "")) || core::try(o.volume_type, "") == "io1" && core::coalesce(core::try(o.iops, null), 0) <= local.gp3_iops]
  }

  filter = plan::configured("ebs_options")

  enforce {
    condition     = core::length(local.old) == 0
    at            = attrs.ebs_options[0].volume_type
    error_message = "${meta.address} keeps its data on ${core::join(", ", local.old)}: gp3 costs less and its speed does not depend on size."
  }

  option "gp3" {
    title    = "Change the volume type to gp3"
    merits   = ["a lower price per gigabyte on every node"]
    demerits = ["the domain runs twice the nodes for some hours while it changes"]
    downtime = "none, slower for some hours"
    effort   = "S"
  }
}
