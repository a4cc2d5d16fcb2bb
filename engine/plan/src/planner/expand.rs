//! How many instances a block has, and with which keys.

use std::collections::BTreeMap;

use platoform_config::{InstanceKey, Repetition};
use platoform_diagnostic::Diagnostic;
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
    /// Evaluates `count`, `for_each` or `enabled`. `None` after an error, which is then reported,
    /// and where it will be known in a later stage.
    pub(crate) fn expand(&mut self, instance: usize, repetition: &Repetition) -> Option<Keys> {
        let Some((form, expression)) = expression(repetition) else {
            let each = BTreeMap::from([(InstanceKey::None, Each::default())]);
            return Some(Keys { form: Form::Single, each, reads: Vec::new() });
        };
        let (result, reads) = self.session.expression(instance, None, expression);
        let value = match result {
            Ok(value) => value,
            Err(found) => {
                self.diagnostics.extend(found);
                return None;
            }
        };
        match instances(form, expression, &value) {
            Ok(each) => return Some(Keys { form, each, reads }),
            Err(Refusal::Unknown(found)) if self.is_known_later(&reads) => {
                self.postponed.get_or_insert(found);
            }
            Err(Refusal::Unknown(found) | Refusal::Invalid(found)) => self.diagnostics.push(found),
        }
        None
    }
}

/// Why a value tells no instances.
pub(crate) enum Refusal {
    /// It is not known yet.
    Unknown(Diagnostic),
    /// It cannot be used, whatever else happens.
    Invalid(Diagnostic),
}

impl From<Diagnostic> for Refusal {
    fn from(found: Diagnostic) -> Self {
        Self::Invalid(found)
    }
}

/// How the instances of a block are told apart.
pub(crate) fn form(repetition: &Repetition) -> Form {
    match repetition {
        Repetition::Single | Repetition::Enabled(_) => Form::Single,
        Repetition::Count(_) => Form::Count,
        Repetition::ForEach(_) => Form::ForEach,
    }
}

/// The expression that tells the instances of a block; `None` where there is one without a key.
pub(crate) fn expression(repetition: &Repetition) -> Option<(Form, &Expression)> {
    match repetition {
        Repetition::Single => None,
        Repetition::Enabled(expression)
        | Repetition::Count(expression)
        | Repetition::ForEach(expression) => Some((form(repetition), expression)),
    }
}

/// The instances that a value of `count`, `for_each` or `enabled` means.
pub(crate) fn instances(
    form: Form,
    expression: &Expression,
    value: &Value,
) -> Result<Instances, Refusal> {
    match form {
        Form::Single => enabled(expression, value),
        Form::Count => count(expression, value),
        Form::ForEach => for_each(expression, value),
    }
}

pub(crate) type Instances = BTreeMap<InstanceKey, Each>;

fn enabled(expression: &Expression, value: &Value) -> Result<Instances, Refusal> {
    let fail =
        |detail: &str| Diagnostic::error("Invalid enabled argument", detail).at(expression.span);
    let value = convert(value, &Type::Bool).map_err(|error| fail(&error.to_string()))?;
    match value.data() {
        Data::Bool(true) => Ok(Instances::from([(InstanceKey::None, Each::default())])),
        Data::Bool(false) => Ok(Instances::new()),
        Data::Unknown(_) => Err(Refusal::Unknown(fail(
            "The \"enabled\" value depends on resource attributes that cannot be determined until \
             apply",
        ))),
        _ => Err(fail("The given \"enabled\" argument value is null. A bool is required").into()),
    }
}

/// Keys must be the same in every run, which an ephemeral value is not there for.
fn refuse_ephemeral(
    argument: &str,
    expression: &Expression,
    value: &Value,
) -> Result<(), Diagnostic> {
    if !value.marks().contains(Marks::EPHEMERAL) {
        return Ok(());
    }
    let detail = format!(
        "The given \"{argument}\" is derived from an ephemeral value, so it cannot be kept between \
         plan and apply"
    );
    Err(Diagnostic::error(format!("Invalid {argument} argument"), detail).at(expression.span))
}

