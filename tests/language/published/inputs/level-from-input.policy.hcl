input "queue-is-encrypted-level" {
    type    = string
    default = "mandatory_overridable"
}

resource_policy "aws_sqs_queue" "queue_is_encrypted" {
    enforcement_level = input.queue-is-encrypted-level
    enforce {
        condition     = core::try(attrs.kms_master_key_id, null) != null || core::try(attrs.sqs_managed_sse_enabled, false) == true
        error_message = "Queue ${core::try(attrs.name, "?")} is not encrypted."
    }
}
