//! A web server that does as it is told, with TLS or without.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What a client asks for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// With the arguments after `?`.
    pub path: String,
    /// In small letters.
    pub headers: Vec<(String, String)>,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// What it gets.
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// Bytes of the body that are really sent.
    sent: usize,
    /// Wait before the rest.
    hang: bool,
}

impl Answer {
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        Self { status, headers: Vec::new(), sent: body.len(), body, hang: false }
    }

    pub fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, body)
    }

    pub fn header(mut self, name: &str, value: impl ToString) -> Self {
        self.headers.push((name.into(), value.to_string()));
        self
    }

    /// Sends so much of the body only, and ends.
    pub fn cut(mut self, sent: usize) -> Self {
        self.sent = sent;
        self
    }

    /// Sends so much of the body only, and goes silent.
    pub fn hang(mut self, sent: usize) -> Self {
        self.hang = true;
        self.cut(sent)
    }
}

type Handler = dyn Fn(&Asked) -> Answer + Send + Sync;

/// A running server. It ends with the process.
pub struct Server {
    /// `127.0.0.1:PORT`
    pub host: String,
    /// Of the authority that vouches for it, where it speaks TLS.
    pub certificate: Option<String>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    pub fn http(handler: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        Self::start(None, None, Arc::new(handler))
    }

    pub fn https(handler: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        Self::start(Some(Arc::new(tls)), Some(cert.pem()), Arc::new(handler))
    }

    fn start(
        tls: Option<Arc<ServerConfig>>,
        certificate: Option<String>,
        handler: Arc<Handler>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = asked.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (tls, handler, log) = (tls.clone(), handler.clone(), log.clone());
                thread::spawn(move || match tls {
                    Some(tls) => {
                        let connection = ServerConnection::new(tls).unwrap();
                        let mut stream = StreamOwned::new(connection, stream);
                        serve(&mut stream, &*handler, &log);
                        stream.conn.send_close_notify();
                        let _ = stream.flush();
                        finish(&stream.sock);
                    }
                    None => {
                        let mut stream = stream;
                        serve(&mut stream, &*handler, &log);
                        finish(&stream);
                    }
                });
            }
        });
        Self { host, certificate, asked }
    }

    /// What was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

fn finish(stream: &TcpStream) {
    let _ = stream.shutdown(std::net::Shutdown::Write);
}

/// Answers one request; a client that goes away is none of our business.
fn serve(stream: &mut (impl Read + Write), handler: &Handler, log: &Mutex<Vec<Asked>>) {
    let mut reader = BufReader::new(&mut *stream);
    let mut line = String::new();
    if reader.read_line(&mut line).unwrap_or_default() == 0 {
        return;
    }
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = Vec::new();
    loop {
        line.clear();
        if reader.read_line(&mut line).unwrap_or_default() == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.push((name.to_lowercase(), value.trim().to_owned()));
        }
    }
    let asked = Asked { path, headers };
    log.lock().unwrap().push(asked.clone());
    let answer = handler(&asked);
    let mut head = format!("HTTP/1.1 {} x\r\nconnection: close\r\n", answer.status);
    for (name, value) in &answer.headers {
        head += &format!("{name}: {value}\r\n");
    }
    if answer.status != 204 {
        head += &format!("content-length: {}\r\n", answer.body.len());
    }
    head += "\r\n";
    let body = &answer.body[..answer.sent];
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
    let _ = stream.flush();
    if answer.hang {
        thread::sleep(Duration::from_secs(60));
    }
}
