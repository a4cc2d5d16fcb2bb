use platoform_schema::Block;
use platoform_value::{Path, Step, Type, Value};

use super::{plan_by_schema, propose};
use crate::{Block, BlockType, Field, PlanRequest, PlanResponse};

#[derive(Clone, Debug, Default, PartialEq, Block)]
struct Port {
    #[attribute(required, replace)]
    internal: Field<i64>,
    #[attribute(optional, default = "tcp")]
    protocol: Field<String>,
    #[attribute(computed)]
    external: Field<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Block)]
struct Label {
    #[attribute(required)]
    key: Field<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Block)]
struct Container {
    #[attribute(required, replace)]
    name: Field<String>,
    #[attribute(optional)]
    comment: Field<String>,
    #[attribute(optional, default = true)]
    must_run: Field<bool>,
    #[attribute(optional, computed, replace)]
    driver: Field<String>,
    #[attribute(computed)]
    id: Field<String>,
    #[attribute(optional, write_only)]
    secret: Field<String>,
    #[block(list)]
    ports: Field<Vec<Port>>,
    #[block(set)]
    published: Field<Vec<Port>>,
    #[block(set, replace)]
    labels: Field<Vec<Label>>,
    #[block(list, max = 1, computed)]
    check: Field<Vec<Label>>,
    #[block(single)]
    only: Field<Port>,
}

fn plan(prior: Option<&Container>, config: &Container) -> (Container, PlanResponse) {
    let block = Container::block();
    let prior = prior.map_or(Value::null(Container::implied_type()), Container::encode);
    let config = config.encode();
    let proposed = propose(&block, &prior, &config);
    let request =
        PlanRequest { kind: "container".into(), prior, proposed, config, private: vec![7] };
    let response = plan_by_schema(&block, &request);
    assert_eq!(response.private, [7]);
    (Container::decode(&response.planned).expect("conforms"), response)
}

fn config() -> Container {
    let port = |internal: i64| Port { internal: internal.into(), ..Port::default() };
    Container {
        name: "web".into(),
        ports: vec![port(80), port(443)].into(),
        published: vec![port(1), port(2)].into(),
        labels: vec![Label { key: "a".into() }].into(),
        only: port(5).into(),
        ..Container::default()
    }
}

/// The planned object as if an apply had found out what was unknown.
fn applied(config: &Container) -> Container {
    let (mut made, _) = plan(None, config);
    made.driver = made.driver.into_known().unwrap_or_else(|| "bridge".into()).into();
    made.id = "1".into();
    made.check = vec![Label { key: "found".into() }].into();
    let all = [&mut made.ports, &mut made.published];
    let ports = all.into_iter().flat_map(|ports| ports.get_mut().expect("known"));
    for port in ports.chain(made.only.get_mut()) {
        port.external = (port.internal.copied().expect("known") + 1000).into();
    }
    made
}

#[test]
fn a_new_object_has_defaults_and_unknowns() {
    let (planned, response) = plan(None, &Container { secret: "s".into(), ..config() });
    assert_eq!(planned.must_run, true.into());
    assert_eq!((&planned.id, &planned.driver), (&Field::Unknown, &Field::Unknown));
    assert_eq!(planned.comment, Field::Null);
    assert_eq!(planned.secret, Field::Null);
    assert_eq!(planned.check, Field::Unknown);
    for ports in [planned.ports.items(), planned.published.items()] {
        assert_eq!((ports.len(), ports[0].protocol.as_str()), (2, Some("tcp")));
        assert_eq!(ports[1].external, Field::Unknown);
    }
    assert_eq!(planned.only.get().expect("known").external, Field::Unknown);
    assert_eq!(response.replace, []);
}

#[test]
fn nothing_changes_where_nothing_changed() {
    let prior = applied(&config());
    let (planned, response) = plan(Some(&prior), &config());
    assert_eq!(planned, prior);
    assert_eq!(response.replace, []);
}

#[test]
fn an_update_keeps_what_is_computed() {
    let prior = applied(&config());
    let (planned, response) = plan(Some(&prior), &Container { comment: "c".into(), ..config() });
    assert_eq!(planned, Container { comment: "c".into(), ..prior });
    assert_eq!(response.replace, []);
}

