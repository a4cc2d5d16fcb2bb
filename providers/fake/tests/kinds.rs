//! The kinds against the cloud, in a time that nobody waits for.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on panics")]

use std::sync::Arc;
use std::time::Duration;

use platoform_fake::{Cloud, Collection, Conditions, Fault, Faults, LAG_LIMIT};
use platoform_provider::harness::{Fault as Broken, Harness, Recorder, check_schema};
use platoform_provider::value::{Number, Value};
use platoform_provider::{Environment, FailureClass, Found};

fn run<T>(test: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().start_paused(true).build().unwrap().block_on(test)
}

/// A cloud in which everything takes its time.
fn slow(seed: u64) -> Conditions {
    Conditions {
        seed,
        latency: (Duration::from_millis(1), Duration::from_millis(30)),
        lag: LAG_LIMIT,
        boot: Duration::from_secs(20),
        deletion: Duration::from_secs(3),
        page: 2,
        ..Conditions::default()
    }
}

async fn harness(cloud: &Arc<Cloud>) -> Harness {
    let provider = platoform_fake::with_cloud(cloud.clone());
    let config = provider.schema().provider.block.empty_value();
    Harness::new(provider, config, Environment::default()).await.unwrap()
}

fn text(text: &str) -> Value {
    Value::from(text)
}

fn number(number: i64) -> Value {
    Value::from(Number::from(number))
}

/// Each kind with something set.
fn all(harness: &Harness) -> Vec<(&'static str, Value)> {
    let machine = [("name", text("web")), ("password", text("hunter2"))];
    let volume = [("name", text("data")), ("size", number(10))];
    vec![
        ("fake_machine", harness.config("fake_machine", machine).unwrap()),
        ("fake_volume", harness.config("fake_volume", volume).unwrap()),
        ("fake_address", harness.config("fake_address", [("region", text("south"))]).unwrap()),
    ]
}

#[test]
fn the_schema_is_sound() {
    check_schema(&platoform_fake::factory().schema()).unwrap();
}

#[test]
fn every_kind_lives_through_its_cycle_in_every_cloud() {
    let mut clouds: Vec<Conditions> = (0..20).map(slow).collect();
    clouds.push(Conditions::default());
    for conditions in clouds {
        run(async {
            let cloud = Cloud::new(conditions.clone());
            let harness = harness(&cloud).await;
            // Others' objects, so that there are pages.
            for name in ["a", "b", "c"] {
                let volume = [("name", text(name)), ("size", number(1))];
                let config = harness.config("fake_volume", volume).unwrap();
                let nothing = harness.nothing("fake_volume").unwrap();
                let plan = harness.plan("fake_volume", &nothing, &config).await.unwrap();
                harness.create("fake_volume", &plan, &config, &harness.owner()).await.unwrap();
            }
            for (kind, config) in all(&harness) {
                let made = harness.cycle(kind, &config).await;
                let made = made.unwrap_or_else(|broken| panic!("{kind} {conditions:?}: {broken}"));
                assert!(made.is_wholly_known(), "{made:?}");
            }
            let left: usize = cloud.objects().values().map(Vec::len).sum();
            assert_eq!(left, 3, "{:?}", cloud.objects());
        });
    }
}

#[test]
fn what_can_change_in_place_does() {
    run(async {
        let cloud = Cloud::new(slow(1));
        let harness = harness(&cloud).await;
        let machine = |size: &str| {
            harness.config("fake_machine", [("name", text("a")), ("size", text(size))])
        };
        let (small, large) = (machine("small").unwrap(), machine("large").unwrap());
        harness.update("fake_machine", &small, &large).await.unwrap();
        let volume = |size| [("name", text("a")), ("size", number(size))];
        let (one, two) = (volume(1), volume(2));
        let (one, two) = (
            harness.config("fake_volume", one).unwrap(),
            harness.config("fake_volume", two).unwrap(),
        );
        harness.update("fake_volume", &one, &two).await.unwrap();
        let shrunk: Broken = harness.update("fake_volume", &two, &one).await.unwrap_err();
        assert!(shrunk.detail.contains("needs a new object: [Path"), "{shrunk}");
    });
}

/// A create of a volume, and the class of its failure.
async fn volume(harness: &Harness, name: &str) -> Result<Value, FailureClass> {
    let config = [("name", text(name)), ("size", number(1))];
    let config = harness.config("fake_volume", config).unwrap();
    let nothing = harness.nothing("fake_volume").unwrap();
    let plan = harness.plan("fake_volume", &nothing, &config).await.unwrap();
    let change = (&nothing, &plan.planned, &config);
    let made = harness.apply("fake_volume", change, &harness.owner(), &Recorder::default()).await;
    made.map(|made| made.current).map_err(|failure| failure.class)
}

