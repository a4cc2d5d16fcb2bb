//! Codes whose lengths follow from how often each symbol occurs.

/// The code of a symbol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Code {
    /// The bits in the order they are written, the first one lowest.
    pub bits: u16,
    /// How many bits; none where the symbol does not occur.
    pub length: u8,
}

/// A symbol that occurs.
#[derive(Clone, Copy)]
struct Leaf {
    symbol: usize,
    frequency: u32,
}

/// The codes for symbols that occur so often, none longer than `limit` bits.
pub(super) fn codes(frequencies: &[u32], limit: usize) -> Vec<Code> {
    let mut codes = vec![Code::default(); frequencies.len()];
    let occurring = frequencies.iter().enumerate().filter(|(_, frequency)| **frequency > 0);
    let mut leaves: Vec<Leaf> =
        occurring.map(|(symbol, frequency)| Leaf { symbol, frequency: *frequency }).collect();
    if leaves.len() <= 2 {
        for (bits, leaf) in (0..).zip(&leaves) {
            codes[leaf.symbol] = Code { bits, length: 1 };
        }
        return codes;
    }
    leaves.sort_by_key(|leaf| (leaf.frequency, leaf.symbol));
    let counts = lengths(&leaves, limit.min(leaves.len() - 1));
    let mut code: u16 = 0;
    let mut rest = &leaves[..];
    // The more often a symbol occurs, the shorter its code.
    for (length, count) in (1_u8..).zip(counts) {
        code <<= 1;
        let (rarer, chosen) = rest.split_at(rest.len() - count);
        let mut symbols: Vec<usize> = chosen.iter().map(|leaf| leaf.symbol).collect();
        symbols.sort_unstable();
        for symbol in symbols {
            codes[symbol] = Code { bits: code.reverse_bits() >> (16 - length), length };
            code += 1;
        }
        rest = rarer;
    }
    codes
}

/// An item of a level: a symbol, or two items of the level below.
struct Item {
    weight: u32,
    leaf: bool,
}

/// How many symbols get each length, by the package-merge algorithm. Of a symbol and a pair that
/// weigh the same the pair is taken first.
fn lengths(leaves: &[Leaf], limit: usize) -> Vec<usize> {
    let mut levels: Vec<Vec<Item>> = Vec::with_capacity(limit);
    for level in 0..limit {
        let below = level.checked_sub(1).map_or(&[][..], |below| &levels[below]);
        let mut pairs =
            below.chunks_exact(2).map(|pair| pair[0].weight + pair[1].weight).peekable();
        let mut items = Vec::with_capacity(leaves.len() * 2);
        for leaf in leaves {
            while let Some(weight) = pairs.next_if(|weight| *weight <= leaf.frequency) {
                items.push(Item { weight, leaf: false });
            }
            items.push(Item { weight: leaf.frequency, leaf: true });
        }
        items.extend(pairs.map(|weight| Item { weight, leaf: false }));
        levels.push(items);
    }
    // From the top down: what is taken of a level says how much is taken of the one below it.
    let mut taken = leaves.len() * 2 - 2;
    let mut at_least = Vec::with_capacity(limit + 1);
    for level in levels.iter().rev() {
        let symbols = level[..taken].iter().filter(|item| item.leaf).count();
        at_least.push(symbols);
        taken = (taken - symbols) * 2;
    }
    at_least.push(0);
    at_least.windows(2).map(|pair| pair[0] - pair[1]).collect()
}
