//! What names mean inside a module instance.

use platoform_config::{InstanceKey, ResourceId};
use platoform_diagnostic::{Diagnostic, Span};
use platoform_lang::{Ident, Key, Resolved, Scope};
use platoform_schema::Mode;
use platoform_value::{Data, Marks, Number, Type, Value};

use super::Session;
use super::module::{CallExpansion, Each, Expansion, Form};
use super::nodes::Reads;

/// A view of one module instance, from inside one of its blocks.
pub(crate) struct View<'a> {
    pub session: &'a Session,
    /// Number of the module instance.
    pub instance: usize,
    /// `count` and `each` of the block, if it repeats.
    pub each: Option<&'a Each>,
    /// `self`, in postconditions.
    pub itself: Option<&'a Value>,
    /// Collects what is read.
    pub reads: &'a Reads,
}

impl Scope for View<'_> {
    fn lookup(&self, root: &Ident, steps: &[Key<'_>]) -> Result<Resolved, Diagnostic> {
        match &*root.name {
            "var" | "local" => self.named(root, steps),
            "module" => self.module(root, steps),
            "count" | "each" => self.repetition(root, steps),
            "path" | "terraform" | "tofu" | "platoform" => self.surroundings(root, steps),
            "self" => {
                let value = self.itself.cloned().ok_or_else(|| {
                    invalid("Invalid \"self\" reference", root.span)
                        .help("`self` has a meaning in postconditions only")
                })?;
                Ok(Resolved { value, consumed: 0 })
            }
            "data" => {
                let kind = name_at(steps, 0, root)?;
                let name = name_at(steps, 1, root)?;
                self.resource(Mode::Data, kind, name, steps, 2)
            }
            "resource" => {
                let kind = name_at(steps, 0, root)?;
                let name = name_at(steps, 1, root)?;
                self.resource(Mode::Managed, kind, name, steps, 2)
            }
            _ => {
                let name = name_at(steps, 0, root)?;
                self.resource(Mode::Managed, root, name, steps, 1)
            }
        }
    }
}

