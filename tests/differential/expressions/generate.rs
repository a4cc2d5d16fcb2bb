//! Making expressions up.

use fastrand::Rng;
use platoform_lang::functions::{Kind, Parameter, find, names};

use super::leaves::{ARGUMENTS, MAPPINGS, NUMBERS, OTHERS, SEQUENCES, TEXTS, TRUTHS};
use super::tree::Tree;

/// Functions whose results are different each time, or that speak of the machine.
const UNFIT: &[&str] = &[
    "abspath",
    "bcrypt",
    "pathexpand",
    "plantimestamp",
    "rsadecrypt",
    "timestamp",
    "type",
    "uuid",
];

/// A source of expressions.
pub struct Generator {
    chance: Rng,
    functions: Vec<&'static str>,
}

impl Generator {
    /// The same seed gives the same expressions.
    pub fn new(seed: u64) -> Self {
        let functions = names().into_iter().filter(|name| !UNFIT.contains(name)).collect();
        Self { chance: Rng::with_seed(seed), functions }
    }

    /// The next expression.
    pub fn expression(&mut self) -> Tree {
        let depth = self.chance.usize(1..=3);
        match self.chance.u8(0..10) {
            0..6 => self.call(depth),
            6..8 => self.operation(depth),
            _ => self.form(depth),
        }
    }

    fn pick(&mut self, choices: &[&'static str]) -> &'static str {
        choices[self.chance.usize(..choices.len())]
    }

    fn leaf(&mut self) -> Tree {
        let all = [TEXTS, NUMBERS, TRUTHS, SEQUENCES, MAPPINGS, OTHERS];
        let group = all[self.chance.usize(..all.len())];
        Tree::leaf(self.pick(group))
    }

    /// Any expression, of so many levels at most.
    fn any(&mut self, depth: usize) -> Tree {
        if depth == 0 || self.chance.u8(0..10) < 5 {
            return self.leaf();
        }
        match self.chance.u8(0..10) {
            0..4 => self.call(depth - 1),
            4..7 => Tree::of("(@)", vec![self.operation(depth - 1)]),
            _ => Tree::of("(@)", vec![self.form(depth - 1)]),
        }
    }

    fn call(&mut self, depth: usize) -> Tree {
        let name = self.functions[self.chance.usize(..self.functions.len())];
        let function = find(name).expect("it is listed");
        let mut count = function.parameters.len();
        if function.variadic.is_some() {
            count += self.chance.usize(0..4);
        }
        match self.chance.u8(0..40) {
            0 => count += 1,
            1 => count = count.saturating_sub(1),
            _ => {}
        }
        let arguments: Vec<Tree> = (0..count)
            .map(|index| {
                let position = index.min(function.parameters.len());
                self.argument(name, position, function.parameter(index), depth)
            })
            .collect();
        let expand = !arguments.is_empty() && self.chance.u8(0..30) == 0;
        let holes = vec!["@"; arguments.len()].join(", ");
        let dots = if expand { "..." } else { "" };
        let namespace = if self.chance.u8(0..50) == 0 { "core::" } else { "" };
        Tree::of(&format!("{namespace}{name}({holes}{dots})"), arguments)
    }

    fn argument(
        &mut self,
        name: &str,
        position: usize,
        parameter: Option<&Parameter>,
        depth: usize,
    ) -> Tree {
        let fitting =
            ARGUMENTS.iter().find(|(function, at, _)| *function == name && *at == position);
        match (self.chance.u8(0..10), fitting) {
            (0..6, Some((.., choices))) => return Tree::leaf(self.pick(choices)),
            (9, _) => return self.any(depth),
            (8, _) => return self.leaf(),
            _ => {}
        }
        let group = match parameter.map(|parameter| parameter.kind) {
            Some(Kind::Text) => TEXTS,
            Some(Kind::Number) => NUMBERS,
            Some(Kind::Bool) => TRUTHS,
            Some(Kind::TextLists) => MAPPINGS,
            Some(Kind::Any) | None if self.chance.bool() => MAPPINGS,
            _ => SEQUENCES,
        };
        if depth > 0 && self.chance.u8(0..5) == 0 {
            self.any(depth)
        } else {
            Tree::leaf(self.pick(group))
        }
    }

    fn operation(&mut self, depth: usize) -> Tree {
        const OPERATORS: &[&str] =
            &["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "==", "!=", "&&", "||"];
        match self.chance.u8(0..10) {
            0 => Tree::of("!@", vec![self.any(depth)]),
            1 => Tree::of("-@", vec![self.any(depth)]),
            2..5 => {
                let test = Tree::leaf(self.pick(TRUTHS));
                let test = if self.chance.u8(0..5) == 0 { self.any(depth) } else { test };
                Tree::of("@ ? @ : @", vec![test, self.any(depth), self.any(depth)])
            }
            _ => {
                let operator = self.pick(OPERATORS);
                let numbers = "+-*/%".contains(operator) && self.chance.bool();
                let mut side = || {
                    if numbers { Tree::leaf(self.pick(NUMBERS)) } else { self.any(depth) }
                };
                let sides = vec![side(), side()];
                Tree::of(&format!("@ {operator} @"), sides)
            }
        }
    }

    /// Collections, loops, templates and what takes a value apart.
    fn form(&mut self, depth: usize) -> Tree {
        const ONE: &[&str] = &[
            "[for x in @ : x]",
            "[for k, v in @ : k]",
            "{ for k, v in @ : k => v }",
            "{ for x in @ : x => x }",
            "{ for k, v in @ : v => k... }",
            "[for x in @ : x if x != null]",
            "\"a${@}b\"",
            "\"${@}\"",
            "\"%{ for x in @ }${x},%{ endfor }\"",
            "\"%{ if @ }y%{ else }n%{ endif }\"",
            "@[*]",
            "@[*].a",
            "@.*.a",
            "@.a",
            "@[0]",
            "@[\"a\"]",
            "@[-1]",
            "(@).0",
            "[@]",
            "{ a = @ }",
            "{ for x in @ : \"k\" => x... }",
            "sensitive(@)",
            "tolist(@)",
            "toset(@)",
            "tomap(@)",
            "tostring(@)",
            "tonumber(@)",
            "tobool(@)",
            "jsonencode(@)",
            "length(@)",
            "try(@, \"failed\")",
            "can(@)",
            "@[*][0]",
            "[for x in @ : x.a]",
            "nonsensitive(@)",
            "issensitive(@)",
            "flatten(@)",
            "@ == null",
            "[for i, x in @ : \"${i}:${x}\"]",
            "keys(@)",
            "values(@)",
            "yamlencode(@)",
            "ephemeralasnull(@)",
        ];
        const TWO: &[&str] = &[
            "[@, @]",
            "{ a = @, b = @ }",
            "{ (@) = @ }",
            "@[@]",
            "\"${@}-${@}\"",
            "tolist([@, @])",
            "toset([@, @])",
            "tomap({ a = @, b = @ })",
            "try(@, @)",
            "[for x in @ : x == @]",
            "[for x in @ : x if @]",
            "{ for x in @ : @ => x }",
            "[for x in [@, @] : x]",
            "[@, @][*].a",
            "coalesce(@, @)",
            "concat(@, @)",
            "merge(@, @)",
            "contains(@, @)",
            "[@, @][0]",
            "{ a = @, a = @ }",
        ];
        if self.chance.bool() {
            let pattern = self.pick(ONE);
            return Tree::of(pattern, vec![self.any(depth)]);
        }
        let pattern = self.pick(TWO);
        Tree::of(pattern, vec![self.any(depth), self.any(depth)])
    }
}
