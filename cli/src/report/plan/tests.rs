//! Plans as a reader sees them.

use std::collections::BTreeMap;

use platoform_config::{ProviderId, ProviderSource};
use platoform_diagnostic::Span;
use platoform_plan::{ActionReason, Cause, RecordKey};
use platoform_schema::{Attribute, AttributeKind, Block, BlockNesting, NestedBlock, Schema};
use platoform_value::{Entries, Path, Step, Type, Value};

use super::*;

const PLAIN: Paint = Paint { colour: false };

fn attribute(kind: Type) -> Attribute {
    Attribute {
        kind: AttributeKind::Type(kind),
        required: false,
        optional: true,
        computed: false,
        sensitive: false,
        write_only: false,
        replace: false,
        default: None,
        description: String::new(),
        deprecated: None,
    }
}

fn block(attributes: &[(&str, Type)], blocks: &[(&str, BlockNesting, Block)]) -> Block {
    let nested = |(name, nesting, block): &(&str, BlockNesting, Block)| {
        let block = NestedBlock {
            nesting: *nesting,
            block: block.clone(),
            min_items: 0,
            max_items: None,
            computed: false,
            replace: false,
        };
        (Arc::from(*name), block)
    };
    Block {
        attributes: attributes
            .iter()
            .map(|(name, kind)| (Arc::from(*name), attribute(kind.clone())))
            .collect(),
        blocks: blocks.iter().map(nested).collect::<BTreeMap<_, _>>(),
        ..Block::default()
    }
}

fn container() -> Arc<Schema> {
    let ports = block(&[("internal", Type::Number), ("external", Type::Number)], &[]);
    let mounts = block(&[("target", Type::String), ("type", Type::String)], &[]);
    let check = block(&[("test", Type::list(Type::String)), ("retries", Type::Number)], &[]);
    let mut block = block(
        &[
            ("id", Type::String),
            ("name", Type::String),
            ("image", Type::String),
            ("env", Type::set(Type::String)),
            ("command", Type::list(Type::String)),
            ("labels", Type::map(Type::String)),
            ("config", Type::String),
            ("password", Type::String),
            ("must_run", Type::Bool),
        ],
        &[
            ("ports", BlockNesting::List, ports),
            ("mounts", BlockNesting::Set, mounts),
            ("healthcheck", BlockNesting::Single, check),
        ],
    );
    if let Some(password) = block.attributes.get_mut("password") {
        password.sensitive = true;
    }
    Arc::new(Schema { version: 0, block })
}

fn strings(items: &[&str]) -> Vec<Value> {
    items.iter().map(|item| Value::from(*item)).collect()
}

fn labels(pairs: &[(&str, &str)]) -> Value {
    let entries: Entries =
        pairs.iter().map(|(key, value)| (Arc::from(*key), Value::from(*value))).collect();
    Value::map(Type::String, entries)
}

fn port(internal: i64, external: i64) -> Value {
    Value::object_of([("internal", internal.into()), ("external", Value::from(external))])
}

fn with(base: &Value, changes: Vec<(&str, Value)>) -> Value {
    let mut entries = base.as_entries().cloned().unwrap_or_default();
    for (name, value) in changes {
        entries.insert(name.into(), value);
    }
    Value::object(entries)
}

fn web(schema: &Schema) -> Value {
    let ports = port(80, 8080).kind();
    with(
        &schema.block.empty_value(),
        vec![
            ("id", "c0ffee".into()),
            ("name", "web".into()),
            ("image", "nginx:1".into()),
            ("env", Value::set(Type::String, strings(&["A=1", "B=2"]))),
            ("command", Value::list(Type::String, strings(&["serve", "--port", "80", "-v"]))),
            ("labels", labels(&[("team", "blue"), ("tier", "front")])),
            ("must_run", true.into()),
            ("password", "hunter2".into()),
            ("ports", Value::list(ports, vec![port(80, 8080), port(443, 8443)])),
        ],
    )
}