fn count(expression: &Expression, value: &Value) -> Result<Instances, Refusal> {
    refuse_ephemeral("count", expression, value)?;
    let fail =
        |detail: String| Diagnostic::error("Invalid count argument", detail).at(expression.span);
    let number = convert(value, &Type::Number).map_err(|error| {
        Diagnostic::error("Incorrect value type", format!("Invalid expression value: {error}"))
            .at(expression.span)
    })?;
    if number.is_null() {
        return Err(fail(
            "The given \"count\" argument value is null. An integer is required".into(),
        )
        .into());
    }
    let unsuitable = |reason: &dyn std::fmt::Display| {
        fail(format!("The given \"count\" argument value is unsuitable: {reason}"))
    };
    if !number.is_known() {
        return Err(Refusal::Unknown(fail(
            "The \"count\" value depends on resource attributes that cannot be determined until \
             apply, so it cannot be predicted how many instances will be created"
                .into(),
        )
        .help(
            "use the -target argument to first apply only the resources that the count depends on",
        )));
    }
    let count = number.as_i64().ok_or_else(|| unsuitable(&"a whole number is required"))?;
    if count < 0 {
        return Err(unsuitable(&"must be greater than or equal to zero").into());
    }
    if count > MAX_COUNT {
        return Err(unsuitable(&format!("must be at most {MAX_COUNT}")).into());
    }
    let keys = (0..count.unsigned_abs()).map(InstanceKey::Index);
    Ok(keys.map(|key| (key.clone(), Each { key, value: None })).collect())
}

fn for_each(expression: &Expression, value: &Value) -> Result<Instances, Refusal> {
    refuse_ephemeral("for_each", expression, value)?;
    let fail =
        |summary: &str, detail: String| Diagnostic::error(summary, detail).at(expression.span);
    let invalid = |detail: String| fail("Invalid for_each argument", detail);
    if value.marks().contains(Marks::SENSITIVE) {
        return Err(invalid(
            "Sensitive values, or values derived from sensitive values, cannot be used as for_each \
             arguments. If used, the sensitive value could be disclosed as a resource instance key"
                .into(),
        )
        .into());
    }
    let unknown = || {
        let found = invalid(
            "The \"for_each\" set or map includes values derived from resource attributes that \
             cannot be determined until apply, so the full set of keys that will identify the \
             instances cannot be determined"
                .into(),
        )
        .help(
            "define the keys statically in your configuration, and place apply-time results only \
             in the map values",
        );
        Refusal::Unknown(found)
    };
    match value.data() {
        Data::Null(_) => Err(invalid(
            "The given \"for_each\" argument value is null. A map, or set of strings is allowed"
                .into(),
        )
        .into()),
        Data::Unknown(_)
            if matches!(
                value.kind(),
                Type::Dynamic | Type::Map(_) | Type::Object(_) | Type::Set(_)
            ) =>
        {
            Err(unknown())
        }
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
                )
                .into()),
                _ => Err(fail(
                    "Invalid for_each set argument",
                    format!(
                        "The given \"for_each\" argument value is unsuitable: \"for_each\" supports \
                         maps and sets of strings, but you have provided a set containing type {}",
                        item.kind().friendly_name()
                    ),
                )
                .into()),
            });
            keys.collect()
        }
        _ => Err(invalid(format!(
            "The given \"for_each\" argument value is unsuitable: the \"for_each\" argument must be \
             a map, or set of strings, and you have provided a value of type {}",
            value.kind().friendly_name()
        ))
        .into()),
    }
}

fn element(name: std::sync::Arc<str>, value: Value) -> (InstanceKey, Each) {
    let key = InstanceKey::Name(name);
    (key.clone(), Each { key, value: Some(value) })
}
