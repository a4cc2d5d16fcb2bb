//! Moments as text in RFC 3339, read as Go reads them and refused in the words of cty.

use platoform_value::quoted;
use time::{Date, Duration, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// How closely a text must follow RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strictness {
    /// To the letter.
    Strict,
    /// As Go's `time.Parse`: hours of one digit, a comma before fractions, offsets up to 24:60.
    Lenient,
}

/// Why a text is no timestamp.
struct Mismatch<'a> {
    /// What was expected, by Go's layout: `2006` is the year.
    element: &'static str,
    /// What stands there instead.
    found: &'a str,
}

/// What is left to read.
struct Reader<'a>(&'a str);

type Read<T> = Result<T, String>;

/// Reads a timestamp.
///
/// # Errors
/// Why it is none.
pub(super) fn parse(text: &str, strictness: Strictness) -> Read<OffsetDateTime> {
    let say = |mismatch: Mismatch<'_>| {
        format!("not a valid RFC3339 timestamp: {}", reason(&mismatch, strictness))
    };
    let mut reader = Reader(text);
    let (date, time) = (reader.date().map_err(say)?, reader.time(strictness).map_err(say)?);
    let offset = reader.offset(strictness).map_err(say)?;
    if !reader.0.is_empty() {
        return Err(say(Mismatch { element: "", found: reader.0 }));
    }
    let day_out_of_range = || "not a valid RFC3339 timestamp: day out of range".to_owned();
    let (year, month, day) = date;
    let month = Month::try_from(month).map_err(|_| day_out_of_range())?;
    let date = Date::from_calendar_date(year, month, day).map_err(|_| day_out_of_range())?;
    let (hour, minute, second, nanosecond) = time;
    // Every part is within bounds: it was looked at when it was read.
    let time = Time::from_hms_nano(hour, minute, second, nanosecond).unwrap_or(Time::MIDNIGHT);
    let offset = UtcOffset::from_whole_seconds(offset).unwrap_or(UtcOffset::UTC);
    Ok(PrimitiveDateTime::new(date, time).assume_offset(offset))
}

fn reason(mismatch: &Mismatch<'_>, strictness: Strictness) -> String {
    let (element, found) = (mismatch.element, mismatch.found);
    let strict = strictness == Strictness::Strict && !found.is_empty();
    let what = match element {
        "T" => return "missing required time introducer 'T'".into(),
        ":" | "-" if found.is_empty() => {
            return format!("end of string where {element:?} is expected");
        }
        ":" | "-" => {
            return format!("found {found} where {element:?} is expected", found = quoted(found));
        }
        "15" if strict && found.contains(':') => {
            return "hour must be between 0 and 23 inclusive".into();
        }
        "15" if strict => return "hour must have exactly two digits".into(),
        "04" if strict => return "minute must have exactly two digits".into(),
        "2006" => "year",
        "01" => "month",
        "02" => "day of month",
        "15" => "hour",
        "04" => "minute",
        "05" => "second",
        "Z07:00" => "UTC offset",
        _ => "timestamp segment",
    };
    if found.is_empty() {
        return format!("end of string before {what}");
    }
    format!("cannot use {found} as {what}", found = quoted(found))
}

