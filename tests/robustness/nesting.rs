//! Values that are nested very deep.

use serde_json::json;

use crate::inputs::{addresses, check, messages, nested, small_plan};

#[test]
fn an_opened_attribute_nested_200_levels_deep_is_a_diagnostic_that_names_the_address() {
    for side in ["after", "after_unknown", "after_sensitive"] {
        let mut plan = small_plan();
        plan["resource_changes"][0]["change"][side]["multi_az"] = nested(200);
        // A mask in which nothing is true says nothing, however deep it is.
        let (code, report) = check(plan.to_string().replace("\"bottom\"", "true").as_bytes());
        assert_eq!(code, 2, "{side}");
        let expected = "plan.json: aws_db_instance.main was not judged: its values are nested deeper than 128 levels";
        assert_eq!(messages(&report, "error"), [expected], "{side}");
        assert_eq!(report["not_evaluated"][0]["subject"], "aws_db_instance.main", "{side}");
    }
}

#[test]
fn nobody_minds_the_nesting_of_what_nobody_opens() {
    let mut plan = small_plan();
    plan["resource_changes"][0]["change"]["after"]["nobody_asks_for_this"] = nested(200);
    plan["resource_changes"][0]["change"]["after_unknown"] = json!({"nobody_asks_for_this": nested(200)});
    plan["resource_changes"][0]["change"]["after_sensitive"] = json!({"nobody_asks_for_this": nested(200)});
    plan["output_changes"] = json!({"o": {"after": nested(300)}});
    plan["future"] = json!("deep");
    let text = plan.to_string().replace("\"deep\"", &format!("{}{}", "[".repeat(20_000), "]".repeat(20_000)));
    let (code, report) = check(text.as_bytes());
    assert_eq!((code, addresses(&report)), (0, vec!["aws_db_instance.main"]));
    assert_eq!(messages(&report, "error"), Vec::<String>::new());
}

#[test]
fn other_objects_are_judged_beside_one_that_is_nested_too_deep() {
    let mut plan = small_plan();
    let mut second = plan["resource_changes"][0].clone();
    second["address"] = json!("aws_db_instance.deep");
    second["change"]["after"]["multi_az"] = nested(200);
    plan["resource_changes"].as_array_mut().unwrap().push(second);
    let (code, report) = check(plan.to_string().as_bytes());
    assert_eq!(code, 2);
    assert!(addresses(&report).contains(&"aws_db_instance.main"));
}
