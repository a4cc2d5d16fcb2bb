//! What expressions parse to, written as nested lists.

use super::good;
use crate::tree::{
    BinaryOperator, Expression, ExpressionKind as Kind, ObjectKey, Part, Step, UnaryOperator,
};

/// An expression with all its structure in brackets.
pub(super) fn sketch(expression: &Expression) -> String {
    match &expression.kind {
        Kind::Literal(value) => match (value.as_str(), value.as_bool(), value.as_number()) {
            (Some(text), ..) => format!("{text:?}"),
            (_, Some(value), _) => value.to_string(),
            (.., Some(number)) => number.to_string(),
            _ if value.is_null() => "null".to_owned(),
            _ => "?".to_owned(),
        },
        Kind::Template(all) => format!("(template{})", parts(all)),
        Kind::Wrap(inner) => format!("(wrap {})", sketch(inner)),
        Kind::Parenthesis(inner) => format!("(group {})", sketch(inner)),
        Kind::Traversal(root, after) => format!("{}{}", root.name, steps(after)),
        Kind::Postfix(inner, after) => format!("<{}>{}", sketch(inner), steps(after)),
        Kind::Unary(UnaryOperator::Not, inner) => format!("(! {})", sketch(inner)),
        Kind::Unary(UnaryOperator::Negate, inner) => format!("(- {})", sketch(inner)),
        Kind::Binary(first, rest) => rest.iter().fold(sketch(first), |left, (operator, right)| {
            format!("({} {left} {})", sign(*operator), sketch(right))
        }),
        Kind::Conditional(all) => format!("(if{})", list(all.iter())),
        Kind::Tuple(items) => format!("(tuple{})", list(items)),
        Kind::Object(items) => {
            let item = |(key, value): &(ObjectKey, Expression)| match key {
                ObjectKey::Name(name) => format!(" {}={}", name.name, sketch(value)),
                ObjectKey::Property(key) | ObjectKey::Expression(key) => {
                    format!(" {}={}", sketch(key), sketch(value))
                }
            };
            format!("(object{})", items.iter().map(item).collect::<String>())
        }
        Kind::For(all) => {
            let names = all.key.iter().chain([&all.value]).map(|name| &*name.name);
            let all_parts = [Some(&all.collection), all.result_key.as_ref(), Some(&all.result)];
            let group = if all.group { "..." } else { "" };
            format!(
                "(for {}{}{group}{})",
                names.collect::<Vec<_>>().join(","),
                list(all_parts.into_iter().flatten()),
                all.condition
                    .as_ref()
                    .map_or(String::new(), |test| format!(" if {}", sketch(test)))
            )
        }
        Kind::Call(call) => {
            let expand = if call.expand { "..." } else { "" };
            format!("({}{}{expand})", call.name.name, list(&call.arguments))
        }
    }
}

fn list<'a>(items: impl IntoIterator<Item = &'a Expression>) -> String {
    items.into_iter().map(|item| format!(" {}", sketch(item))).collect()
}

fn steps(steps: &[Step]) -> String {
    let step = |step: &Step| match step {
        Step::Attribute(name) => format!(".{}", name.name),
        Step::Index(key, _) => format!("[{}]", sketch(key)),
        Step::Splat(inner, _) => format!("[*]({})", self::steps(inner)),
    };
    steps.iter().map(step).collect()
}

fn parts(all: &[Part]) -> String {
    let part = |part: &Part| match part {
        Part::Text(text, _) => format!(" {text:?}"),
        Part::Interpolation(inner) => format!(" {}", sketch(inner)),
        Part::If(test, yes, no) => {
            format!(" (if {}{} else{})", sketch(test), parts(yes), parts(no))
        }
        Part::For(key, value, collection, body) => {
            let names = key.iter().chain([value]).map(|name| &*name.name).collect::<Vec<_>>();
            format!(" (for {} {}{})", names.join(","), sketch(collection), parts(body))
        }
    };
    all.iter().map(part).collect()
}

pub(super) fn sign(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Or => "||",
        BinaryOperator::And => "&&",
        BinaryOperator::Equal => "==",
        BinaryOperator::NotEqual => "!=",
        BinaryOperator::Less => "<",
        BinaryOperator::LessOrEqual => "<=",
        BinaryOperator::Greater => ">",
        BinaryOperator::GreaterOrEqual => ">=",
        BinaryOperator::Add => "+",
        BinaryOperator::Subtract => "-",
        BinaryOperator::Multiply => "*",
        BinaryOperator::Divide => "/",
        BinaryOperator::Modulo => "%",
    }
}

#[test]
fn expressions_have_the_right_shape() {
    let cases = [
        ("1 + 2 * 3 - 4", "(- (+ 1 (* 2 3)) 4)"),
        ("a || b && c == d < e + f * g", "(|| a (&& b (== c (< d (+ e (* f g))))))"),
        ("a * b + c < d == e && f || g", "(|| (&& (== (< (+ (* a b) c) d) e) f) g)"),
        ("a == b == c", "(== (== a b) c)"),
        ("10 % 4 / 2", "(/ (% 10 4) 2)"),
        ("!a == b", "(== (! a) b)"),
        ("-a.b + 1", "(+ (- a.b) 1)"),
        ("!!a", "(! (! a))"),
        ("a - b-c", "(- a b-c)"),
        ("1-2", "(- 1 2)"),
        ("a ? b : c ? d : e", "(if a b (if c d e))"),
        ("a ? b ? c : d : e", "(if a (if b c d) e)"),
        ("(a ? b : c)", "(group (if a b c))"),
        ("a.b[0].c[\"d\"][e.f]", "a.b[0].c[\"d\"][e.f]"),
        ("a.0.b", "a[0].b"),
        ("a[*].b[0].c", "a[*](.b[0].c)"),
        ("a.*.b.0.c[1]", "a[*](.b[0].c)[1]"),
        ("a[*][*].b", "a[*]([*](.b))"),
        ("a.*", "a[*]()"),
        ("f(x)[0].a", "<(f x)>[0].a"),
        ("{ a = 1 }.a", "<(object a=1)>.a"),
        ("true.a", "<true>.a"),
        ("f()", "(f)"),
        ("f(a, b...)", "(f a b...)"),
        ("f(\na,\nb,\n)", "(f a b)"),
        ("provider::x::f(1)", "(provider::x::f 1)"),
        ("a ::b()", "(a::b)"),
        ("[1, null, [],]", "(tuple 1 null (tuple))"),
        ("{ a = 1, \"b\" : 2, (c) = 3 }", "(object a=1 \"b\"=2 (group c)=3)"),
        ("{ true = 1, null = 2, a.b = 3, 4 = 5 }", "(object true=1 null=2 a.b=3 4=5)"),
        ("{\n a = 1 # one\n\n b = 2,\n}", "(object a=1 b=2)"),
        ("[for a in b : a.c if a.d]", "(for a b a.c if a.d)"),
        ("{for k, v in b : k => v...}", "(for k,v b k v...)"),
        ("[for for in in : if]", "(for for in if)"),
        ("for", "for"),
        ("1.5e3", "1500"),
        ("é-1.ñ", "é-1.ñ"),
        ("/* a */ 1 // b", "1"),
        ("a\n+\nb", "(+ a b)"),
    ];
    for (text, expected) in cases {
        assert_eq!(sketch(&good(text)), expected, "{text}");
    }
}