#[test]
fn failures_are_told_apart() {
    run(async {
        let quota = [(Collection::Volumes, 2)].into();
        let cloud = Cloud::new(Conditions { quota, ..slow(2) });
        let harness = harness(&cloud).await;
        let expect = async |name: &str, fault: Option<Fault>, count: usize| {
            let at = fault.map(|fault| (cloud.call_count(), fault)).into_iter().collect();
            cloud.plan_faults(Faults { at, ..Faults::default() });
            let ended = volume(&harness, name).await;
            assert_eq!(cloud.objects().values().map(Vec::len).sum::<usize>(), count, "{name}");
            ended.err()
        };
        let pause = Duration::from_secs(7);
        let throttled = Some(Fault::Throttled(pause));
        assert_eq!(expect("a", throttled, 0).await, Some(FailureClass::Retry(pause)));
        assert_eq!(expect("a", Some(Fault::Broken), 0).await, Some(FailureClass::Unknown));
        assert_eq!(expect("a", Some(Fault::Lost), 1).await, Some(FailureClass::Unknown));
        assert_eq!(expect("a", None, 1).await, Some(FailureClass::Fail), "the name is taken");
        assert_eq!(expect("b", Some(Fault::CutOff), 2).await, Some(FailureClass::Unknown));
        assert_eq!(expect("c", None, 2).await, Some(FailureClass::Fail), "the quota is used up");
    });
}

#[test]
fn several_new_addresses_are_uncertain() {
    run(async {
        let cloud = Cloud::new(slow(3));
        let harness = harness(&cloud).await;
        let kind = "fake_address";
        let config = harness.config(kind, []).unwrap();
        let nothing = harness.nothing(kind).unwrap();
        let plan = harness.plan(kind, &nothing, &config).await.unwrap();
        let (mine, others) = (harness.owner(), harness.owner());
        harness.create(kind, &plan, &config, &mine).await.unwrap();
        let found = harness.find_after(kind, &plan.planned, &mine, Duration::ZERO).await.unwrap();
        assert!(matches!(found, Found::Object { .. }), "{found:?}");
        harness.create(kind, &plan, &config, &others).await.unwrap();
        tokio::time::sleep(LAG_LIMIT).await;
        let found = harness.find_after(kind, &plan.planned, &mine, Duration::ZERO).await.unwrap();
        assert!(matches!(found, Found::Uncertain(_)), "{found:?}");
        // The later one's survey saw the earlier one.
        let found = harness.find_after(kind, &plan.planned, &others, Duration::ZERO).await.unwrap();
        assert!(matches!(found, Found::Object { .. }), "{found:?}");
    });
}

#[test]
fn equal_clouds_give_equal_answers() {
    let history = |seed| {
        run(async {
            let cloud = Cloud::new(slow(seed));
            let by_chance = vec![(100, Fault::Lost), (100, Fault::Throttled(Duration::ZERO))];
            cloud.plan_faults(Faults { by_chance, ..Faults::default() });
            let harness = harness(&cloud).await;
            for number in 0..20 {
                let _ = volume(&harness, &format!("{number}")).await;
            }
            cloud.calls()
        })
    };
    assert_eq!(history(5), history(5));
    assert_ne!(history(5), history(6));
}

#[test]
fn provider_blocks_that_make_no_sense_are_refused() {
    let provider = platoform_fake::factory();
    let problems = |set: Vec<(&str, Value)>| {
        let block = &provider.schema().provider.block;
        let config = platoform_provider::harness::config_of(block, set).unwrap();
        let problems = provider.validate_provider(&config).into_iter();
        problems.map(|problem| problem.path.to_string()).collect::<Vec<_>>()
    };
    for fine in ["http://127.0.0.1:80", "http://localhost:1/", "http://[::1]:8080"] {
        assert_eq!(problems(vec![("endpoint", text(fine))]), [""; 0], "{fine}");
    }
    for wrong in ["http://example.com", "https://127.0.0.1", "127.0.0.1:80", ""] {
        assert_eq!(problems(vec![("endpoint", text(wrong))]), ["endpoint"], "{wrong}");
    }
    let both = vec![("endpoint", text("http://localhost")), ("seed", number(1))];
    assert_eq!(problems(both), ["seed"]);
    assert_eq!(problems(vec![("lag", number(501))]), ["lag"]);
    assert_eq!(problems(vec![("page_size", number(0))]), ["page_size"]);
}