fn change(action: Action, schema: &Arc<Schema>, before: Value, after: Value) -> ResourceChange {
    let source = ProviderSource("registry.terraform.io/kreuzwerker/docker".into());
    ResourceChange {
        key: RecordKey { address: "docker_container.web".parse().unwrap(), deposed: None },
        previous: None,
        importing: None,
        provider: ProviderId {
            module: platoform_config::ModuleId::ROOT,
            name: "docker".into(),
            alias: None,
            source,
        },
        schema: schema.clone(),
        action,
        reason: None,
        before,
        after,
        replace: Vec::new(),
        causes: Vec::new(),
        private: Vec::new(),
        header: None,
        version: 1,
    }
}

fn show(changes: Vec<ResourceChange>) -> String {
    let changes = changes.into_iter().map(Arc::new).collect();
    plan(&Plan { changes, ..Plan::default() }, &Sources::default(), Length::Whole, PLAIN)
}

fn nothing_of(schema: &Schema) -> Value {
    Value::null(schema.block.implied_type())
}

#[test]
fn create() {
    let schema = container();
    let after = with(&web(&schema), vec![("id", Value::unknown(Type::String))]);
    insta::assert_snapshot!(show(vec![change(
        Action::Create,
        &schema,
        nothing_of(&schema),
        after
    )]));
}

#[test]
fn update() {
    let schema = container();
    let before = web(&schema);
    let after = with(
        &before,
        vec![
            ("command", Value::list(Type::String, strings(&["serve", "--port", "81", "-v"]))),
            ("labels", labels(&[("team", "red"), ("zone", "a")])),
            ("must_run", Value::null(Type::Bool)),
            ("password", "hunter3".into()),
        ],
    );
    insta::assert_snapshot!(show(vec![change(Action::Update, &schema, before, after)]));
}

#[test]
fn replace_names_what_forces_it_and_where_it_comes_from() {
    let schema = container();
    let mut sources = Sources::default();
    let file = sources.add("main.tf", "resource {\n  env = []\n  image = 1\n}\n");
    let before = web(&schema);
    let after = with(
        &before,
        vec![
            ("id", Value::unknown(Type::String)),
            ("env", Value::set(Type::String, strings(&["A=2", "B=2"]))),
            ("image", Value::unknown(Type::String)),
            ("must_run", false.into()),
            ("ports", Value::list(port(0, 0).kind(), vec![port(80, 8081), port(443, 8443)])),
        ],
    );
    let mut replaced = change(Action::DeleteThenCreate, &schema, before, after);
    replaced.reason = Some(ActionReason::CannotUpdate);
    let external =
        vec![Step::Attribute("ports".into()), Step::Index(0), Step::Attribute("external".into())];
    replaced.replace = vec![Path::attribute("env"), Path::attribute("image"), Path(external)];
    replaced.causes = vec![
        Cause { path: Path::attribute("env"), span: Some(Span::new(file, 13, 21)), upstream: None },
        Cause {
            path: Path::attribute("image"),
            span: Some(Span::new(file, 24, 33)),
            upstream: None,
        },
        Cause {
            path: Path::attribute("must_run"),
            span: Some(Span::new(file, 0, 1)),
            upstream: None,
        },
    ];
    let made = Plan { changes: vec![Arc::new(replaced)], ..Plan::default() };
    insta::assert_snapshot!(plan(&made, &sources, Length::Whole, PLAIN));
    let coloured = plan(&made, &sources, Length::Whole, Paint { colour: true });
    assert_eq!(anstyle_free(&coloured), plan(&made, &sources, Length::Whole, PLAIN));
}

fn anstyle_free(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| out + part.split_once('m').map_or("", |(_, rest)| rest))
}

