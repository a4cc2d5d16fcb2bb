//! Every point of many scenarios, one after the other.

use std::collections::BTreeMap;

use fastrand::Rng;
use platoform_fake::{Call, Fault, LAG_LIMIT, LINGER_LIMIT};
use platoform_plan::{PlanMode, PlanOptions};

use crate::bug::Bug;
use crate::check::{self, Finding};
use crate::human;
use crate::scenario::{Node, Scenario};
use crate::simulate;
use crate::tap::{Hit, Tear};
use crate::world::{Ended, Strike, World, options};

/// Runs until everything must be as wanted, the one that was struck not counted.
const PATIENCE: usize = 4;

/// Most points of one job at which the cloud is only asked something.
const READS: usize = 12;

/// What is done at each point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The process is killed.
    Kill,
    /// The cloud or the disk fails, and the process goes on.
    Fail,
    /// The machine loses its power while a commit is written.
    PowerLoss,
    /// The process is killed, and killed again while it recovers.
    KillTwice,
}

/// What a scenario is struck at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Job {
    /// Everything is made.
    Create,
    /// Everything is made into its next version.
    Change,
    /// Everything is destroyed.
    Destroy,
}

/// The run of many points.
pub struct Sweep {
    seed: u64,
    bug: Option<Bug>,
    /// Distinct points by what they are.
    points: BTreeMap<String, usize>,
    met: usize,
    scenarios: usize,
    runs: usize,
    calls: usize,
    writes: usize,
    resolved: usize,
    /// What did not hold, with the seeds to see it again.
    pub findings: Vec<Finding>,
}

impl Sweep {
    pub fn new(seed: u64, bug: Option<Bug>) -> Self {
        Self {
            seed,
            bug,
            points: BTreeMap::new(),
            met: 0,
            scenarios: 0,
            runs: 0,
            calls: 0,
            writes: 0,
            resolved: 0,
            findings: Vec::new(),
        }
    }

    /// Goes through scenarios until so many distinct points were met.
    pub fn until(&mut self, points: usize, way: Way) {
        let mut seed = self.seed;
        while self.met < points && self.findings.len() < self.enough() {
            let scenario = Scenario::new(seed);
            for job in [Job::Create, Job::Change, Job::Destroy] {
                if self.met < points {
                    simulate(self.job(&scenario, job, way, points));
                }
            }
            self.scenarios += 1;
            seed += 1;
        }
    }

    /// Findings after which there is no need to look further: a planted bug is found once.
    fn enough(&self) -> usize {
        if self.bug.is_some() { 1 } else { 5 }
    }

    /// Strikes one job of a scenario at each of its points.
    async fn job(&mut self, scenario: &Scenario, job: Job, way: Way, most: usize) {
        let mut start = World::new(scenario.cloud().await, scenario.seed);
        let (nodes, options) = match job {
            Job::Create => (&scenario.before, options(PlanMode::Normal)),
            Job::Change => (&scenario.after, options(PlanMode::Normal)),
            Job::Destroy => (&scenario.before, options(PlanMode::Destroy)),
        };
        if job != Job::Create {
            let text = scenario.text(&scenario.before);
            let normal = crate::world::options(PlanMode::Normal);
            let (ended, _) = start.run(&text, &normal, Strike::default()).await;
            assert_eq!(ended.failure(), None, "seed {}\n{text}", scenario.seed);
        }
        start.bug = self.bug;
        let work = Work { scenario, job, nodes, options: &options };
        let mut world = start.fork();
        let first = world.cloud.calls().len();
        let (ended, log) = world.run(&work.text(), &options, Strike::default()).await;
        let calls = world.cloud.calls().split_off(first);
        self.count(calls.len(), log.len());
        if let Err(finding) = self.after(&mut world, &work, ended).await {
            return self.find(&work, &[], &finding);
        }
        let mut random = Rng::with_seed(scenario.seed);
        for (name, strike) in points(way, &calls, &log, &mut random) {
            if self.met >= most || self.findings.len() >= self.enough() {
                return;
            }
            let mut world = start.fork();
            let begun = world.cloud.call_count();
            let (mut ended, log) = world.run(&work.text(), &options, strike).await;
            let mut strikes = vec![strike];
            if way == Way::KillTwice && matches!(ended, Ended::Killed) {
                let second = later(&mut random);
                strikes.push(second);
                (ended, _) = world.run(&work.text(), &options, second).await;
                if !matches!(ended, Ended::Killed) {
                    // The recovery was over before: this is the same as a single kill.
                    continue;
                }
            }
            self.met += 1;
            *self.points.entry(format!("{job:?}: {name}")).or_default() += 1;
            let result = self.after(&mut world, &work, ended).await;
            let calls = world.cloud.call_count() - begun;
            self.count(usize::try_from(calls).unwrap_or(usize::MAX), log.len());
            if let Err(finding) = result {
                self.find(&work, &strikes, &finding);
            }
        }
    }

    fn count(&mut self, calls: usize, writes: usize) {
        self.runs += 1;
        self.calls += calls;
        self.writes += writes;
    }

    fn find(&mut self, work: &Work<'_>, strikes: &[Strike], finding: &str) {
        let Work { scenario, job, .. } = work;
        let text = format!("seed {} {job:?} {strikes:?}: {finding}", scenario.seed);
        self.findings.push(text);
    }

