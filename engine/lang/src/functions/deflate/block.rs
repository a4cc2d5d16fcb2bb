//! Blocks: stored, with the fixed codes or with codes of their own, whichever is shortest.

use super::Token;
use super::huffman::{Code, codes};

const END: usize = 256;
const SYMBOLS: usize = 286;
const DISTANCES: usize = 30;
/// Least length of each length symbol, from 257 on.
const LENGTHS: [u16; 29] = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
];
/// Least distance of each distance symbol.
const REACHES: [u16; DISTANCES] = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537,
    2049, 3073, 4097, 6145, 8193, 12_289, 16_385, 24_577,
];
/// The order in which the lengths of the codes for lengths are written.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// Bits on their way into bytes, the lowest first.
#[derive(Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    bits: u64,
    count: u32,
}

impl BitWriter {
    fn write(&mut self, bits: u64, count: u32) {
        self.bits |= bits << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push(self.bits as u8);
            self.bits >>= 8;
            self.count -= 8;
        }
    }

    fn code(&mut self, code: Code) {
        self.write(code.bits.into(), code.length.into());
    }

    /// The header of a stored block; its content is whole bytes.
    pub fn stored_header(&mut self, length: u16, last: bool) {
        self.write(last.into(), 3);
        self.write(0, (8 - self.count) % 8);
        self.write(length.into(), 16);
        self.write((!length).into(), 16);
    }

    /// All bytes.
    pub fn finish(mut self) -> Vec<u8> {
        self.write(0, (8 - self.count) % 8);
        self.bytes
    }
}

/// How often the symbols of a block occur, and what they cost besides their codes.
struct Frequencies {
    symbols: Vec<u32>,
    distances: Vec<u32>,
    extra_bits: u64,
}

impl Frequencies {
    fn of(tokens: &[Token]) -> Self {
        let mut all =
            Self { symbols: vec![0; SYMBOLS], distances: vec![0; DISTANCES], extra_bits: 0 };
        all.symbols[END] = 1;
        for token in tokens {
            match *token {
                Token::Literal(byte) => all.symbols[usize::from(byte)] += 1,
                Token::Match { length, distance } => {
                    let (length, distance) = (class(&LENGTHS, length), class(&REACHES, distance));
                    all.symbols[END + 1 + length] += 1;
                    all.distances[distance] += 1;
                    all.extra_bits += u64::from(length_bits(length) + distance_bits(distance));
                }
            }
        }
        if all.distances.iter().all(|frequency| *frequency == 0) {
            // Codes for distances are written even where none occurs.
            all.distances[0] = 1;
        }
        all
    }

    fn cost(&self, symbols: &[Code], distances: &[Code]) -> u64 {
        cost(&self.symbols, symbols) + cost(&self.distances, distances) + self.extra_bits
    }
}

fn cost(frequencies: &[u32], codes: &[Code]) -> u64 {
    let pairs = frequencies.iter().zip(codes);
    pairs.map(|(frequency, code)| u64::from(*frequency) * u64::from(code.length)).sum()
}

/// The symbol for a length or distance.
fn class(least: &[u16], value: u16) -> usize {
    least.partition_point(|bound| *bound <= value) - 1
}

fn length_bits(class: usize) -> u32 {
    if class < 8 || class == 28 { 0 } else { class as u32 / 4 - 1 }
}

fn distance_bits(class: usize) -> u32 {
    if class < 4 { 0 } else { class as u32 / 2 - 1 }
}

/// Writes one block, which is not the last.
pub(super) fn write(writer: &mut BitWriter, tokens: &[Token], input: &[u8]) {
    let frequencies = Frequencies::of(tokens);
    let own = (codes(&frequencies.symbols, 15), codes(&frequencies.distances, 15));
    let header = Header::new(&own.0, &own.1);
    let fixed = (fixed_symbols(), canonical(&[5; DISTANCES]));
    let own_cost = header.cost() + frequencies.cost(&own.0, &own.1);
    let fixed_cost = 3 + frequencies.cost(&fixed.0, &fixed.1);
    let stored = (input.len() as u64 + 5) * 8;
    if let Ok(length) = u16::try_from(input.len())
        && stored < own_cost.min(fixed_cost)
    {
        writer.stored_header(length, false);
        writer.bytes.extend_from_slice(input);
        return;
    }
    let (symbols, distances) = if own_cost < fixed_cost {
        header.write(writer);
        own
    } else {
        writer.write(2, 3);
        fixed
    };
    for token in tokens {
        match *token {
            Token::Literal(byte) => writer.code(symbols[usize::from(byte)]),
            Token::Match { length, distance } => {
                let class_of_length = class(&LENGTHS, length);
                writer.code(symbols[END + 1 + class_of_length]);
                let rest = length - LENGTHS[class_of_length];
                writer.write(rest.into(), length_bits(class_of_length));
                let class_of_distance = class(&REACHES, distance);
                writer.code(distances[class_of_distance]);
                let rest = distance - REACHES[class_of_distance];
                writer.write(rest.into(), distance_bits(class_of_distance));
            }
        }
    }
    writer.code(symbols[END]);
}

