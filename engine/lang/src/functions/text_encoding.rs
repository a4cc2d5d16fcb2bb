//! Text in encodings other than UTF-8, by the names IANA gives them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::Encoding;
use platoform_value::{Value, quoted};

use super::{Arguments, Function, Parameter, Problem, Returns};

type Outcome = Result<Value, Problem>;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "textencodebase64",
        &[Parameter::text("string"), Parameter::text("encoding")],
        Returns::TEXT,
        textencodebase64,
    ),
    Function::new(
        "textdecodebase64",
        &[Parameter::text("source"), Parameter::text("encoding")],
        Returns::TEXT,
        textdecodebase64,
    ),
];

/// A way to write text as bytes.
enum Charset {
    Utf8,
    /// With the byte order mark that it begins with when written, if one.
    Utf16 {
        big: bool,
        mark: bool,
    },
    /// Characters below this number, as one byte each: ASCII and ISO 8859-1.
    Narrow(u32),
    /// The encoding, and whether it has the control characters from 80 to 9F. The ones of the web
    /// have them everywhere, those of Windows do not.
    Other(&'static Encoding, bool),
}

const ASCII: &[&str] = &[
    "us-ascii",
    "us",
    "ansi_x3.4-1968",
    "ansi_x3.4-1986",
    "iso-ir-6",
    "iso_646.irv:1991",
    "iso646-us",
    "ibm367",
    "cp367",
    "csascii",
];
const LATIN_1: &[&str] = &[
    "iso-8859-1",
    "iso_8859-1",
    "iso_8859-1:1987",
    "iso-ir-100",
    "latin1",
    "l1",
    "ibm819",
    "cp819",
    "csisolatin1",
];

/// Names that only the web knows, or that name what Terraform does not support.
const NOT_SUPPORTED: &[&str] = &[
    "ascii",
    "big5-hkscs",
    "chinese",
    "cn-big5",
    "csgb2312",
    "csiso2022kr",
    "csiso58gb231280",
    "csisolatin9",
    "csksc56011987",
    "dos-874",
    "gb2312",
    "gb_2312",
    "gb_2312-80",
    "iso-2022-cn",
    "iso-2022-cn-ext",
    "iso-2022-kr",
    "iso-8859-11",
    "iso-ir-149",
    "iso-ir-58",
    "koi",
    "koi8",
    "koi8-ru",
    "koi8_r",
    "korean",
    "ks_c_5601-1987",
    "ks_c_5601-1989",
    "ksc5601",
    "ksc_5601",
    "l9",
    "logical",
    "ms932",
    "replacement",
    "shift-jis",
    "sjis",
    "sun_eu_greek",
    "tis-620",
    "utf8",
    "visual",
    "windows-31j",
    "windows-949",
    "hz-gb-2312",
];
/// What further names of that sort begin with.
const NOT_SUPPORTED_PREFIXES: &[&str] = &["x-", "iso8859", "cp125", "unicode"];

impl Charset {
    fn find(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        let name = match name.strip_prefix("cswindows") {
            Some(number) => format!("windows-{number}"),
            None => name,
        };
        match &*name {
            "utf-8" | "csutf8" => return Some(Self::Utf8),
            "utf-16" | "csutf16" => return Some(Self::Utf16 { big: true, mark: true }),
            "utf-16be" | "csutf16be" => return Some(Self::Utf16 { big: true, mark: false }),
            "utf-16le" | "csutf16le" => return Some(Self::Utf16 { big: false, mark: false }),
            name if ASCII.contains(&name) => return Some(Self::Narrow(0x80)),
            name if LATIN_1.contains(&name) => return Some(Self::Narrow(0x100)),
            name if NOT_SUPPORTED.contains(&name) => return None,
            name if NOT_SUPPORTED_PREFIXES.iter().any(|prefix| name.starts_with(prefix)) => {
                return None;
            }
            _ => {}
        }
        let encoding = Encoding::for_label_no_replacement(name.as_bytes())?;
        Some(Self::Other(encoding, !name.starts_with("windows-")))
    }

