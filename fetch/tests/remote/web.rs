//! Archives and pages from web servers.

use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};

use crate::server::{Answer, Server};
use crate::world::{World, archive};

fn package() -> Vec<u8> {
    archive(&[("main.tf", "1"), ("sub/main.tf", "2")])
}

fn hexadecimal(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn archives_are_fetched_and_checked() {
    let world = World::new();
    let server = Server::http(|_| Answer::ok(package()));
    let sum = hexadecimal(&package());
    let base = format!("http://{}", server.host);
    for rest in [
        "/a.tar.gz".to_owned(),
        "/a.tgz?x=1".to_owned(),
        "/a?archive=tar.gz&y=2".to_owned(),
        format!("/a.tar.gz?checksum=sha256:{sum}"),
        format!("/a.tar.gz?checksum={}", sum.to_uppercase()),
    ] {
        let fetched = world.fetch(&format!("{base}{rest}")).unwrap();
        assert_eq!(world.read(&fetched, "sub/main.tf"), "2", "{rest}");
    }
    let paths: Vec<String> = server.asked().into_iter().map(|asked| asked.path).collect();
    assert_eq!(paths, ["/a.tar.gz", "/a.tgz?x=1", "/a?y=2", "/a.tar.gz", "/a.tar.gz"]);
    let world = World::new();
    let wrong = format!("{base}/a.tar.gz?checksum=md5:{}", "0".repeat(32));
    assert!(world.refused(&wrong).contains("md5 checksum is"));
    assert!(world.refused(&format!("{base}/a.zip")).contains("cannot be unpacked"));
}

#[test]
fn files_of_this_machine_are_unpacked() {
    let world = World::new();
    let path = world.path("here.tar.gz");
    std::fs::write(&path, package()).unwrap();
    let fetched = world.fetch(&path.display().to_string()).unwrap();
    assert_eq!(world.read(&fetched, "main.tf"), "1");
}

#[test]
fn pages_lead_to_archives() {
    let world = World::new();
    let server = Server::http(|asked| match asked.path.split('?').next().unwrap() {
        "/header" => Answer::ok("").header("X-Terraform-Get", "./real.tar.gz//sub"),
        "/meta" => Answer::ok("<head><meta name='terraform-get' content='/header'></head>"),
        "/real.tar.gz" => Answer::ok(package()),
        "/local" => Answer::ok("").header("X-Terraform-Get", "file:///etc"),
        "/circle" => Answer::ok("").header("X-Terraform-Get", "/circle"),
        "/silent" => Answer::ok("<html>nothing here</html>"),
        _ => Answer::new(404, ""),
    });
    let base = format!("http://{}", server.host);
    let fetched = world.fetch(&format!("{base}/meta?a=b")).unwrap();
    assert_eq!(fetched.module.directory.as_deref(), Some("sub"));
    assert_eq!(fetched.module.location, Some(format!("{base}/real.tar.gz//sub").into()));
    assert_eq!(server.asked()[0].path, "/meta?a=b&terraform-get=1");
    let world = World::new();
    assert!(world.refused(&format!("{base}/local")).contains("on this machine"));
    assert!(world.refused(&format!("{base}/circle")).contains("more than 10 times"));
    assert!(world.refused(&format!("{base}/silent")).contains("the page names none"));
    assert!(world.refused(&format!("{base}/absent")).contains("the server answers 404"));
}

#[test]
fn redirections_have_an_end_and_stay_encrypted() {
    let mut world = World::new();
    let plain = Server::http(|_| Answer::ok(package()));
    let host = plain.host.clone();
    let server = Server::https(move |asked| match asked.path.as_str() {
        "/again.tar.gz" => Answer::new(302, "").header("Location", "/again.tar.gz"),
        "/plain.tar.gz" => {
            Answer::new(302, "").header("Location", format!("http://{host}/a.tar.gz"))
        }
        "/once.tar.gz" => Answer::new(302, "").header("Location", "/real"),
        _ => Answer::ok(package()),
    });
    let base = format!("https://{}", server.host);
    let why = world.refused(&format!("{base}/once.tar.gz"));
    assert!(why.contains("certificate"), "{why}");
    std::fs::write(world.path("ca.pem"), server.certificate.as_ref().unwrap()).unwrap();
    world.set("SSL_CERT_FILE", "ca.pem");
    assert!(world.refused(&format!("{base}/again.tar.gz")).contains("more than 10 redirections"));
    assert!(world.refused(&format!("{base}/plain.tar.gz")).contains("without encryption"));
    world.fetch(&format!("{base}/once.tar.gz")).unwrap();
    assert!(plain.asked().is_empty());
}

#[test]
fn servers_that_hang_cut_or_send_too_much_are_given_up() {
    let mut world = World::new();
    let server = Server::http(|asked| {
        let body = package();
        let half = body.len() / 2;
        match asked.path.as_str() {
            "/hang.tgz" => Answer::ok(body).hang(half),
            "/cut.tgz" => Answer::ok(body).cut(half),
            "/short.tgz" => Answer::ok(body[..half].to_vec()),
            "/large.tgz" => Answer::ok(vec![0; 100_000]),
            _ => Answer::new(500, ""),
        }
    });
    world.limits.silence = Duration::from_millis(300);
    world.limits.download = 50_000;
    let started = Instant::now();
    let base = format!("http://{}", server.host);
    let why = |name: &str| world.refused(&format!("{base}/{name}.tgz"));
    assert!(why("hang").contains("cannot be fetched"));
    assert!(why("cut").contains("cannot be fetched"));
    assert!(why("short").contains("cannot be unpacked"));
    assert!(why("large").contains("too large"));
    assert!(why("broken").contains("500"));
    assert!(started.elapsed() < Duration::from_secs(10));
    let broken = server.asked().iter().filter(|asked| asked.path == "/broken.tgz").count();
    assert_eq!(broken, 2, "a server that is out of order is asked once more");
    let unreachable = world.refused("http://name:pw@127.0.0.1:1/x.tgz?token=hidden");
    assert!(unreachable.contains("`http://127.0.0.1:1/x.tgz` cannot be fetched"), "{unreachable}");
    let wrong = world.refused("http://name:pw@127.0.0.1:99999/x.tgz");
    assert!(wrong.contains("no address") && !wrong.contains("pw"), "{wrong}");
}

#[test]
fn passwords_of_the_user_go_to_their_host_only() {
    let world = World::new();
    let server = Server::http(|asked| match asked.header("authorization") {
        Some("Basic bWU6cHc=") => Answer::ok(package()),
        _ => Answer::new(401, ""),
    });
    let url = format!("http://{}/a.tgz", server.host);
    assert!(world.refused(&url).contains("401"));
    std::fs::write(world.path(".netrc"), "machine elsewhere login me password pw\n").unwrap();
    assert!(world.refused(&url).contains("401"));
    std::fs::write(world.path(".netrc"), "machine 127.0.0.1 login me password pw\n").unwrap();
    world.fetch(&url).unwrap();
    let with_password = url.replace("http://", "http://me:pw@");
    let fetched = World::new().fetch(&with_password).unwrap();
    assert!(!fetched.module.source.contains("pw@"), "{}", fetched.module.source);
}

#[test]
fn proxies_are_used_but_not_for_all() {
    let mut world = World::new();
    let proxy = Server::http(|_| Answer::ok(package()));
    world.set("HTTP_PROXY", format!("http://{}", proxy.host));
    world.fetch("http://modules.test/a.tgz").unwrap();
    assert_eq!(proxy.asked()[0].path, "http://modules.test/a.tgz");
    world.set("NO_PROXY", "modules.test");
    std::fs::remove_dir_all(world.path(".platoform")).unwrap();
    assert!(world.refused("http://modules.test/a.tgz").contains("cannot be fetched"));
}
