//! The provider against a real Docker Engine, at `DOCKER_HOST` or the usual socket. Where none
//! answers, or there is no static busybox to make images from, each test is reported as ignored;
//! so is the one that needs Debian's `docker-registry`, where that is not installed.
//! Everything made carries a lineage of this run, and what a failed test leaves is removed in the
//! end.

#![recursion_limit = "256"]
#![allow(clippy::expect_used, clippy::unwrap_used)]

mod api;
mod basics;
mod connections;
mod containers;
mod registries;
mod world;

use std::future::Future;

use libtest_mimic::{Arguments, Trial};

use world::Outcome;

fn trial<F>(name: &str, usable: bool, test: fn() -> F) -> Trial
where
    F: Future<Output = Outcome> + 'static,
{
    let run = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(runtime.block_on(test())?)
    };
    Trial::test(name, run).with_ignored_flag(!usable)
}

macro_rules! trials {
    ($usable:expr; $($module:ident :: $test:ident),* $(,)?) => {
        vec![$(trial(stringify!($test), $usable, $module::$test)),*]
    };
}

fn main() {
    let arguments = Arguments::from_args();
    let engine = api::request("GET", "/_ping", &[], "").is_ok();
    let usable = engine && world::has_busybox();
    let mut trials = trials![usable;
        basics::network_lives_and_dies,
        basics::volume_lives_and_dies,
        basics::image_is_built,
        basics::image_without_its_name_is_still_known,
        basics::image_build_that_fails_says_why,
        basics::image_that_is_there_is_kept,
        basics::image_that_is_nowhere_cannot_be_had,
        basics::image_names_change_in_place,
        basics::taken_names_are_never_taken_over,
        basics::data_sources_tell_what_is_there,
        basics::imports_tell_what_is_there,
        basics::volume_made_anew_by_hand_shows,
        containers::plain_container_lives_and_dies,
        containers::whole_container_lives_and_dies,
        containers::uploads_arrive_before_the_start,
        containers::container_that_never_gets_healthy_exists_with_an_error,
        containers::container_that_ends_at_once_says_so,
        containers::stopped_container_is_started_again,
        containers::container_need_not_run,
        containers::removed_container_is_gone,
        containers::changes_by_hand_show,
        containers::limits_change_in_place,
        containers::changes_that_need_a_new_container_are_named,
        containers::nothing_is_planned_twice,
        containers::what_the_engine_is_too_old_for_is_refused,
    ];
    let socket = usable && api::host().starts_with("unix://");
    trials.extend(trials![socket; connections::engine_behind_tls_is_verified]);
    let client = socket && connections::has_client();
    trials.extend(trials![client; connections::engine_behind_ssh_is_reached]);
    let registry = client && registries::has_registry();
    trials.extend(trials![registry; registries::image_is_pulled_by_those_who_may]);
    trials.extend(trials![true;
        basics::without_an_engine_only_what_needs_it_fails,
        basics::schema_is_sound,
        basics::what_cannot_be_done_is_refused,
    ]);
    let conclusion = libtest_mimic::run(&arguments, trials);
    if usable {
        api::clean(world::lineage());
    }
    conclusion.exit();
}
