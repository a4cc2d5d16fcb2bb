//! Files that are put into a container before it starts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bollard::body_full;
use bollard::query_parameters::UploadToContainerOptions;
use platoform_provider::{Failure, Problem};

use super::blocks::Upload;
use super::schema::Container;
use crate::common::{in_set, text};
use crate::engine::Engine;
use crate::failure;

/// Mode of a file.
const MODE: u32 = 0o644;
/// Mode of an executable file.
const EXECUTABLE_MODE: u32 = 0o744;

/// One file, ready to be sent.
pub(super) struct Archive {
    file: String,
    tar: Vec<u8>,
}

/// Reads and packs all files, before the container is made.
///
/// # Errors
/// A file here cannot be read, or a content is not base64.
pub(super) fn pack(engine: &Engine, planned: &Container) -> Result<Vec<Archive>, Problem> {
    let uploads = planned.upload.items().iter();
    uploads.map(|upload| pack_one(upload, content(engine, upload)?)).collect()
}

fn content(engine: &Engine, upload: &Upload) -> Result<Vec<u8>, Problem> {
    let refuse = |attribute: &str, reason: String| {
        let problem = Problem::error("File for the container cannot be read", reason);
        problem.at(in_set("upload", upload, attribute))
    };
    if let Some(path) = text(&upload.source) {
        let place = engine.path(&path);
        return std::fs::read(&place)
            .map_err(|error| refuse("source", format!("`{}`: {error}", place.display())));
    }
    if let Some(encoded) = text(&upload.content_base64) {
        return STANDARD
            .decode(encoded.trim())
            .map_err(|_| refuse("content_base64", "It is not base64".to_owned()));
    }
    Ok(upload.content.known_or_default().into_bytes())
}

fn pack_one(upload: &Upload, content: Vec<u8>) -> Result<Archive, Problem> {
    let file = upload.file.known_or_default();
    let refuse = |reason: String| {
        let problem = Problem::error("File for the container cannot be sent", reason);
        problem.at(in_set("upload", upload, "file"))
    };
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Regular);
    header.set_size(content.len() as u64);
    header.set_mode(mode(upload));
    header.set_uid(0);
    header.set_gid(0);
    let mut builder = tar::Builder::new(Vec::new());
    // Names in an archive are relative; it is unpacked at the root.
    builder
        .append_data(&mut header, file.trim_start_matches('/'), content.as_slice())
        .map_err(|error| refuse(error.to_string()))?;
    let tar = builder.into_inner().map_err(|error| refuse(error.to_string()))?;
    Ok(Archive { file, tar })
}

fn mode(upload: &Upload) -> u32 {
    let set = text(&upload.permissions).and_then(|text| u32::from_str_radix(&text, 8).ok());
    let executable = upload.executable.known_or(false);
    set.unwrap_or(if executable { EXECUTABLE_MODE } else { MODE })
}

/// Sends the files to a container.
pub(super) async fn send(engine: &Engine, id: &str, files: Vec<Archive>) -> Result<(), Failure> {
    for Archive { file, tar } in files {
        let options = UploadToContainerOptions {
            path: "/".to_owned(),
            ..UploadToContainerOptions::default()
        };
        let body = body_full(tar.into());
        engine.docker().await?.upload_to_container(id, Some(options), body).await.map_err(
            |error| {
                failure::changing(
                    &format!("File `{file}` cannot be put into the container"),
                    &error,
                )
            },
        )?;
    }
    Ok(())
}

/// Checks an `upload` block.
pub(super) fn check(upload: &Upload, problems: &mut Vec<Problem>) {
    let mut refuse = |attribute: &str, detail: String| {
        let problem = Problem::error("Wrong upload", detail);
        problems.push(problem.at(in_set("upload", upload, attribute)));
    };
    let sources = [&upload.content, &upload.content_base64, &upload.source];
    let set = sources.iter().filter(|field| field.is_known() || field.is_unknown()).count();
    if set != 1 {
        let names = "`content`, `content_base64` and `source`";
        refuse("file", format!("Exactly one of {names} says what the file holds; {set} are set"));
    }
    if upload.file.as_str().is_some_and(|file| !file.starts_with('/') || file.ends_with('/')) {
        refuse("file", "`file` must be an absolute path of a file".to_owned());
    }
    if let Some(mode) = text(&upload.permissions)
        && u32::from_str_radix(&mode, 8).is_ok_and(|mode| mode <= 0o7777)
    {
        return;
    }
    if let Some(mode) = text(&upload.permissions) {
        refuse("permissions", format!("`{mode}` is not a mode in octal such as `0640`"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upload() -> Upload {
        Upload { file: "/etc/app.conf".into(), content: "x".into(), ..Upload::default() }
    }

    #[test]
    fn a_file_is_packed_under_its_path() {
        let archive = pack_one(&upload(), b"hello".to_vec()).unwrap();
        let mut tar = tar::Archive::new(archive.tar.as_slice());
        let entry = tar.entries().unwrap().next().unwrap().unwrap();
        assert_eq!(entry.path().unwrap().display().to_string(), "etc/app.conf");
        assert_eq!(entry.header().mode().unwrap(), 0o644);
        assert_eq!(mode(&Upload { executable: true.into(), ..upload() }), 0o744);
        let odd = Upload { executable: true.into(), permissions: "0600".into(), ..upload() };
        assert_eq!(mode(&odd), 0o600);
    }

    #[test]
    fn contradictions_are_refused() {
        let count = |upload: &Upload| {
            let mut problems = Vec::new();
            check(upload, &mut problems);
            problems.len()
        };
        assert_eq!(count(&upload()), 0);
        assert_eq!(count(&Upload { source: "y".into(), ..upload() }), 1);
        assert_eq!(count(&Upload { content: platoform_provider::Field::Null, ..upload() }), 1);
        assert_eq!(count(&Upload { permissions: "rw".into(), ..upload() }), 1);
        assert_eq!(count(&Upload { file: "relative".into(), ..upload() }), 1);
    }
}
