# An output that nobody reads is a promise that nobody asked for: it is kept through every rename, and it makes an unused resource look
# used.
workspace_policy "declaration" "module_or_output_unused" {
  title             = "Output is read by nobody"
  category          = "hygiene"
  severity          = "low"
  references        = ["Terraform: Output values"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      Whoever changes the module keeps the output alive, because somebody might read it. Here it is known that nobody does: the module
      lies below the directory that calls it, and no call reads the output.
    EOT
    fix = "Delete the output. If a module is meant for other repositories, keep it outside of this directory."
  }

  # Of a root module's outputs nobody can say who reads them until all directories are looked at together.
  filter = attrs.kind == "output" && attrs.module != "."

  enforce {
    condition     = attrs.references > 0
    error_message = "Output \"${attrs.name}\" of ${attrs.module} is read by no caller, so every change of the module keeps it alive for nobody."
  }

  option "delete" {
    title    = "Delete the output"
    merits   = ["the module promises only what is needed"]
    demerits = ["whoever needs it later writes three lines again"]
    downtime = "none"
    effort   = "S"
  }

  option "read_it" {
    title    = "Read it in place of a copy"
    merits   = ["a name that is written twice becomes one"]
    demerits = ["only if the caller has such a copy"]
    downtime = "none"
    effort   = "S"
  }

  pass "read_by_the_caller" {
    module "network" {
      source = "./network"
    }

    resource "aws_subnet" "office" {
      vpc_id     = module.network.vpc_id
      cidr_block = "10.0.1.0/24"
    }

    output "subnet_id" {
      value = aws_subnet.office.id
    }

    directory "network" {
      resource "aws_vpc" "main" {
        cidr_block = "10.0.0.0/16"
      }

      output "vpc_id" {
        value = aws_vpc.main.id
      }
    }
  }

  fail "read_by_nobody" {
    module "network" {
      source = "./network"
    }

    resource "aws_subnet" "office" {
      vpc_id     = module.network.vpc_id
      cidr_block = "10.0.1.0/24"
    }

    directory "network" {
      resource "aws_vpc" "main" {
        cidr_block = "10.0.0.0/16"
      }

      output "vpc_id" {
        value = aws_vpc.main.id
      }

      output "vpc_arn" {
        value = aws_vpc.main.arn
      }
    }

    expect = ["module.network.output.vpc_arn"]
  }
}
