//! `terraform_data` behaves as in Terraform 1.11.4; the expectations were observed there.
#![expect(clippy::expect_used, reason = "tests")]

use platoform_provider::harness::{Fault, Harness, Recorder, check_schema};
use platoform_provider::value::{Path, Type, Value};
use platoform_provider::{Environment, ImportRequest, MoveRequest, PlanResponse};

const KIND: &str = "terraform_data";

async fn harness() -> Harness {
    let provider = platoform_builtin::terraform();
    let config = provider.schema().provider.block.empty_value();
    Harness::new(provider, config, Environment::default()).await.expect("configured")
}

fn config(harness: &Harness, input: Value, triggers: Value) -> Value {
    let set = [("input", input), ("triggers_replace", triggers)];
    harness.config(KIND, set).expect("conforms")
}

fn null() -> Value {
    Value::null(Type::Dynamic)
}

fn part<'a>(plan: &'a PlanResponse, name: &str) -> &'a Value {
    plan.planned.get(name).expect("is there")
}

async fn made(harness: &Harness, config: &Value) -> Result<Value, Fault> {
    let plan = harness.plan(KIND, &harness.nothing(KIND)?, config).await?;
    harness.create(KIND, &plan, config, &harness.owner()).await
}

#[tokio::test]
async fn every_input_lives_its_life() {
    let harness = harness().await;
    check_schema(&harness.provider().schema()).expect("sound");
    let object = Value::object_of([("a", 1.into()), ("b", Value::null(Type::String))]);
    let inputs = [null(), "x".into(), 1.into(), object.clone(), Value::null(Type::String)];
    for input in inputs.clone() {
        let made = harness.cycle(KIND, &config(&harness, input.clone(), object.clone())).await;
        assert_eq!(made.expect("sound").get("output"), Some(&input));
    }
    for (from, to) in inputs.iter().zip(&inputs[1..]) {
        let (from, to) =
            (config(&harness, from.clone(), null()), config(&harness, to.clone(), null()));
        let changed = harness.update(KIND, &from, &to).await.expect("sound");
        assert_eq!(changed.get("output"), to.get("input"));
    }
}

#[tokio::test]
async fn a_create_knows_the_type_of_its_output() {
    let harness = harness().await;
    let nothing = harness.nothing(KIND).expect("a kind");
    let plan = async |input: Value| {
        harness.plan(KIND, &nothing, &config(&harness, input, null())).await.expect("planned")
    };
    let planned = plan("x".into()).await;
    assert_eq!(part(&planned, "output"), &Value::unknown(Type::String));
    assert!(!part(&planned, "id").is_known());
    assert_eq!(part(&plan(null()).await, "output"), &null());
    let partly = Value::object_of([("a", Value::unknown(Type::String))]);
    assert_eq!(part(&plan(partly.clone()).await, "output"), &Value::unknown(partly.kind()));
    let open = plan(Value::unknown(Type::Dynamic)).await;
    assert_eq!(part(&open, "output"), &Value::unknown(Type::Dynamic));
}

#[tokio::test]
async fn an_update_keeps_the_id_and_opens_the_output() {
    let harness = harness().await;
    let before = made(&harness, &config(&harness, "x".into(), null())).await.expect("made");
    let plan = harness.plan(KIND, &before, &config(&harness, null(), null())).await;
    let plan = plan.expect("planned");
    assert_eq!(Some(part(&plan, "id")), before.get("id"));
    assert_eq!(part(&plan, "output"), &Value::unknown(Type::Dynamic));
    assert_eq!(plan.replace, []);
}

#[tokio::test]
async fn other_triggers_replace() {
    let harness = harness().await;
    let before = made(&harness, &config(&harness, "x".into(), "1".into())).await.expect("made");
    for triggers in [null(), 1.into(), Value::unknown(Type::String), Value::tuple(vec![])] {
        let config = config(&harness, "x".into(), triggers);
        let plan = harness.plan(KIND, &before, &config).await.expect("planned");
        assert_eq!(plan.replace, [Path::attribute("triggers_replace")]);
        assert!(!part(&plan, "id").is_known());
        assert_eq!(part(&plan, "output"), &Value::unknown(Type::String));
    }
}

#[tokio::test]
async fn ids_are_random_and_nothing_is_reported() {
    let harness = harness().await;
    let (nothing, config) =
        (harness.nothing(KIND).expect("a kind"), config(&harness, null(), null()));
    let plan = harness.plan(KIND, &nothing, &config).await.expect("planned");
    let (sink, mut ids) = (Recorder::default(), Vec::new());
    for _ in 0..2 {
        let change = (&nothing, &plan.planned, &config);
        let made = harness.apply(KIND, change, &harness.owner(), &sink).await.expect("made");
        ids.push(made.current.get("id").and_then(Value::as_str).expect("known").to_owned());
    }
    assert!(ids[0] != ids[1] && ids[0].len() == 36);
    assert_eq!(sink.events(), []);
}

#[tokio::test]
async fn imports_keep_the_id() {
    let harness = harness().await;
    let request = ImportRequest { kind: KIND.into(), id: "some-id".into() };
    let imported = harness.provider().import(request).await.expect("imported");
    assert_eq!(imported[0].current.get("id"), Some(&"some-id".into()));
    assert_eq!(imported[0].current.get("input"), Some(&null()));
}

#[tokio::test]
async fn a_null_resource_becomes_one() {
    let harness = harness().await;
    let request = |kind: &str, state: &str| MoveRequest {
        source_provider: "registry.terraform.io/hashicorp/null".into(),
        source_kind: kind.into(),
        source_version: 0,
        state: state.into(),
        private: Vec::new(),
        kind: KIND.into(),
    };
    let state = r#"{"id": "12", "triggers": {"a": "b"}}"#;
    let moved = harness.provider().move_state(request("null_resource", state)).await;
    let moved = moved.expect("moved").current;
    assert_eq!(moved.get("id"), Some(&"12".into()));
    let triggers = moved.get("triggers_replace").expect("is there");
    assert_eq!(triggers.get("a"), Some(&"b".into()));
    assert!(harness.provider().move_state(request("other", state)).await.is_err());
    assert!(harness.provider().move_state(request("null_resource", "{")).await.is_err());
}