impl View<'_> {
    fn named(&self, root: &Ident, steps: &[Key<'_>]) -> Result<Resolved, Diagnostic> {
        let name = name_at(steps, 0, root)?;
        let state = &self.session.instances[self.instance];
        let (slots, what) = if &*root.name == "var" {
            (&state.variables, "input variable")
        } else {
            (&state.locals, "local value")
        };
        let slot = slots.get(&name.name).ok_or_else(|| {
            Diagnostic::error(
                format!("Reference to undeclared {what}"),
                format!("There is no {what} named \"{}\"", name.name),
            )
            .at(root.span.to(name.span))
        })?;
        self.reads.note(slot.node);
        Ok(Resolved { value: slot.value.clone(), consumed: 1 })
    }

    fn resource(
        &self,
        mode: Mode,
        kind: &Ident,
        name: &Ident,
        steps: &[Key<'_>],
        used: usize,
    ) -> Result<Resolved, Diagnostic> {
        let state = &self.session.instances[self.instance];
        let id = ResourceId { mode, kind: kind.name.clone(), name: name.name.clone() };
        let Some(expansion) = state.resources.get(&id) else {
            if self.session.declares(state.module, &id) {
                // Left out of this plan: by `-target`, or after an error that was reported.
                return Ok(Resolved { value: Value::unknown(Type::Dynamic), consumed: used });
            }
            let detail = format!("A resource \"{}\" \"{}\" is not declared", id.kind, id.name);
            let diagnostic = Diagnostic::error("Reference to undeclared resource", detail);
            return Err(diagnostic.at(kind.span.to(name.span)));
        };
        self.reads.note(expansion.node);
        if expansion.form == Form::Single {
            let value = expansion.whole();
            self.reads.note(expansion.all);
            return Ok(Resolved { value, consumed: used });
        }
        if let Some(Key::Index(key, _)) = steps.get(used)
            && let Some(value) = self.instance_at(expansion, key)
        {
            return Ok(Resolved { value, consumed: used + 1 });
        }
        if let Some(Key::Attribute(attribute)) = steps.get(used)
            && expansion.form == Form::Count
        {
            return Err(missing_key(&id, expansion.form, attribute));
        }
        self.reads.note(expansion.all);
        Ok(Resolved { value: expansion.whole(), consumed: used })
    }

    /// The instance that a known, unmarked key names; `None` leaves it to the evaluator, which also
    /// says what is wrong with a key that names nothing.
    fn instance_at(&self, expansion: &Expansion, key: &Value) -> Option<Value> {
        if !key.marks().is_empty() {
            return None;
        }
        let slot = expansion.instances.get(&instance_key(expansion.form, key)?)?;
        self.reads.note(slot.node);
        Some(slot.value.clone())
    }

    fn module(&self, root: &Ident, steps: &[Key<'_>]) -> Result<Resolved, Diagnostic> {
        let name = name_at(steps, 0, root)?;
        let state = &self.session.instances[self.instance];
        let Some(call) = state.calls.get(&name.name) else {
            let known = self.session.topology.module(state.module).calls.contains_key(&name.name);
            if known {
                return Ok(Resolved { value: Value::unknown(Type::Dynamic), consumed: 1 });
            }
            let detail = format!("No module call named \"{}\" is declared", name.name);
            let diagnostic = Diagnostic::error("Reference to undeclared module", detail);
            return Err(diagnostic.at(root.span.to(name.span)));
        };
        self.reads.note(call.node);
        let whole = || Ok(Resolved { value: self.all_outputs(call), consumed: 1 });
        let (instance, used) = match (call.form, steps.get(1)) {
            (Form::Single, _) => (call.instances.values().next().copied(), 1),
            (form, Some(Key::Index(key, _))) => {
                let named = instance_key(form, key).and_then(|key| call.instances.get(&key));
                let Some(instance) = named else { return whole() };
                (Some(*instance), 2)
            }
            _ => return whole(),
        };
        let Some(instance) = instance else {
            return Ok(Resolved { value: Value::null(Type::Dynamic), consumed: used });
        };
        if let Some(Key::Attribute(output)) = steps.get(used)
            && let Some(slot) = self.session.instances[instance].outputs.get(&output.name)
        {
            self.reads.note(slot.node);
            return Ok(Resolved { value: slot.value.clone(), consumed: used + 1 });
        }
        Ok(Resolved { value: self.outputs(instance), consumed: used })
    }

    /// All outputs of a module instance as an object.
    fn outputs(&self, instance: usize) -> Value {
        let outputs = self.session.instances[instance].outputs.iter();
        Value::object_of(outputs.map(|(name, slot)| {
            self.reads.note(slot.node);
            (name.clone(), slot.value.clone())
        }))
    }

    fn all_outputs(&self, call: &CallExpansion) -> Value {
        let values = call.instances.iter().map(|(key, instance)| (key, self.outputs(*instance)));
        if call.form == Form::ForEach {
            return Value::object(
                values
                    .filter_map(|(key, value)| match key {
                        InstanceKey::Name(name) => Some((name.clone(), value)),
                        _ => None,
                    })
                    .collect(),
            );
        }
        Value::tuple(values.map(|(_, value)| value).collect())
    }

    fn repetition(&self, root: &Ident, steps: &[Key<'_>]) -> Result<Resolved, Diagnostic> {
        let name = name_at(steps, 0, root)?;
        let span = root.span.to(name.span);
        let each = self.each;
        let has_value = each.is_some_and(|each| each.value.is_some());
        let value = match (&*root.name, &*name.name, each.map(|each| &each.key)) {
            ("count", "index", Some(InstanceKey::Index(index))) => {
                Some(Value::from(Number::from(*index)))
            }
            ("each", "key", Some(InstanceKey::Name(key))) => Some(Value::string(key.clone())),
            // In an `import` block that goes through a list.
            ("each", "key", Some(InstanceKey::Index(index))) if has_value => {
                Some(Value::from(Number::from(*index)))
            }
            ("each", "value", Some(_)) if has_value => each.and_then(|each| each.value.clone()),
            ("count", "index", _) => {
                let detail = "The \"count\" object can only be used in blocks in which \"count\" \
                              is set";
                return Err(Diagnostic::error(
                    "Reference to \"count\" in non-counted context",
                    detail,
                )
                .at(span));
            }
            ("each", "key" | "value", _) => {
                let detail = "The \"each\" object can only be used in blocks in which \"for_each\" \
                              is set";
                let summary = match &*name.name {
                    "value" => "each.value cannot be used in this context",
                    _ => "Reference to \"each\" in context without for_each",
                };
                return Err(Diagnostic::error(summary, detail).at(span));
            }
            _ => None,
        };
        let value = value.ok_or_else(|| {
            let summary = format!("Invalid \"{}\" attribute", root.name);
            let detail = format!("The \"{}\" object has no attribute \"{}\"", root.name, name.name);
            Diagnostic::error(summary, detail).at(span)
        })?;
        Ok(Resolved { value, consumed: 1 })
    }

    fn surroundings(&self, root: &Ident, steps: &[Key<'_>]) -> Result<Resolved, Diagnostic> {
        let name = name_at(steps, 0, root)?;
        let state = &self.session.instances[self.instance];
        let shown = |path: &std::path::Path| Value::string(path.to_string_lossy().into_owned());
        let value = match (&*root.name, &*name.name) {
            ("path", "module") => shown(&self.session.topology.module(state.module).directory),
            ("path", "root") => shown(&self.session.topology.modules[0].directory),
            ("path", "cwd") => shown(&self.session.environment.directory),
            ("terraform" | "tofu" | "platoform", "workspace") => {
                Value::string(self.session.workspace.clone())
            }
            ("terraform" | "tofu" | "platoform", "applying") => {
                Value::from(self.session.applying).mark(Marks::EPHEMERAL)
            }
            _ => {
                let summary = format!("Invalid \"{}\" attribute", root.name);
                let detail =
                    format!("The \"{}\" object has no attribute \"{}\"", root.name, name.name);
                return Err(Diagnostic::error(summary, detail).at(root.span.to(name.span)));
            }
        };
        Ok(Resolved { value, consumed: 1 })
    }
}

/// The instance key that a value used as an index means for a form; `None` when it is not known
/// or of the wrong type.
fn instance_key(form: Form, key: &Value) -> Option<InstanceKey> {
    match (form, key.data()) {
        (Form::Count, Data::Number(number)) => {
            number.as_i64().and_then(|index| u64::try_from(index).ok()).map(InstanceKey::Index)
        }
        (Form::Count, Data::String(text)) => text.parse().ok().map(InstanceKey::Index),
        (Form::ForEach, Data::String(text)) => Some(InstanceKey::Name(text.clone())),
        _ => None,
    }
}

fn missing_key(id: &ResourceId, form: Form, attribute: &Ident) -> Diagnostic {
    let (word, example) = match form {
        Form::Count => ("count", "[count.index]"),
        _ => ("for_each", "[each.key]"),
    };
    let detail = format!(
        "Because {id} has \"{word}\" set, its attributes must be accessed on specific instances"
    );
    Diagnostic::error("Missing resource instance key", detail).at(attribute.span).help(format!(
        "for example, to correlate with indices of a referring resource: {id}{example}"
    ))
}

fn name_at<'a>(steps: &'a [Key<'_>], index: usize, root: &Ident) -> Result<&'a Ident, Diagnostic> {
    match steps.get(index) {
        Some(Key::Attribute(name)) => Ok(name),
        Some(Key::Index(_, span)) => Err(invalid("Invalid reference", *span)),
        None => Err(invalid("Invalid reference", root.span)),
    }
}

fn invalid(summary: &str, span: Span) -> Diagnostic {
    let detail = "A reference to a resource type must be followed by at least one attribute \
                  access, specifying the resource name";
    Diagnostic::error(summary, detail).at(span)
}
