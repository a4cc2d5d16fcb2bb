//! How many instances a block has, and with which keys.

use std::collections::BTreeMap;

use platoform_config::{InstanceKey, Repetition};
use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_lang::Expression;
use platoform_value::{Data, Marks, Type, Value, convert};

use crate::planner::Planner;
use crate::session::module::{Each, Form};
use crate::session::nodes::NodeId;

/// Largest `count`: beyond it a mistake is likelier than a wish.
const MAX_COUNT: i64 = 10_000_000;

/// The keys of a block's instances, with what `each` and `count` mean in each of them.
pub(crate) struct Keys {
    pub form: Form,
    pub each: BTreeMap<InstanceKey, Each>,
    pub reads: Vec<NodeId>,
}

impl Planner {
    /// Evaluates `count`, `for_each` or `enabled`. `None` after an error, which is then reported.
    pub(crate) fn expand(&mut self, instance: usize, repetition: &Repetition) -> Option<Keys> {
        let (form, expression) = match repetition {
            Repetition::Single => {
                let each = BTreeMap::from([(InstanceKey::None, Each::default())]);
                return Some(Keys { form: Form::Single, each, reads: Vec::new() });
            }
            Repetition::Enabled(expression) => (Form::Single, expression),
            Repetition::Count(expression) => (Form::Count, expression),
            Repetition::ForEach(expression) => (Form::ForEach, expression),
        };
        let (result, reads) = self.session.expression(instance, None, expression);
        let each = result.and_then(|value| match form {
            Form::Single => enabled(expression, &value).map_err(Diagnostics::from),
            Form::Count => count(expression, &value).map_err(Diagnostics::from),
            Form::ForEach => for_each(expression, &value).map_err(Diagnostics::from),
        });
        match each {
            Ok(each) => Some(Keys { form, each, reads }),
            Err(diagnostics) => {
                self.diagnostics.extend(diagnostics);
                None
            }
        }
    }
}

type Instances = BTreeMap<InstanceKey, Each>;

fn enabled(expression: &Expression, value: &Value) -> Result<Instances, Diagnostic> {
    let fail =
        |detail: &str| Diagnostic::error("Invalid enabled argument", detail).at(expression.span);
    let value = convert(value, &Type::Bool).map_err(|error| fail(&error.to_string()))?;
    match value.data() {
        Data::Bool(true) => Ok(Instances::from([(InstanceKey::None, Each::default())])),
        Data::Bool(false) => Ok(Instances::new()),
        Data::Unknown(_) => Err(fail(
            "The \"enabled\" value depends on resource attributes that cannot be determined until \
             apply",
        )),
        _ => Err(fail("The given \"enabled\" argument value is null. A bool is required")),
    }
}

fn count(expression: &Expression, value: &Value) -> Result<Instances, Diagnostic> {
    let fail =
        |detail: String| Diagnostic::error("Invalid count argument", detail).at(expression.span);
    if value.marks().contains(Marks::SENSITIVE) {
        return Err(fail(
            "Sensitive values, or values derived from sensitive values, cannot be used as count \
             arguments. If used, the sensitive value could be disclosed as a resource instance key"
                .into(),
        ));
    }
    if value.is_null() {
        return Err(fail(
            "The given \"count\" argument value is null. An integer is required".into(),
        ));
    }
    let unsuitable = |reason: &dyn std::fmt::Display| {
        fail(format!("The given \"count\" argument value is unsuitable: {reason}"))
    };
    let number = convert(value, &Type::Number).map_err(|error| unsuitable(&error))?;
    if !number.is_known() {
        return Err(fail(
            "The \"count\" value depends on resource attributes that cannot be determined until \
             apply, so it cannot be predicted how many instances will be created"
                .into(),
        )
        .help(
            "use the -target argument to first apply only the resources that the count depends on",
        ));
    }
    let count = number.as_i64().ok_or_else(|| unsuitable(&"a whole number is required"))?;
    if count < 0 {
        return Err(unsuitable(&"must be greater than or equal to zero"));
    }
    if count > MAX_COUNT {
        return Err(unsuitable(&format!("must be at most {MAX_COUNT}")));
    }
    let keys = (0..count.unsigned_abs()).map(InstanceKey::Index);
    Ok(keys.map(|key| (key.clone(), Each { key, value: None })).collect())
}

fn for_each(expression: &Expression, value: &Value) -> Result<Instances, Diagnostic> {
    let fail =
        |summary: &str, detail: String| Diagnostic::error(summary, detail).at(expression.span);
    let invalid = |detail: String| fail("Invalid for_each argument", detail);
    if value.marks().contains(Marks::SENSITIVE) {
        return Err(invalid(
            "Sensitive values, or values derived from sensitive values, cannot be used as for_each \
             arguments. If used, the sensitive value could be disclosed as a resource instance key"
                .into(),
        ));
    }
    let unknown = || {
        invalid(
            "The \"for_each\" set or map includes values derived from resource attributes that \
             cannot be determined until apply, so the full set of keys that will identify the \
             instances cannot be determined"
                .into(),
        )
        .help(
            "define the keys statically in your configuration, and place apply-time results only \
             in the map values",
        )
    };
    match value.data() {
        Data::Null(_) => Err(invalid(
            "The given \"for_each\" argument value is null. A map, or set of strings is allowed"
                .into(),
        )),
        Data::Unknown(_) => Err(unknown()),
        Data::Map(_) | Data::Object(_) => {
            let entries = value.as_entries().into_iter().flat_map(platoform_value::Entries::iter);
            Ok(entries.map(|(name, item)| element(name.clone(), item.clone())).collect())
        }
        Data::Set(set) => {
            let keys = set.items.iter().map(|item| match item.data() {
                Data::String(text) => Ok(element(text.clone(), item.clone())),
                Data::Unknown(_) => Err(unknown()),
                Data::Null(_) => Err(fail(
                    "Invalid for_each set argument",
                    "The given \"for_each\" argument value is unsuitable: \"for_each\" sets must \
                     not contain null values"
                        .into(),
                )),
                _ => Err(fail(
                    "Invalid for_each set argument",
                    format!(
                        "The given \"for_each\" argument value is unsuitable: \"for_each\" supports \
                         maps and sets of strings, but you have provided a set containing type {}",
                        item.kind().friendly_name()
                    ),
                )),
            });
            keys.collect()
        }
        _ => Err(invalid(format!(
            "The given \"for_each\" argument value is unsuitable: the \"for_each\" argument must be \
             a map, or set of strings, and you have provided a value of type {}",
            value.kind().friendly_name()
        ))),
    }
}

fn element(name: std::sync::Arc<str>, value: Value) -> (InstanceKey, Each) {
    let key = InstanceKey::Name(name);
    (key.clone(), Each { key, value: Some(value) })
}