    /// The text as bytes; `None` where a character has none.
    fn encode(&self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Utf8 => Some(text.as_bytes().to_vec()),
            Self::Utf16 { big, mark } => {
                let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
                let bytes =
                    units.flat_map(
                        |unit: u16| {
                            if *big { unit.to_be_bytes() } else { unit.to_le_bytes() }
                        },
                    );
                Some(bytes.collect())
            }
            Self::Narrow(limit) => text
                .chars()
                .map(|next| Some(u32::from(next)).filter(|code| code < limit)?.try_into().ok())
                .collect(),
            Self::Other(_, false) if text.contains(is_control) => None,
            Self::Other(encoding, _) => {
                let (bytes, _, unmappable) = encoding.encode(text);
                (!unmappable).then(|| bytes.into_owned())
            }
        }
    }

    /// The text that bytes stand for; `None` where some stand for nothing.
    fn decode(&self, bytes: &[u8]) -> Option<String> {
        let text = match self {
            Self::Utf8 => String::from_utf8(bytes.to_vec()).ok()?,
            Self::Utf16 { big, mark } => utf16(bytes, *big, *mark)?,
            Self::Narrow(limit) => bytes
                .iter()
                .map(|byte| (u32::from(*byte) < *limit).then_some(char::from(*byte)))
                .collect::<Option<_>>()?,
            Self::Other(encoding, controls) => {
                let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
                if !controls && text.contains(is_control) {
                    return None;
                }
                text.into_owned()
            }
        };
        Some(text).filter(|text| !text.contains(char::REPLACEMENT_CHARACTER))
    }
}

fn is_control(character: char) -> bool {
    ('\u{80}'..='\u{9f}').contains(&character)
}

fn utf16(bytes: &[u8], big: bool, mark: bool) -> Option<String> {
    let (bytes, big) = match bytes {
        [0xfe, 0xff, rest @ ..] if mark => (rest, true),
        [0xff, 0xfe, rest @ ..] if mark => (rest, false),
        bytes => (bytes, big),
    };
    let (units, odd) = bytes.as_chunks::<2>();
    let units = units
        .iter()
        .map(|unit| if big { u16::from_be_bytes(*unit) } else { u16::from_le_bytes(*unit) });
    let text: Result<String, _> = char::decode_utf16(units).collect();
    text.ok().filter(|_| odd.is_empty())
}

fn charset(arguments: &Arguments<'_>) -> Result<Charset, Problem> {
    let name = arguments.text(1);
    Charset::find(name).ok_or_else(|| {
        let message =
            format!("{name} is not a supported IANA encoding name or alias", name = quoted(name));
        Problem::at(1, message)
    })
}

fn textencodebase64(arguments: &Arguments<'_>) -> Outcome {
    let bytes = charset(arguments)?.encode(arguments.text(0)).ok_or_else(|| {
        let name = arguments.text(1);
        let message =
            format!("the given string contains characters that cannot be represented in {name}");
        Problem::at(0, message)
    })?;
    Ok(STANDARD.encode(bytes).into())
}

fn textdecodebase64(arguments: &Arguments<'_>) -> Outcome {
    let (source, name) = (arguments.text(0), arguments.text(1));
    let charset = charset(arguments)?;
    let compact = source.replace(['\r', '\n'], "");
    let bytes = STANDARD.decode(&compact).map_err(|_| {
        let offset = misplaced(compact.as_bytes());
        Problem::at(
            0,
            format!("the given value is has an invalid base64 symbol at offset {offset}"),
        )
    })?;
    let text = charset.decode(&bytes).ok_or_else(|| {
        let message = format!("the given string contains symbols that are not defined for {name}");
        Problem::at(0, message)
    })?;
    Ok(text.into())
}

/// Where Go's decoder stops: at the group of four symbols that is not whole, or at the symbol that
/// is none.
fn misplaced(text: &[u8]) -> usize {
    let is_symbol = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let symbols = text.iter().take_while(|byte| is_symbol(byte)).count();
    let start = symbols / 4 * 4;
    match (text.get(symbols), symbols - start) {
        (None, _) => start,
        (Some(b'='), 2) if text.get(symbols + 1) == Some(&b'=') => symbols + 2,
        (Some(b'='), 3) => symbols + 1,
        _ => symbols,
    }
}