#[test]
fn what_is_marked_replaces() {
    let replaced = |config: Container| plan(Some(&applied(&self::config())), &config).1.replace;
    let named = |name: &str| vec![Path::attribute(name)];
    assert_eq!(replaced(Container { name: "b".into(), ..config() }), named("name"));
    assert_eq!(replaced(Container { driver: Field::Unknown, ..config() }), named("driver"));
    assert_eq!(replaced(Container { driver: "bridge".into(), ..config() }), []);
    assert_eq!(replaced(Container { labels: Field::Null, ..config() }), named("labels"));
    assert_eq!(replaced(Container { labels: Field::Unknown, ..config() }), named("labels"));
    assert_eq!(replaced(Container { only: Field::Null, ..config() }), named("only"));
    assert_eq!(replaced(Container { must_run: false.into(), ..config() }), []);
}

#[test]
fn lists_are_compared_item_by_item_and_sets_as_a_whole() {
    let prior = applied(&config());
    let mut changed = config();
    changed.ports.get_mut().expect("known")[1].internal = 8443.into();
    let at = Path::attribute("ports").join(Step::Index(1)).join(Step::Attribute("internal".into()));
    assert_eq!(plan(Some(&prior), &changed).1.replace, [at]);

    let mut changed = config();
    changed.ports.get_mut().expect("known")[1].protocol = "udp".into();
    assert_eq!(plan(Some(&prior), &changed).1.replace, []);

    let mut changed = config();
    changed.ports.get_mut().expect("known").pop();
    assert_eq!(plan(Some(&prior), &changed).1.replace, [Path::attribute("ports")]);

    let mut changed = config();
    changed.published.get_mut().expect("known")[0].internal = 3.into();
    let (planned, response) = plan(Some(&prior), &changed);
    assert_eq!(response.replace, [Path::attribute("published")]);
    let ports = planned.published.items();
    let external = |internal: i64| {
        &ports.iter().find(|port| port.internal == internal.into()).expect("planned").external
    };
    assert_eq!(external(2), &1002.into(), "an element that stays keeps what was computed");
    assert_eq!(external(3), &Field::Unknown, "a new element does not");
}

#[test]
fn an_added_item_replaces_and_gets_what_a_new_one_gets() {
    let mut more = config();
    let port = Port { internal: 9.into(), ..Port::default() };
    more.ports.get_mut().expect("known").push(port);
    let (planned, response) = plan(Some(&applied(&config())), &more);
    let added = &planned.ports.items()[2];
    assert_eq!((&added.external, added.protocol.as_str()), (&Field::Unknown, Some("tcp")));
    let at = Path::attribute("ports").join(Step::Index(2)).join(Step::Attribute("internal".into()));
    assert_eq!(response.replace, [at]);
}

#[test]
fn computed_blocks_follow_the_configuration_where_it_has_some() {
    let own = vec![Label { key: "own".into() }];
    let config = Container { check: own.clone().into(), ..config() };
    assert_eq!(plan(None, &config).0.check.items(), own);
    assert_eq!(plan(Some(&applied(&self::config())), &config).0.check.items(), own);
}

#[test]
fn a_delete_is_null() {
    let kind = Container::implied_type();
    let null = Value::null(kind);
    let (prior, block): (_, Block) = (applied(&config()).encode(), Container::block());
    let (proposed, config) = (null.clone(), null.clone());
    let kind = "container".into();
    let request = PlanRequest { kind, prior, proposed, config, private: Vec::new() };
    let response = plan_by_schema(&block, &request);
    assert_eq!((response.planned, response.replace), (null, Vec::new()));
}

#[test]
fn unknown_blocks_stay_unknown() {
    let config = Container { ports: Field::Unknown, ..config() };
    let (planned, response) = plan(Some(&applied(&self::config())), &config);
    assert_eq!(planned.ports, Field::Unknown);
    assert_eq!(response.replace, [Path::attribute("ports")]);
    assert_eq!(Type::list(Port::implied_type()), planned.encode().get("ports").expect("is").kind());
}
