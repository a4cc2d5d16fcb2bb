//! Files as templates.

use platoform_diagnostic::{Diagnostic, FileId, Span};
use platoform_value::{Type, Value};

use super::files::text;
use super::{Arguments, Function, Parameter, Problem, Returns};
use crate::eval::{Context, Evaluator, Findings, Key, Resolved, Scope, WITHHELD, is_sensitive};
use crate::syntax::parse_template;
use crate::tree::{Expression, Ident};

type Outcome = Result<Value, Problem>;

const VARS: Parameter = Parameter::any("vars");

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "templatefile",
        &[Parameter::text("path").marked(), VARS],
        Returns::Result,
        templatefile,
    )
    .nullable(),
    Function::new(
        "templatestring",
        &[Parameter::text("template").marked().untyped().direct(), VARS],
        Returns::TEXT,
        templatestring,
    ),
];

/// The variables of a template.
struct Variables<'a>(&'a Value);

impl Scope for Variables<'_> {
    fn lookup(&self, root: &Ident, _: &[Key<'_>]) -> Result<Resolved, Diagnostic> {
        match self.0.get(&root.name) {
            Some(value) => Ok(Resolved { value: value.clone(), consumed: 0 }),
            None => Err(Diagnostic::error(
                "Unknown variable",
                format!("There is no variable named {:?}", root.name),
            )),
        }
    }
}

fn templatefile(arguments: &Arguments<'_>) -> Outcome {
    let source = text(arguments, 0).map_err(|problem| open(arguments, problem))?;
    let quoted = format!("{:?}", arguments.text(0));
    rendered(arguments, quoted.trim_matches('"'), source.trim_start_matches('\u{feff}'))
}

fn templatestring(arguments: &Arguments<'_>) -> Outcome {
    rendered(arguments, "<templatestring argument>", arguments.text(0))
}

/// A problem that quotes nothing but the path or the text of the template: where these are not
/// sensitive, neither is it, whatever the variables are.
fn open(arguments: &Arguments<'_>, problem: Problem) -> Problem {
    if is_sensitive(arguments.value(0)) {
        return problem;
    }
    let message = problem.message.clone();
    problem.discreetly(message)
}

fn rendered(arguments: &Arguments<'_>, name: &str, source: &str) -> Outcome {
    if arguments.in_template {
        return Err(
            "cannot recursively call templatefile from inside another template function".into()
        );
    }
    let (template, problems) = parse_template(FileId(u32::MAX), source, 0);
    if let Some(problem) = problems.iter().find(|problem| problem.is_error()) {
        return Err(open(arguments, located(name, source, problem).into()));
    }
    check(arguments, name, source, &template)?;
    let variables = arguments.value(1);
    let evaluator = Evaluator { scope: &Variables(variables), functions: arguments.context };
    let context = Context { in_template: true, ..Context::new(&evaluator) };
    let mut findings = Findings::default();
    let value = context.value(&template, &mut findings);
    match findings.iter().next() {
        Some(problem) => {
            // The detail may quote variables, the place and the summary do not.
            let discreet = Diagnostic { detail: WITHHELD.into(), ..problem.clone() };
            let discreet = open(arguments, located(name, source, &discreet).into());
            Err(Problem { message: located(name, source, problem).into(), ..discreet })
        }
        None => Ok(value.mark(arguments.value(0).marks())),
    }
}

/// Whether the variables can be referred to, and are there.
fn check(
    arguments: &Arguments<'_>,
    name: &str,
    source: &str,
    template: &Expression,
) -> Result<(), Problem> {
    let variables = arguments.value(1);
    let Some(entries) = variables.as_entries() else {
        let empty = matches!(variables.kind(), Type::Dynamic);
        let message = "invalid vars value: must be a map";
        return if empty { Ok(()) } else { Err(Problem::at(1, message)) };
    };
    if let Some(odd) = entries.keys().find(|name| !is_identifier(name)) {
        let message = format!(
            "invalid template variable name {odd:?}: must start with a letter, followed by zero or \
             more letters, digits, and underscores"
        );
        return Err(Problem::at(1, message));
    }
    let mut missing = None;
    template.references(&mut |reference| {
        if entries.get(&reference.root.name).is_none() {
            missing.get_or_insert(reference.root);
        }
    });
    match missing {
        None => Ok(()),
        Some(root) => {
            let place = place(name, source, root.span);
            let message =
                format!("vars map does not contain key {:?}, referenced at {place}", root.name);
            Err(open(arguments, Problem::at(1, message)))
        }
    }
}

fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|next| next.is_alphanumeric() || next == '_' || next == '-')
}

fn located(name: &str, source: &str, problem: &Diagnostic) -> String {
    let at = problem.span.map_or_else(|| name.to_owned(), |span| place(name, source, span));
    let explanation = problem.explanation(|span| Some(place(name, source, span)));
    format!("{at}: {}; {explanation}", problem.summary)
}

/// A place in a template, as `name:line,column-column`.
fn place(name: &str, source: &str, span: Span) -> String {
    let position = |offset: u32| {
        let before = source.get(..offset as usize).unwrap_or(source);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.matches('\n').count() + 1;
        (line, before[start..].chars().count() + 1)
    };
    let ((line, column), (end_line, end_column)) = (position(span.start), position(span.end));
    if line == end_line {
        return format!("{name}:{line},{column}-{end_column}");
    }
    format!("{name}:{line},{column}-{end_line},{end_column}")
}
