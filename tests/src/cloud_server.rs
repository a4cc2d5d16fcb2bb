//! The HTTP API of a cloud that does not exist, on this machine only.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::thread;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::RETRY_AFTER;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use platoform_fake::{Cloud, Request};
use tokio::sync::oneshot;

/// A server. It ends when this is dropped; the cloud stays.
#[derive(Debug)]
pub struct CloudServer {
    /// `http://127.0.0.1:PORT`
    pub endpoint: String,
    /// Ends the server's thread.
    _end: oneshot::Sender<()>,
}

/// What a connection is given instead of an answer.
#[derive(Debug)]
struct CutOff;

impl std::fmt::Display for CutOff {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the connection is cut")
    }
}

impl std::error::Error for CutOff {}

impl CloudServer {
    /// Serves a cloud at a port, 0 for any that is free.
    ///
    /// # Panics
    /// When the port is taken.
    pub fn start(cloud: Arc<Cloud>, port: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).expect("the port is free");
        listener.set_nonblocking(true).expect("sockets can be set so");
        let endpoint = format!("http://{}", listener.local_addr().expect("it has one"));
        let (end, ended) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("there is room for a runtime");
        thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = serve(listener, cloud) => {}
                    _ = ended => {}
                }
            });
        });
        Self { endpoint, _end: end }
    }
}

async fn serve(listener: TcpListener, cloud: Arc<Cloud>) {
    let listener = tokio::net::TcpListener::from_std(listener).expect("it is a listener");
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let cloud = cloud.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(cloud.clone(), request));
            // Whoever called may have died.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(
    cloud: Arc<Cloud>,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<Full<Bytes>>, CutOff> {
    let method = request.method().as_str().to_owned();
    let path = request.uri().path_and_query().map(|path| path.as_str().to_owned());
    let Ok(body) = request.into_body().collect().await else { return Err(CutOff) };
    let Some(request) = Request::parse(&method, &path.unwrap_or_default(), &body.to_bytes()) else {
        return Ok(response(404, None, String::new()));
    };
    // It goes on when whoever called dies meanwhile.
    let served = tokio::spawn(async move { cloud.serve(&request).await });
    let answer = served.await.ok().flatten().ok_or(CutOff)?;
    let pause = answer.retry_after.map(|pause| pause.as_secs_f64().ceil());
    let body = if answer.body.is_null() { String::new() } else { answer.body.to_string() };
    Ok(response(answer.status, pause, body))
}

fn response(status: u16, pause: Option<f64>, body: String) -> hyper::Response<Full<Bytes>> {
    let mut response = hyper::Response::builder().status(status);
    if let Some(pause) = pause {
        response = response.header(RETRY_AFTER, format!("{pause:.0}"));
    }
    response.body(Full::new(Bytes::from(body))).expect("its parts are valid")
}
