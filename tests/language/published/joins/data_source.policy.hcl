resource_policy "aws_instance" "image_is_the_newest" {
  locals {
    image = core::getdatasource("aws_ami", {
      owners      = ["amazon"]
      most_recent = true
      filter = [{
        name   = "name"
        values = ["al2023-*"]
      }]
    })
  }

  enforce {
    condition     = attrs.ami == local.image.id
    error_message = "${attrs.ami} is not ${local.image.id}."
  }
}
