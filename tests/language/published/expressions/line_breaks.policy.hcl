resource_policy "aws_kms_key" "line_breaks" {
    locals {
        is_rotated = (
            core::try(attrs.enable_key_rotation, false) == true
            || core::try(attrs.key_usage, "") == "SIGN_VERIFY"
        )
        window = (
            core::try(attrs.deletion_window_in_days, null) != null
            ? attrs.deletion_window_in_days
            : 30
        )
        settings = {
            rotated : local.is_rotated,
            window  : local.window
        }
    }

    enforce {
        condition = (
            local.settings.rotated &&
            local.settings.window >= 7
        )
        error_message = "Key is not rotated, or goes too fast."
    }
}
