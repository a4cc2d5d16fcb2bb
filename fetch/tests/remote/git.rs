//! Git repositories.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::server::{Answer, Server};
use crate::world::World;

#[test]
fn branches_tags_commits_and_the_default_are_found() {
    let world = World::new();
    let url = world.repository("repo");
    let first = world.commit("repo", "main.tf", "1");
    world.git("repo", &["tag", "--annotate", "v1", "--message=x"]);
    world.git("repo", &["switch", "--quiet", "--create", "side/way"]);
    let second = world.commit("repo", "main.tf", "2");
    world.git("repo", &["switch", "--quiet", "main"]);
    let third = world.commit("repo", "sub/main.tf", "3");
    for (query, commit, content) in [
        ("".to_owned(), &third, "1"),
        ("?ref=v1".to_owned(), &first, "1"),
        ("?ref=side%2Fway".to_owned(), &second, "2"),
        (format!("?ref={second}"), &second, "2"),
        (format!("?ref={}", &first[..8]), &first, "1"),
        ("?depth=1".to_owned(), &third, "1"),
        ("?depth=1&ref=side/way".to_owned(), &second, "2"),
    ] {
        let fetched = world.fetch(&format!("{url}{query}")).unwrap();
        assert_eq!(fetched.module.revision.as_deref(), Some(commit.as_str()), "{query}");
        assert_eq!(world.read(&fetched, "main.tf"), content, "{query}");
        let package = world.cache().package(&fetched.module.hash);
        assert!(!package.join(".git").exists());
    }
}

#[test]
fn what_is_locked_is_fetched_though_the_branch_moved() {
    let world = World::new();
    let url = world.repository("repo");
    world.commit("repo", "main.tf", "1");
    for source in [url.clone(), format!("{url}?ref=main"), format!("{url}?depth=1&ref=main")] {
        world.git("repo", &["config", "uploadpack.allowAnySHA1InWant", "true"]);
        let locked = world.fetch(&source).unwrap().module;
        let old = world.read(&world.fetch(&source).unwrap(), "main.tf");
        world.commit("repo", "main.tf", &format!("{old}{old}"));
        fs::remove_dir_all(world.path(".platoform")).unwrap();
        let again = world.fetch_locked(&source, None, Some(&locked)).unwrap();
        assert!(again.new);
        assert_eq!(
            (again.module.hash.clone(), world.read(&again, "main.tf")),
            (locked.hash.clone(), old)
        );
        let cached = world.fetch_locked(&source, None, Some(&locked)).unwrap();
        assert!(!cached.new);
        let newest = world.fetch(&source).unwrap();
        assert_ne!(newest.module.hash, locked.hash);
    }
}

#[test]
fn a_lock_that_does_not_fit_is_not_given_in_to() {
    let world = World::new();
    let url = world.repository("repo");
    world.commit("repo", "main.tf", "1");
    let mut locked = world.fetch(&url).unwrap().module;
    locked.hash = platoform_config::lock::TreeHash::new(&[7; 32]);
    let error = world.fetch_locked(&url, None, Some(&locked)).unwrap_err();
    assert_eq!(error.summary(), "Module is not as locked");
}

#[test]
fn submodules_come_along() {
    let world = World::new();
    world.repository("inner");
    world.commit("inner", "main.tf", "inner");
    let url = world.repository("outer");
    let inner = world.path("inner").display().to_string();
    world.git("outer", &["submodule", "--quiet", "add", &inner, "deep"]);
    world.commit("outer", "main.tf", "outer");
    let fetched = world.fetch(&url).unwrap();
    assert_eq!(world.read(&fetched, "deep/main.tf"), "inner");
    let package = world.cache().package(&fetched.module.hash);
    assert!(!package.join("deep/.git").exists() && !package.join(".git").exists());
}

#[test]
fn links_out_of_a_repository_are_refused() {
    let world = World::new();
    let url = world.repository("repo");
    symlink("/etc/passwd", world.path("repo/link")).unwrap();
    world.commit("repo", "main.tf", "1");
    assert!(world.refused(&url).contains("leads out of the package"));
}

#[test]
fn hooks_do_not_run_and_failures_say_why() {
    let world = World::new();
    let url = world.repository("repo");
    world.commit("repo", "main.tf", "1");
    let templates = world.path("templates/hooks");
    fs::create_dir_all(&templates).unwrap();
    let mark = world.path("mark");
    fs::write(templates.join("post-checkout"), format!("#!/bin/sh\ntouch {}\n", mark.display()))
        .unwrap();
    fs::set_permissions(templates.join("post-checkout"), fs::Permissions::from_mode(0o755))
        .unwrap();
    let mut world = world;
    let templates = world.path("templates").display().to_string();
    world.set("GIT_TEMPLATE_DIR", templates);
    let nowhere = format!("{url}-nowhere");
    assert!(world.refused(&format!("{url}?ref=nope")).contains("no branch, tag or commit `nope`"));
    assert!(world.refused(&nowhere).contains("repo-nowhere"));
    assert!(world.refused("git::https://127.0.0.1:1/x.git").contains("127.0.0.1"));
    let shallow = world.refused(&format!("{url}?depth=1&ref=0123456789abcdef"));
    assert!(shallow.contains("`ref` must be a branch or a tag"), "{shallow}");
    world.fetch(&url).unwrap();
    assert!(!mark.exists());
    world.set("PATH", "/nowhere");
    assert!(world.fetch(&url).unwrap_err().to_string().contains("`git` must be installed"));
}

