//! Provisioners on another machine: the whole program against a real ssh server, which is started
//! on a loopback port.
//!
//! Where there is none, every trial is reported as ignored; with `PLATOFORM_REQUIRE_ENGINE=1` they
//! fail instead.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on panics")]

mod server;

use libtest_mimic::{Arguments, Failed, Trial};
use platoform_tests::Project;
use server::Server;

const TRIALS: [(&str, fn()); 5] = [
    ("files_and_directories_are_copied", files_and_directories_are_copied),
    ("scripts_run_and_what_they_write_is_shown", scripts_run_and_what_they_write_is_shown),
    ("a_script_that_fails_taints", a_script_that_fails_taints),
    ("keys_of_machines_are_checked_when_given", keys_of_machines_are_checked_when_given),
    ("a_bastion_is_gone_through", a_bastion_is_gone_through),
];

fn main() {
    let arguments = Arguments::from_args();
    let missing = server::missing();
    let required = std::env::var("PLATOFORM_REQUIRE_ENGINE").is_ok_and(|value| value == "1");
    let trial = |(name, run): (&str, fn())| {
        let reason = missing.clone();
        let ignored = missing.is_some() && !required;
        Trial::test(name, move || match reason {
            Some(reason) => Err(Failed::from(reason)),
            None => {
                run();
                Ok(())
            }
        })
        .with_ignored_flag(ignored)
    };
    libtest_mimic::run(&arguments, TRIALS.into_iter().map(trial).collect()).exit();
}

fn project(server: &Server, more: &str, provisioners: &str) -> Project {
    let connection = server.connection(more);
    Project::new(&format!(
        "resource \"terraform_data\" \"a\" {{\n  input = \"x\"\n{connection}{provisioners}}}\n"
    ))
}

fn files_and_directories_are_copied() {
    let server = Server::start();
    let inbox = server.inbox();
    let provisioner =
        |arguments: &str| format!("  provisioner \"file\" {{\n    {arguments}\n  }}\n");
    let project = project(
        &server,
        "",
        &[
            provisioner(&format!(
                "content = \"it's ${{self.input}}\\n\"\n destination = \"{inbox}/with space\""
            )),
            provisioner(&format!("source = \"run.sh\"\n destination = \"{inbox}/run.sh\"")),
            provisioner(&format!("source = \"tree\"\n destination = \"{inbox}\"")),
            provisioner(&format!("source = \"tree/\"\n destination = \"{inbox}\"")),
        ]
        .concat(),
    );
    project.write("run.sh", "#!/bin/sh\n");
    std::fs::create_dir_all(project.path("tree/deep")).unwrap();
    project.write("tree/one", "1");
    project.write("tree/deep/two", &"2".repeat(3_000_000));
    let script = project.path("run.sh");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&script, mode).unwrap();
    project.run("apply -auto-approve").exits(0);
    let copied = |name: &str| std::fs::read_to_string(format!("{inbox}/{name}")).unwrap();
    assert_eq!(copied("with space"), "it's x\n");
    assert_eq!(copied("tree/one") + &copied("one"), "11");
    assert_eq!(copied("tree/deep/two").len() + copied("deep/two").len(), 6_000_000);
    let metadata = std::fs::metadata(format!("{inbox}/run.sh")).unwrap();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777, 0o755);
}

fn scripts_run_and_what_they_write_is_shown() {
    let server = Server::start();
    let inbox = server.inbox();
    let script_path = format!("script_path = \"{inbox}/s-%RAND%\"");
    let project = project(
        &server,
        &script_path,
        "  provisioner \"remote-exec\" {\n    inline = [\"echo one\", \"echo two ${self.input} >&2\"]\n  }\n  \
         provisioner \"remote-exec\" {\n    scripts = [\"a.sh\", \"b.sh\"]\n  }\n  \
         provisioner \"remote-exec\" {\n    inline = [\"echo ${sensitive(\"hunter2\")}\"]\n  }\n",
    );
    project.write("a.sh", "#!/bin/sh -e\necho from a\n");
    project.write("b.sh", "echo from b");
    let run = project.run("apply -auto-approve");
    run.exits(0)
        .shows("terraform_data.a (remote-exec): Connected!")
        .shows("terraform_data.a (remote-exec): one\n")
        .shows("terraform_data.a (remote-exec): two x\n")
        .shows("terraform_data.a (remote-exec): from a\n")
        .shows("terraform_data.a (remote-exec): from b\n")
        .shows("(output suppressed due to sensitive value in config)")
        .hides("hunter2");
    assert!(std::fs::read_dir(&inbox).unwrap().next().is_none(), "a script was left behind");
}

fn a_script_that_fails_taints() {
    let server = Server::start();
    let fail = "  provisioner \"remote-exec\" {\n    inline = [\"exit 3\"]\n  }\n";
    let project = project(&server, "", fail);
    project
        .run("apply -auto-approve")
        .exits(1)
        .shows("remote-exec provisioner error")
        .shows("ended with status 3");
    project.run("plan").exits(0).shows("is tainted, so must be replaced");
}

fn keys_of_machines_are_checked_when_given() {
    let server = Server::start();
    let echo = "  provisioner \"remote-exec\" {\n    inline = [\"echo fine\"]\n  }\n";
    let key = |name: &str| format!("    host_key = \"{}\"", server.file(name).trim());
    project(&server, &key("host.pub"), echo).run("apply -auto-approve").exits(0).shows("fine");
    project(&server, &key("user.pub"), echo)
        .run("apply -auto-approve")
        .exits(1)
        .shows("is not the one in `host_key`");
    project(&server, "    type = \"winrm\"", echo)
        .run("apply -auto-approve")
        .exits(1)
        .shows("`winrm` is not supported");
}

fn a_bastion_is_gone_through() {
    let (server, bastion) = (Server::start(), Server::start());
    let more = format!(
        "    bastion_host = \"127.0.0.1\"\n    bastion_port = {}\n    bastion_private_key = <<EOT\n{}EOT\n",
        bastion.port,
        bastion.file("user"),
    );
    let echo = "  provisioner \"remote-exec\" {\n    inline = [\"echo $SSH_CONNECTION\"]\n  }\n";
    project(&server, &more, echo)
        .run("apply -auto-approve")
        .exits(0)
        .shows(&server.port.to_string());
    assert!(bastion.file("log").contains("Accepted publickey"), "{}", bastion.file("log"));
}