    /// Runs again until everything is as wanted, and checks that.
    async fn after(
        &mut self,
        world: &mut World,
        work: &Work<'_>,
        mut ended: Ended,
    ) -> Result<(), Finding> {
        let Work { scenario, job, nodes, options } = work;
        let mut runs = 0;
        while let Some(failure) = ended.failure() {
            runs += 1;
            if runs > PATIENCE {
                return Err(format!("it does not come to an end: {failure}"));
            }
            if failure.contains("It is uncertain whether") {
                human::resolve(world).await?;
                self.resolved += 1;
            }
            self.runs += 1;
            (ended, _) = world.run(&work.text(), options, Strike::default()).await;
        }
        // Requests that went on alone have come to their end by now, and everybody sees it.
        tokio::time::sleep(LINGER_LIMIT + LAG_LIMIT).await;
        match job {
            Job::Destroy => check::settled(world, scenario, &[]).await?,
            _ => check::settled(world, scenario, nodes).await?,
        }
        match job {
            Job::Change => Ok(()),
            _ => check::ordered(world, scenario, &scenario.before),
        }
    }

    /// The figures.
    pub fn print(&self) {
        let Self { seed, scenarios, runs, calls, writes, met, resolved, .. } = self;
        let last = seed + *scenarios as u64 - 1;
        let mut text = format!(
            "{met} distinct points in {scenarios} scenarios (seeds {seed} to {last})\n\
             {runs} runs, {calls} calls of the cloud, {writes} durable writes, \
             {resolved} times a user had to say what happened\n"
        );
        for (name, count) in &self.points {
            text.push_str(&format!("{count:>8}  {name}\n"));
        }
        crate::print(&text);
    }

    /// How many points were met.
    pub fn met(&self) -> usize {
        self.met
    }
}

/// A job of a scenario.
struct Work<'a> {
    scenario: &'a Scenario,
    job: Job,
    nodes: &'a [Node],
    options: &'a PlanOptions,
}

impl Work<'_> {
    fn text(&self) -> String {
        self.scenario.text(self.nodes)
    }
}

/// Every point of a run, and what it is.
fn points(
    way: Way,
    calls: &[Call],
    log: &[&'static str],
    random: &mut Rng,
) -> Vec<(String, Strike)> {
    let mut points = Vec::new();
    for (number, call) in calls.iter().enumerate() {
        let number = number as u64;
        let name = format!("{} {}", call.request.method(), call.request.collection().as_str());
        let faults: &[Fault] = match (way, call.request.changes()) {
            (Way::Fail, true) => &[Fault::Broken, Fault::Lost, Fault::CutOff, throttled()],
            (Way::Fail, false) => &[Fault::Broken],
            (Way::PowerLoss, _) => &[],
            (_, true) => &[Fault::DeadBefore, Fault::DeadAfter],
            (_, false) => &[Fault::DeadBefore],
        };
        for fault in faults {
            let strike = Strike { call: Some((number, *fault)), write: None };
            points.push((format!("{name} {}", fault_name(*fault)), strike));
        }
    }
    for (number, name) in log.iter().enumerate() {
        let hits: Vec<Hit> = match way {
            Way::Fail => vec![Hit::Refuse],
            Way::PowerLoss => Tear::ALL.map(Hit::PowerLoss).into(),
            Way::Kill | Way::KillTwice => vec![Hit::KillBefore, Hit::KillAfter],
        };
        for hit in hits {
            let strike = Strike { call: None, write: Some((number, hit)) };
            points.push((format!("{name}, {}", hit_name(hit)), strike));
        }
    }
    random.shuffle(&mut points);
    // Machines are looked at many times while they boot, which teaches little.
    let mut reads = 0;
    points.retain(|(name, _)| {
        reads += usize::from(name.starts_with("GET"));
        !name.starts_with("GET") || reads <= READS
    });
    points
}

const fn throttled() -> Fault {
    Fault::Throttled(std::time::Duration::from_millis(200))
}

fn fault_name(fault: Fault) -> &'static str {
    match fault {
        Fault::Throttled(_) => "is throttled",
        Fault::Broken => "fails without effect",
        Fault::Lost => "fails after its effect",
        Fault::CutOff => "is cut off after its effect",
        Fault::DeadBefore => "before its effect",
        Fault::DeadAfter => "after its effect",
    }
}

fn hit_name(hit: Hit) -> &'static str {
    match hit {
        Hit::KillBefore => "before the commit",
        Hit::KillAfter => "after the commit",
        Hit::Refuse => "cannot be written",
        Hit::PowerLoss(Tear::Nothing) => "nothing of it on the disk",
        Hit::PowerLoss(Tear::Beginning) => "its beginning on the disk",
        Hit::PowerLoss(Tear::AllButAByte) => "but a byte on the disk",
        Hit::PowerLoss(Tear::Hole) => "with a hole on the disk",
        Hit::PowerLoss(Tear::Noise) => "noise on the disk",
    }
}

/// Somewhere in the next run.
fn later(random: &mut Rng) -> Strike {
    if random.bool() {
        let fault = if random.bool() { Fault::DeadBefore } else { Fault::DeadAfter };
        return Strike { call: Some((random.u64(..60), fault)), write: None };
    }
    let hit = if random.bool() { Hit::KillBefore } else { Hit::KillAfter };
    Strike { call: None, write: Some((random.usize(..20), hit)) }
}