/// A program in the place of `ssh` that notes how it is called, and runs what it is to run here.
#[test]
fn keys_are_given_to_ssh() {
    let mut world = World::new();
    world.repository("repo");
    world.commit("repo", "main.tf", "1");
    let ssh = world.path("ssh");
    let log = world.path("log");
    let script = format!(
        "#!/bin/sh\necho \"$@\" >> {log}\nfor a in \"$@\"; do [ -f \"$a\" ] && cat \"$a\" >> {log}; last=$a; done\n\
         exec sh -c \"$last\"\n",
        log = log.display()
    );
    fs::write(&ssh, script).unwrap();
    fs::set_permissions(&ssh, fs::Permissions::from_mode(0o755)).unwrap();
    world.set("GIT_SSH_COMMAND", ssh.display());
    let path = world.path("repo").display().to_string();
    let url = format!("git::ssh://git@example.test{path}?sshkey=VEhFIEtFWQ==");
    let fetched = world.fetch(&url).unwrap();
    assert!(!fetched.module.source.contains("sshkey"));
    let log = fs::read_to_string(log).unwrap();
    assert!(log.contains("-o BatchMode=yes -i ") && log.contains("THE KEY"), "{log}");
    assert!(log.contains("git@example.test git-upload-pack"), "{log}");
}

/// `git daemon`, which is ended with the test.
struct Daemon(Child, u16);

impl Daemon {
    fn start(world: &World) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        // Not by `git`, which would leave it behind when it is ended.
        let programs = Command::new("git").arg("--exec-path").output().unwrap().stdout;
        let programs = String::from_utf8(programs).unwrap();
        let mut command = Command::new(format!("{}/git-daemon", programs.trim()));
        command.args(["--export-all", "--listen=127.0.0.1", "--reuseaddr"]);
        command.arg(format!("--port={port}"));
        command.arg(format!("--base-path={}", world.directory.path().display()));
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let end = Instant::now() + Duration::from_secs(20);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < end, "the daemon does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        Self(child, port)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_daemon_is_spoken_to() {
    let world = World::new();
    world.repository("repo");
    world.commit("repo", "main.tf", "1");
    let daemon = Daemon::start(&world);
    let fetched = world.fetch(&format!("git::git://127.0.0.1:{}/repo", daemon.1)).unwrap();
    assert_eq!(world.read(&fetched, "main.tf"), "1");
}

#[test]
fn a_server_that_says_nothing_is_given_up() {
    let mut world = World::new();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    world.limits.total = Duration::from_millis(500);
    let started = Instant::now();
    let why = world.refused(&format!("git::git://{}/repo", listener.local_addr().unwrap()));
    assert!(why.contains("took too long"), "{why}");
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[test]
fn several_come_at_once() {
    let world = World::new();
    let mut requests = Vec::new();
    for number in 0..12 {
        let name = format!("repo{number}");
        let url = world.repository(&name);
        // Two of each are the same.
        world.commit(&name, "main.tf", &format!("{}", number / 2));
        let source = platoform_config::ModuleSource::parse(&url).unwrap();
        requests.push(platoform_fetch::Request { source, constraint: None, locked: None });
    }
    let results = world.fetcher().fetch_all(&world.cache(), &requests, &|_| {});
    assert_eq!(results.len(), 12);
    for (number, fetched) in results.into_iter().enumerate() {
        assert_eq!(world.read(&fetched.unwrap(), "main.tf"), format!("{}", number / 2));
    }
    assert_eq!(world.packages().len(), 6, "{:?}", world.packages());
}

#[test]
fn git_is_not_redirected_to_addresses_without_encryption() {
    let mut world = World::new();
    let plain = Server::http(|_| Answer::new(404, ""));
    let host = plain.host.clone();
    let server = Server::https(move |asked| {
        Answer::new(302, "").header("Location", format!("http://{host}{}", asked.path))
    });
    std::fs::write(world.path("ca.pem"), server.certificate.as_ref().unwrap()).unwrap();
    world.set("GIT_SSL_CAINFO", world.path("ca.pem").display());
    let why = world.refused(&format!("git::https://{}/x.git", server.host));
    assert!(!server.asked().is_empty(), "{why}");
    assert!(plain.asked().is_empty(), "{why}");
}
