resource_policy "aws_db_instance" "storage_only_grows" {
  operations = ["update"]

  enforce {
    condition     = attrs.allocated_storage >= prior_attrs.allocated_storage
    error_message = "Storage shrinks from ${prior_attrs.allocated_storage} to ${attrs.allocated_storage} GiB."
  }
}
