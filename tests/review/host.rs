//! A host of repositories with one pull request and its comments, as far as the scripts ask for it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value as Json, json};

/// Everything it knows.
#[derive(Debug, Default)]
struct Known {
    /// Author and text of each comment.
    comments: Vec<(String, String)>,
    /// A request came without the token.
    refused: bool,
}

/// The host; it ends with the test.
#[derive(Debug)]
pub struct Host {
    known: Arc<Mutex<Known>>,
    port: u16,
}

impl Host {
    /// Starts one where comments are written in this name.
    pub fn start(author: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let known = Arc::new(Mutex::new(Known::default()));
        let shared = known.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                answer(&mut stream.unwrap(), &shared, author);
            }
        });
        Self { known, port }
    }

    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Somebody comments.
    pub fn say(&self, author: &str, body: &str) {
        self.known.lock().unwrap().comments.push((author.into(), body.into()));
    }

    pub fn comments(&self) -> Vec<String> {
        self.known.lock().unwrap().comments.iter().map(|(_, body)| body.clone()).collect()
    }

    pub fn tokens_were_right(&self) -> bool {
        !self.known.lock().unwrap().refused
    }
}

/// Reads a request and answers it.
fn answer(stream: &mut TcpStream, known: &Mutex<Known>, author: &str) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
    let (mut length, mut token) = (0, false);
    loop {
        line.clear();
        reader.read_line(&mut line).unwrap();
        let header = line.trim().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(count) = header.strip_prefix("content-length: ") {
            length = count.parse().unwrap();
        }
        token |= header == "authorization: bearer token" || header == "private-token: token";
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let mut known = known.lock().unwrap();
    known.refused |= !token;
    let body = serde_json::from_slice(&body).unwrap_or_default();
    let (status, json) = reply(&mut known, author, &words[0], &words[1], &body);
    let text = json.to_string();
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: \
         close\r\n\r\n{text}",
        text.len()
    )
    .unwrap();
}

fn reply(
    known: &mut Known,
    author: &str,
    method: &str,
    path: &str,
    body: &Json,
) -> (&'static str, Json) {
    let lists = ["/repos/o/r/issues/7/comments", "/projects/1/merge_requests/7/notes"];
    let merged =
        ["/repos/o/r/commits/c0ffee/pulls", "/projects/1/repository/commits/c0ffee/merge_requests"];
    let one = ["/repos/o/r/issues/comments/", "/projects/1/merge_requests/7/notes/"];
    let plain = path.split('?').next().unwrap_or_default();
    let text = || body["body"].as_str().unwrap_or_default().to_owned();
    if method == "GET" && lists.contains(&plain) {
        let comment = |(id, (author, body)): (usize, &(String, String))| {
            // One host has carriage returns in its answers.
            let body = body.replace('\n', "\r\n");
            json!({ "id": id, "body": body, "user": { "login": author },
                    "author": { "username": author } })
        };
        return ("200 OK", known.comments.iter().enumerate().map(comment).collect());
    }
    if method == "POST" && lists.contains(&plain) {
        known.comments.push((author.into(), text()));
        return ("201 Created", json!({}));
    }
    if method == "GET" && merged.contains(&plain) {
        let request =
            json!({ "number": 7, "iid": 7, "state": "merged", "merge_commit_sha": "c0ffee" });
        return ("200 OK", json!([request]));
    }
    let id = one.iter().find_map(|start| plain.strip_prefix(start)?.parse::<usize>().ok());
    match id.filter(|_| matches!(method, "PATCH" | "PUT")) {
        Some(id) => {
            known.comments[id].1 = text();
            ("200 OK", json!({}))
        }
        None => ("404 Not Found", json!({})),
    }
}