impl<'a> Reader<'a> {
    fn date(&mut self) -> Result<(i32, u8, u8), Mismatch<'a>> {
        let year =
            match self.0.get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
            {
                Some(digits) => digits.parse().unwrap_or(0),
                None => return Err(Mismatch { element: "2006", found: self.0 }),
            };
        self.0 = &self.0[4..];
        self.expect("-")?;
        let month = self.number("01", true, 1..=12)?;
        self.expect("-")?;
        let day = self.number("02", true, 0..=99)?;
        Ok((year, month, day))
    }

    fn time(&mut self, strictness: Strictness) -> Result<(u8, u8, u8, u32), Mismatch<'a>> {
        self.expect("T")?;
        let start = self.0;
        let hour = self.number("15", false, 0..=23)?;
        let short = start.len() - self.0.len() < 2;
        self.expect(":")?;
        let minute = self.number("04", true, 0..=59)?;
        self.expect(":")?;
        let second = self.number("05", true, 0..=59)?;
        let fraction = self.0;
        let nanosecond = self.fraction();
        if strictness == Strictness::Strict {
            if short {
                return Err(Mismatch { element: "15", found: &start[..1] });
            }
            if fraction.starts_with(',') && fraction != self.0 {
                return Err(Mismatch { element: "", found: "," });
            }
        }
        Ok((hour, minute, second, nanosecond))
    }

    fn expect(&mut self, element: &'static str) -> Result<(), Mismatch<'a>> {
        self.0 = self.0.strip_prefix(element).ok_or(Mismatch { element, found: self.0 })?;
        Ok(())
    }

    /// A number of two digits, or of one where that will do. One that is out of bounds is
    /// reported, as in Go, with what follows it.
    fn number(
        &mut self,
        element: &'static str,
        fixed: bool,
        bounds: std::ops::RangeInclusive<u8>,
    ) -> Result<u8, Mismatch<'a>> {
        let digits = self.0.bytes().take(2).take_while(u8::is_ascii_digit).count();
        if digits == 0 || fixed && digits == 1 {
            return Err(Mismatch { element, found: self.0 });
        }
        let number = self.0[..digits].parse().unwrap_or(0);
        self.0 = &self.0[digits..];
        if bounds.contains(&number) { Ok(number) } else { Err(Mismatch { element, found: self.0 }) }
    }

    /// Nanoseconds, if a fraction of a second follows.
    fn fraction(&mut self) -> u32 {
        let Some(rest) = self.0.strip_prefix(['.', ',']) else { return 0 };
        let count = rest.bytes().take_while(u8::is_ascii_digit).count();
        if count == 0 {
            return 0;
        }
        self.0 = &rest[count..];
        let digits = &rest[..count.min(9)];
        let number: u32 = digits.parse().unwrap_or(0);
        number * 10_u32.pow(9 - u32::try_from(digits.len()).unwrap_or(9))
    }

    /// Seconds east of UTC.
    fn offset(&mut self, strictness: Strictness) -> Result<i32, Mismatch<'a>> {
        const ELEMENT: &str = "Z07:00";
        if let Some(rest) = self.0.strip_prefix('Z') {
            self.0 = rest;
            return Ok(0);
        }
        let refused = Mismatch { element: ELEMENT, found: self.0 };
        let Some((offset, rest)) = self.0.split_at_checked(6) else { return Err(refused) };
        let (sign, hours, minutes) = (&offset[..1], offset.get(1..3), offset.get(4..6));
        let number = |digits: Option<&str>| {
            digits
                .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?
                .parse::<i32>()
                .ok()
        };
        let (Some(hours), Some(minutes), Some(":")) =
            (number(hours), number(minutes), offset.get(3..4))
        else {
            return Err(refused);
        };
        if hours > 24 || minutes > 60 {
            return Err(Mismatch { element: ELEMENT, found: rest });
        }
        let within = hours < 24 && minutes < 60 || strictness == Strictness::Lenient;
        let seconds = (hours * 60 + minutes) * 60;
        let seconds = match sign {
            "+" if within => seconds,
            "-" if within => -seconds,
            _ => return Err(refused),
        };
        self.0 = rest;
        Ok(seconds)
    }
}

/// The moment in RFC 3339, in whole seconds.
pub(super) fn print(moment: OffsetDateTime) -> String {
    let year = moment.year();
    let (sign, year) = (if year < 0 { "-" } else { "" }, year.unsigned_abs());
    format!(
        "{sign}{year:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}",
        u8::from(moment.month()),
        moment.day(),
        moment.hour(),
        moment.minute(),
        moment.second(),
        offset(moment, ":", Some("Z"))
    )
}

/// The offset from UTC as `+02:00`, with another separator, or with a word for UTC itself.
pub(super) fn offset(moment: OffsetDateTime, separator: &str, utc: Option<&str>) -> String {
    let minutes = moment.offset().whole_seconds() / 60;
    if let Some(utc) = utc.filter(|_| minutes == 0) {
        return utc.to_owned();
    }
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.abs();
    format!("{sign}{:02}{separator}{:02}", minutes / 60, minutes % 60)
}

/// The moment so many nanoseconds later.
///
/// # Errors
/// Beyond the years that dates go to.
pub(super) fn later(
    moment: OffsetDateTime,
    nanoseconds: i64,
) -> Result<OffsetDateTime, &'static str> {
    moment
        .checked_add(Duration::nanoseconds(nanoseconds))
        .ok_or("the result is beyond the years that timestamps can have")
}
