//! `for` expressions, and the loop that they share with templates.

use std::collections::BTreeMap;
use std::sync::Arc;

use platoform_diagnostic::Diagnostic;
use platoform_value::{Data, Entries, Marks, Type, Value, convert, quoted, unify_values};

use super::context::Binding;
use super::{Context, Findings, dynamic};
use crate::tree::{Expression, For, Ident};

/// A loop stops once this many things went wrong in it: they are likely the same thing.
pub(super) const FAILURES_PER_LOOP: usize = 10;

/// The names of a loop and what it goes through.
pub(super) struct Loop<'a> {
    /// Name for the key, if one is wanted.
    pub key: Option<&'a Ident>,
    /// Name for the element.
    pub value: &'a Ident,
    /// What to go through.
    pub collection: &'a Expression,
}

impl Loop<'_> {
    /// The collection, if it can be gone through; otherwise the value of the whole.
    pub fn collection(
        &self,
        context: &Context<'_>,
        findings: &mut Findings,
    ) -> Result<Value, Value> {
        let collection = context.value(self.collection, findings);
        let (summary, detail) = if collection.is_null() {
            let detail = "A null value cannot be used as the collection in a 'for' expression";
            ("Iteration over null value", detail.to_owned())
        } else {
            match collection.kind() {
                Type::Dynamic => return Err(dynamic().mark(collection.marks())),
                kind @ (Type::Bool | Type::Number | Type::String) => (
                    "Iteration over non-iterable value",
                    format!(
                        "A value of type {} cannot be used as the collection in a 'for' \
                         expression",
                        kind.friendly_name()
                    ),
                ),
                _ => return Ok(collection),
            }
        };
        Err(findings.fail(Diagnostic::error(summary, detail).at(self.collection.span)))
    }

    /// Calls `body` for every element, with the names bound; stops early when much goes wrong.
    pub fn run(
        &self,
        context: &Context<'_>,
        collection: &Value,
        findings: &mut Findings,
        body: &mut dyn FnMut(&Context<'_>, &mut Findings),
    ) {
        let before = findings.len();
        let sensitive = context.sensitive || collection.marks().contains(Marks::SENSITIVE);
        let context = &Context { sensitive, ..*context };
        let set = matches!(collection.data(), Data::Set(_));
        let items = collection.as_items().unwrap_or_default().iter().enumerate();
        let items = items.map(|(index, item)| {
            let key =
                if set { item.clone() } else { Value::from(platoform_value::Number::from(index)) };
            (key, item)
        });
        let entries = collection.as_entries().into_iter().flat_map(Entries::iter);
        let entries = entries.map(|(key, item)| (Data::String(key.clone()).into(), item));
        for (key, item) in items.chain(entries) {
            self.bind(context, key, item.clone(), |context| body(context, findings));
            if findings.len() >= before + FAILURES_PER_LOOP {
                break;
            }
        }
    }

    /// Calls `body` with the names bound to these values.
    fn bind<R>(
        &self,
        context: &Context<'_>,
        key: Value,
        value: Value,
        body: impl FnOnce(&Context<'_>) -> R,
    ) -> R {
        let outer = context.binding;
        let key = self.key.map(|name| Binding { name: &name.name, value: key, outer });
        let outer = key.as_ref().or(outer);
        let value = Binding { name: &self.value.name, value, outer };
        body(&Context { binding: Some(&value), ..*context })
    }
}

/// What a `for` has gathered besides elements.
struct Progress {
    marks: Marks,
    /// All keys and conditions are known.
    known: bool,
}

/// A `for` expression.
pub(super) fn evaluate(context: &Context<'_>, form: &For, findings: &mut Findings) -> Value {
    let each = Loop { key: form.key.as_ref(), value: &form.value, collection: &form.collection };
    let collection = match each.collection(context, findings) {
        Ok(collection) => collection,
        Err(result) => return result,
    };
    if let Some(condition) = &form.condition
        && !plausible(context, &each, condition, findings)
    {
        return dynamic();
    }
    if !collection.is_known() {
        return dynamic().mark(collection.marks());
    }
    let mut progress = Progress { marks: collection.marks(), known: true };
    let result = match &form.result_key {
        None => tuple(context, &each, form, &collection, &mut progress, findings),
        Some(key) => object(context, &each, (form, key), &collection, &mut progress, findings),
    };
    if !progress.known {
        return dynamic().mark(progress.marks);
    }
    result.mark(progress.marks)
}

/// Whether a condition has the right type as far as one can tell before the first element; keeps
/// one mistake from being reported for every element.
fn plausible(
    context: &Context<'_>,
    each: &Loop<'_>,
    condition: &Expression,
    findings: &mut Findings,
) -> bool {
    let (value, part) =
        each.bind(context, dynamic(), dynamic(), |context| context.attempt(condition));
    let failed = !part.is_empty();
    findings.absorb(part);
    let diagnostic = if value.is_null() {
        Diagnostic::error("Condition is null", "The value of the 'if' clause must not be null")
    } else if let Err(error) = convert(&value, &Type::Bool) {
        let why = context.reason(&value, error);
        invalid_condition(&format!("The 'if' clause value is invalid: {why}"))
    } else {
        return !failed;
    };
    findings.push(diagnostic.at(condition.span));
    false
}

fn invalid_condition(detail: &str) -> Diagnostic {
    Diagnostic::error("Invalid 'for' condition", detail)
}

/// Whether the condition lets the current element in.
fn included(
    context: &Context<'_>,
    condition: Option<&Expression>,
    progress: &mut Progress,
    findings: &mut Findings,
) -> bool {
    let Some(condition) = condition else { return true };
    let value = context.value(condition, findings);
    progress.marks |= value.marks();
    let refusal = if value.is_null() {
        "The value of the 'if' clause must not be null".to_owned()
    } else {
        match convert(&value, &Type::Bool) {
            Ok(value) => {
                progress.known &= value.is_known();
                return value.as_bool().unwrap_or(false);
            }
            Err(error) => {
                let why = context.reason(&value, error);
                format!("The 'if' clause value is invalid: {why}")
            }
        }
    };
    if progress.known {
        findings.push(invalid_condition(&refusal).at(condition.span));
    }
    progress.known = false;
    false
}

fn tuple(
    context: &Context<'_>,
    each: &Loop<'_>,
    form: &For,
    collection: &Value,
    progress: &mut Progress,
    findings: &mut Findings,
) -> Value {
    let mut items = Vec::new();
    each.run(context, collection, findings, &mut |context, findings| {
        if included(context, form.condition.as_ref(), progress, findings) {
            items.push(context.value(&form.result, findings));
        }
    });
    Value::tuple(items)
}

fn object(
    context: &Context<'_>,
    each: &Loop<'_>,
    (form, key): (&For, &Expression),
    collection: &Value,
    progress: &mut Progress,
    findings: &mut Findings,
) -> Value {
    let mut groups: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
    each.run(context, collection, findings, &mut |context, findings| {
        if !included(context, form.condition.as_ref(), progress, findings) {
            return;
        }
        let Some((name, open)) = key_text(context, key, progress, findings) else { return };
        let value = context.value(&form.result, findings);
        let group = groups.entry(name.clone()).or_default();
        if !form.group && !group.is_empty() {
            let named = if open { quoted(&name) } else { "(sensitive value)".to_owned() };
            let detail = format!(
                "Two different items produced the key {named} in this 'for' expression. If \
                 duplicates are expected, use the ellipsis (...) after the value expression to \
                 enable grouping by key"
            );
            findings.push(Diagnostic::error("Duplicate object key", detail).at(key.span));
        } else {
            group.push(value);
        }
    });
    if form.group {
        let groups = groups.into_iter().map(|(name, group)| (name, Value::tuple(group)));
        return Value::object(groups.collect());
    }
    let singles = groups.into_iter().filter_map(|(name, mut group)| Some((name, group.pop()?)));
    Value::object(singles.collect())
}

/// The text of a result key and whether messages may show it; `None` when it is unknown or wrong.
fn key_text(
    context: &Context<'_>,
    key: &Expression,
    progress: &mut Progress,
    findings: &mut Findings,
) -> Option<(Arc<str>, bool)> {
    let value = context.value(key, findings);
    progress.marks |= value.marks();
    let refusal = if value.is_null() {
        "Key expression in 'for' expression must not produce a null value".to_owned()
    } else if !value.is_known() {
        progress.known = false;
        return None;
    } else {
        match convert(&value, &Type::String).map(Value::into_data) {
            Ok(Data::String(name)) => return Some((name, context.may_show(&value))),
            Ok(_) => "the key is not text".to_owned(),
            Err(error) => {
                let why = context.reason(&value, error);
                format!("The key expression produced an invalid result: {why}")
            }
        }
    };
    if progress.known {
        findings.push(Diagnostic::error("Invalid object key", refusal).at(key.span));
    }
    progress.known = false;
    None
}

/// A list of values, which normally have one type; a tuple where they have nothing in common.
pub(super) fn list_of(items: Vec<Value>) -> Value {
    let mut kinds = items.iter().map(Value::kind).filter(|kind| *kind != Type::Dynamic);
    let Some(first) = kinds.next() else { return Value::list(Type::Dynamic, items) };
    if kinds.all(|kind| kind == first) {
        return Value::list(first, items);
    }
    match unify_values(&items) {
        Some((element, items)) => Value::list(element, items),
        None => Value::tuple(items),
    }
}