/// The codes of the fixed block type.
fn fixed_symbols() -> Vec<Code> {
    let lengths: Vec<u8> = (0..288)
        .map(|symbol| match symbol {
            144..256 => 9,
            256..280 => 7,
            _ => 8,
        })
        .collect();
    canonical(&lengths)
}

/// The codes that lengths alone imply: shorter ones first, then in the order of the symbols.
fn canonical(lengths: &[u8]) -> Vec<Code> {
    let mut codes = vec![Code::default(); lengths.len()];
    let mut code: u16 = 0;
    for length in 1..=15 {
        code <<= 1;
        for (symbol, _) in lengths.iter().enumerate().filter(|(_, other)| **other == length) {
            codes[symbol] = Code { bits: code.reverse_bits() >> (16 - length), length };
            code += 1;
        }
    }
    codes
}

/// The lengths of a block's own codes, themselves encoded.
struct Header {
    symbols: usize,
    distances: usize,
    /// Runs of lengths: the symbol, and what follows it with its number of bits.
    runs: Vec<(usize, u64, u32)>,
    frequencies: Vec<u32>,
    codes: Vec<Code>,
    /// How many lengths of `codes` are written.
    written: usize,
}

impl Header {
    fn new(symbols: &[Code], distances: &[Code]) -> Self {
        let used = |codes: &[Code]| {
            codes.iter().rposition(|code| code.length > 0).map_or(0, |last| last + 1)
        };
        let (symbols_used, distances_used) = (used(symbols), used(distances));
        let all = symbols[..symbols_used].iter().chain(&distances[..distances_used]);
        let lengths: Vec<u8> = all.map(|code| code.length).collect();
        let mut runs = Vec::new();
        for run in lengths.chunk_by(|left, right| left == right) {
            push_run(&mut runs, run[0], run.len());
        }
        let mut frequencies = vec![0; ORDER.len()];
        runs.iter().for_each(|(symbol, ..)| frequencies[*symbol] += 1);
        let codes = codes(&frequencies, 7);
        let written = ORDER.iter().rposition(|symbol| frequencies[*symbol] > 0);
        let written = written.map_or(4, |last| (last + 1).max(4));
        let (symbols, distances) = (symbols_used, distances_used);
        Self { symbols, distances, runs, frequencies, codes, written }
    }

    fn cost(&self) -> u64 {
        let extra: u64 = self.runs.iter().map(|(_, _, bits)| u64::from(*bits)).sum();
        3 + 5 + 5 + 4 + 3 * self.written as u64 + cost(&self.frequencies, &self.codes) + extra
    }

    fn write(&self, writer: &mut BitWriter) {
        writer.write(4, 3);
        writer.write(self.symbols as u64 - 257, 5);
        writer.write(self.distances as u64 - 1, 5);
        writer.write(self.written as u64 - 4, 4);
        for symbol in &ORDER[..self.written] {
            writer.write(self.codes[*symbol].length.into(), 3);
        }
        for (symbol, extra, bits) in &self.runs {
            writer.code(self.codes[*symbol]);
            writer.write(*extra, *bits);
        }
    }
}

/// Adds equal lengths: one by one, or as a repetition.
fn push_run(runs: &mut Vec<(usize, u64, u32)>, length: u8, mut count: usize) {
    let symbol = usize::from(length);
    if length == 0 {
        while count >= 11 {
            let many = count.min(138);
            runs.push((18, many as u64 - 11, 7));
            count -= many;
        }
        if count >= 3 {
            runs.push((17, count as u64 - 3, 3));
            count = 0;
        }
    } else {
        runs.push((symbol, 0, 0));
        count -= 1;
        while count >= 3 {
            let many = count.min(6);
            runs.push((16, many as u64 - 3, 2));
            count -= many;
        }
    }
    runs.extend(std::iter::repeat_n((symbol, 0, 0), count));
}
