use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use ::tar::{Builder, EntryType, Header};
use ::zip::ZipWriter;
use ::zip::write::SimpleFileOptions;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;
use crate::tree;

/// An entry of a tar archive with a name that the library would refuse to write.
fn entry(kind: EntryType, name: &str, link: &str, content: &[u8], mode: u32) -> (Header, Vec<u8>) {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(content.len() as u64);
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    header.as_old_mut().linkname[..link.len()].copy_from_slice(link.as_bytes());
    header.set_cksum();
    (header, content.to_vec())
}

fn file(name: &str, content: &str) -> (Header, Vec<u8>) {
    entry(EntryType::Regular, name, "", content.as_bytes(), 0o644)
}

fn link(name: &str, target: &str) -> (Header, Vec<u8>) {
    entry(EntryType::Symlink, name, target, b"", 0o777)
}

fn tar(entries: &[(Header, Vec<u8>)]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (header, content) in entries {
        builder.append(header, &**content).unwrap();
    }
    builder.into_inner().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Unpacks and settles; the directory above the package holds what would escape.
fn unpacked(bytes: &[u8], format: ArchiveFormat) -> (tempfile::TempDir, Result<PathBuf, String>) {
    let directory = tempfile::tempdir().unwrap();
    let (archive, top) = (directory.path().join("archive"), directory.path().join("tree"));
    fs::write(&archive, bytes).unwrap();
    let limits = Limits { harmless: 1 << 20, entries: 50, ..Limits::default() };
    let done = unpack(&archive, format, &top, &limits).and_then(|()| tree::settle(&top, &limits));
    (directory, done.map(|()| top).map_err(|error| error.to_string()))
}

#[test]
fn every_form_is_unpacked() {
    let plain = tar(&[
        entry(EntryType::Directory, "./sub/", "", b"", 0o755),
        entry(EntryType::Regular, "./sub/run.sh", "", b"true", 0o4755),
        file("main.tf", "# a\n"),
        link("sub/link", "../main.tf"),
    ]);
    let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    bzip2.write_all(&plain).unwrap();
    let mut xz =
        lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::with_preset(1)).unwrap();
    xz.write_all(&plain).unwrap();
    let mut zip = ZipWriter::new(io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    zip.add_directory("sub/", options).unwrap();
    zip.start_file("sub/run.sh", options.unix_permissions(0o755)).unwrap();
    zip.write_all(b"true").unwrap();
    zip.start_file("main.tf", options).unwrap();
    zip.write_all(b"# a\n").unwrap();
    zip.add_symlink("sub/link", "../main.tf", options).unwrap();
    for (bytes, format) in [
        (plain.clone(), ArchiveFormat::Tar),
        (gzip(&plain), ArchiveFormat::TarGzip),
        (bzip2.finish().unwrap(), ArchiveFormat::TarBzip2),
        (xz.finish().unwrap(), ArchiveFormat::TarXz),
        (zip.finish().unwrap().into_inner(), ArchiveFormat::Zip),
    ] {
        let (_directory, top) = unpacked(&bytes, format);
        let top = top.unwrap_or_else(|error| panic!("{format:?}: {error}"));
        assert_eq!(fs::read_to_string(top.join("sub/link")).unwrap(), "# a\n", "{format:?}");
        let mode = |path: &str| fs::metadata(top.join(path)).unwrap().permissions().mode() & 0o7777;
        assert_eq!((mode("sub/run.sh"), mode("main.tf"), mode("sub")), (0o700, 0o600, 0o700));
    }
}

#[test]
fn nothing_leaves_the_folder() {
    let device = entry(EntryType::Char, "null", "", b"", 0o666);
    for (entries, why) in [
        (vec![file("../evil", "x")], "not allowed"),
        (vec![file("a/../../evil", "x")], "not allowed"),
        (vec![file("/evil", "x")], "not allowed"),
        (vec![file("a\\..\\evil", "x")], "not allowed"),
        (vec![file("a\nb", "x")], "not allowed"),
        (vec![entry(EntryType::Link, "hard", "/etc/passwd", b"", 0o644)], "hard link"),
        (vec![device], "neither file"),
        (vec![entry(EntryType::Fifo, "pipe", "", b"", 0o644)], "neither file"),
        (vec![link("out", "/etc/passwd")], "leads out"),
        (vec![link("out", "../..")], "leads out"),
        (vec![file("d/x", ""), link("one", "d"), link("two", "one/../..")], "leads out"),
        (vec![link("out", ".."), file("out/evil", "x")], "one name"),
        (vec![link("out", ".."), link("out/evil", "/etc")], "no directory"),
        (vec![file("same", "x"), file("same", "y")], "one name"),
        (vec![file("same", "x"), file("same/in", "y")], "no directory"),
        (vec![], "nothing in it"),
    ] {
        let (directory, done) = unpacked(&tar(&entries), ArchiveFormat::Tar);
        let error = done.expect_err(why);
        assert!(error.contains(why), "{why}: {error}");
        assert!(!directory.path().join("evil").exists(), "{why}");
    }
}

#[test]
fn zip_entries_do_not_leave_either() {
    for (name, link) in
        [("../evil", None), ("/evil", None), ("a/../../evil", None), ("l", Some("../.."))]
    {
        let mut zip = ZipWriter::new(io::Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default();
        match link {
            Some(target) => zip.add_symlink(name, target, options).unwrap(),
            None => zip.start_file(name, options).unwrap(),
        }
        let (directory, done) = unpacked(&zip.finish().unwrap().into_inner(), ArchiveFormat::Zip);
        assert!(done.is_err(), "{name}");
        assert!(!directory.path().join("evil").exists(), "{name}");
    }
}

#[test]
fn bombs_do_not_go_off() {
    let zeros = vec![0; 64 << 20];
    let big = entry(EntryType::Regular, "big", "", &zeros, 0o644);
    let (_directory, done) = unpacked(&gzip(&tar(&[big])), ArchiveFormat::TarGzip);
    assert!(done.unwrap_err().contains("too large"));
    let mut zip = ZipWriter::new(io::Cursor::new(Vec::new()));
    zip.start_file("big", SimpleFileOptions::default()).unwrap();
    zip.write_all(&zeros).unwrap();
    let (_directory, done) = unpacked(&zip.finish().unwrap().into_inner(), ArchiveFormat::Zip);
    assert!(done.unwrap_err().contains("too large"));
    let many: Vec<_> = (0..60).map(|number| file(&format!("f{number}"), "")).collect();
    let (_directory, done) = unpacked(&tar(&many), ArchiveFormat::Tar);
    assert!(done.unwrap_err().contains("more than 50 entries"));
    let deep =
        ["a/", "b/"].map(|part| entry(EntryType::Directory, &part.repeat(30), "", b"", 0o755));
    let (_directory, done) = unpacked(&tar(&deep), ArchiveFormat::Tar);
    assert!(done.unwrap_err().contains("more than 50 entries"));
}

#[test]
fn damage_is_noticed() {
    let text: String = (0..20_000).map(|number| format!("{}\n", number * 7919 % 10_007)).collect();
    let whole = gzip(&tar(&[file("main.tf", &text)]));
    for length in [0, 1, 20, whole.len() / 2, whole.len() - 20] {
        let (_directory, done) = unpacked(&whole[..length], ArchiveFormat::TarGzip);
        assert!(done.is_err(), "{length} of {} bytes", whole.len());
    }
    let mut broken = whole.clone();
    let middle = broken.len() / 2;
    broken[middle] ^= 0x55;
    let (_directory, done) = unpacked(&broken, ArchiveFormat::TarGzip);
    assert!(done.is_err());
    for format in
        [ArchiveFormat::Tar, ArchiveFormat::TarBzip2, ArchiveFormat::TarXz, ArchiveFormat::Zip]
    {
        let (_directory, done) = unpacked(b"<html>not found</html>", format);
        assert!(done.is_err(), "{format:?}");
    }
}
