//! Copying files to a machine by the protocol of `scp`, which every ssh server's machine has.

use std::collections::VecDeque;
use std::fs::Metadata;
use std::future::Future;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::pin::Pin;

use russh::client::Msg;
use russh::{Channel, ChannelMsg};
use tokio::fs;
use tokio::io::AsyncRead;

use crate::session::Session;
use crate::trouble::Trouble;

/// Permissions of a file that is written from text.
const TEXT: u32 = 0o644;

/// Writes text to a file there.
pub(crate) async fn text(session: &Session, text: &str, path: &str) -> Result<(), Trouble> {
    let (mut sink, name) = Sink::beside(session, path).await?;
    sink.file(&name, TEXT, text.len() as u64, text.as_bytes()).await?;
    sink.finish().await
}

/// Copies a file, or a directory with everything in it. Of a directory whose path ends in a slash
/// only what is in it is copied.
pub(crate) async fn path(
    session: &Session,
    source: &Path,
    slash: bool,
    target: &str,
) -> Result<(), Trouble> {
    let metadata = fs::metadata(source).await.map_err(|error| local(source, &error))?;
    if metadata.is_dir() {
        let command = format!("scp -rt {}", quoted(target));
        let mut sink = Sink::open(session, &command).await?;
        if slash {
            sink.entries(source).await?;
        } else {
            let name = name_of(source)?;
            sink.directory(&name, &metadata, source).await?;
        }
        return sink.finish().await;
    }
    let (mut sink, name) = Sink::beside(session, target).await?;
    sink.copy(&name, &metadata, source).await?;
    sink.finish().await
}

/// A word for a shell.
pub(crate) fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// The receiving `scp`.
struct Sink {
    channel: Channel<Msg>,
    answers: VecDeque<u8>,
    errors: Vec<u8>,
}

impl Sink {
    /// For a file with this path; gives its name.
    async fn beside(session: &Session, path: &str) -> Result<(Self, String), Trouble> {
        let (directory, name) = match path.rsplit_once('/') {
            Some(("", name)) => ("/", name),
            Some((directory, name)) => (directory, name),
            None => (".", path),
        };
        if name.is_empty() {
            return Err(Trouble::of(format!("`{path}` names no file")));
        }
        let sink = Self::open(session, &format!("scp -t {}", quoted(directory))).await?;
        Ok((sink, name.to_owned()))
    }

    async fn open(session: &Session, command: &str) -> Result<Self, Trouble> {
        let channel = session.start(command).await?;
        let mut sink = Self { channel, answers: VecDeque::new(), errors: Vec::new() };
        sink.accepted().await?;
        Ok(sink)
    }

    async fn file(
        &mut self,
        name: &str,
        mode: u32,
        length: u64,
        content: impl AsyncRead + Unpin,
    ) -> Result<(), Trouble> {
        self.say(&format!("C{mode:04o} {length} {name}\n")).await?;
        self.channel.data(content).await?;
        self.channel.data(&[0][..]).await?;
        self.accepted().await
    }

    async fn copy(
        &mut self,
        name: &str,
        metadata: &Metadata,
        source: &Path,
    ) -> Result<(), Trouble> {
        let file = fs::File::open(source).await.map_err(|error| local(source, &error))?;
        let mode = metadata.permissions().mode() & 0o777;
        // A file that grows meanwhile is copied as long as it was.
        let content = tokio::io::AsyncReadExt::take(file, metadata.len());
        self.file(name, mode, metadata.len(), content).await
    }

    async fn directory(
        &mut self,
        name: &str,
        metadata: &Metadata,
        source: &Path,
    ) -> Result<(), Trouble> {
        let mode = metadata.permissions().mode() & 0o777;
        self.say(&format!("D{mode:04o} 0 {name}\n")).await?;
        self.entries(source).await?;
        self.say("E\n").await
    }

    fn entries<'a>(
        &'a mut self,
        source: &'a Path,
    ) -> Pin<Box<dyn Future<Output = Result<(), Trouble>> + Send + 'a>> {
        Box::pin(async move {
            let mut paths = Vec::new();
            let mut entries = fs::read_dir(source).await.map_err(|error| local(source, &error))?;
            while let Some(entry) =
                entries.next_entry().await.map_err(|error| local(source, &error))?
            {
                paths.push(entry.path());
            }
            paths.sort();
            for path in paths {
                let metadata = fs::metadata(&path).await.map_err(|error| local(&path, &error))?;
                let name = name_of(&path)?;
                if metadata.is_dir() {
                    self.directory(&name, &metadata, &path).await?;
                } else {
                    self.copy(&name, &metadata, &path).await?;
                }
            }
            Ok(())
        })
    }

    async fn say(&mut self, line: &str) -> Result<(), Trouble> {
        self.channel.data(line.as_bytes()).await?;
        self.accepted().await
    }

    /// Waits until the other side has taken what was said.
    async fn accepted(&mut self) -> Result<(), Trouble> {
        let Some(answer) = self.byte().await else { return Err(self.broken()) };
        if answer == 0 {
            return Ok(());
        }
        let mut message = Vec::new();
        while let Some(byte) = self.byte().await.filter(|byte| *byte != b'\n') {
            message.push(byte);
        }
        Err(Trouble::of(String::from_utf8_lossy(&message).into_owned()))
    }

    async fn byte(&mut self) -> Option<u8> {
        while self.answers.is_empty() {
            match self.channel.wait().await? {
                ChannelMsg::Data { data } => self.answers.extend(data.iter()),
                ChannelMsg::ExtendedData { data, .. } => self.errors.extend(data.iter()),
                _ => {}
            }
        }
        self.answers.pop_front()
    }

    async fn finish(mut self) -> Result<(), Trouble> {
        self.channel.eof().await?;
        let mut status = None;
        while let Some(message) = self.channel.wait().await {
            match message {
                ChannelMsg::ExitStatus { exit_status } => status = Some(exit_status),
                ChannelMsg::ExtendedData { data, .. } => self.errors.extend(data.iter()),
                _ => {}
            }
        }
        if status == Some(0) { Ok(()) } else { Err(self.broken()) }
    }

    fn broken(&self) -> Trouble {
        let said = String::from_utf8_lossy(&self.errors);
        let said = said.trim();
        let why = if said.is_empty() { "the connection was lost" } else { said };
        Trouble::of(format!("`scp` on the machine ended: {why}"))
    }
}

fn name_of(path: &Path) -> Result<String, Trouble> {
    let name = path.file_name().and_then(|name| name.to_str()).filter(|it| !it.contains('\n'));
    let name = name.ok_or_else(|| Trouble::of(format!("`{}` cannot be copied", path.display())))?;
    Ok(name.to_owned())
}

fn local(path: &Path, error: &io::Error) -> Trouble {
    Trouble::of(format!("`{}`: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_one_word_for_a_shell() {
        assert_eq!(quoted("it's $x"), r"'it'\''s $x'");
    }
}
