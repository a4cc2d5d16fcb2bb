//! An Engine on another machine, through the user's own `ssh` program: their keys, agent and
//! `ssh_config` apply, as with `DOCKER_HOST=ssh://…`.

use std::io;
use std::pin::Pin;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use platoform_provider::Environment;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};

use super::endpoint::SshTarget;

/// How much of what `ssh` says is kept for messages, in bytes.
const KEPT_OUTPUT: usize = 2048;

/// What `ssh` last said on its standard error.
pub(super) type Complaint = Arc<Mutex<String>>;

/// A running `ssh` whose standard input and output are the connection. It is ended when dropped.
pub(super) struct SshStream {
    input: ChildStdin,
    output: ChildStdout,
    _child: Child,
}

/// The arguments of `ssh`: nothing goes through a shell on this side, and the far side's shell gets
/// only words that need no quoting, unless the address names a socket.
pub(super) fn arguments(target: &SshTarget, options: &[String]) -> Vec<String> {
    let mut arguments = options.to_vec();
    // Later options never override earlier ones, so the user's own come first.
    arguments.extend(["-o".into(), "ConnectTimeout=30".into(), "-T".into()]);
    if let Some(user) = &target.user {
        arguments.extend(["-l".into(), user.clone()]);
    }
    if let Some(port) = target.port {
        arguments.extend(["-p".into(), port.to_string()]);
    }
    arguments.extend(["--".into(), target.host.clone(), "docker".into()]);
    if let Some(socket) = &target.socket {
        arguments.extend(["--host".into(), quoted(&format!("unix://{socket}"))]);
    }
    arguments.extend(["system".into(), "dial-stdio".into()]);
    arguments
}

/// One word for a POSIX shell.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Starts `ssh`. That it runs does not mean that it will get through.
pub(super) fn dial(
    target: &SshTarget,
    options: &[String],
    environment: &Environment,
    complaint: &Complaint,
) -> io::Result<SshStream> {
    let mut command = Command::new("ssh");
    command
        .args(arguments(target, options))
        .env_clear()
        .envs(&environment.variables)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let mut child = command.spawn().map_err(|error| {
        io::Error::new(error.kind(), format!("the program `ssh` cannot be started: {error}"))
    })?;
    let lost = || io::Error::other("the program `ssh` has no standard streams");
    let input = child.stdin.take().ok_or_else(lost)?;
    let output = child.stdout.take().ok_or_else(lost)?;
    if let Some(errors) = child.stderr.take() {
        tokio::spawn(keep(errors, complaint.clone()));
    }
    Ok(SshStream { input, output, _child: child })
}

async fn keep(mut errors: ChildStderr, complaint: Complaint) {
    let mut buffer = [0; KEPT_OUTPUT];
    while let Ok(length @ 1..) = errors.read(&mut buffer).await {
        let text = String::from_utf8_lossy(&buffer[..length]);
        let mut kept = complaint.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() + text.len() <= KEPT_OUTPUT {
            kept.push_str(&text);
        }
    }
}

impl AsyncRead for SshStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.output).poll_read(context, buffer)
    }
}

impl AsyncWrite for SshStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.input).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.input).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.input).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_can_never_be_an_option() {
        let target = SshTarget {
            user: Some("root".into()),
            host: "node".into(),
            port: Some(22),
            socket: Some("/run/it's.sock".into()),
        };
        let arguments = arguments(&target, &["-i".into(), "key".into()]).join(" ");
        let rest = r"-- node docker --host 'unix:///run/it'\''s.sock' system dial-stdio";
        let options = "-i key -o ConnectTimeout=30 -T -l root -p 22";
        assert_eq!(arguments, format!("{options} {rest}"));
    }
}
