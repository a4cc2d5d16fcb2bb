//! Plain requests to the Engine, so that the tests look at it without the code they test.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;

use serde_json::Value;

/// Where the tests' Engine listens: `DOCKER_HOST`, or the usual socket.
pub fn host() -> String {
    let set = std::env::var("DOCKER_HOST").ok().filter(|host| !host.is_empty());
    set.unwrap_or_else(|| "unix:///var/run/docker.sock".to_owned())
}

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

fn connect() -> io::Result<Box<dyn Stream>> {
    let host = host();
    match host.split_once("://") {
        Some(("unix", path)) => Ok(Box::new(UnixStream::connect(path)?)),
        Some(("tcp", address)) => Ok(Box::new(TcpStream::connect(address)?)),
        _ => Err(io::Error::other(format!("the tests cannot look at `{host}`"))),
    }
}

/// Sends a request; the status and the answer, null where that is not JSON.
pub fn request(method: &str, path: &str, body: &[u8], kind: &str) -> io::Result<(u16, Value)> {
    let mut stream = connect()?;
    let length = body.len();
    // Version 1.0 of HTTP: the answer comes in one piece and ends with the connection.
    write!(
        stream,
        "{method} {path} HTTP/1.0\r\nHost: docker\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
    )?;
    stream.write_all(body)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let split = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    let (head, content) = answer.split_at(split.ok_or_else(|| io::Error::other("no answer"))?);
    let status = String::from_utf8_lossy(head).split(' ').nth(1).and_then(|word| word.parse().ok());
    let content = serde_json::from_slice(&content[4..]).unwrap_or(Value::Null);
    Ok((status.ok_or_else(|| io::Error::other("no status"))?, content))
}

/// A request that must succeed.
pub fn call(method: &str, path: &str, body: &Value) -> Value {
    let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    let (status, answer) = request(method, path, &bytes, "application/json").expect("an answer");
    assert!(status < 400, "{method} {path}: {status} {answer}");
    answer
}

/// Everything that carries a lineage, removed: containers first, for they use the rest.
pub fn clean(lineage: &str) {
    let filters = format!("%7B%22label%22%3A%5B%22io.platoform.lineage%3D{lineage}%22%5D%7D");
    let list = |path: &str| {
        let path = format!("{path}?all=1&filters={filters}");
        request("GET", &path, &[], "").map_or(Value::Null, |(_, answer)| answer)
    };
    let remove = |path: String| {
        let _ = request("DELETE", &path, &[], "");
    };
    let each = |all: Value, key: &str, path: &dyn Fn(&str) -> String| {
        for item in all.as_array().into_iter().flatten() {
            remove(path(item[key].as_str().unwrap_or_default()));
        }
    };
    each(list("/containers/json"), "Id", &|id| format!("/containers/{id}?force=1&v=1"));
    each(list("/networks"), "Id", &|id| format!("/networks/{id}"));
    each(list("/volumes")["Volumes"].take(), "Name", &|id| format!("/volumes/{id}?force=1"));
    // An image goes only after those built on it.
    for _ in 0..4 {
        each(list("/images/json"), "Id", &|id| format!("/images/{id}?force=1"));
    }
}
