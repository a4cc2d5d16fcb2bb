//! Finding repetitions: hash chains with lazy matching.

use std::ops::Range;

use super::Token;

/// How far back a repetition may reach.
const WINDOW: usize = 1 << 15;
/// The shortest repetition that is used.
const SHORTEST: usize = 4;
const LONGEST: usize = 258;
/// Tokens of one block.
const BLOCK: usize = 1 << 14;
const HASH_BITS: u32 = 17;
/// From this length on no better repetition is looked for at the next byte.
const LAZY: usize = 16;
/// From this length on no better repetition is looked for at all.
const NICE: usize = 128;
/// How many earlier places are looked at.
const CHAIN: usize = 128;
/// A repetition of the shortest length is used up to this distance.
const SHORT_REACH: usize = 4096;

/// What becomes one block.
pub(super) struct Block {
    pub tokens: Vec<Token>,
    /// The input that the tokens stand for.
    pub range: Range<usize>,
}

/// Where four bytes occurred before.
struct Chains {
    /// The last place for each hash, plus one.
    heads: Vec<usize>,
    /// The place before each place, plus one.
    previous: Vec<usize>,
}

impl Chains {
    /// Enters a place; gives the one before it with the same hash, plus one.
    fn enter(&mut self, input: &[u8], place: usize) -> usize {
        let bytes: [u8; 4] = std::array::from_fn(|index| input[place + index]);
        let hash = u32::from_be_bytes(bytes).wrapping_mul(0x1e35_a7bd) >> (32 - HASH_BITS);
        let head = &mut self.heads[hash as usize];
        let before = *head;
        self.previous[place % WINDOW] = before;
        *head = place + 1;
        before
    }

    /// The best repetition for a place, from another on along the chain.
    fn find(&self, input: &[u8], place: usize, first: usize) -> Option<(usize, usize)> {
        let most = LONGEST.min(input.len() - place);
        let nice = NICE.min(most);
        let least = place.saturating_sub(WINDOW);
        let mut best: Option<(usize, usize)> = None;
        let mut length = SHORTEST - 1;
        let mut candidate = first;
        for _ in 0..CHAIN {
            let common = input[candidate..]
                .iter()
                .zip(&input[place..place + most])
                .take_while(|(left, right)| left == right)
                .count();
            let near = common > SHORTEST || place - candidate <= SHORT_REACH;
            if common > length && near {
                length = common;
                best = Some((common, place - candidate));
                if common >= nice {
                    break;
                }
            }
            if candidate == least && place >= WINDOW {
                break;
            }
            match self.previous[candidate % WINDOW].checked_sub(1) {
                Some(next) if next >= least => candidate = next,
                _ => break,
            }
        }
        best
    }
}

/// The blocks that the input becomes.
pub(super) fn blocks(input: &[u8]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut chains = Chains { heads: vec![0; 1 << HASH_BITS], previous: vec![0; WINDOW] };
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut close = |tokens: &mut Vec<Token>, end: usize| {
        blocks.push(Block { tokens: std::mem::take(tokens), range: start..end });
        start = end;
    };
    let hashed = (input.len() + 1).saturating_sub(SHORTEST);
    // The repetition at the byte before, and whether that byte still waits for its token.
    let (mut held, mut waiting) = (None, false);
    let mut head = 0;
    let mut place = 0;
    while place < input.len() {
        if place < hashed {
            head = chains.enter(input, place);
        }
        let before = held.take();
        let before_length = before.map_or(SHORTEST - 1, |(length, _)| length);
        let reachable = head.checked_sub(1).filter(|first| *first >= place.saturating_sub(WINDOW));
        if let Some(first) = reachable
            && input.len() - place > before_length
            && before_length < LAZY
        {
            held = chains.find(input, place, first);
        }
        match before {
            Some((length, distance)) if held.is_none_or(|(longer, _)| longer <= length) => {
                tokens.push(repetition(length, distance));
                let end = place + length - 1;
                for inner in place + 1..end {
                    if inner < hashed {
                        chains.enter(input, inner);
                    }
                }
                place = end;
                (held, waiting) = (None, false);
                if tokens.len() == BLOCK {
                    close(&mut tokens, place);
                }
            }
            _ => {
                if waiting {
                    tokens.push(Token::Literal(input[place - 1]));
                    if tokens.len() == BLOCK {
                        close(&mut tokens, place);
                    }
                }
                place += 1;
                waiting = true;
            }
        }
    }
    if waiting {
        tokens.push(Token::Literal(input[input.len() - 1]));
    }
    if !tokens.is_empty() {
        close(&mut tokens, input.len());
    }
    blocks
}

fn repetition(length: usize, distance: usize) -> Token {
    // Both are within the bounds of the format: 258 and 32,768.
    #[expect(clippy::cast_possible_truncation, reason = "within the bounds of the format")]
    Token::Match { length: length as u16, distance: distance as u16 }
}
