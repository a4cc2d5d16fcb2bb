//! Serves a cloud that does not exist, for `provider "fake"`: `cloud [PORT [SEED]]`. Everything in
//! it takes its time; it lasts until the process ends.

use std::time::Duration;

use platoform_fake::{Cloud, Conditions, LAG_LIMIT};
use platoform_tests::CloudServer;

/// Where it is unless another port is given.
const PORT: u16 = 4700;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let port = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(PORT);
    let seed = arguments.next().and_then(|text| text.parse().ok()).unwrap_or_default();
    let cloud = Cloud::new(Conditions {
        seed,
        latency: (Duration::from_millis(5), Duration::from_millis(100)),
        lag: LAG_LIMIT,
        boot: Duration::from_secs(2),
        deletion: Duration::from_secs(1),
        page: 20,
        ..Conditions::default()
    });
    let server = CloudServer::start(cloud, port);
    #[allow(clippy::print_stdout, reason = "it is a program")]
    {
        println!("endpoint = \"{}\"", server.endpoint);
    }
    loop {
        std::thread::park();
    }
}