#[test]
fn delete() {
    let schema = container();
    let mut gone = change(Action::Delete, &schema, web(&schema), nothing_of(&schema));
    gone.reason = Some(ActionReason::NoBlock);
    insta::assert_snapshot!(show(vec![gone]));
}

#[test]
fn nested_blocks() {
    let schema = container();
    let mount = |target: &str| {
        Value::object_of([("target", Value::from(target)), ("type", Value::from("tmpfs"))])
    };
    let check = Value::object_of([
        ("test", Value::list(Type::String, strings(&["CMD", "true"]))),
        ("retries", Value::null(Type::Number)),
    ]);
    let before = with(
        &web(&schema),
        vec![
            ("mounts", Value::set(mount("").kind(), vec![mount("/a"), mount("/b")])),
            ("healthcheck", check),
        ],
    );
    let ports = vec![port(22, 2222), port(80, 8080), port(443, 9443)];
    let after = with(
        &web(&schema),
        vec![
            ("mounts", Value::set(mount("").kind(), vec![mount("/b"), mount("/c")])),
            ("ports", Value::list(port(0, 0).kind(), ports)),
        ],
    );
    insta::assert_snapshot!(show(vec![change(Action::Update, &schema, before, after)]));
}

#[test]
fn json_is_compared_by_structure() {
    let schema = container();
    let json = |text: &str| with(&web(&schema), vec![("config", Value::from(text))]);
    let before = json(r#"{"a":[1,2,{"b":1}],"c":"same","d":{"e":null}}"#);
    let after = json(r#"{"a":[2,{"b":"x"}],"c":"same","d":{"e":[],"f g":true}}"#);
    let spaces = json(r#"{ "a": [1, 2, {"b": 1}], "c": "same", "d": {"e": null} }"#);
    let text = json("not json any more");
    insta::assert_snapshot!(show(vec![
        change(Action::Update, &schema, before.clone(), after),
        change(Action::Update, &schema, before.clone(), spaces),
        change(Action::Update, &schema, before, text),
    ]));
}

#[test]
fn long_text_is_compared_by_line() {
    let schema = container();
    let text = |text: &str| with(&web(&schema), vec![("config", Value::from(text))]);
    let lines: Vec<String> = (1..30).map(|line| format!("line {line}")).collect();
    let before = lines.join("\n");
    let after = before.replace("line 12\n", "line twelve\nEOT\n\n") + "\n";
    insta::assert_snapshot!(show(vec![
        change(Action::Update, &schema, text(&before), text(&after)),
        change(Action::Update, &schema, text("one"), text("one\r\n\u{1b}[2Jtwo")),
    ]));
}

#[test]
fn secrets_stay_secret_at_any_depth() {
    let schema = container();
    let secret = |text: &str| Value::from(text).mark(Marks::SENSITIVE);
    let before = with(
        &web(&schema),
        vec![
            ("config", secret("{\"a\":\"geheim1\"}")),
            ("command", Value::list(Type::String, vec!["run".into(), secret("geheim2")])),
            ("ports", Value::list(port(1, 1).kind(), vec![port(4711, 1)]).mark(Marks::SENSITIVE)),
            ("image", "geheim0".into()),
        ],
    );
    let after = with(
        &before,
        vec![
            ("config", secret("geheim3\nlines")),
            ("command", Value::list(Type::String, vec!["run".into(), secret("geheim4")])),
            ("ports", Value::list(port(1, 1).kind(), vec![port(4712, 1)]).mark(Marks::SENSITIVE)),
            ("image", secret("geheim0")),
        ],
    );
    let text = show(vec![
        change(Action::Update, &schema, before.clone(), after.clone()),
        change(Action::Delete, &schema, after, nothing_of(&schema)),
        change(Action::Create, &schema, nothing_of(&schema), before.clone()),
    ]);
    let leaked = ["geheim1", "geheim2", "geheim3", "geheim4", "4711", "4712", "hunter"];
    assert!(!leaked.iter().any(|secret| text.contains(secret)), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn outputs() {
    let output = |name: &str, before: Option<Value>, after: Option<Value>, sensitive| {
        OutputChange { name: name.into(), before, after, sensitive, declared: false }
    };
    let object = |number: i64| {
        Value::object_of([("a", number.into()), ("b", Value::tuple(vec![1.into(), "x".into()]))])
    };
    let outputs = vec![
        output("address", None, Some(Value::unknown(Type::String)), false),
        output("gone", Some("x".into()), None, false),
        output("object", Some(object(1)), Some(object(2)), false),
        output("same", Some("x".into()), Some("x".into()), false),
        output("secret", Some("a".into()), Some("b".into()), true),
        output("text", None, Some("a\nb\n".into()), false),
    ];
    insta::assert_snapshot!(plan(
        &Plan { outputs, ..Plan::default() },
        &Sources::default(),
        Length::Whole,
        PLAIN
    ));
}

#[test]
fn drift_comes_first() {
    let schema = container();
    let before = web(&schema);
    let key = |text: &str| RecordKey { address: text.parse().unwrap(), deposed: None };
    let drift = vec![
        Drift {
            key: key("docker_container.web"),
            provider: ProviderSource("registry.terraform.io/kreuzwerker/docker".into()),
            schema: schema.clone(),
            before: before.clone(),
            after: with(&before, vec![("must_run", false.into())]),
        },
        Drift {
            key: key("module.a[\"x\"].docker_container.db[0]"),
            provider: ProviderSource("registry.terraform.io/kreuzwerker/docker".into()),
            schema: schema.clone(),
            before: before.clone(),
            after: nothing_of(&schema),
        },
    ];
    let stopped = with(&before, vec![("must_run", false.into())]);
    let changes = vec![Arc::new(change(Action::Update, &schema, stopped, before))];
    let made = Plan { drift, changes, ..Plan::default() };
    insta::assert_snapshot!(plan(&made, &Sources::default(), Length::Whole, PLAIN));
}

#[test]
fn reasons() {
    let schema = container();
    let small = with(&schema.block.empty_value(), vec![("id", "1".into())]);
    let gone = |address: &str, deposed: Option<&str>, reason| {
        let mut gone = change(Action::Delete, &schema, small.clone(), nothing_of(&schema));
        gone.key =
            RecordKey { address: address.parse().unwrap(), deposed: deposed.map(Into::into) };
        gone.reason = Some(reason);
        gone
    };
    let mut tainted = change(Action::DeleteThenCreate, &schema, small.clone(), small.clone());
    tainted.reason = Some(ActionReason::Tainted);
    let mut triggered = change(Action::CreateThenDelete, &schema, small.clone(), small.clone());
    triggered.reason = Some(ActionReason::Triggered("terraform_data.x.id".into()));
    let mut read = change(Action::Read, &schema, nothing_of(&schema), small.clone());
    read.key.address = "data.docker_network.n".parse().unwrap();
    read.reason = Some(ActionReason::ConfigUnknown);
    insta::assert_snapshot!(show(vec![
        read,
        tainted,
        triggered,
        gone("docker_container.a[3]", None, ActionReason::CountIndex),
        gone("docker_container.a[\"k\"]", None, ActionReason::EachKey),
        gone("docker_container.b", Some("0badcafe"), ActionReason::Deposed),
        gone("module.m.docker_container.c", None, ActionReason::NoModule),
        gone("docker_container.d[0]", None, ActionReason::WrongRepetition),
    ]));
}

#[test]
fn no_changes() {
    let schema = container();
    let same = change(Action::NoOp, &schema, web(&schema), web(&schema));
    insta::assert_snapshot!(show(vec![same]));
    let made = Plan { mode: PlanMode::Destroy, ..Plan::default() };
    insta::assert_snapshot!(
        "nothing_to_destroy",
        plan(&made, &Sources::default(), Length::Whole, PLAIN)
    );
}
