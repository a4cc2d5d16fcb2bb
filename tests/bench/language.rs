//! How long the language takes: parsing, checking and evaluating generated configurations.
//!
//! `cargo bench -p platoform-tests --bench language`. The goal for `blocks/whole` is 150 ms.
#![allow(clippy::unwrap_used, missing_docs, reason = "a measurement that cannot go on panics")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use platoform_config::{Loaded, ProviderSource, Schemas, load};
use platoform_diagnostic::{Diagnostic, Environment, FileId, MemoryFiles};
use platoform_lang::{
    Evaluator, FunctionContext, Ident, Key, Resolved, Scope, parse, parse_expression,
};
use platoform_plan::{CheckInput, Providers, Seal, SealError, check};
use platoform_provider::Provider;
use platoform_schema::ProviderSchema;
use platoform_value::{Type, Value};

/// Blocks in a configuration.
const BLOCKS: usize = 10_000;

/// The only provider.
struct Builtin;

impl Providers for Builtin {
    fn create(&self, _source: &ProviderSource) -> Option<Arc<dyn Provider>> {
        Some(platoform_builtin::terraform())
    }
}

impl Schemas for Builtin {
    fn provider(&self, _source: &ProviderSource) -> Option<Arc<ProviderSchema>> {
        Some(platoform_builtin::terraform().schema())
    }
}

/// There is nothing to seal.
struct Sealless;

impl Seal for Sealless {
    fn seal(&self, _plain: &[u8]) -> Result<String, SealError> {
        Err(SealError("nothing is sealed".into()))
    }

    fn open(&self, _sealed: &str) -> Result<Vec<u8>, SealError> {
        Err(SealError("nothing is sealed".into()))
    }

    fn mac(&self, _plain: &[u8]) -> String {
        String::new()
    }
}

/// So many resources, some 85 bytes each.
fn blocks(count: usize) -> String {
    let mut text = String::new();
    for number in 0..count {
        let _ = writeln!(
            text,
            "resource \"terraform_data\" \"node{number}\" {{\n  \
             input = {{ name = \"node-{number}\", size = {number} * 2 }}\n}}"
        );
    }
    text
}

/// The configuration in one file, or in several of the same size.
fn files(count: usize) -> Arc<MemoryFiles> {
    let text = blocks(BLOCKS);
    let lines: Vec<&str> = text.lines().collect();
    let mut files = MemoryFiles::default();
    for (number, part) in lines.chunks(lines.len() / count / 3 * 3).enumerate() {
        files.insert(format!("part{number}.tf"), part.join("\n") + "\n");
    }
    Arc::new(files)
}

fn loaded(files: &MemoryFiles) -> Loaded {
    let loaded = load(files, Path::new("."), &Builtin);
    assert!(!loaded.diagnostics.has_errors(), "{:?}", loaded.diagnostics);
    loaded
}

/// Checks what was loaded, evaluating every block.
fn checked(files: &Arc<MemoryFiles>, loaded: Loaded) {
    let found = check(CheckInput {
        topology: Arc::new(loaded.topology),
        files: files.clone(),
        environment: Arc::new(Environment::default()),
        providers: Arc::new(Builtin),
        seal: Arc::new(Sealless),
        timestamp: "2024-01-02T03:04:05Z".into(),
        workspace: "default".into(),
    });
    assert!(!found.has_errors(), "{found:?}");
}

fn configurations(criterion: &mut Criterion) {
    let text = blocks(BLOCKS);
    let one = files(1);
    let mut group = criterion.benchmark_group("blocks");
    group.sample_size(20).throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("parse", |bencher| {
        bencher.iter_with_large_drop(|| parse(FileId(0), black_box(&text)));
    });
    for count in [1, 16] {
        let files = files(count);
        group.bench_function(BenchmarkId::new("load", count), |bencher| {
            bencher.iter_with_large_drop(|| loaded(&files));
        });
    }
    group.bench_function("check", |bencher| {
        bencher.iter_batched(
            || loaded(&one),
            |loaded| checked(&one, loaded),
            criterion::BatchSize::PerIteration,
        );
    });
    group.bench_function("whole", |bencher| bencher.iter(|| checked(&one, loaded(&one))));
    group.finish();
}

/// Every name stands for this list.
struct Numbers(Value);

impl Scope for Numbers {
    fn lookup(&self, _root: &Ident, _steps: &[Key<'_>]) -> Result<Resolved, Diagnostic> {
        Ok(Resolved { value: self.0.clone(), consumed: 0 })
    }
}

/// What is made for `for_each`, for more and more keys: the time for each must stay the same.
fn keys(criterion: &mut Criterion) {
    let files = MemoryFiles::default();
    let functions = FunctionContext::new(&files, Path::new("."));
    let mut group = criterion.benchmark_group("keys");
    for count in [1_000_i64, 10_000, 100_000] {
        let numbers = Numbers(Value::list(Type::Number, (0..count).map(Value::from).collect()));
        let evaluator = Evaluator { scope: &numbers, functions: &functions };
        group.sample_size(20).throughput(Throughput::Elements(count.unsigned_abs()));
        for (name, text) in [
            ("map", "{ for n in numbers : \"key-${n}\" => { size = n } }"),
            ("set", "toset([for n in numbers : \"key-${n}\"])"),
        ] {
            let (expression, found) = parse_expression(FileId(0), text, 0);
            assert!(!found.has_errors(), "{found:?}");
            group.bench_function(BenchmarkId::new(name, count), |bencher| {
                bencher.iter_with_large_drop(|| evaluator.evaluate(&expression).unwrap());
            });
        }
    }
    group.finish();
}

criterion_group!(language, configurations, keys);
criterion_main!(language);
