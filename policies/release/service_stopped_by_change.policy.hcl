# A zero in the wrong place stops a service as surely as a crash, and the plan shows it as one line among many.
resource_policy "aws_ecs_service" "service_stopped_by_change" {
  title             = "This change stops a running service"
  category          = "release"
  severity          = "high"
  scope             = "production"
  references        = ["Amazon ECS API Reference: UpdateService", "AWS provider: aws_ecs_service"]
  enforcement_level = "mandatory_overridable"
  operations        = ["update"]

  docs {
    why = "All tasks end, and whoever called the service gets errors. Without a load balancer, the service runs on but nobody reaches it from outside."
    fix = "If it is meant, say so in the pull request and look at the traffic first. If a schedule or autoscaling owns the number, put `desired_count` into ignore_changes."
  }

  locals {
    before    = core::coalesce(core::try(prior_attrs.desired_count, null), 0)
    after     = core::coalesce(core::try(attrs.desired_count, null), 0)
    targets   = plan::matching("aws_appautoscaling_target", "resource_id", "service/*/${attrs.name}")
    raised    = core::anytrue([for t in local.targets : t.min_capacity > 0])
    balancers = core::length(core::coalesce(core::try(prior_attrs.load_balancer, null), []))
  }

  # Autoscaling with a minimum starts the tasks again by itself.
  enforce {
    condition     = local.before == 0 || local.after > 0 || local.raised
    at            = attrs.desired_count
    error_message = "${meta.address} goes from ${local.before} ${local.before == 1 ? "task" : "tasks"} to 0: whoever uses it gets errors as soon as this is applied."
  }

  enforce {
    condition     = local.after == 0 || local.balancers == 0 || core::length(core::coalesce(core::try(attrs.load_balancer, null), [])) > 0
    severity      = "low"
    at            = attrs.load_balancer
    error_message = "${meta.address} leaves its load balancer: its tasks run on, but nobody reaches them from outside."
  }

  option "look_first" {
    title    = "Look at the traffic, stop it in a change of its own"
    merits   = ["easy to take back"]
    demerits = ["one more pull request"]
    downtime = "none until then"
    effort   = "S"
  }

  option "shrink" {
    title    = "Go down to one small task"
    merits   = ["it still answers"]
    demerits = ["a small price"]
    downtime = "none"
    effort   = "S"
    set {
      desired_count = 1
    }
  }
}
