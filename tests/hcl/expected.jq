# From a plan (terraform show -json) what tests/hcl_differential.rs compares: for each managed instance that the plan
# has, the arguments that its block writes and whose values are known. What the provider fills in is left out. A plan does
# not say what `dynamic` writes, so blocks are taken whoever wrote them.

def declared($prefix):
  (.resources // [] | .[] | { key: ($prefix + .address), value: (.expressions // {} | keys) }),
  (.module_calls // {} | to_entries[]
    | "\($prefix)module.\(.key)." as $inner
    | .value.module
    | declared($inner));

def is_blocks: type == "array" and (.[0] | type) == "object";

# The keys of instances in our fixtures have no brackets in them.
def block_of: gsub("\\[[^\\]]*\\]"; "");

([.configuration.root_module | declared("")] | from_entries) as $written
| [ .resource_changes // [] | .[]
    | select(.mode == "managed" and .change.after != null)
    | $written[.address | block_of] as $names
    | {
        key: .address,
        value: (
          .change.after
          | with_entries(.key as $name | select(.value != null and (($names | index($name)) or (.value | is_blocks))))
        )
      }
  ]
| sort_by(.key)
| from_entries
